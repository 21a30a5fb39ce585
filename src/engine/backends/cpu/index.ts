import type { Backend, PrepareOptions, Program } from '../../types.js';
import { type KernelExecutable, prepare } from './executable.js';
import type { Kernels } from './kernels.js';
import { relaxedKernels, wasmKernels } from './wasm.js';

export type { KernelExecutable } from './executable.js';
export type { Kernels } from './kernels.js';

/** A backend with the kernels that it runs. */
export interface KernelBackend extends Backend {
  readonly kernels: Kernels;
  prepare(program: Program, options?: PrepareOptions): Promise<KernelExecutable>;
}

/**
 * A backend over one build of the C kernels. With `checked` every operand of every command is compared
 * with the memory's plan, and writes outside of it are watched for: for tests of kernels.
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

/**
 * The kernels as WebAssembly with fused multiply-adds.
 *
 * @param bytes of native/plexus-relaxed.wasm
 * @throws UserError where `hasRelaxedSimd()` is false
 */
export function relaxedWasmBackend(bytes: ArrayBuffer | ArrayBufferView): KernelBackend {
  return kernelBackend(relaxedKernels(bytes));
}
