/** Makes the kernels that Node can load known by name, fastest first; importing this does it. */
import { registerBackend } from '../engine/backends/registry.js';
import { cpuBackend, shippedRelaxedBackend, shippedWasmBackend } from './backends.js';

registerBackend({ name: 'cpu', make: () => cpuBackend(), automatic: true });
registerBackend({ name: 'wasm-relaxed', make: shippedRelaxedBackend, automatic: true });
registerBackend({ name: 'wasm', make: shippedWasmBackend, automatic: true });
