import { must, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { elements } from '../core/tensor.js';
import type { Dataset } from '../data/types.js';
import type { LoadedBatch } from '../data/batch-source.js';
import type { Executable, Program } from '../engine/types.js';
import { probeOf } from '../engine/passes/probe.js';
import { edgesSpec } from '../graph/generators/edges.js';
import { rewireOfSpec } from '../graph/generators/evolving.js';
import { measure } from '../graph/measures/basic.js';
import type { RewireSettings } from '../graph/rewire-settings.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../graph/spec.js';
import type { Graph } from '../graph/types.js';
import { blockSquares } from '../network/block-squares.js';
import { finalGraph, relationalRounds, roundGraphs, withRoundGraphs } from '../network/rewired.js';
import {
  requireRewirable,
  rewiredGraph,
  rewireProblem,
  type Rewiring,
} from '../network/rewire-pairs.js';
import type { Network, ParameterInfo } from '../network/types.js';
import { programOf as newProgram } from './begin.js';
import { microBatches } from './micro-batches.js';
import type { GraphPlace, TrainSettings } from './types.js';

/** How the graph of a network is rewired: as its own spec says, else as the settings do. */
export function rewireOf(network: Network, settings: TrainSettings): RewireSettings | null {
  return rewireOfSpec(network.graph) ?? settings.rewire ?? null;
}

/** A network as training left it: with the spec of its own graphs where these were rewired. */
export function asTrained(network: Network, settings: TrainSettings): Network {
  return rewireOf(network, settings) === null
    ? network
    : { ...network, graph: finalGraph(network) };
}

/** The graphs of a training that are rewired, and where they are. */
export interface GraphCourse {
  /** Rewires after the update of that number, from 1, where it is due; the batch is its. */
  readonly after: (update: number, batch: LoadedBatch) => Promise<void>;
  /** Each graph's place in the plane, of each relational layer or the one that all share. */
  readonly places: () => readonly GraphPlace[];
  /** The specs of the graphs, to go on from. */
  readonly state: () => readonly string[];
}

export interface CourseOptions {
  readonly executable: Executable;
  readonly settings: RewireSettings;
  /** Makes the program of a network with other graphs, or one that looks at missing blocks. */
  readonly programOf: (network: Network, probe?: boolean) => Program;
  readonly seed: number;
  /** Updates of the whole training. */
  readonly updates: number;
}

/** A network's relational layers that have one graph between them. */
interface Unit {
  readonly layers: ReturnType<typeof relationalRounds>[number];
  /** The relational layers that they are. */
  readonly rounds: readonly number[];
}

/**
 * Throws a `UserError` where the graphs of a network cannot be rewired: where each pair holds a
 * graph together, or layers that are to share a graph have different ones.
 */
export function checkRewirable(network: Network, { graphs: per }: RewireSettings): void {
  const graphs = roundGraphs(network);
  for (const graph of graphs) requireRewirable(graph);
  const [first] = graphs;
  const odd = graphs.find((graph) => !sameGraph(graph, must(first)));
  if (per === 'shared' && odd !== undefined)
    throw new UserError(
      'layers share one graph while it is rewired where they begin with the same, but this network ' +
        `has graphs of ${first?.nodes} nodes and ${first?.edges} edges and of ${odd.nodes} and ` +
        `${odd.edges}; use graphs: layer, or one graph of at most as many nodes as the narrowest ` +
        'layer has channels',
    );
}

const sameGraph = (a: Graph, b: Graph): boolean =>
  a.nodes === b.nodes && a.rows.every((word, at) => word === b.rows[at]);

/** The network of a training that was kept with these graphs. */
export function networkWith(network: Network, state: readonly string[]): Network {
  return withRoundGraphs(
    network,
    state.map((line) => buildGraph(parseGraphSpec(line))),
  );
}

/**
 * Share of the pairs that is dropped after an update: RigL's half cosine, from `fraction` to 0 at the
 * share `until` of all updates.
 */
export function droppedShare(
  { every, fraction, until }: RewireSettings,
  update: number,
  updates: number,
): number {
  const end = until * updates;
  if (update % every !== 0 || update >= end) return 0;
  return (fraction / 2) * (1 + Math.cos((Math.PI * update) / end));
}

/** The course of an executable's graphs from where they are. */
export function graphCourse(options: CourseOptions): GraphCourse {
  const { executable, settings, updates } = options;
  const graphs = (): readonly Graph[] => roundGraphs(executable.program.network);
  const told = (): readonly Graph[] =>
    settings.graphs === 'shared' ? graphs().slice(0, 1) : graphs();
  return {
    async after(update, batch) {
      const share = droppedShare(settings, update, updates);
      if (share > 0) await rewire(options, { share, update, batch });
    },
    places: () =>
      told().map((graph) => {
        const { clustering, pathLength } = measure(graph);
        return { clustering, pathLength };
      }),
    state: () => graphs().map((graph) => formatGraphSpec(edgesSpec(graph))),
  };
}

/**
 * The course that a training's settings, or its graph's own spec, ask for; null where graphs stay.
 *
 * @throws UserError where the backend cannot change graphs
 */
export function courseOf(
  executable: Executable,
  {
    network,
    dataset,
    settings,
    seed,
  }: {
    readonly network: Network;
    readonly dataset: Dataset;
    readonly settings: TrainSettings;
    readonly seed: number;
  },
): GraphCourse | null {
  const asked = rewireOf(network, settings);
  if (asked === null) return null;
  if (executable.rewire === undefined)
    throw new UserError(
      'this backend cannot change the graphs of a network while it is trained; use cpu, wasm or ' +
        'reference, or leave rewire out',
    );
  return graphCourse({
    executable,
    settings: asked,
    programOf: (each, probe) => newProgram(each, settings, probe),
    seed,
    updates: settings.epochs * Math.floor(dataset.train.count / settings.batch),
  });
}

interface Due {
  readonly share: number;
  readonly update: number;
  readonly batch: LoadedBatch;
}

async function rewire(options: CourseOptions, due: Due): Promise<void> {
  const { executable, settings, seed, programOf } = options;
  const { network } = executable.program;
  const units = unitsOf(network, settings).filter(({ layers }) => counted(layers, due.share) > 0);
  if (units.length === 0) return;
  const strengths = await Promise.all(units.map((unit) => pairSquares(executable, unit, 'value')));
  const gradients = settings.rule === 'rigl' ? await denseGradients(options, due.batch, units) : [];
  const graphs = [...roundGraphs(network)];
  units.forEach(({ layers, rounds }, at) => {
    const { graph } = must(layers[0]).mask;
    const cost = costs(layers);
    const mean = (squares: Float64Array): Float64Array =>
      squares.map((sum, pair) => sum / must(cost[pair]));
    const gradient = gradients[at];
    const rewiring: Rewiring = {
      rule: settings.rule,
      count: counted(layers, due.share),
      strength: mean(must(strengths[at])),
      cost,
      gradient: gradient === undefined ? null : mean(gradient),
      random: new RandomStream('rewire', seed, must(rounds[0]), due.update),
    };
    const next = rewiredGraph(graph, rewiring);
    for (const round of rounds) graphs[round] = next;
  });
  executable.rewire?.(programOf(withRoundGraphs(network, graphs)));
}

/** Pairs to drop: the share of those that are joined, rounded down; none of a graph with all. */
function counted(layers: Unit['layers'], share: number): number {
  const { graph } = must(layers[0]).mask;
  return rewireProblem(graph) === null ? Math.floor(share * graph.edges) : 0;
}

function unitsOf(network: Network, { graphs }: RewireSettings): readonly Unit[] {
  const found = relationalRounds(network);
  return graphs === 'shared'
    ? [{ layers: found.flat(), rounds: found.map((_, round) => round) }]
    : found.map((layers, round) => ({ layers, rounds: [round] }));
}

/** The parameter of a layer's weight. */
function weightOf({ parameters }: Program, layer: string): ParameterInfo {
  return must(parameters.find(({ layer: own, role }) => own === layer && role === 'weight'));
}

/** Sums of squares of the pairs of a unit, over its layers and, undirected, both blocks. */
async function pairSquares(
  executable: Executable,
  { layers }: Unit,
  what: 'value' | 'grad',
): Promise<Float64Array> {
  const { graph } = must(layers[0]).mask;
  const sums = new Float64Array(graph.nodes ** 2);
  const read = layers.map(async ({ id, mask }) => {
    const { name, shape } = weightOf(executable.program, id);
    const own = what === 'value' ? name : probeOf(name);
    const blocks = { ...mask, window: elements(shape.slice(2)) };
    return (
      executable.blockSquares?.(own, what, blocks) ??
      blockSquares(await executable.read(own, what), blocks, what === 'value' ? mask.graph : null)
    );
  });
  for (const squares of await Promise.all(read)) addPairs(sums, squares, graph);
  return sums;
}

/** Weights that each pair of a unit has, or would have. */
function costs(layers: Unit['layers']): Float64Array {
  const { graph } = must(layers[0]).mask;
  const sums = new Float64Array(graph.nodes ** 2);
  for (const layer of layers) {
    const { input, output } = layer.mask;
    const window = layer.kind === 'conv' ? layer.window.kernel ** 2 : 1;
    const blocks = sums.map(
      (_, at) =>
        must(output.sizes[Math.floor(at / graph.nodes)]) *
        must(input.sizes[at % graph.nodes]) *
        window,
    );
    addPairs(sums, blocks, graph);
  }
  return sums;
}

/** Adds numbers of blocks to those of pairs. */
function addPairs(sums: Float64Array, blocks: Float64Array, { nodes, directed }: Graph): void {
  for (let u = 0; u < nodes; u++)
    for (let v = 0; v < nodes; v++) {
      const pair = directed || u < v ? u * nodes + v : v * nodes + u;
      sums[pair] = must(sums[pair]) + must(blocks[u * nodes + v]);
    }
}

/**
 * Sums of squares of the gradients of all pairs, missing ones included, on a batch: what a missing
 * block of zeros would get. Running statistics stay as they were.
 */
async function denseGradients(
  { executable, programOf }: CourseOptions,
  batch: LoadedBatch,
  units: readonly Unit[],
): Promise<readonly Float64Array[]> {
  const { network, parameters } = executable.program;
  const statistics = await Promise.all(
    parameters
      .filter(({ learnable }) => !learnable)
      .map(async ({ name }) => ({ name, values: await executable.read(name) })),
  );
  executable.rewire?.(programOf(network, true));
  let accumulate = false;
  for (const piece of microBatches(batch, executable.program.batch)) {
    executable.inputImages(piece);
    executable.dispatch('forward');
    executable.dispatch('backward', undefined, { accumulate });
    accumulate = true;
  }
  const found = await Promise.all(units.map((unit) => pairSquares(executable, unit, 'grad')));
  for (const { name, values } of statistics) executable.upload(name, values);
  return found;
}
