import { RandomStream } from '../../src/core/random/index.js';
import { features, type Shape } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import type { Executable, Program } from '../../src/engine/types.js';
import { graphFromEdges } from '../../src/graph/index.js';
import type { Graph } from '../../src/graph/types.js';
import { blockMask } from '../../src/network/index.js';
import type { ActivationFunction, BlockMask, Layer, Network } from '../../src/network/types.js';

/**
 * One step of a chain of layers. Steps within steps make networks with several readers of one
 * layer.
 */
export type Link =
  | { linear: number; bias?: boolean; graph?: Graph }
  | {
      conv: number;
      kernel: number;
      stride?: number;
      padding?: number;
      bias?: boolean;
      graph?: Graph;
    }
  | { depthwise: number; stride?: number; padding?: number }
  | { pool: 'max' | 'average'; kernel: number; stride?: number; padding?: number }
  | { act: ActivationFunction }
  | { attention: number }
  /** The sum of what two chains make of the same layer; an empty chain is the layer itself. */
  | { sum: [Link[], Link[]] }
  /** The layer times what a chain that ends in one number a channel makes of it. */
  | { gate: Link[] }
  | 'bn'
  | 'relu'
  | 'layerNorm'
  | 'globalPool'
  | 'position';

export function vector(channels: number): Shape {
  return { channels, height: 1, width: 1 };
}

/**
 * A chain of layers by hand: `chain(vector(4), [{ linear: 3 }, 'bn', 'relu', { linear: 2, bias:
 * true }])`.
 */
export function chain(input: Shape, links: readonly Link[]): Network {
  const layers: Layer[] = [{ kind: 'input', id: 'input', inputs: [], output: input }];
  append(layers, layers[0], links);
  return {
    arch: 'chain',
    graph: null,
    input,
    classes: features(layers.at(-1)!.output),
    widths: [],
    layers,
  };
}

/** Appends links after `from`; the last layer, `from` itself where there is none. */
function append(layers: Layer[], from: Layer, links: readonly Link[]): Layer {
  return links.reduce((before, link) => appendOne(layers, before, link), from);
}

function appendOne(layers: Layer[], before: Layer, link: Link): Layer {
  const push = (layer: Layer): Layer => {
    layers.push(layer);
    return layer;
  };
  if (typeof link === 'object' && 'sum' in link) {
    const [a, b] = link.sum.map((part) => append(layers, before, part));
    return push({ kind: 'add', id: `add${layers.length}`, inputs: [a.id, b.id], output: a.output });
  }
  if (typeof link === 'object' && 'gate' in link) {
    const gate = append(layers, before, link.gate);
    return push({
      kind: 'gate',
      id: `gate${layers.length}`,
      inputs: [before.id, gate.id],
      output: before.output,
    });
  }
  if (typeof link === 'object' && 'attention' in link) {
    const { channels } = before.output;
    const [q, k, v] = [0, 1, 2].map(() => appendOne(layers, before, { conv: channels, kernel: 1 }));
    return push({
      kind: 'attention',
      id: `attention${layers.length}`,
      inputs: [q.id, k.id, v.id],
      output: before.output,
      heads: link.attention,
    });
  }
  return push(layerOf(link, layers.length - 1, before));
}

function layerOf(
  link: Exclude<Link, { sum: unknown } | { gate: unknown } | { attention: unknown }>,
  index: number,
  before: Layer,
): Layer {
  const inputs = [before.id];
  const { output } = before;
  if (link === 'bn')
    return {
      kind: 'batchNorm',
      id: `bn${index}`,
      inputs,
      output,
      eps: 1e-5,
      momentum: 0.1,
      gamma: 1,
    };
  if (link === 'relu')
    return { kind: 'activation', function: 'relu', id: `relu${index}`, inputs, output };
  if (link === 'layerNorm')
    return { kind: 'layerNorm', id: `ln${index}`, inputs, output, eps: 1e-5 };
  if (link === 'globalPool')
    return { kind: 'globalPool', id: `global${index}`, inputs, output: vector(output.channels) };
  if (link === 'position') return { kind: 'position', id: `position${index}`, inputs, output };
  if ('act' in link)
    return { kind: 'activation', function: link.act, id: `${link.act}${index}`, inputs, output };
  if ('linear' in link) {
    const inFeatures = features(output);
    const mask: BlockMask | null =
      link.graph === undefined ? null : blockMask(link.graph, inFeatures, link.linear);
    return {
      kind: 'linear',
      id: `linear${index}`,
      inputs,
      output: vector(link.linear),
      inFeatures,
      outFeatures: link.linear,
      bias: link.bias ?? false,
      mask,
    };
  }
  return windowedLayer(link, index, before);
}

