/** Other people's formats. */
export {
  readSafetensors,
  readSafetensorsFile,
  readSafetensorsMetadata,
  writeSafetensors,
  writeSafetensorsFile,
  type Tensor,
} from './safetensors.js';
