import { unknownName, UserError } from '../../core/errors.js';
import type { KernelBackend } from '../../engine/backends/cpu/index.js';
import { selectBackend } from '../../engine/backends/registry.js';
import {
  cpuBackend,
  shippedRelaxedBackend,
  shippedWasmBackend,
} from '../../engine-native/backends.js';
import '../../engine-native/register.js';

const MAKERS: Readonly<Record<'cpu' | 'wasm-relaxed' | 'wasm', () => KernelBackend>> = {
  cpu: () => cpuBackend(),
  'wasm-relaxed': shippedRelaxedBackend,
  wasm: shippedWasmBackend,
};

/** Names that `fastBackend` takes. */
export const fastBackendNames: readonly string[] = ['auto', ...Object.keys(MAKERS)];

/**
 * The backend to measure; `auto` is what studies would use.
 *
 * @throws UserError for an unknown name, the reference, or a backend that does not run here
 */
export function fastBackend(name: string, note: (line: string) => void): KernelBackend {
  const chosen = name === 'auto' ? selectBackend('auto', note).info.name : name;
  switch (chosen) {
    case 'cpu':
    case 'wasm-relaxed':
    case 'wasm':
      return MAKERS[chosen]();
    case 'reference':
      throw new UserError(
        'the reference backend is there to be right, not fast, and is not measured; ' +
          `choose one of ${fastBackendNames.join(', ')}`,
      );
    default:
      throw unknownName('backend', name, fastBackendNames);
  }
}

/**
 * Calls `peak` and gives the largest value yet: a shared machine shows its full speed now and then
 * only.
 */
export function peakGauge(peak: () => number): () => number {
  let best = 0;
  return () => (best = Math.max(best, peak()));
}

/**
 * The core's own peak, through the widest instructions it has; null where the native kernels were
 * not built.
 */
export function corePeak(): number | null {
  try {
    return cpuBackend().kernels.peak();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
