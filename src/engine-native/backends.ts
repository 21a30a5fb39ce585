import { readFileSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { type KernelBackend, kernelBackend, wasmBackend } from '../engine/backends/cpu/index.js';
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
        'one and run `npm run build`',
    );
  }
  return kernelBackend(kernels);
}

let shipped: KernelBackend | undefined;

/** The WebAssembly kernels that come with the package. */
export function shippedWasmBackend(): KernelBackend {
  shipped ??= wasmBackend(readFileSync(new URL('../../native/plexus.wasm', import.meta.url)));
  return shipped;
}
