import { UserError } from '../../../core/errors.js';
import type { Backend } from '../../types.js';
import { prepare } from './executable.js';
import type { Kernels } from './kernels.js';
import { type InstructionSet, nativeKernels } from './native.js';
import { wasmKernels } from './wasm.js';

export type { Kernels } from './kernels.js';
export type { InstructionSet } from './native.js';

/** A backend over one build of the C kernels. */
function backendOf(kernels: Kernels): Backend & { readonly kernels: Kernels } {
  return {
    info: kernels.info,
    kernels,
    prepare: (program, options) => prepare(program, kernels, options),
  };
}

/**
 * The native kernels; `set` holds them to a narrower instruction set than the processor has.
 *
 * @throws UserError where the addon was not built
 */
export function cpuBackend(
  set: InstructionSet = 'widest',
): Backend & { readonly kernels: Kernels } {
  const kernels = nativeKernels(set);
  if (kernels === null) {
    throw new UserError(
      'the native kernels were not built (they need a C compiler at install); install ' +
        'one and run `npm run build`',
    );
  }
  return backendOf(kernels);
}

/** The same kernels as WebAssembly. */
export function wasmBackend(): Backend & { readonly kernels: Kernels } {
  return backendOf(wasmKernels());
}
