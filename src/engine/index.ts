/**
 * Networks compiled into programs, the backends that run them, and sessions that put both into one
 * object.
 */
export type * from './types.js';
export type { Tensor } from '../core/tensor.js';
export type { BlockShape } from '../network/block-squares.js';
export { compile, type CompileOptions } from './compile.js';
export {
  backendNames,
  backends,
  registerBackend,
  selectBackend,
  type BackendEntry,
} from './backends/registry.js';
export { initialise, initialValues, type WeightStart } from './initialise.js';
export {
  createSession,
  type Evaluation,
  type Samples,
  type Session,
  type SessionOptions,
} from './session.js';
export {
  createClassifier,
  type Classification,
  type Classifier,
  type ClassifierOptions,
} from './classifier.js';
export { hasRelaxedSimd } from './backends/cpu/wasm.js';
export {
  kernelBackend,
  relaxedWasmBackend,
  wasmBackend,
  type KernelBackend,
} from './backends/cpu/index.js';
export type { Kernels, Memory, RunRequest } from './backends/cpu/kernels.js';
export { programBytes, type ProgramBytes, type MemoryCapabilities } from './memory.js';
export { readGradients, readWeights, writeWeights, type Weights } from './weights.js';
export { type KernelExecutable } from './backends/cpu/executable.js';
