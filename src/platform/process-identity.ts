import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from './fs.js';

/** What tells a process from all others; null where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started: tells it from a later process of the same number. */
  readonly started: string | null;
  /** The boot of the system that it runs in. */
  readonly boot: string | null;
  /** The machine, the same from boot to boot; of containers often their image's. */
  readonly machine: string | null;
  /** The namespace in which its number counts: containers of one machine have each their own. */
  readonly namespace: string | null;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    started: startOf('self'),
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    machine: textOf('/etc/machine-id'),
    namespace: linkOf('/proc/self/ns/pid'),
  };
}

/**
 * Whether a process lives: `unknown` where it cannot be asked from here, on another machine or in
 * another container.
 *
 * @param self this process
 */
export function livenessOf(
  other: ProcessIdentity,
  self: ProcessIdentity = thisProcess(),
): 'alive' | 'ended' | 'unknown' {
  const sameBoot = other.boot !== null && other.boot === self.boot;
  if (other.host !== self.host && !sameBoot) return 'unknown';
  // Of the same name but another boot: this machine before, unless it is a namesake.
  if (differ(other.boot, self.boot))
    return differ(other.machine, self.machine) ? 'unknown' : 'ended';
  if (differ(other.namespace, self.namespace)) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? 'ended' : 'alive';
  }
  const started = startOf(other.pid);
  return started === null || other.started === null || started === other.started
    ? 'alive'
    : 'ended';
}

/** Both are known, and they are not the same. */
function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

/**
 * Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); null where there
 * is no such file.
 */
function startOf(pid: number | 'self'): string | null {
  // A /proc of another namespace has other processes under these numbers.
  if (pid !== 'self' && linkOf('/proc/self') !== String(process.pid)) return null;
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may hold anything; the third is the
  // state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended, not yet collected by its parent' : (fields[19] ?? null);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    // No such file here, or the process ended: nothing is known.
    return null;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    // No /proc here: nothing is known.
    return null;
  }
}
