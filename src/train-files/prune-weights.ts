import { must, UserError } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';
import { edgesSpec } from '../graph/generators/edges.js';
import { graphMembers, sequenceOf } from '../graph/sequence.js';
import type { Graph, GraphSpec } from '../graph/types.js';
import { type ChannelAxes, channelAxes, reorderChannels } from '../network/channel-axes.js';
import { type Design, designNetwork } from '../network/design.js';
import { denseMask } from '../network/mask.js';
import { parametersOf } from '../network/parameters.js';
import { layerWorth, type PruneCriterion } from '../network/prune.js';
import type { Grouping, PrunedLayer, PruneTask } from '../network/regroup.js';
import type { Network } from '../network/types.js';
import type { WeightLayer } from '../network/weight-graph.js';
import type { WeightsFile } from './weights-file.js';
import { type GivenLayers, layersOfWeights } from './weights-layers.js';
import { networkOfWeights } from './weights-network.js';

/** A budget of edges: one of the three. */
interface EdgeBudget {
  /** Share of the pairs of groups. */
  readonly density?: number | undefined;
  /** Average number of neighbours. */
  readonly degree?: number | undefined;
  readonly edges?: number | undefined;
}

export interface PruneRequest extends GivenLayers, EdgeBudget {
  readonly criterion: PruneCriterion;
  /** Whether all layers share one graph. */
  readonly shared: boolean;
}

/** What of a file of weights is to be pruned. */
export interface PrunePlan {
  readonly task: PruneTask;
  /** The network that the weights are of; null of weights that do not say. */
  readonly design: Design | null;
}

/**
 * What to prune of a file of weights: its relational layers, or any weights in so many groups.
 *
 * @throws UserError where the file does not say enough, layers have different groups, the weights
 *   are none to prune by, or the budget is no number of edges
 */
export function prunePlan(file: WeightsFile, request: PruneRequest): PrunePlan {
  const known = (request.graph ?? file.facts.graph ?? null) !== null;
  const design = known ? networkOfWeights(file, request) : null;
  const found = layersOfWeights(file, request);
  const nodes = commonGroups(file.path, found);
  const rounds = roundsOf(found, design?.network ?? null);
  const sources = new Map(design?.network.layers.map(({ id, inputs }) => [id, inputs[0]]));
  const layers = found.map(({ name, tensor, input, output }, at): PrunedLayer => {
    const id = layerOf(name);
    return {
      ...layerWorth(name, tensor.data, { input, output }, request.criterion),
      from: sources.get(id) ?? `${name} in`,
      to: id,
      graph: request.shared ? 0 : must(rounds[at]),
    };
  });
  return { task: { layers, nodes, edges: edgesOf(request, nodes) }, design };
}

const layerOf = (weight: string): string => weight.replace(/\.weight$/, '');

function commonGroups(path: string, layers: readonly WeightLayer[]): number {
  const nodes = must(layers[0]).input.nodes;
  for (const { name, input, output } of layers)
    if (input.nodes !== nodes || output.nodes !== nodes)
      throw new UserError(
        `pruned graphs are over the same groups in all layers, but of ${path} ${name} has ` +
          `${input.nodes} x ${output.nodes} and ${must(layers[0]).name} ${nodes}; give their number ` +
          'with --nodes',
      );
  return nodes;
}

/** Which graph each layer has, numbered without gaps: that of its round, else one of its own. */
function roundsOf(layers: readonly WeightLayer[], network: Network | null): number[] {
  const own = layers.map(({ name }, at) => network?.rounds?.[layerOf(name)] ?? at);
  const numbers = [...new Set(own)];
  return own.map((round) => numbers.indexOf(round));
}

/** Sums of shares miss whole numbers by their last bits. */
const ROUNDING = 1e-9;

