import { invariant, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/index.js';
import { MAX_NODES } from '../build.js';
import { graphSpec } from '../spec.js';
import type { GraphSpec } from '../types.js';
import { requireWhole } from './grid.js';
import { linspace } from './numbers.js';
import { placer, type Placer } from './place.js';

export interface FindOptions {
  readonly nodes: number;
  readonly clustering: number;
  readonly pathLength: number;
  /** Seeds that are tried: 0 to seeds - 1; default 30, as in the paper's grid. */
  readonly seeds?: number;
}

/** The graph nearest to a wanted place, of those that were tried. */
export interface NearestGraph {
  readonly spec: GraphSpec;
  readonly clustering: number;
  readonly pathLength: number;
  /** Euclidean distance to the wanted place in the plane of C and L / 3.5: see `planeDistance`. */
  readonly distance: number;
  /** Whether the distance is at most 0.01, about that between neighbouring cells of the published sets. */
  readonly reached: boolean;
  /** How many graphs were generated and measured. */
  readonly tried: number;
}

/** The paper's plane has C from 0 to 1 and L from 1 to 4.5; a distance in it is in parts of its side. */
const PATH_LENGTH_SIDE = 3.5;
const REACHED = 0.01;

/** Distance of two places in the plane, both axes in parts of the paper's ranges: C by 1, L by 3.5. */
export function planeDistance(a: Readonly<Record<'clustering' | 'pathLength', number>>, b: Readonly<Record<'clustering' | 'pathLength', number>>): number {
  return Math.hypot(a.clustering - b.clustering, (a.pathLength - b.pathLength) / PATH_LENGTH_SIDE);
}

interface Trial {
  /** Square roots of k and p, in which the search moves. */
  readonly rootK: number;
  readonly rootP: number;
  readonly spec: GraphSpec;
  readonly clustering: number;
  readonly pathLength: number;
  readonly distance: number;
}

/** The share of the graphs that are tried on a grid over all k and p, before the search closes in. */
const GRID_SHARE = 0.25;
const ROUNDS = 20;
/** How many of the nearest graphs the search goes on around. */
const KEPT = 12;
/** From round to round it looks so much nearer. */
const SHRINK = 0.75;

/** Graphs to try: a second or two of work up to some 250 nodes. */
function budgetFor(nodes: number): number {
  return Math.round(Math.max(1000, Math.min(6000, 6000 * (64 / nodes) ** 2)));
}

/**
 * Searches k, p and seed for the WS-flex graph nearest to a wanted clustering and path length (see `planeDistance`):
 * first a grid of even steps of the roots of k and p, then rounds of random steps around the nearest graphs, shorter from
 * round to round, over all seeds. The same options give the same graph. Throws a `UserError` for values out of range.
 */
export function findGraph(options: FindOptions): NearestGraph {
  const { nodes, clustering, pathLength } = options;
  const seeds = options.seeds ?? 30;
  requireWhole('number of nodes', nodes, 3, MAX_NODES);
  requireWhole('number of seeds', seeds, 1, 2 ** 31 - 1);
  if (!(clustering >= 0 && clustering <= 1)) throw new UserError(`the wanted clustering must be from 0 to 1, got ${clustering}; most graphs of a small world lie between 0.1 and 0.9`);
  if (!(pathLength >= 1 && Number.isFinite(pathLength))) throw new UserError(`the wanted path length must be at least 1, got ${pathLength}; 1 is the complete graph`);
  const random = new PythonRandom(1);
  const attempt = trialOf(options, placer(nodes));
  const budget = budgetFor(nodes);
  const side = Math.floor(Math.sqrt(GRID_SHARE * budget));
  const [low, high] = [Math.SQRT2, Math.sqrt(nodes)];
  const grid = linspace(low, high, side).flatMap((rootK) => linspace(0, 1, side).map((rootP) => attempt(rootK, rootP, 0)));
  let nearest = nearestOf(grid);
  let [stepK, stepP] = [(high - low) / (side - 1), 1 / (side - 1)];
  const around = Math.ceil(((1 - GRID_SHARE) * budget) / (ROUNDS * KEPT));
  const within = (value: number, step: number, from: number, to: number): number => Math.min(to, Math.max(from, value + step * (2 * random.random() - 1)));
  let tried = side * side;
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = nearest.flatMap(({ rootK, rootP }) =>
      Array.from({ length: around }, () => attempt(within(rootK, stepK, low, high), within(rootP, stepP, 0, 1), random.randbelow(seeds))),
    );
    tried += fresh.length;
    nearest = nearestOf([...nearest, ...fresh]);
    stepK *= SHRINK;
    stepP *= SHRINK;
  }
  const [best] = nearest;
  invariant(best !== undefined, `no connected WS-flex graph of ${nodes} nodes was found`);
  const { spec, distance } = best;
  return { spec, clustering: best.clustering, pathLength: best.pathLength, distance, reached: distance <= REACHED, tried };
}

/** Makes and measures the graph at a place of the search; null where none is connected. k is that of a whole number of edges. */
function trialOf(wanted: FindOptions, place: Placer): (rootK: number, rootP: number, seed: number) => Trial | null {
  const { nodes } = wanted;
  const sixDecimals = (value: number): number => Number(value.toFixed(6));
  return (rootK, rootP, seed) => {
    const edges = Math.min((nodes * (nodes - 1)) / 2, Math.max(nodes, Math.round((rootK * rootK * nodes) / 2)));
    const k = sixDecimals((2 * edges) / nodes);
    const p = sixDecimals(rootP * rootP);
    const found = place(k, p, seed);
    return found && { rootK, rootP, spec: graphSpec('ws-flex', { n: nodes, k, p, seed }), ...found, distance: planeDistance(found, wanted) };
  };
}

function nearestOf(trials: readonly (Trial | null)[]): Trial[] {
  const connected = trials.filter((trial) => trial !== null);
  return connected.sort((a, b) => a.distance - b.distance).slice(0, KEPT);
}
