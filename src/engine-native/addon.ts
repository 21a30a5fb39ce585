import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { InternalError, messageOf } from '../core/errors.js';
import { MAX_THREADS } from '../engine/backends/checks.js';
import { KERNEL_VERSION, type Kernels, type Memory } from '../engine/backends/cpu/kernels.js';

/** Widest instruction set the addon may use; `widest` = what the processor has. */
export type InstructionSet = 'widest' | 'avx2' | 'base';

/** What native/addon.c exports. */
export interface Addon {
  name(limit: string): string;
  pairs(limit: string): boolean;
  adopt(buffer: ArrayBuffer): number;
  run(
    limit: string,
    buffer: ArrayBuffer,
    base: number,
    commands: number,
    words: number,
    count: number,
    ld: number,
    rate: number,
    momentum: number,
    decay: number,
    scale: number,
    accumulate: number,
    threads: number,
  ): number;
  peak(limit: string): number;
  endWithin(seconds: number): void;
}

/**
 * The addon's file. The path is the same from sources, modules and the bundled program: all lie two
 * folders below the package's root.
 */
const ADDON = fileURLToPath(new URL('../../native/build/plexus.node', import.meta.url));

function loadAddon(): Addon | null {
  try {
    return createRequire(import.meta.url)(ADDON) as Addon;
  } catch {
    return null;
  }
}

/** Why an addon that was built does not load; null when there is none, or it does. */
export function addonProblem(): string | null {
  if (!existsSync(ADDON)) return null;
  try {
    createRequire(import.meta.url)(ADDON);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

let addon: Addon | null | undefined;

function allocate(native: Addon, limit: string, bytes: number): Memory {
  const buffer = new ArrayBuffer(bytes + 64);
  const base = native.adopt(buffer);
  return {
    buffer,
    base,
    run({ commands, words, count, ld, settings, accumulate, threads }) {
      const { learningRate, momentum, weightDecay, gradientScale = 1 } = settings;
      const unknown = native.run(
        limit,
        buffer,
        base,
        commands,
        words,
        count,
        ld,
        learningRate,
        momentum,
        weightDecay,
        gradientScale,
        Number(accumulate),
        threads,
      );
      if (unknown !== 0)
        throw new InternalError(
          `the native kernels do not know opcode ${unknown}; run npm run build`,
        );
    },
  };
}

/**
 * From now on a signal that asks this process to end (SIGINT, SIGTERM, SIGHUP) ends it after so many
 * seconds with status 130, also while it computes and sees no signals; 0: it ends by itself. Its own
 * handlers, which must be there already, are called as well. Without the addon nothing happens.
 *
 * @param seconds a whole number
 */
export function endWithin(seconds: number): void {
  addon ??= loadAddon();
  addon?.endWithin(seconds);
}

/** The kernels of the Node-API addon, or null where it was not built (no C compiler at install). */
export function nativeKernels(set: InstructionSet = 'widest'): Kernels | null {
  addon ??= loadAddon();
  return addon && kernelsOf(addon, set);
}

/** The kernels of an addon that is loaded. */
export function kernelsOf(native: Addon, set: InstructionSet = 'widest'): Kernels {
  const limit = set === 'widest' ? '' : set;
  return {
    info: {
      name: 'cpu',
      version: KERNEL_VERSION,
      description: `native ${native.name(limit)}`,
      precision: 'float32',
      threads: MAX_THREADS,
      columns: 16,
      transposedWeights: true,
      bf16: native.pairs(limit) ? 'pairs' : 'widened',
    },
    allocate: (bytes) => allocate(native, limit, bytes),
    peak: () => native.peak(limit),
  };
}
