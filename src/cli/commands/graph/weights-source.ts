import { onnxWeights } from '../../../interop/onnx/weights.js';
import { readBytes } from '../../../platform/fs.js';
import { readWeightsFile, type WeightsFile } from '../../../train-files/weights-file.js';
import { endingOf } from '../../endings.js';

/** Reads weights to make graphs of: safetensors, a checkpoint, or a network in ONNX by its ending. */
export function readWeights(path: string): WeightsFile {
  if (endingOf(path) !== '.onnx') return readWeightsFile(path);
  return { path, facts: {}, checkpoint: null, tensors: onnxWeights(readBytes(path), path) };
}
