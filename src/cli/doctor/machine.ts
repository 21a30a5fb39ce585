import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import { sizeText } from '../../core/sizes.js';
import { resolveDataSpec } from '../../data-files/load.js';
import { listDataSets } from '../../data-files/status.js';
import { dataSource } from '../../data/registry.js';
import { fileError, temporaryPath } from '../../platform/fs.js';
import { machineMemory } from '../../platform/machine.js';
import { type DataOptions, type Environment, userCache } from '../../platform/places.js';
import { type Check, checkOf } from './check.js';

const LEAST_NODE = '20.9';
const GIB = 2 ** 30;
/** What a study of all of CIFAR-10 may take. */
const STUDY_BYTES = 1.5 * GIB;

/** What the checks of the machine look at. */
export interface Machine {
  /** Node's version, `20.19.4`. */
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** The processor's own name; null where the system does not tell. */
  readonly processor: string | null;
  /** Cores this process may use. */
  readonly cores: number;
  /** Bytes this process may use: the machine's memory or a container's limit. */
  readonly memory: number;
  readonly freeMemory: number;
}

/** This machine. */
export function thisMachine(): Machine {
  const memory = machineMemory();
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    processor: cpus()[0]?.model ?? null,
    cores: availableParallelism(),
    memory,
    freeMemory: Math.min(memory, freemem()),
  };
}

/** Node, processor, memory. */
export function machineChecks({
  node,
  platform,
  arch,
  processor,
  cores,
  memory,
  freeMemory,
}: Machine): Check[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const supported = major > 20 || (major === 20 && minor >= 9);
  return [
    checkOf(
      'node',
      supported ? 'ok' : 'fail',
      `${node} on ${platform} ` +
        `${arch}${supported ? '' : `, needed ${LEAST_NODE} or newer; get one from nodejs.org`}`,
    ),
    checkOf(
      'cores',
      'ok',
      `${cores} (${processor ?? 'unknown processor'}), a study trains ` +
        `${cores === 1 ? 'one network' : `${cores} networks`} at a time`,
    ),
    memory < STUDY_BYTES
      ? checkOf(
          'memory',
          'warn',
          `${sizeText(memory)}, a study of all of CIFAR-10 may take ${sizeText(STUDY_BYTES)}; use ` +
            'fewer images or --workers 1',
        )
      : checkOf('memory', 'ok', `${sizeText(memory)}, ${sizeText(freeMemory)} free`),
  ];
}

/** Data sets on this machine, and which one `auto` takes. */
export function dataChecks(options: DataOptions): Check[] {
  const sets = listDataSets(options).map(({ name, found, where, problem }) => {
    if (found) return checkOf(`data ${name}`, 'ok', where ?? 'found');
    if (problem !== null) return checkOf(`data ${name}`, 'fail', problem);
    // Nothing takes the others unasked.
    if (dataSource(name).auto !== true)
      return checkOf(`data ${name}`, 'ok', `not here, "plexus data get ${name}" fetches it`);
    return checkOf(
      `data ${name}`,
      'warn',
      `not found; run "plexus data get ${name}", or name its directory with --data-dir ` +
        'or PLEXUS_DATA',
    );
  });
  return [...sets, automaticData(options)];
}

function automaticData(options: DataOptions): Check {
  try {
    return checkOf('data auto', 'ok', `takes ${resolveDataSpec({ name: 'auto' }, options).name}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return checkOf('data auto', 'fail', messageOf(error));
  }
}

/** Whether downloads and studies can be written. */
export function placeChecks(env: Environment, directory: string): Check[] {
  const cache = userCache(env);
  return [
    placeCheck(
      'cache',
      cache,
      existingAncestor(cache),
      'plexus data get NAME --data-dir DIR puts data elsewhere',
    ),
    placeCheck(
      'directory',
      directory,
      directory,
      'plexus study run SPEC --out DIR writes elsewhere',
    ),
  ];
}

/**
 * The path itself or the nearest directory above it that exists: the one in which it would be made.
 */
function existingAncestor(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingAncestor(dirname(path));
}

/**
 * Writes and removes a file in `within`: permissions alone do not tell of full or read-only disks.
 */
function placeCheck(name: string, path: string, within: string, remedy: string): Check {
  const probe = temporaryPath(join(within, 'plexus-doctor'));
  try {
    writeFileSync(probe, 'plexus', { flag: 'wx' });
    return checkOf(name, 'ok', `${path} can be written${within === path ? '' : ' (not made yet)'}`);
  } catch (error) {
    const failure = fileError('write in', within, error);
    if (!(failure instanceof UserError)) throw error;
    return checkOf(name, 'warn', `${messageOf(failure)}; ${remedy}`);
  } finally {
    if (existsSync(probe)) rmSync(probe);
  }
}