type WindowedLink = Extract<Link, { conv: number } | { depthwise: number } | { pool: string }>;

function windowedLayer(link: WindowedLink, index: number, { id, output }: Layer): Layer {
  const kernel = 'depthwise' in link ? link.depthwise : link.kernel;
  const window = {
    kernel,
    stride: link.stride ?? 1,
    padding: link.padding ?? Math.floor((kernel - 1) / 2),
  };
  const side = (length: number): number =>
    Math.floor((length + 2 * window.padding - kernel) / window.stride) + 1;
  const shape = (channels: number): Shape => ({
    channels,
    height: side(output.height),
    width: side(output.width),
  });
  if ('conv' in link) {
    const mask =
      link.graph === undefined ? null : blockMask(link.graph, output.channels, link.conv);
    return {
      kind: 'conv',
      id: `conv${index}`,
      inputs: [id],
      output: shape(link.conv),
      window,
      inChannels: output.channels,
      bias: link.bias ?? false,
      mask,
    };
  }
  if ('depthwise' in link)
    return {
      kind: 'depthwise',
      id: `depthwise${index}`,
      inputs: [id],
      output: shape(output.channels),
      window,
    };
  return {
    kind: link.pool === 'max' ? 'maxPool' : 'averagePool',
    id: `pool${index}`,
    inputs: [id],
    output: shape(output.channels),
    window,
  };
}

/**
 * Each possible edge with probability `density`; the last of three or more nodes stays without
 * neighbours.
 */
export function randomGraph(
  random: RandomStream,
  nodes: number,
  density: number,
  directed = false,
): Graph {
  const joined = nodes < 3 ? nodes : nodes - 1;
  const edges: [number, number][] = [];
  for (let u = 0; u < joined; u++) {
    for (let v = 0; v < joined; v++) {
      if ((directed ? u !== v : u < v) && random.uniform() < density) edges.push([u, v]);
    }
  }
  return graphFromEdges(nodes, edges, directed);
}

/**
 * A relational perceptron: dense stem, two relational rounds of ragged widths, dense head with a
 * bias.
 */
export function raggedPerceptron(random: RandomStream): Network {
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const nodes = between(1, 12);
  const graph = randomGraph(random, nodes, random.uniform(), random.below(2) === 1);
  const width = (): number => between(nodes, nodes + 45);
  const input = { channels: between(1, 3), height: between(1, 5), width: between(1, 6) };
  const round = (): Link[] => [
    { linear: width(), graph, bias: random.below(2) === 1 },
    'bn',
    'relu',
  ];
  return chain(input, [
    { linear: width() },
    'bn',
    'relu',
    ...round(),
    ...round(),
    { linear: between(2, 11), bias: true },
  ]);
}

/**
 * A relational convolutional network that has everything: a stem with a pool, residual blocks with
 * and without projection and stride, a squeezed and gated block, ragged planes and widths.
 */
