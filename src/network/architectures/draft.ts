import { must, UserError } from '../../core/errors.js';
import { features, type Shape } from '../../core/shape.js';
import type { RelationalGraph } from '../relational.js';
import type { ActivationFunction, BlockMask, Layer, Network, Window } from '../types.js';
import type { Architecture, BuildRequest } from './architecture.js';

const BN_EPS = 1e-5;
const BN_MOMENTUM = 0.1;
/** PyTorch's default. */
const LN_EPS = 1e-5;

/** A layer that others read: its id and shape. */
export interface Source {
  readonly id: string;
  readonly output: Shape;
}

/** The plane is too small for a window or a stride of the architecture. */
export class PlaneError extends UserError {}

export interface ConvOptions {
  readonly channels: number;
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Pixels on every side; default (kernel - 1) / 2, which keeps the plane at stride 1. */
  readonly padding?: number;
  readonly bias?: boolean;
  /** The graph over the channels; none or null gives a dense convolution. */
  readonly graph?: RelationalGraph | null;
}

/**
 * A network being written: every method adds one layer and returns it, so that the next can read
 * it. The order of calls is the order of layers.
 */
export class Draft {
  readonly input: Source;
  readonly #request: BuildRequest;
  readonly #layers: Layer[] = [];
  /** The relational layer that each graph was given out for. */
  readonly #given = new Map<RelationalGraph, number>();
  readonly #rounds: Record<string, number> = {};
  #round = 0;

  constructor(request: BuildRequest) {
    this.#request = request;
    this.input = this.#add({ kind: 'input', id: 'input', inputs: [], output: request.input });
  }

  /**
   * The graph of the next relational layer (of the architecture's `relationalStages`); null in the
   * dense baseline.
   */
  nextGraph(): RelationalGraph | null {
    return this.#graphOf(this.#round++);
  }

  /**
   * The graph that `nextGraph` will give: for a layer beside the next one, which shares its graph.
   */
  upcomingGraph(): RelationalGraph | null {
    return this.#graphOf(this.#round);
  }

  /** The relational layers that each one reads; undefined where each reads the one before it. */
  get reads(): readonly (readonly number[])[] | undefined {
    return this.#request.relational?.reads;
  }

  conv(
    id: string,
    from: Source,
    {
      channels,
      kernel,
      stride = 1,
      padding = (kernel - 1) / 2,
      bias = false,
      graph = null,
    }: ConvOptions,
  ): Source {
    const window = { kernel, stride, padding };
    const inChannels = from.output.channels;
    const mask = this.#maskOf(id, graph, inChannels, channels);
    return this.#add({
      kind: 'conv',
      id,
      inputs: [from.id],
      output: { channels, ...planeAfter(id, from.output, window) },
      window,
      inChannels,
      bias,
      mask,
    });
  }

  depthwise(id: string, from: Source, kernel: number, stride: number): Source {
    const window = { kernel, stride, padding: (kernel - 1) / 2 };
    return this.#add({
      kind: 'depthwise',
      id,
      inputs: [from.id],
      output: { channels: from.output.channels, ...planeAfter(id, from.output, window) },
      window,
    });
  }

  maxPool(id: string, from: Source, window: Window): Source {
    return this.#add({
      kind: 'maxPool',
      id,
      inputs: [from.id],
      output: { channels: from.output.channels, ...planeAfter(id, from.output, window) },
      window,
    });
  }

  globalPool(id: string, from: Source): Source {
    return this.#add({
      kind: 'globalPool',
      id,
      inputs: [from.id],
      output: { channels: from.output.channels, height: 1, width: 1 },
    });
  }

  batchNorm(id: string, from: Source, gamma: 0 | 1 = 1): Source {
    return this.#add({
      kind: 'batchNorm',
      id,
      inputs: [from.id],
      output: from.output,
      eps: BN_EPS,
      momentum: BN_MOMENTUM,
      gamma,
    });
  }

  layerNorm(id: string, from: Source): Source {
    return this.#add({
      kind: 'layerNorm',
      id,
      inputs: [from.id],
      output: from.output,
      eps: LN_EPS,
    });
  }

  activation(id: string, from: Source, name: ActivationFunction): Source {
    return this.#add({
      kind: 'activation',
      function: name,
      id,
      inputs: [from.id],
      output: from.output,
    });
  }

  add(id: string, a: Source, b: Source): Source {
    return this.#add({ kind: 'add', id, inputs: [a.id, b.id], output: a.output });
  }

  /** `from`'s channels times the numbers in `gate`. */
  gate(id: string, from: Source, gate: Source): Source {
    return this.#add({ kind: 'gate', id, inputs: [from.id, gate.id], output: from.output });
  }

  position(id: string, from: Source): Source {
    return this.#add({ kind: 'position', id, inputs: [from.id], output: from.output });
  }

  attention(id: string, queries: Source, keys: Source, values: Source, heads: number): Source {
    return this.#add({
      kind: 'attention',
      id,
      inputs: [queries.id, keys.id, values.id],
      output: values.output,
      heads,
    });
  }

  linear(
    id: string,
    from: Source,
    outFeatures: number,
    {
      bias = false,
      graph = null,
    }: { readonly bias?: boolean; readonly graph?: RelationalGraph | null } = {},
  ): Source {
    const inFeatures = features(from.output);
    const mask = this.#maskOf(id, graph, inFeatures, outFeatures);
    return this.#add({
      kind: 'linear',
      id,
      inputs: [from.id],
      output: { channels: outFeatures, height: 1, width: 1 },
      inFeatures,
      outFeatures,
      bias,
      mask,
    });
  }

  /**
   * The head all convolutional networks here end with: the mean over the plane, then a dense
   * classifier.
   */
  pooledHead(from: Source): void {
    this.linear('head.fc', this.globalPool('head.avg_pool', from), this.#request.classes, {
      bias: true,
    });
  }

  finish(arch: Architecture): Network {
    const { relational, input, classes, widths } = this.#request;
    return {
      arch: arch.name,
      graph: relational?.spec ?? null,
      input,
      classes,
      widths: [...widths],
      layers: this.#layers,
      rounds: this.#rounds,
    };
  }

  /** A copy for each layer, so that layers over one graph can be told apart. */
  #graphOf(round: number): RelationalGraph | null {
    const graph = this.#request.relational?.layers[round];
    if (graph === undefined) return null;
    const given = { ...graph };
    this.#given.set(given, round);
    return given;
  }

  #maskOf(
    id: string,
    graph: RelationalGraph | null,
    inChannels: number,
    outChannels: number,
  ): BlockMask | null {
    if (graph === null) return null;
    this.#rounds[id] = must(this.#given.get(graph), 'the number of a relational layer');
    return graph.mask(inChannels, outChannels);
  }

  #add(layer: Layer): Layer {
    this.#layers.push(layer);
    return layer;
  }
}

/**
 * The plane that a window leaves of a plane. A stride on fewer pixels than its length would throw
 * pixels away for windows full of padding, and a window must lie over the padded plane.
 */
function planeAfter(id: string, plane: Shape, window: Window): { height: number; width: number } {
  const { kernel, stride, padding } = window;
  const side = Math.min(plane.height, plane.width);
  if (side < stride || side + 2 * padding < kernel) {
    const what = stride > 1 ? `a step of ${stride} pixels in` : `a window of ${kernel} pixels in`;
    throw new PlaneError(`${id} would take ${what} a plane of ${plane.height} x ${plane.width}`);
  }
  const after = (length: number): number =>
    Math.floor((length + 2 * padding - kernel) / stride) + 1;
  return { height: after(plane.height), width: after(plane.width) };
}
