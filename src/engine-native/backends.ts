import { readFileSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import {
  type KernelBackend,
  kernelBackend,
  relaxedWasmBackend,
  wasmBackend,
} from '../engine/backends/cpu/index.js';
import { type InstructionSet, nativeKernels } from './addon.js';

/**
 * The native kernels; `set` holds them to a narrower instruction set than the processor has.
 *
 * @throws UserError where the addon was not built
 */
export function cpuBackend(set: InstructionSet = 'widest'): KernelBackend {
  const kernels = nativeKernels(set);
  if (kernels === null) {
    throw new UserError(
      'the native kernels were not built (they need a C compiler at install); install ' +
        'one and run `npm run build`, in a project `npm explore plexus-nn -- npm run build`',
    );
  }
  return kernelBackend(kernels);
}

const moduleOf = (name: string): Uint8Array =>
  readFileSync(new URL(`../../native/${name}`, import.meta.url));

let shipped: KernelBackend | undefined;
let relaxed: KernelBackend | undefined;

/** The WebAssembly kernels that come with the package. */
export function shippedWasmBackend(): KernelBackend {
  shipped ??= wasmBackend(moduleOf('plexus.wasm'));
  return shipped;
}

/**
 * Those with fused multiply-adds.
 *
 * @throws UserError where the engine or the processor does not have them
 */
export function shippedRelaxedBackend(): KernelBackend {
  relaxed ??= relaxedWasmBackend(moduleOf('plexus-relaxed.wasm'));
  return relaxed;
}
