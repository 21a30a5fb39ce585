import { must } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import type { Graph } from '../graph/types.js';
import {
  blockWorth,
  type ChannelOrder,
  groupsOf,
  keptShare,
  type LayerWorth,
  pairWorth,
  strongestGraph,
} from './prune.js';
import type { Partition } from './types.js';

/** A layer to be pruned, between two axes of channels, with the graph that it has. */
export interface PrunedLayer extends LayerWorth {
  /** Axis of the inputs, of the outputs; see `ChannelAxes`. */
  readonly from: string;
  readonly to: string;
  /** Which graph is its: layers of one number share one. */
  readonly graph: number;
}

/** What is to be pruned, and to what. */
export interface PruneTask {
  readonly layers: readonly PrunedLayer[];
  /** Groups, which are the nodes of the graphs. */
  readonly nodes: number;
  /** Of each graph. */
  readonly edges: number;
}

/** Groups of channels, and the graphs that keep most of the weights between them. */
export interface Grouping {
  /** Of the axes whose channels were put into another order. */
  readonly orders: ReadonlyMap<string, ChannelOrder>;
  /** By number. */
  readonly graphs: readonly Graph[];
  /** The share of each layer that is kept. */
  readonly shares: readonly number[];
  /** Their mean. */
  readonly share: number;
}

/**
 * The strongest graphs between groups of channels in a given order.
 *
 * @throws UserError where `strongestGraph` does
 */
export function groupingOf(
  { layers, nodes, edges }: PruneTask,
  orders: ReadonlyMap<string, ChannelOrder> = new Map(),
): Grouping {
  const blocks = layers.map((layer) =>
    blockWorth(layer, orders.get(layer.to) ?? null, orders.get(layer.from) ?? null),
  );
  const numbers = [...new Set(layers.map(({ graph }) => graph))].sort((a, b) => a - b);
  const graphs: Graph[] = [];
  for (const number of numbers) {
    const own = blocks.filter((_, at) => layers[at].graph === number);
    graphs[number] = strongestGraph(nodes, pairWorth(own, nodes), edges);
  }
  const shares = layers.map(({ graph }, at) => keptShare(blocks[at], graphs[graph]));
  return {
    orders,
    graphs,
    shares,
    share: shares.reduce((sum, each) => sum + each, 0) / shares.length,
  };
}

/**
 * Climbs of the search: from channels as they come, from channels by how much they count, from random
 * ones, then from the best so far with a part of its channels mixed.
 */
export const REGROUP_CLIMBS = 12;
const RANDOM_CLIMBS = 5;
/** Share of the channels of an axis that are mixed. */
const MIXED = 0.25;

/**
 * Groups of channels whose graphs keep more of the weights than the order in which channels come.
 * Each axis in turn is dealt anew, pair of channels by pair, to the groups where most of it is kept,
 * and the graphs are chosen anew, until nothing is gained; the best of several climbs (an iterated
 * local search). A local optimum, never worse than the order as it is. Yields the climbs done.
 *
 * @param movable axes whose channels may change places
 */
export function* regroupSteps(
  task: PruneTask,
  movable: ReadonlySet<string>,
  seed: number,
): Generator<number, Grouping> {
  const axes = axesOf(task, movable);
  let best = groupingOf(task);
  if (axes.size === 0) return best;
  for (let climb = 0; climb < REGROUP_CLIMBS; climb++) {
    const orders = new Map(
      [...axes].map(([axis, { channels }]) => {
        const random = new RandomStream('regroup', seed, climb, axis);
        if (climb === 0) return [axis, sorted(channels, null)];
        if (climb === 1) return [axis, sorted(channels, importance(task, axis, channels))];
        const own = best.orders.get(axis);
        if (climb < RANDOM_CLIMBS || own === undefined) return [axis, shuffled(channels, random)];
        return [axis, mixed(own, random)];
      }),
    );
    const found = climbed(task, axes, groupingOf(task, orders));
    if (found.share > best.share) best = found;
    yield climb + 1;
  }
  return best;
}

/** An order with a part of its places mixed. */
function mixed(order: ChannelOrder, random: RandomStream): ChannelOrder {
  const places = shuffled(order.length, random).subarray(0, Math.ceil(MIXED * order.length));
  const to = places.slice();
  random.shuffle(to);
  const made = order.slice();
  places.forEach((place, at) => (made[to[at]] = order[place]));
  return made;
}

/** What graphs keep between groups of channels at random; yields how many were drawn. */
export function* randomGroupings(
  task: PruneTask,
  movable: ReadonlySet<string>,
  { count, seed }: { readonly count: number; readonly seed: number },
): Generator<number, readonly number[]> {
  const axes = axesOf(task, movable);
  const shares: number[] = [];
  for (let index = 0; index < count; index++) {
    const orders = new Map(
      [...axes].map(([axis, { channels }]) => [
        axis,
        shuffled(channels, new RandomStream('random groups', seed, index, axis)),
      ]),
    );
    shares.push(groupingOf(task, orders).share);
    yield index + 1;
  }
  return shares;
}

/** The axes that may move, with how their channels are dealt, in the order of the layers. */
function axesOf({ layers }: PruneTask, movable: ReadonlySet<string>): Map<string, Partition> {
  const axes = new Map<string, Partition>();
  for (const { from, to, input, output } of layers) {
    if (movable.has(from)) axes.set(from, input);
    if (movable.has(to)) axes.set(to, output);
  }
  return axes;
}

