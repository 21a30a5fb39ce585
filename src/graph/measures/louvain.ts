import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import type { Graph } from '../types.js';
import type { WeightedGraph } from '../weighted.js';
import { transposedLists } from './transpose.js';

/** Louvain stops when a level gains no more than this; networkx's default. */
const THRESHOLD = 1e-7;

/**
 * Sweeps over the nodes of a level. A handful is usual; but gains that are 0 but for rounding can
 * send nodes of a directed graph round and round for ever (networkx then never ends).
 */
const MOST_SWEEPS = 1000;

/**
 * A weighted graph whose nodes are communities of the level below. Lists are in the order of
 * insertion of networkx's dictionaries: the order in which equal gains are met decides between
 * them.
 */
interface Level {
  readonly directed: boolean;
  /** Edges to each neighbour; a self loop is there once. */
  readonly out: Lists;
  /** Edges from each neighbour; the same as `out` if undirected. */
  readonly into: Lists;
}

/**
 * The neighbours of node u and the weights of the edges: entries `starts[u]` to before `starts[u +
 * 1]`.
 */
interface Lists {
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  readonly weights: Float64Array;
}

/** The community of every node, 0, 1, ... */
interface Grouping {
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Communities by Louvain's method (Blondel et al. 2008): the label of every node, numbered as in
 * the list of networkx's `louvain_communities(G, seed=seed)`, whose communities these are, for
 * directed graphs too, wherever networkx ends. Every node is a community of its own where there are
 * no edges (networkx divides by zero).
 */
export function louvain(graph: Graph, seed: number): Int32Array {
  return communitiesOf(firstLevel(graph), graph.edges, seed);
}

/**
 * The same by the weights of the edges, as networkx's `louvain_communities(G, weight="weight",
 * seed=seed)` has it.
 *
 * @throws UserError where the graph has directions
 */
export function weightedLouvain(weighted: WeightedGraph, seed: number): Int32Array {
  const level = weightedLevel(weighted);
  return communitiesOf(level, weighted.weights.reduce((sum, weight) => sum + weight, 0) / 2, seed);
}

/**
 * Modularity by the weights of the edges (Newman 2004): the sum over communities of the share of
 * the weight inside them, less the share expected at these strengths. networkx: `modularity(G,
 * communities, weight="weight")`. Null without edges.
 *
 * @param labels the community of every node, 0, 1, ...
 */
export function weightedModularity(weighted: WeightedGraph, labels: Int32Array): number | null {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  return weighted.graph.edges === 0
    ? null
    : modularityOf(weightedLevel(weighted), { labels, count });
}

function weightedLevel({ graph, weights }: WeightedGraph): Level {
  if (graph.directed)
    throw new UserError(
      'weighted modularity is of graphs without directions, got a directed one; use directed=false',
    );
  const out = { starts: graph.offsets, ids: graph.targets, weights };
  return { directed: false, out, into: out };
}

/** @param total weight of all edges */
function communitiesOf(first: Level, total: number, seed: number): Int32Array {
  let level = first;
  const nodes = first.out.starts.length - 1;
  let labels = Int32Array.from({ length: nodes }, (_, node) => node);
  if (total === 0) return labels;
  const random = new PythonRandom(seed);
  let reached = modularityOf(level, { labels, count: nodes });
  for (;;) {
    const { grouping, improved } = moveNodes(level, total, random);
    if (!improved) return labels;
    labels = labels.map((node) => grouping.labels[node]);
    const value = modularityOf(level, grouping);
    if (value - reached <= THRESHOLD) return labels;
    reached = value;
    level = merged(level, grouping);
  }
}

/**
 * Modularity of a partition given by a label for every node (Newman 2006; directed: Leicht and
 * Newman 2008): the sum over communities c of L_c / m - (k_c / 2m)^2, directed L_c / m - k_c^out
 * k_c^in / m^2. The same as networkx's `modularity`. Null without edges.
 *
 * @throws UserError unless there is one label, an integer from 0 to nodes - 1, for every node.
 */
export function modularity(graph: Graph, labels: ArrayLike<number>): number | null {
  if (labels.length !== graph.nodes)
    throw new UserError(
      `a partition needs one label for each of ${graph.nodes} nodes, got ${labels.length}`,
    );
  for (const label of Array.from(labels)) {
    if (!Number.isInteger(label) || label < 0 || label >= graph.nodes) {
      throw new UserError(
        `the label of a community must be an integer from 0 to ${graph.nodes - 1}, got ` +
          `${label}; number the communities 0, 1, ...`,
      );
    }
  }
  return graph.edges === 0
    ? null
    : modularityOf(firstLevel(graph), { labels: Int32Array.from(labels), count: graph.nodes });
}

function firstLevel(graph: Graph): Level {
  const weights = new Float64Array(graph.targets.length).fill(1);
  const out = { starts: graph.offsets, ids: graph.targets, weights };
  if (!graph.directed) return { directed: false, out, into: out };
  const { offsets, targets } = transposedLists(graph);
  return { directed: true, out, into: { starts: offsets, ids: targets, weights } };
}

/** Lists from dictionaries of weights by neighbour. */
function listed(dictionaries: readonly ReadonlyMap<number, number>[]): Lists {
  const starts = new Int32Array(dictionaries.length + 1);
  dictionaries.forEach((dictionary, u) => (starts[u + 1] = starts[u] + dictionary.size));
  const ids = new Int32Array(starts[dictionaries.length]);
  const weights = new Float64Array(ids.length);
  let at = 0;
  for (const dictionary of dictionaries) {
    for (const [v, weight] of dictionary) {
      ids[at] = v;
      weights[at++] = weight;
    }
  }
  return { starts, ids, weights };
}

/**
 * The graph of the communities: edges between and within them added up (networkx's `_gen_graph`).
 */
function merged(
  { directed, out: { starts, ids, weights } }: Level,
  { labels, count }: Grouping,
): Level {
  const empty = (): Map<number, number>[] =>
    Array.from({ length: count }, () => new Map<number, number>());
  const out = empty();
  const into = directed ? empty() : out;
  // Every edge once, in the order of networkx's `G.edges`.
  for (let u = 0; u < labels.length; u++) {
    const from = labels[u];
    for (let at = starts[u]; at < starts[u + 1]; at++) {
      if (!directed && ids[at] < u) continue;
      const to = labels[ids[at]];
      const total = weights[at] + (out[from].get(to) ?? 0);
      out[from].set(to, total);
      into[to].set(from, total);
    }
  }
  const lists = listed(out);
  return { directed, out: lists, into: directed ? listed(into) : lists };
}

function sums({ starts, ids, weights }: Lists, selfLoopsTwice: boolean): Float64Array {
  const totals = new Float64Array(starts.length - 1);
  for (let u = 0; u < totals.length; u++) {
    for (let at = starts[u]; at < starts[u + 1]; at++)
      totals[u] += selfLoopsTwice && ids[at] === u ? 2 * weights[at] : weights[at];
  }
  return totals;
}

/** Out- and in-degrees by weight; the same array if undirected. */
function degreesOf({ directed, out, into }: Level): {
  outDegrees: Float64Array;
  inDegrees: Float64Array;
} {
  const outDegrees = sums(out, !directed);
  return { outDegrees, inDegrees: directed ? sums(into, false) : outDegrees };
}

function modularityOf(level: Level, { labels, count }: Grouping): number {
  const { outDegrees, inDegrees } = degreesOf(level);
  const within = new Float64Array(count);
  const outSums = new Float64Array(count);
  const inSums = new Float64Array(count);
  let total = 0;
  outDegrees.forEach((degree, u) => {
    total += degree;
    outSums[labels[u]] += degree;
    inSums[labels[u]] += inDegrees[u];
  });
  const { starts, ids, weights } = level.out;
  for (let u = 0; u < labels.length; u++) {
    for (let at = starts[u]; at < starts[u + 1]; at++) {
      // Every edge once.
      if (labels[u] === labels[ids[at]] && (level.directed || ids[at] >= u))
        within[labels[u]] += weights[at];
    }
  }
  const m = level.directed ? total : total / 2;
  const norm = 1 / (total * total);
  let value = 0;
  for (let label = 0; label < count; label++)
    value += within[label] / m - outSums[label] * inSums[label] * norm;
  return value;
}

/** Neighbours of every node in both directions, in networkx's order. */
function neighboursOf({ directed, out, into }: Level): Lists {
  // networkx leaves self loops out of undirected graphs only.
  if (!directed) return withoutSelfLoops(out);
  const both = Array.from({ length: out.starts.length - 1 }, () => new Map<number, number>());
  for (const { starts, ids, weights } of [out, into]) {
    both.forEach((dictionary, u) => {
      for (let at = starts[u]; at < starts[u + 1]; at++)
        dictionary.set(ids[at], weights[at] + (dictionary.get(ids[at]) ?? 0));
    });
  }
  return listed(both);
}

function withoutSelfLoops({ starts, ids, weights }: Lists): Lists {
  const kept: Lists = {
    starts: new Int32Array(starts.length),
    ids: new Int32Array(ids.length),
    weights: new Float64Array(ids.length),
  };
  let filled = 0;
  for (let u = 0; u < starts.length - 1; u++) {
    for (let at = starts[u]; at < starts[u + 1]; at++) {
      if (ids[at] === u) continue;
      kept.ids[filled] = ids[at];
      kept.weights[filled++] = weights[at];
    }
    kept.starts[u + 1] = filled;
  }
  return kept;
}

/** What the moves of one level read and write. */
interface Moving {
  readonly neighbours: Lists;
  readonly degrees: ReturnType<typeof degreesOf>;
  /** Community of every node, and the degrees of every community added up. */
  readonly communities: Int32Array;
  readonly outTotals: Float64Array;
  readonly inTotals: Float64Array;
  /** Scratch: weight from one node to a community; -1 where it has no neighbour there. */
  readonly weightTo: Float64Array;
  readonly touched: Int32Array;
}

/**
 * One level: nodes move, in random order, to the neighbouring community of the highest gain until
 * none gains.
 */
function moveNodes(
  level: Level,
  m: number,
  random: PythonRandom,
): { grouping: Grouping; improved: boolean } {
  const count = level.out.starts.length - 1;
  const degrees = degreesOf(level);
  const outTotals = degrees.outDegrees.slice();
  const moving: Moving = {
    neighbours: neighboursOf(level),
    degrees,
    communities: Int32Array.from({ length: count }, (_, u) => u),
    outTotals,
    inTotals: level.directed ? degrees.inDegrees.slice() : outTotals,
    weightTo: new Float64Array(count).fill(-1),
    touched: new Int32Array(count),
  };
  const order = Int32Array.from({ length: count }, (_, u) => u);
  random.shuffle(order);
  let improved = false;
  for (
    let moves = 1, sweeps = 0;
    moves > 0 && sweeps < MOST_SWEEPS;
    improved ||= moves > 0, sweeps++
  ) {
    moves = 0;
    for (const u of order) moves += Number(moveNode(moving, u, m, level.directed));
  }
  return { grouping: renumbered(moving.communities), improved };
}

/**
 * Moves one node where that gains most; whether it moved. Every sum in networkx's order, so that
 * ties fall alike.
 */
function moveNode(moving: Moving, u: number, m: number, directed: boolean): boolean {
  const { communities, outTotals, inTotals, weightTo, touched, degrees } = moving;
  const outDegree = degrees.outDegrees[u];
  const inDegree = degrees.inDegrees[u];
  const own = communities[u];
  const shift = (community: number, sign: number): void => {
    outTotals[community] += sign * outDegree;
    if (directed) inTotals[community] += sign * inDegree;
  };
  const cost = (community: number): number =>
    directed
      ? (outDegree * inTotals[community] + inDegree * outTotals[community]) / (m * m)
      : (outTotals[community] * outDegree) / (2 * m * m);
  const reached = gather(moving, u);
  shift(own, -1);
  const removal = -Math.max(0, weightTo[own]) / m + cost(own);
  let best = own;
  let most = 0;
  for (let at = 0; at < reached; at++) {
    const community = touched[at];
    const gain = removal + weightTo[community] / m - cost(community);
    if (gain > most) {
      most = gain;
      best = community;
    }
    weightTo[community] = -1;
  }
  shift(best, 1);
  communities[u] = best;
  return best !== own;
}

/**
 * Adds up the weights from `u` to each community, listed in the order of first sight; how many
 * there are.
 */
function gather(
  { neighbours: { starts, ids, weights }, communities, weightTo, touched }: Moving,
  u: number,
): number {
  let reached = 0;
  for (let at = starts[u]; at < starts[u + 1]; at++) {
    const community = communities[ids[at]];
    if (weightTo[community] < 0) {
      weightTo[community] = 0;
      touched[reached++] = community;
    }
    weightTo[community] += weights[at];
  }
  return reached;
}

/** The communities that have nodes, numbered anew in their order. */
function renumbered(communities: Int32Array): Grouping {
  const used = new Uint8Array(communities.length);
  for (const community of communities) used[community] = 1;
  const numbers = new Int32Array(communities.length);
  let count = 0;
  for (let community = 0; community < used.length; community++)
    numbers[community] = used[community] ? count++ : -1;
  return { labels: communities.map((community) => numbers[community]), count };
}
