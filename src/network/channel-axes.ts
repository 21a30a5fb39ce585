import { must, UserError } from '../core/errors.js';
import { elements, type Tensor } from '../core/tensor.js';
import { parametersOf } from './parameters.js';
import type { Layer, Network, ParameterInfo } from './types.js';

/**
 * Which channels of a network are the same ones: those that a layer passes on as they are, and those
 * that are added up. Channels of one axis can change places without changing what the network
 * computes, as long as all weights that make or read them follow (Hecht-Nielsen 1990).
 */
export interface ChannelAxes {
  /** The axis of what a layer gives, by the layer's id: the id of the first layer that has it. */
  readonly of: ReadonlyMap<string, string>;
  /** Axes whose channels have their places: the images', the classes'. */
  readonly fixed: ReadonlySet<string>;
}

/**
 * The channel axes of a network.
 *
 * @throws UserError that names the layer where channels cannot change places: the heads of attention
 *   hold certain ones
 */
export function channelAxes({ layers, arch }: Network): ChannelAxes {
  const axis = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    while (must(axis.get(at)) !== at) at = must(axis.get(at));
    return at;
  };
  for (const layer of layers) {
    const { id, kind, inputs } = layer;
    if (kind === 'attention')
      throw new UserError(
        `channels are put into other groups where they can change places, but ${id} of ${arch} is ` +
          'attention, whose heads hold certain ones; leave out --regroup, which keeps channels in order',
      );
    axis.set(id, MAKES_CHANNELS.has(kind) ? id : root(must(inputs[0])));
    for (const input of JOINS.has(kind) ? inputs.slice(1) : [])
      axis.set(root(input), root(must(inputs[0])));
  }
  const [first, last] = [must(layers[0]), must(layers.at(-1))];
  return {
    of: new Map(layers.map(({ id }) => [id, root(id)])),
    fixed: new Set([root(first.id), root(last.id)]),
  };
}

const MAKES_CHANNELS: ReadonlySet<Layer['kind']> = new Set(['input', 'linear', 'conv']);
const JOINS: ReadonlySet<Layer['kind']> = new Set(['add', 'gate']);

/**
 * The weights of the same network with its channels in another order.
 *
 * @param orders of axes by their name: `order[place]` is the channel that comes to stand there
 */
export function reorderChannels(
  network: Network,
  axes: ChannelAxes,
  weights: ReadonlyMap<string, Tensor>,
  orders: ReadonlyMap<string, Int32Array>,
): Map<string, Tensor> {
  const layers = new Map(network.layers.map((layer) => [layer.id, layer]));
  const orderOf = (layer: string): Int32Array | undefined =>
    orders.get(must(axes.of.get(layer), 'an axis'));
  return new Map(
    parametersOf(network).map((parameter) => {
      const { name } = parameter;
      const layer = must(layers.get(parameter.layer));
      const tensor = must(weights.get(name), name);
      const out = takeAlong(tensor, outAxis(parameter), orderOf(layer.id));
      if (parameter.role !== 'weight' || !(layer.kind === 'linear' || layer.kind === 'conv'))
        return [name, out];
      const [from] = layer.inputs;
      const order = orderOf(must(from));
      const { channels } = must(layers.get(must(from))).output;
      const each = layer.kind === 'linear' ? layer.inFeatures / channels : 1;
      return [name, takeAlong(out, 1, order && spread(order, each))];
    }),
  );
}

/** The axis of a parameter that holds the channels which its layer gives. */
const outAxis = ({ role }: ParameterInfo): number => (role === 'position' ? 1 : 0);

/** The order of the features of a plane that is read flattened, channel by channel. */
const spread = (order: Int32Array, each: number): Int32Array =>
  Int32Array.from(
    { length: order.length * each },
    (_, at) => must(order[Math.floor(at / each)]) * each + (at % each),
  );

function takeAlong(tensor: Tensor, axis: number, order: Int32Array | undefined): Tensor {
  if (order === undefined) return tensor;
  const { shape, data } = tensor;
  const inner = elements(shape.slice(axis + 1));
  const outer = elements(shape.slice(0, axis));
  const made = data.slice();
  for (let at = 0; at < outer; at++)
    order.forEach((from, to) => {
      const base = at * order.length;
      made.set(
        data.subarray((base + from) * inner, (base + from + 1) * inner),
        (base + to) * inner,
      );
    });
  return { shape, data: made };
}