export function raggedConvolutional(random: RandomStream): Network {
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const nodes = between(2, 7);
  const graph = randomGraph(random, nodes, random.uniform(), random.below(2) === 1);
  const width = (): number => between(nodes, nodes + 12);
  const conv = (channels: number, stride = 1): Link => ({
    conv: channels,
    kernel: [1, 3, 5][random.below(3)],
    stride,
    graph,
    bias: random.below(3) === 0,
  });
  const [stem, wide, last] = [width(), width(), width()];
  const input = { channels: between(1, 3), height: between(7, 11), width: between(7, 11) };
  const squeezed: Link = {
    gate: [
      'globalPool',
      { conv: 3, kernel: 1, bias: true },
      { act: 'swish' },
      { conv: wide, kernel: 1, bias: true },
      { act: 'sigmoid' },
    ],
  };
  const stride = between(1, 2);
  return chain(input, [
    { conv: stem, kernel: 3 },
    'bn',
    'relu',
    { pool: random.below(2) === 1 ? 'max' : 'average', kernel: 3, stride: 2, padding: 1 },
    {
      sum: [
        [{ conv: wide, kernel: 1, stride, graph }, 'bn'],
        [{ conv: wide, kernel: 3, stride, graph }, 'bn', 'relu', conv(wide), 'bn'],
      ],
    },
    'relu',
    { sum: [[], [{ depthwise: 3 }, 'bn', { act: 'swish' }, squeezed, conv(wide), 'bn']] },
    { sum: [[], [conv(wide), 'bn']] },
    'relu',
    conv(last),
    { act: 'gelu' },
    'globalPool',
    { linear: between(2, 7), bias: true },
  ]);
}

/**
 * A patch network: positions, layer norms, attention with uneven heads, relational feed-forward.
 */
export function raggedTransformer(random: RandomStream): Network {
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const width = between(6, 13);
  const graph = randomGraph(random, between(2, 6), random.uniform());
  const side = 2 * between(1, 3);
  return chain({ channels: 2, height: side, width: side + 2 }, [
    { conv: width, kernel: 2, stride: 2, padding: 0, bias: true },
    'position',
    { sum: [[], ['layerNorm', { attention: between(1, 3) }, { conv: width, kernel: 1, graph }]] },
    {
      sum: [
        [],
        [
          'layerNorm',
          { conv: 2 * width, kernel: 1, graph, bias: true },
          { act: 'gelu' },
          { conv: width, kernel: 1, graph },
        ],
      ],
    },
    'layerNorm',
    'globalPool',
    { linear: between(2, 6), bias: true },
  ]);
}

export interface Batch {
  readonly samples: Float32Array;
  readonly labels: number[];
  readonly count: number;
}

/** Samples exactly representable in float32, so that every backend is given the same numbers. */
export function randomBatch(program: Program, count: number, random: RandomStream): Batch {
  const samples = Float32Array.from({ length: count * features(program.network.input) }, () =>
    random.normal(),
  );
  return {
    samples,
    labels: Array.from({ length: count }, () => random.below(program.network.classes)),
    count,
  };
}

/**
 * Random parameters, running statistics and (where asked) momenta of every kind, the same for each
 * executable.
 */
export function randomise(
  executables: readonly Executable[],
  random: RandomStream,
  momenta = false,
): void {
  for (const { name, shape, role, learnable } of executables[0].program.parameters) {
    const draw = {
      weight: () =>
        random.normal() / Math.sqrt((shape[1] ?? 1) * (shape[2] ?? 1) * (shape[3] ?? 1)),
      position: () => 0.3 * random.normal(),
      bias: () => 0.2 * random.normal(),
      gamma: () => 1 + 0.2 * random.normal(),
      beta: () => 0.2 * random.normal(),
      runningMean: () => 0.3 * random.normal(),
      runningVar: () => 0.5 + random.uniform(),
    }[role];
    const values = Float32Array.from({ length: elements(shape) }, draw);
    const velocity = Float32Array.from(values, () => 0.1 * random.normal());
    for (const executable of executables) {
      executable.upload(name, values);
      if (learnable && !executable.program.inference)
        executable.uploadMomentum(name, momenta ? velocity : new Float32Array(values.length));
    }
  }
}

export function loadBatch(executables: readonly Executable[], batch: Batch): void {
  for (const executable of executables) executable.input(batch.samples, batch.labels, batch.count);
}

/** Every parameter's value and, if learnable, momentum and gradient as asked. */
export async function snapshot(
  executable: Executable,
  what: readonly ('value' | 'grad' | 'momentum')[],
): Promise<Map<string, Float32Array | Float64Array>> {
  const parts = new Map<string, Float32Array | Float64Array>();
  for (const { name, learnable } of executable.program.parameters) {
    for (const part of what) {
      if (learnable || part === 'value')
        parts.set(`${name} ${part}`, await executable.read(name, part));
    }
  }
  return parts;
}
