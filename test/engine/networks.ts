import { RandomStream } from '../../src/core/random/index.js';
import { features, type Shape } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import type { Executable, Program } from '../../src/engine/types.js';
import { graphFromEdges } from '../../src/graph/index.js';
import type { Graph } from '../../src/graph/types.js';
import { blockMask } from '../../src/network/index.js';
import type { BlockMask, Layer, Network } from '../../src/network/types.js';

/** One step of a chain of layers. */
export type Link = { linear: number; bias?: boolean; graph?: Graph } | 'bn' | 'relu';

export function vector(channels: number): Shape {
  return { channels, height: 1, width: 1 };
}

/** A chain of layers by hand: `chain(vector(4), [{ linear: 3 }, 'bn', 'relu', { linear: 2, bias: true }])`. */
export function chain(input: Shape, links: readonly Link[]): Network {
  const layers: Layer[] = [{ kind: 'input', id: 'input', inputs: [], output: input }];
  links.forEach((link, index) => layers.push(layerOf(link, index, layers.at(-1)!)));
  return { arch: 'chain', graph: null, input, classes: features(layers.at(-1)!.output), widths: [], layers };
}

function layerOf(link: Link, index: number, before: Layer): Layer {
  const inputs = [before.id];
  if (link === 'bn') return { kind: 'batchNorm', id: `bn${index}`, inputs, output: before.output, eps: 1e-5, momentum: 0.1 };
  if (link === 'relu') return { kind: 'relu', id: `relu${index}`, inputs, output: before.output };
  const inFeatures = features(before.output);
  const mask: BlockMask | null = link.graph === undefined ? null : blockMask(link.graph, inFeatures, link.linear);
  const id = `linear${index}`;
  return { kind: 'linear', id, inputs, output: vector(link.linear), inFeatures, outFeatures: link.linear, bias: link.bias ?? false, mask };
}

/** Each possible edge with probability `density`; the last of three or more nodes stays without neighbours. */
export function randomGraph(random: RandomStream, nodes: number, density: number, directed = false): Graph {
  const joined = nodes < 3 ? nodes : nodes - 1;
  const edges: [number, number][] = [];
  for (let u = 0; u < joined; u++) {
    for (let v = 0; v < joined; v++) {
      if ((directed ? u !== v : u < v) && random.uniform() < density) edges.push([u, v]);
    }
  }
  return graphFromEdges(nodes, edges, directed);
}

/** A relational perceptron: dense stem, two relational rounds of ragged widths, dense head with a bias. */
export function raggedPerceptron(random: RandomStream): Network {
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const nodes = between(1, 12);
  const graph = randomGraph(random, nodes, random.uniform(), random.below(2) === 1);
  const width = (): number => between(nodes, nodes + 45);
  const input = { channels: between(1, 3), height: between(1, 5), width: between(1, 6) };
  const round = (): Link[] => [{ linear: width(), graph, bias: random.below(2) === 1 }, 'bn', 'relu'];
  return chain(input, [{ linear: width() }, 'bn', 'relu', ...round(), ...round(), { linear: between(2, 11), bias: true }]);
}

export interface Batch {
  readonly samples: Float32Array;
  readonly labels: number[];
  readonly count: number;
}

/** Samples exactly representable in float32, so that every backend is given the same numbers. */
export function randomBatch(program: Program, count: number, random: RandomStream): Batch {
  const samples = Float32Array.from({ length: count * features(program.network.input) }, () => random.normal());
  return { samples, labels: Array.from({ length: count }, () => random.below(program.network.classes)), count };
}

/** Random parameters, running statistics and (where asked) momenta of every kind, the same for each executable. */
export function randomise(executables: readonly Executable[], random: RandomStream, momenta = false): void {
  for (const { name, shape, role, learnable } of executables[0].program.parameters) {
    const draw = {
      weight: () => random.normal() / Math.sqrt(shape[1] ?? 1),
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
      if (learnable) executable.uploadMomentum(name, momenta ? velocity : new Float32Array(values.length));
    }
  }
}

export function loadBatch(executables: readonly Executable[], batch: Batch): void {
  for (const executable of executables) executable.input(batch.samples, batch.labels, batch.count);
}

/** Every parameter's value and, if learnable, momentum and gradient as asked. */
export function snapshot(executable: Executable, what: readonly ('value' | 'grad' | 'momentum')[]): Map<string, Float32Array | Float64Array> {
  const parts = new Map<string, Float32Array | Float64Array>();
  for (const { name, learnable } of executable.program.parameters) {
    for (const part of what) {
      if (learnable || part === 'value') parts.set(`${name} ${part}`, executable.read(name, part));
    }
  }
  return parts;
}