function edgesOf({ density, degree, edges }: EdgeBudget, nodes: number): number {
  const given = [density, degree, edges].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new UserError(
      `a graph is pruned to one budget, --density, --degree or --edges, got ` +
        `${given.length === 0 ? 'none' : given.length}; give one of them`,
    );
  if (edges !== undefined) return edges;
  const [name, value, most] =
    density === undefined ? ['--degree', degree ?? 0, nodes - 1] : ['--density', density, 1];
  if (!(value > 0) || value > most)
    throw new UserError(
      `${name} must be above 0 and at most ${most} for ${nodes} groups; got ${value}`,
    );
  const pairs = density === undefined ? (value * nodes) / 2 : (value * nodes * (nodes - 1)) / 2;
  return Math.floor(pairs + ROUNDING);
}

/**
 * The axes of a network's channels, the layers of a task by them, and which may change places.
 *
 * @throws UserError where the network is not known, or cannot be regrouped
 */
export function regroupPlan({ task, design }: PrunePlan): {
  readonly task: PruneTask;
  readonly axes: ChannelAxes;
  readonly movable: ReadonlySet<string>;
} {
  if (design === null)
    throw new UserError(
      'channels are put into other groups together with all weights that read them, for which the ' +
        'network must be known; give it with --graph, --input and --classes, or leave out --regroup',
    );
  const { network } = design;
  const axes = channelAxes(network);
  const layers = task.layers.map((layer) => {
    const [from, to] = [axes.of.get(layer.from), axes.of.get(layer.to)];
    if (from === undefined || to === undefined)
      throw new UserError(
        `channels are put into other groups in the layers of the network, but ${network.arch} ` +
          `has no ${layer.to}; leave out --layers`,
      );
    return { ...layer, from, to };
  });
  const own = layers.flatMap(({ from, to }) => [from, to]);
  const movable = new Set(own.filter((axis) => !axes.fixed.has(axis)));
  return { task: { ...task, layers }, axes, movable };
}

/** The spec of pruned graphs: of the one that layers share, else a graph for each relational layer. */
export function prunedSpec(graphs: readonly Graph[], design: Design | null): GraphSpec {
  const from = design?.network.graph ?? null;
  const [first] = graphs;
  if (graphs.length > 1) return sequenceOf(from, graphs.map(edgesSpec));
  const spec = edgesSpec(must(first));
  if (design === null || from === null || graphMembers(from).over === undefined) return spec;
  return sequenceOf(
    from,
    Array.from(design.graphs, () => spec),
  );
}

/**
 * The network of pruned graphs, as wide as before.
 *
 * @throws UserError where not all relational layers of the network were pruned
 */
export function prunedDesign({ task, design }: PrunePlan, spec: GraphSpec): Design {
  if (design === null)
    throw new UserError(
      'the weights that are left are of a network, which must be known; give it with --graph, ' +
        '--input and --classes, or leave out --save',
    );
  const { network, stem } = design;
  const pruned = new Set(task.layers.map(({ name }) => name));
  const left = parametersOf(network).find(({ mask, name }) => mask !== null && !pruned.has(name));
  if (left !== undefined)
    throw new UserError(
      `the weights that are left are of a network whose relational layers are all pruned, but ` +
        `${left.name} is not; leave out --layers`,
    );
  const { arch, input, classes, widths } = network;
  return designNetwork({
    arch,
    graph: spec,
    input,
    classes,
    widths,
    ...(stem !== null && { stem }),
  });
}

/** The weights of a network that pruned graphs leave, channels in their new order. */
export function prunedWeights(
  { network }: Design,
  pruned: Network,
  { orders }: Pick<Grouping, 'orders'>,
  weights: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const moved =
    orders.size === 0 ? weights : reorderChannels(network, channelAxes(network), weights, orders);
  return new Map(
    parametersOf(pruned).map(({ name, mask, shape }) => {
      const tensor = must(moved.get(name), name);
      if (mask === null) return [name, tensor];
      const exists = denseMask(mask);
      const window = tensor.data.length / exists.length;
      const data = tensor.data.map((value: number, at: number) =>
        exists[Math.floor(at / window)] === 1 ? value : 0,
      );
      return [name, { shape, data }];
    }),
  );
}
