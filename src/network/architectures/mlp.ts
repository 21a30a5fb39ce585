import { features, type Shape } from '../../core/shape.js';
import type { BlockMask, Layer, Network } from '../types.js';
import type { Architecture, BuildRequest } from './architecture.js';

const STEM_WIDTH = 512;
const ROUNDS = 3;
const BN_EPS = 1e-5;
const BN_MOMENTUM = 0.1;

/** The five-layer perceptron of You et al. 2020, section 5.1. */
export const mlp: Architecture = {
  name: 'mlp',
  meaning: `Five-layer perceptron: dense stem of ${STEM_WIDTH}, ${ROUNDS} relational layers, dense head.`,
  baselineWidths: [512],
  // Stage s2 of the official checkpoints; s1 is the stem.
  relationalStages: [ROUNDS],
  budgetPasses: 15,
  build: buildMlp,
};

/** Layers are named as in the official checkpoints: `s1.linear`, `s1.bn`, `s2.b1.a`, `s2.b1.a_bn`, ..., `head.fc`. */
function buildMlp(request: BuildRequest): Network {
  const { input, classes, widths, relational } = request;
  const width = widths[0];
  const layers: Layer[] = [{ kind: 'input', id: 'input', inputs: [], output: input }];
  addRound(layers, { linear: 's1.linear', norm: 's1.bn', relu: 's1.relu' }, STEM_WIDTH, null);
  for (let round = 1; round <= ROUNDS; round++) {
    const mask = relational?.layers[round - 1].mask(round === 1 ? STEM_WIDTH : width, width) ?? null;
    addRound(layers, { linear: `s2.b${round}.a`, norm: `s2.b${round}.a_bn`, relu: `s2.b${round}.relu` }, width, mask);
  }
  addLinear(layers, 'head.fc', classes, true, null);
  return { arch: mlp.name, graph: relational?.spec ?? null, input, classes, widths: [width], layers };
}

/** Linear (no bias, since the norm shifts), batch norm, ReLU. */
function addRound(layers: Layer[], ids: { linear: string; norm: string; relu: string }, width: number, mask: BlockMask | null): void {
  addLinear(layers, ids.linear, width, false, mask);
  const output = vector(width);
  layers.push({ kind: 'batchNorm', id: ids.norm, inputs: [ids.linear], output, eps: BN_EPS, momentum: BN_MOMENTUM, gamma: 1 });
  layers.push({ kind: 'activation', function: 'relu', id: ids.relu, inputs: [ids.norm], output });
}

function addLinear(layers: Layer[], id: string, outFeatures: number, bias: boolean, mask: BlockMask | null): void {
  const before = layers.at(-1)!;
  layers.push({ kind: 'linear', id, inputs: [before.id], output: vector(outFeatures), inFeatures: features(before.output), outFeatures, bias, mask });
}

function vector(channels: number): Shape {
  return { channels, height: 1, width: 1 };
}
