import type { RandomStream } from '../../src/core/random/index.js';
import { features, type Shape } from '../../src/core/shape.js';
import { completeGraph } from '../../src/graph/index.js';
import type { Graph } from '../../src/graph/types.js';
import { blockMask } from '../../src/network/index.js';
import type { ActivationFunction, Layer, Network, Window } from '../../src/network/types.js';
import { randomGraph, vector } from './networks.js';

/** Layers grown so far, and where randomness comes from. */
interface Growth {
  readonly random: RandomStream;
  readonly layers: Layer[];
  /** Only functions with a slope everywhere: what finite differences can check. */
  readonly smooth: boolean;
}

const KERNELS = [1, 2, 3, 5, 7];
/** More would make whole-network checks slow. */
const MOST_CHANNELS = 10;
/**
 * Large, so that norms of what hardly varies (one channel, few samples) do not make much of
 * rounding errors.
 */
const EPS = 0.01;

/**
 * A network of `length` random layers, each of which reads any of those before it: layers with no,
 * one or many readers, of the input too; every kind of layer, ragged planes and widths, windows of
 * sides 1 to 7 with strides 1 to 3 and any padding, masks of empty, complete, directed and
 * undirected graphs with down to one channel a node. What nobody reads goes to the logits, which
 * are the sum of one dense head for each.
 */
export function raggedDag(random: RandomStream, length: number, { smooth = false } = {}): Network {
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const input = { channels: between(1, 4), height: between(1, 9), width: between(1, 9) };
  const classes = between(2, 9);
  const growth: Growth = {
    random,
    smooth,
    layers: [{ kind: 'input', id: 'input', inputs: [], output: input }],
  };
  while (growth.layers.length <= length) grow(growth);
  const read = new Set(growth.layers.flatMap((layer) => layer.inputs));
  const ends = growth.layers.filter((layer, i) => i > 0 && !read.has(layer.id));
  ends
    .map((end) => head(growth, end, classes))
    .reduce((sum, next) =>
      push(growth, { kind: 'add', inputs: [sum.id, next.id], output: next.output }),
    );
  return { arch: 'dag', graph: null, input, classes, widths: [], layers: growth.layers };
}

type Unnamed<L> = L extends Layer ? Omit<L, 'id'> : never;

function push(growth: Growth, layer: Unnamed<Layer>): Layer {
  const named: Layer = { ...layer, id: `${layer.kind}${growth.layers.length}` };
  growth.layers.push(named);
  return named;
}

function head(growth: Growth, end: Layer, classes: number): Layer {
  const wide = features(end.output) > 2 * MOST_CHANNELS;
  const pooled = wide
    ? push(growth, { kind: 'globalPool', inputs: [end.id], output: vector(end.output.channels) })
    : end;
  return push(growth, {
    kind: 'linear',
    inputs: [pooled.id],
    output: vector(classes),
    inFeatures: features(pooled.output),
    outFeatures: classes,
    bias: true,
    mask: null,
  });
}

/** Mostly the last of the layers so far (a deep network), else any. */
function pick({ random }: Growth, among: readonly Layer[]): Layer {
  return random.below(3) > 0 ? among.at(-1)! : among[random.below(among.length)];
}

function anyOf({ random }: Growth, among: readonly Layer[]): Layer {
  return among[random.below(among.length)];
}

function alike(growth: Growth, shape: Shape): Layer[] {
  return growth.layers.filter(
    ({ output }) =>
      output.channels === shape.channels &&
      output.height === shape.height &&
      output.width === shape.width,
  );
}

const KINDS: readonly ((growth: Growth, from: Layer) => Layer)[] = [
  (growth, from) => conv(growth, from),
  (growth, from) => conv(growth, from),
  (growth, from) =>
    push(growth, {
      kind: 'depthwise',
      inputs: [from.id],
      ...windowed(growth, from, from.output.channels),
    }),
  (growth, from) => normed(growth, from),
  (growth, from) => normed(growth, from),
  (growth, from) =>
    push(growth, { kind: 'layerNorm', inputs: [from.id], output: from.output, eps: EPS }),
  (growth, from) => activation(growth, from),
  (growth, from) => activation(growth, from),
  (growth, from) => pool(growth, from),
  (growth, from) =>
    push(growth, { kind: 'globalPool', inputs: [from.id], output: vector(from.output.channels) }),
  (growth, from) => push(growth, { kind: 'position', inputs: [from.id], output: from.output }),
  (growth, from) => added(growth, from),
  (growth, from) => added(growth, from),
  (growth, from) => gated(growth, from),
  (growth, from) => attention(growth, from),
  (growth, from) => linear(growth, from),
];

function grow(growth: Growth): void {
  KINDS[growth.random.below(KINDS.length)](growth, pick(growth, growth.layers));
}

