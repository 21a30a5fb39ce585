import { Interrupted, invariant, must, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { publishedSet, publishedSets } from '../sets/published.js';
import { graphSpec } from '../spec.js';
import type { GraphSpec } from '../types.js';
import { requireWhole } from './grid.js';
import { planeDistance } from './distance.js';
import { linspace } from './numbers.js';
import { placer, type Placer } from './place.js';

/** The place that `findGraph` looks for, and how long. */
export interface FindOptions {
  readonly nodes: number;
  readonly clustering: number;
  readonly pathLength: number;
  /** Seeds that are tried: 0 to seeds - 1; default 30, as in the paper's grid. */
  readonly seeds?: number;
  readonly signal?: AbortSignal;
}

/** The graph nearest to a wanted place, of those that were tried. */
export interface NearestGraph {
  readonly spec: GraphSpec;
  readonly clustering: number;
  readonly pathLength: number;
  /** Euclidean distance to the wanted place in the plane of C and L / 3.5: see `planeDistance`. */
  readonly distance: number;
  /**
   * Whether the distance is at most 0.01, about that between neighbouring cells of the published
   * sets.
   */
  readonly reached: boolean;
  /** How many graphs were generated and measured. */
  readonly tried: number;
}

const REACHED = 0.01;

/**
 * Where the search looks: the logarithm of k and the root of p, in which it moves, and the seed.
 */
interface Spot {
  readonly logK: number;
  readonly rootP: number;
  readonly seed: number;
}

interface Trial extends Spot {
  readonly spec: GraphSpec;
  readonly clustering: number;
  readonly pathLength: number;
  readonly distance: number;
}

/** Most nodes: the densest graph that is tried then takes about a second. */
const MOST_NODES = 4096;

const ROUNDS = 20;
/** From round to round the search looks so much nearer. */
const SHRINK = 0.75;

/**
 * Steps along each axis of the grid that a search begins with: a second or two of work for 1000
 * nodes.
 */
function gridSide(nodes: number): number {
  return Math.round(Math.min(38, Math.max(9, (38 * 64) / nodes)));
}

/**
 * Graphs of a round, by the work that one like the nearest is (nodes x edges): about 0.1 s of it
 * within these limits.
 */
function roundSize(nodes: number, { spec }: Trial): number {
  const edges = (nodes * Number(spec.params['k'])) / 2;
  return Math.round(Math.min(228, Math.max(16, 1e8 / (nodes * edges))));
}

/** How many of the nearest graphs a search goes on around. */
const KEPT = 12;

/**
 * Searches k, p and seed for the WS-flex graph nearest to a wanted clustering and path length (see
 * `planeDistance`): first a grid of even steps of log k and the root of p, and the published sets
 * where there are some of that many nodes, then rounds of random steps around the nearest graphs,
 * shorter from round to round, over all seeds. The same options give the same graph.
 *
 * @throws UserError for values out of range
 * @throws Interrupted when `signal` aborts
 */
export async function findGraph(options: FindOptions): Promise<NearestGraph> {
  const { nodes, clustering, pathLength, signal } = options;
  const seeds = options.seeds ?? 30;
  requireWhole('number of nodes', nodes, 3, MOST_NODES);
  requireWhole('number of seeds', seeds, 1, 2 ** 31 - 1);
  if (!(clustering >= 0 && clustering <= 1))
    throw new UserError(
      `the wanted clustering must be from 0 to 1, got ${clustering}; most graphs of a ` +
        'small world lie between 0.1 and 0.9',
    );
  if (!(pathLength >= 1 && Number.isFinite(pathLength)))
    throw new UserError(
      `the wanted path length must be at least 1, got ${pathLength}; 1 is the complete graph`,
    );
  const random = new PythonRandom(1);
  const attempt = trialOf(options, placer(nodes));
  const [low, high] = [Math.LN2, Math.log(nodes)];
  const side = gridSide(nodes);
  const spots = [...gridSpots(low, high, side), ...publishedSpots(nodes, seeds)];
  let tried = spots.length;
  let nearest = await nearestOf(spots, [], attempt, signal);
  invariant(nearest.length > 0, `the rings of ${nodes} nodes are connected`);
  let [stepK, stepP] = [(high - low) / (side - 1), 1 / (side - 1)];
  const within = (value: number, step: number, from: number, to: number): number =>
    Math.min(to, Math.max(from, value + step * (2 * random.random() - 1)));
  for (let round = 0; round < ROUNDS; round++) {
    const size = roundSize(nodes, must(nearest[0]));
    const centres = nearest.slice(0, Math.max(4, Math.floor(size / 3)));
    const fresh = Array.from({ length: size }, (_, at): Spot => {
      const { logK, rootP } = must(centres[at % centres.length]);
      return {
        logK: within(logK, stepK, low, high),
        rootP: within(rootP, stepP, 0, 1),
        seed: random.randbelow(seeds),
      };
    });
    tried += fresh.length;
    nearest = await nearestOf(fresh, nearest, attempt, signal);
    stepK *= SHRINK;
    stepP *= SHRINK;
  }
  const best = must(nearest[0]);
  const { spec, distance } = best;
  return {
    spec,
    clustering: best.clustering,
    pathLength: best.pathLength,
    distance,
    reached: distance <= REACHED,
    tried,
  };
}

function gridSpots(low: number, high: number, side: number): Spot[] {
  return linspace(low, high, side).flatMap((logK) =>
    linspace(0, 1, side).map((rootP) => ({ logK, rootP, seed: 0 })),
  );
}

/**
 * The graphs of the largest published set of so many nodes, so that the search never ends farther
 * off than the nearest of them.
 */
function publishedSpots(nodes: number, seeds: number): Spot[] {
  const largest = publishedSets.find((set) => set.nodes === nodes);
  const specs = largest ? publishedSet(largest) : [];
  return specs
    .map(({ params }): Spot => ({
      logK: Math.log(Number(params['k'])),
      rootP: Math.sqrt(Number(params['p'])),
      seed: Number(params['seed']),
    }))
    .filter(({ seed }) => seed < seeds);
}

/**
 * Makes and measures the graph at a spot; null where none is connected. k is that of a whole number
 * of edges.
 */
function trialOf(wanted: FindOptions, place: Placer): (spot: Spot) => Trial | null {
  const { nodes } = wanted;
  const sixDecimals = (value: number): number => Number(value.toFixed(6));
  return (spot) => {
    const edges = Math.min(
      (nodes * (nodes - 1)) / 2,
      Math.max(nodes, Math.round((Math.exp(spot.logK) * nodes) / 2)),
    );
    const k = sixDecimals((2 * edges) / nodes);
    const p = sixDecimals(spot.rootP * spot.rootP);
    const found = place(k, p, spot.seed);
    return (
      found && {
        ...spot,
        spec: graphSpec('ws-flex', { n: nodes, k, p, seed: spot.seed }),
        ...found,
        distance: planeDistance(found, wanted),
      }
    );
  };
}

/** Milliseconds after which a search lets signals through. */
const BREATH = 50;

/**
 * The nearest few of the trials that there are and those at new spots; of equally near ones only
 * the earliest.
 */
async function nearestOf(
  spots: readonly Spot[],
  before: readonly Trial[],
  attempt: (spot: Spot) => Trial | null,
  signal: AbortSignal | undefined,
): Promise<Trial[]> {
  const trials = [...before];
  let since = performance.now();
  for (const spot of spots) {
    if (performance.now() - since > BREATH) {
      await breath();
      since = performance.now();
    }
    if (signal?.aborted) throw new Interrupted('the search was stopped');
    const trial = attempt(spot);
    if (trial) trials.push(trial);
  }
  const sorted = trials.sort((a, b) => a.distance - b.distance);
  return sorted
    .filter(({ distance }, at) => at === 0 || distance > must(sorted[at - 1]).distance)
    .slice(0, KEPT);
}

/** Lets whatever else waits be done. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
