/** Other people's formats. */
export {
  readSafetensors,
  readSafetensorsFile,
  readSafetensorsMetadata,
  writeSafetensors,
  writeSafetensorsFile,
} from '../core/safetensors.js';
export type { Tensor } from '../core/tensor.js';
