import { type Command, Option } from 'commander';
import type { Shape } from '../../../core/shape.js';
import { onnxWeights } from '../../../interop/onnx/weights.js';
import { STEMS, type Stem } from '../../../network/architectures/architecture.js';
import { readBytes } from '../../../platform/fs.js';
import { readWeightsFile, type WeightsFile } from '../../../train-files/weights-file.js';
import { sampleShape, wholeNumber, widthList } from '../../arguments.js';
import { endingOf } from '../../endings.js';

/** The network of a file of weights, where the file does not say it. */
export interface WeightsNetworkOptions {
  readonly arch?: string;
  readonly graph?: string;
  readonly stem?: Stem;
  readonly width?: number[];
  readonly input?: Shape;
  readonly classes?: number;
}

/** Adds the options of `WeightsNetworkOptions`. */
export function addWeightsNetwork(command: Command): void {
  const rest = 'default: what the file says';
  command
    .option('--arch <name>', `architecture (${rest})`)
    .option('--graph <spec>', `graph that the weights have (${rest})`)
    .addOption(new Option('--stem <name>', `stem (${rest})`).choices(STEMS))
    .option('--width <widths>', `widths (${rest})`, widthList)
    .option('--input <shape>', `images as CHANNELSxHEIGHTxWIDTH (${rest})`, sampleShape)
    .option('--classes <count>', `classes (${rest})`, wholeNumber(1));
}

/** Reads weights to make graphs of: safetensors, a checkpoint, or a network in ONNX by its ending. */
export function readWeights(path: string): WeightsFile {
  if (endingOf(path) !== '.onnx') return readWeightsFile(path);
  return { path, facts: {}, checkpoint: null, tensors: onnxWeights(readBytes(path), path) };
}