/** Channels by a number of theirs, the largest first, of equals the first. */
function sorted(channels: number, by: Float64Array | null): ChannelOrder {
  const order = Int32Array.from({ length: channels }, (_, channel) => channel);
  return by === null ? order : order.sort((a, b) => by[b] - by[a] || a - b);
}

function shuffled(channels: number, random: RandomStream): ChannelOrder {
  const order = sorted(channels, null);
  random.shuffle(order);
  return order;
}

/** How much of all layers each channel of an axis counts. */
function importance({ layers }: PruneTask, axis: string, channels: number): Float64Array {
  const sums = new Float64Array(channels);
  for (const { worth, from, to, input } of layers)
    worth.forEach((value, at) => {
      if (to === axis) sums[Math.floor(at / input.channels)] += value;
      if (from === axis) sums[at % input.channels] += value;
    });
  return sums;
}

function climbed(task: PruneTask, axes: ReadonlyMap<string, Partition>, begun: Grouping): Grouping {
  let best = begun;
  for (let gained = true; gained;) {
    gained = false;
    for (const [axis, partition] of axes) {
      const groups = groupsOf(partition, must(best.orders.get(axis)));
      swapAll(groups, keptIn(task, best, axis, partition));
      const orders = new Map(best.orders).set(axis, orderOf(groups));
      const found = groupingOf(task, orders);
      if (found.share <= best.share + SMALLEST_GAIN) continue;
      best = found;
      gained = true;
    }
  }
  return best;
}

/** A climb ends where a pass over an axis gains less than that of a share. */
const SMALLEST_GAIN = 1e-5;

/** Channels group by group. */
const orderOf = (groups: Int32Array): ChannelOrder =>
  sorted(groups.length, null).sort((a, b) => groups[a] - groups[b] || a - b);

/** Of every channel of an axis what would be kept in each group, all else as it is: `nodes x channels`. */
function keptIn(
  { layers }: PruneTask,
  { orders, graphs }: Grouping,
  axis: string,
  { channels, nodes }: Partition,
): Float64Array {
  const kept = new Float64Array(channels * nodes);
  for (const { worth, input, output, from, to, graph } of layers) {
    if (to === axis) {
      const others = groupsOf(input, orders.get(from) ?? null);
      const own = new Float64Array(channels * nodes);
      const sums = new Float64Array(nodes);
      for (let row = 0, at = 0; row < channels; row++) {
        sums.fill(0);
        for (let column = 0; column < input.channels; column++, at++)
          sums[others[column]] += worth[at];
        for (let group = 0; group < nodes; group++) own[group * channels + row] = sums[group];
      }
      addHeard(kept, own, graphs[graph]);
    }
    if (from === axis) {
      const others = groupsOf(output, orders.get(to) ?? null);
      const own = new Float64Array(channels * nodes);
      for (let row = 0, at = 0; row < output.channels; row++) {
        const base = others[row] * channels;
        for (let column = 0; column < channels; column++, at++) own[base + column] += worth[at];
      }
      addHeard(kept, own, graphs[graph]);
    }
  }
  return kept;
}

/** Adds for every group and channel what the channel has with that group and its neighbours. */
function addHeard(kept: Float64Array, own: Float64Array, { nodes, offsets, targets }: Graph): void {
  const channels = own.length / nodes;
  for (let group = 0; group < nodes; group++) {
    const heard = [group, ...targets.subarray(offsets[group], offsets[group + 1])];
    for (const other of heard)
      for (let channel = 0; channel < channels; channel++)
        kept[group * channels + channel] += own[other * channels + channel];
  }
}

/** Pairs of channels change their groups as long as that keeps more. */
function swapAll(groups: Int32Array, kept: Float64Array): void {
  const channels = groups.length;
  for (let gained = true; gained;) {
    gained = false;
    for (let a = 0; a < channels; a++)
      for (let b = a + 1; b < channels; b++) {
        const [own, other] = [groups[a] * channels, groups[b] * channels];
        const now = kept[own + a] + kept[other + b];
        const then = kept[other + a] + kept[own + b];
        if (then - now <= SMALLEST_SWAP) continue;
        const group = groups[a];
        groups[a] = groups[b];
        groups[b] = group;
        gained = true;
      }
  }
}

/** Far below what one weight of a million counts, above the last bits of such sums. */
const SMALLEST_SWAP = 1e-13;

/**
 * What the same search finds in the same weights shuffled within their layers, among the places
 * where there are any; yields how many were done.
 *
 * @param movable axes whose channels may change places; none: they stay in their order
 */
export function* shuffledGroupings(
  task: PruneTask,
  movable: ReadonlySet<string>,
  { count, seed }: { readonly count: number; readonly seed: number },
): Generator<number, readonly Grouping[]> {
  const found: Grouping[] = [];
  for (let index = 0; index < count; index++) {
    const layers = task.layers.map((layer) => ({ ...layer, worth: layer.worth.slice() }));
    layers.forEach(({ name, worth }) => {
      const places = Int32Array.from(worth.keys()).filter((at) => worth[at] !== 0);
      const order = places.slice();
      new RandomStream('shuffled weights', seed, index, name).shuffle(order);
      const before = worth.slice();
      places.forEach((to, at) => (worth[to] = before[order[at]]));
    });
    const search = regroupSteps({ ...task, layers }, movable, seed);
    for (let step = search.next(); ; step = search.next()) {
      if (!step.done) continue;
      found.push(step.value);
      break;
    }
    yield index + 1;
  }
  return found;
}
