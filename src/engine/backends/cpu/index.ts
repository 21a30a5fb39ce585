import type { Backend } from '../../types.js';
import { prepare } from './executable.js';
import type { Kernels } from './kernels.js';
import { wasmKernels } from './wasm.js';

export type { Kernels } from './kernels.js';

/** A backend with the kernels that it runs. */
export type KernelBackend = Backend & { readonly kernels: Kernels };

/**
 * A backend over one build of the C kernels.
 *
 * @param options.checked compares every operand of every command with the memory's plan and watches
 *   for writes outside of it: for tests of kernels
 */
export function kernelBackend(
  kernels: Kernels,
  { checked = false }: { readonly checked?: boolean } = {},
): KernelBackend {
  return {
    info: kernels.info,
    kernels,
    prepare: (program, options) => prepare(program, kernels, options, checked),
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