function windowed(
  { random }: Growth,
  { output: { height, width } }: Layer,
  channels: number,
): { window: Window; output: Shape } {
  const kernel = KERNELS[random.below(KERNELS.length)];
  const window = {
    kernel,
    stride: 1 + random.below(3),
    padding: random.below(Math.floor(kernel / 2) + 1),
  };
  const side = (length: number): number =>
    Math.floor((length + 2 * window.padding - kernel) / window.stride) + 1;
  const output = { channels, height: side(height), width: side(width) };
  // A window larger than the padded plane: one pixel that keeps it all.
  return output.height >= 1 && output.width >= 1
    ? { window, output }
    : { window: { kernel: 1, stride: 1, padding: 0 }, output: { channels, height, width } };
}

/** A graph over some of the channels at hand; null for a dense layer. */
function graphFor({ random }: Growth, channels: number): Graph | null {
  const nodes = 1 + random.below(channels);
  switch (random.below(5)) {
    case 0:
      return null;
    case 1:
      return randomGraph(random, nodes, 0);
    case 2:
      return nodes < 3 ? null : completeGraph(nodes);
    default:
      return randomGraph(random, nodes, random.uniform(), random.below(2) === 1);
  }
}

function conv(growth: Growth, from: Layer): Layer {
  const inChannels = from.output.channels;
  const channels = 1 + growth.random.below(MOST_CHANNELS);
  const graph = graphFor(growth, Math.min(inChannels, channels));
  const mask = graph === null ? null : blockMask(graph, inChannels, channels);
  return push(growth, {
    kind: 'conv',
    inputs: [from.id],
    ...windowed(growth, from, channels),
    inChannels,
    bias: growth.random.below(2) === 1,
    mask,
  });
}

function linear(growth: Growth, from: Layer): Layer {
  const inFeatures = features(from.output);
  const outFeatures = 1 + growth.random.below(MOST_CHANNELS);
  // A relational linear layer reads a vector.
  const graph =
    inFeatures === from.output.channels
      ? graphFor(growth, Math.min(inFeatures, outFeatures))
      : null;
  const mask = graph === null ? null : blockMask(graph, inFeatures, outFeatures);
  return push(growth, {
    kind: 'linear',
    inputs: [from.id],
    output: vector(outFeatures),
    inFeatures,
    outFeatures,
    bias: growth.random.below(2) === 1,
    mask,
  });
}

/** A batch norm, at times with what may be folded into it. */
function normed(growth: Growth, from: Layer): Layer {
  const norm = push(growth, {
    kind: 'batchNorm',
    inputs: [from.id],
    output: from.output,
    eps: EPS,
    momentum: 0.1,
    gamma: 1,
  });
  const sum =
    growth.random.below(2) === 1
      ? push(growth, {
          kind: 'add',
          inputs: shuffled(growth, [norm.id, anyOf(growth, alike(growth, norm.output)).id]),
          output: norm.output,
        })
      : norm;
  return growth.random.below(2) === 1 ? activation(growth, sum) : sum;
}

function shuffled({ random }: Growth, [a, b]: readonly [string, string]): string[] {
  return random.below(2) === 1 ? [a, b] : [b, a];
}

function activation(growth: Growth, from: Layer): Layer {
  const functions: readonly ActivationFunction[] = growth.smooth
    ? ['swish', 'sigmoid', 'gelu']
    : ['relu', 'relu', 'swish', 'sigmoid', 'gelu'];
  return push(growth, {
    kind: 'activation',
    function: functions[growth.random.below(functions.length)],
    inputs: [from.id],
    output: from.output,
  });
}

function pool(growth: Growth, from: Layer): Layer {
  const kind = growth.smooth || growth.random.below(2) === 1 ? 'averagePool' : 'maxPool';
  return push(growth, { kind, inputs: [from.id], ...windowed(growth, from, from.output.channels) });
}

function added(growth: Growth, from: Layer): Layer {
  return push(growth, {
    kind: 'add',
    inputs: [from.id, anyOf(growth, alike(growth, from.output)).id],
    output: from.output,
  });
}

function gated(growth: Growth, from: Layer): Layer {
  const { channels } = from.output;
  const vectors = alike(growth, vector(channels));
  const squeezed =
    vectors.length > 0
      ? anyOf(growth, vectors)
      : push(growth, { kind: 'globalPool', inputs: [from.id], output: vector(channels) });
  const gate = push(growth, {
    kind: 'activation',
    function: 'sigmoid',
    inputs: [squeezed.id],
    output: squeezed.output,
  });
  return push(growth, { kind: 'gate', inputs: [from.id, gate.id], output: from.output });
}

/** Queries, keys and values may be one layer. */
function attention(growth: Growth, from: Layer): Layer {
  const same = alike(growth, from.output);
  return push(growth, {
    kind: 'attention',
    inputs: [from.id, anyOf(growth, same).id, anyOf(growth, same).id],
    output: from.output,
    heads: 1 + growth.random.below(from.output.channels),
  });
}
