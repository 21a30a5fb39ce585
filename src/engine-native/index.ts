/** The kernels that Node can load: the addon, the shipped WebAssembly. Importing it registers them. */
import './register.js';

export type { InstructionSet } from './addon.js';
export { cpuBackend, shippedRelaxedBackend, shippedWasmBackend } from './backends.js';
