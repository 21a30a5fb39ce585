import type { Backend } from '../../types.js';
import { prepare } from './executable.js';
import type { Kernels } from './kernels.js';
import { wasmKernels } from './wasm.js';

export type { Kernels } from './kernels.js';

/** A backend with the kernels that it runs. */
export type KernelBackend = Backend & { readonly kernels: Kernels };

/** A backend over one build of the C kernels. */
export function kernelBackend(kernels: Kernels): KernelBackend {
  return {
    info: kernels.info,
    kernels,
    prepare: (program, options) => prepare(program, kernels, options),
  };
}

/**
 * The kernels as WebAssembly, wherever that runs.
 *
 * @param bytes of native/plexus.wasm
 */
export function wasmBackend(bytes: ArrayBuffer | ArrayBufferView): KernelBackend {
  return kernelBackend(wasmKernels(bytes));
}
