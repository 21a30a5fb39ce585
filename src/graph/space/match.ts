import { Interrupted, unknownName, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { edgeList } from '../build.js';
import { steered } from '../generators/steered.js';
import { clustering } from '../measures/clustering.js';
import { density } from '../measures/density.js';
import { pathLength } from '../measures/path-length.js';
import { buildGraph, formatGraphSpec } from '../spec.js';
import type { Graph, GraphSpec } from '../types.js';
import { requireWhole } from './grid.js';
import {
  type CandidatePlace,
  type Candidates,
  candidatesOf,
  roundSize,
} from './match-candidates.js';

/** What partners may have in common with a graph. */
export const HELD_MEASURES = ['density', 'clustering', 'pathLength'] as const;
/** A measure that partners share with a graph. */
export type HeldMeasure = (typeof HELD_MEASURES)[number];

/** Differences that a partner stays below, where nothing else is asked for. */
export const MATCH_TOLERANCES: Readonly<Record<HeldMeasure, number>> = {
  density: 0.005,
  clustering: 0.01,
  pathLength: 0.02,
};

/** Which partners of a graph are looked for. */
export interface MatchOptions {
  /** What the partners have in common with the graph; default all three. */
  readonly hold?: readonly HeldMeasure[];
  /** Differences that they stay below, where they are not `MATCH_TOLERANCES`. */
  readonly tolerances?: Partial<Readonly<Record<HeldMeasure, number>>>;
  /**
   * Family of the partners: `ws-flex` (default), `steered` (degree-preserving rewirings of the
   * graph itself), or another with samples, of which numbers are varied.
   */
  readonly family?: string;
  /** How many partners; default 1. */
  readonly count?: number;
  /** Seed of the search; default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** A graph beside the one that it is to match. */
export interface MatchedPartner extends Readonly<Record<HeldMeasure, number>> {
  readonly spec: GraphSpec;
  /** Its value less that of the graph. */
  readonly off: Readonly<Record<HeldMeasure, number>>;
  /** The largest held difference in parts of its tolerance: below 1 it is a partner. */
  readonly furthest: number;
}

/** What a search for partners came to. */
export interface GraphMatch {
  /** The graph's own place; no L where it is not connected. */
  readonly of: {
    readonly density: number;
    readonly clustering: number;
    readonly pathLength: number | null;
  };
  readonly hold: readonly HeldMeasure[];
  readonly tolerances: Readonly<Record<HeldMeasure, number>>;
  /** The partners, nearest first; fewer than asked for where no more were found. */
  readonly partners: readonly MatchedPartner[];
  /** The nearest of all graphs that were tried, partner or not; null where none could be made. */
  readonly nearest: MatchedPartner | null;
  /** How many graphs were made and measured. */
  readonly tried: number;
}

/** More than this in a study is a matter of another search. */
const MOST_PARTNERS = 1000;

/**
 * So many more graphs, and at most so many rounds of a search, are tried when there are enough
 * partners, since the first are hardly the nearest. Steered ones end equally near, and take their
 * time.
 */
const LINGER = { graphs: 2000, rounds: 10 } as const;

/** Milliseconds after which a search lets signals through. */
const BREATH = 50;

/**
 * Searches graphs that share density, clustering and path length with another, within tolerances,
 * and differ in what else there is: partners for a comparison of structure alone. WS-flex graphs and
 * those of other families are searched from a grid of their parameters on by steps around the
 * nearest, `steered` ones drawn seed by seed. No partner is the graph itself, and none is there
 * twice. The same graph and options give the same partners.
 *
 * @param of the graph, with its spec where there is one: a `steered` partner names it
 * @throws UserError for a directed graph, one without the L that is to be held, an unknown or
 * unsuitable family, values out of range
 * @throws Interrupted when `signal` aborts
 */
export async function matchGraph(
  of: GraphSpec | Graph,
  options: MatchOptions = {},
): Promise<GraphMatch> {
  const graph = 'family' in of ? buildGraph(of) : of;
  const count = options.count ?? 1;
  const seed = options.seed ?? 1;
  requireWhole('number of partners', count, 1, MOST_PARTNERS);
  requireWhole('seed of a search', seed, 0, 2 ** 31 - 1);
  const wanted = wantedOf(graph, options);
  const candidates = candidatesOf(
    options.family ?? 'ws-flex',
    {
      graph,
      line: 'family' in of ? formatGraphSpec(of) : null,
      place: wanted.of,
      slack: wanted.hold.includes('density') ? wanted.tolerances.density : null,
    },
    new PythonRandom(seed),
  );
  const linger =
    options.family === steered.name ? 0 : Math.min(LINGER.graphs, LINGER.rounds * roundSize(graph));
  return search(candidates, graph, wanted, { count, linger, signal: options.signal });
}

type Wanted = Pick<GraphMatch, 'of' | 'hold' | 'tolerances'>;

function wantedOf(graph: Graph, options: MatchOptions): Wanted {
  const hold = [...new Set(options.hold ?? HELD_MEASURES)];
  const unknown = hold.find((name) => !HELD_MEASURES.includes(name));
  if (unknown !== undefined) throw unknownName('measure to hold', unknown, HELD_MEASURES);
  if (hold.length === 0)
    throw new UserError(
      'a partner has something in common with its graph, but nothing is to be held; choose ' +
        `from ${HELD_MEASURES.join(', ')}`,
    );
  const tolerances = { ...MATCH_TOLERANCES, ...options.tolerances };
  for (const name of HELD_MEASURES)
    if (!(tolerances[name] > 0 && Number.isFinite(tolerances[name])))
      throw new UserError(
        `a tolerance must be above 0, got ${name}=${tolerances[name]}; the default is ` +
          `${MATCH_TOLERANCES[name]}`,
      );
  if (graph.directed)
    throw new UserError(
      'partners are made of undirected graphs, got a directed one; give directed=false, or ' +
        'compare it with rewired graphs (plexus graph nulls)',
    );
  const length = pathLength(graph);
  if (length === null && hold.includes('pathLength'))
    throw new UserError(
      'a path length can be held of a connected graph, got one that is not connected; leave ' +
        'pathLength out, or choose another graph',
    );
  return {
    of: { density: density(graph), clustering: clustering(graph), pathLength: length },
    hold,
    tolerances,
  };
}

/** How long a search goes on. */
interface Search {
  readonly count: number;
  /** Graphs that are tried when there are enough partners. */
  readonly linger: number;
  readonly signal: AbortSignal | undefined;
}

/** Goes through the candidates until enough of them match, and a little on. */
async function search(
  candidates: Candidates,
  graph: Graph,
  wanted: Wanted,
  { count, linger, signal }: Search,
): Promise<GraphMatch> {
  const partners: MatchedPartner[] = [];
  const seen = new Set([edgesOf(graph)]);
  let nearest: MatchedPartner | null = null;
  let tried = 0;
  let since = performance.now();
  let left = linger;
  let step = candidates.next(Infinity);
  while (!step.done && (partners.length < count || left-- > 0)) {
    if (performance.now() - since > BREATH) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      since = performance.now();
    }
    if (signal?.aborted) throw new Interrupted('the search for partners was stopped');
    tried++;
    const found = partnerOf(step.value, wanted);
    const nearer = nearest === null || found.furthest < nearest.furthest;
    if ((nearer || found.furthest < 1) && isNew(buildGraph(found.spec), seen)) {
      if (nearer) nearest = found;
      if (found.furthest < 1) partners.push(found);
    }
    step = candidates.next(found.furthest);
  }
  partners.sort((a, b) => a.furthest - b.furthest);
  return { ...wanted, partners: partners.slice(0, count), nearest, tried };
}

const edgesOf = (graph: Graph): string => edgeList(graph).join(' ');

/** Whether a graph was not seen before; from now on it was. */
function isNew(graph: Graph, seen: Set<string>): boolean {
  const before = seen.size;
  return seen.add(edgesOf(graph)).size > before;
}

function partnerOf(place: CandidatePlace, { of, hold, tolerances }: Wanted): MatchedPartner {
  const off = {
    density: place.density - of.density,
    clustering: place.clustering - of.clustering,
    pathLength: of.pathLength === null ? 0 : place.pathLength - of.pathLength,
  };
  const furthest = Math.max(...hold.map((name) => Math.abs(off[name]) / tolerances[name]));
  const { spec } = place;
  return {
    spec,
    density: place.density,
    clustering: place.clustering,
    pathLength: place.pathLength,
    off,
    furthest,
  };
}
