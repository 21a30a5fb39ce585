import { UserError } from '../../core/errors.js';
import type { PythonRandom } from '../../core/random/python-random.js';
import { steered } from '../generators/steered.js';
import { wsFlex } from '../generators/ws-flex.js';
import { clustering } from '../measures/clustering.js';
import { density } from '../measures/density.js';
import { pathLength } from '../measures/path-length.js';
import { graphFamilies, graphFamily } from '../registry.js';
import { buildGraph, graphSpec } from '../spec.js';
import type { Graph, GraphFamily, GraphParams, GraphSpec } from '../types.js';
import { linspace } from './numbers.js';
import { placer } from './place.js';

/** A graph that may be a partner, measured. */
export interface CandidatePlace {
  readonly spec: GraphSpec;
  readonly density: number;
  readonly clustering: number;
  readonly pathLength: number;
}

/** Yields candidates, and is told of each how far off it is. */
export type Candidates = Generator<CandidatePlace, void, number>;

/** What partners are looked for. */
export interface PartnersOf {
  readonly graph: Graph;
  /** Its spec as text; null where it has none. */
  readonly line: string | null;
  readonly place: { readonly clustering: number; readonly pathLength: number | null };
  /** How far off the density may be; null where it is free. */
  readonly slack: number | null;
}

/** The candidates of a family, in the order in which they are tried. */
export function candidatesOf(family: string, of: PartnersOf, random: PythonRandom): Candidates {
  const known = graphFamily(family);
  if (known === wsFlex) return wsFlexCandidates(of, random);
  if (known === steered) return steeredCandidates(of, random);
  if (known.samples(of.graph.nodes).length === 0)
    throw new UserError(
      `partners are made by a family of random graphs or of many sizes, got ${family}; choose ` +
        `from ${graphFamilies
          .filter(({ samples }) => samples(64).length > 0)
          .map(({ name }) => name)
          .join(', ')}`,
    );
  return variedCandidates(known, of, random);
}

/** A search has rounds of steps around the nearest few, shorter from round to round. */
const ROUNDS = 40;
const SHRINK = 0.9;
const KEPT = 12;

/** Most nodes: as `findGraph`. */
const MOST_NODES = 4096;

const SEEDS = 2 ** 20;

/** Edges beyond the tolerance that are tried, so that there is a nearest graph to tell. */
const BEYOND = 2;

/** Graphs of a round, by the work that measuring one like it is. */
export const roundSize = ({ nodes, edges }: Graph): number =>
  Math.round(Math.min(240, Math.max(12, 1e8 / (nodes * Math.max(edges, nodes)))));

/** What a search moves in, with how far off it was. */
interface Tried<T> {
  readonly at: T;
  readonly furthest: number;
}

/** Keeps the nearest few of those that were tried. */
function keep<T>(kept: Tried<T>[], one: Tried<T>): void {
  kept.push(one);
  kept.sort((a, b) => a.furthest - b.furthest);
  kept.length = Math.min(kept.length, KEPT);
}

/** Edges, root of p and seed of a WS-flex graph. */
interface Spot {
  readonly edges: number;
  readonly rootP: number;
  readonly seed: number;
}

function* wsFlexCandidates({ graph, slack }: PartnersOf, random: PythonRandom): Candidates {
  const { nodes } = graph;
  if (nodes < 3 || nodes > MOST_NODES)
    throw new UserError(
      `WS-flex partners have 3 to ${MOST_NODES} nodes, got a graph of ${nodes}; choose another ` +
        'graph, or --family steered',
    );
  const pairs = (nodes * (nodes - 1)) / 2;
  const most = slack === null ? pairs : graph.edges + slack * pairs + BEYOND;
  const least = slack === null ? nodes : graph.edges - slack * pairs - BEYOND;
  const clampEdges = (edges: number): number =>
    Math.max(nodes, Math.min(pairs, Math.round(Math.max(least, Math.min(most, edges)))));
  const place = placer(nodes);
  const kept: Tried<Spot>[] = [];
  const round = roundSize(graph);
  const sizes = linspace(least, most, slack === null ? 12 : 5).map(clampEdges);
  let spots = linspace(0, 1, Math.max(8, Math.round(round / 5))).flatMap((rootP) =>
    sizes.map((edges): Spot => ({ edges, rootP, seed: random.randbelow(SEEDS) })),
  );
  let [stepEdges, stepP] = [(most - least) / 4, 0.2];
  const around = (value: number, step: number): number => value + step * (2 * random.random() - 1);
  for (let at = 0; at <= ROUNDS; at++) {
    for (const spot of spots) {
      const params = wsFlexParams(nodes, spot);
      const found = place(params.k, params.p, params.seed);
      if (found === null) continue;
      const furthest = yield {
        spec: graphSpec('ws-flex', params),
        density: spot.edges / pairs,
        ...found,
      };
      keep(kept, { at: spot, furthest });
    }
    if (kept.length === 0) return;
    spots = Array.from({ length: round }, (_, index): Spot => {
      const centre = kept[index % kept.length].at;
      return {
        edges: clampEdges(around(centre.edges, stepEdges)),
        rootP: Math.max(0, Math.min(1, around(centre.rootP, stepP))),
        seed: random.randbelow(SEEDS),
      };
    });
    stepEdges = Math.max(1, stepEdges * SHRINK);
    stepP *= SHRINK;
  }
}

interface WsFlexParams {
  readonly n: number;
  readonly k: number;
  readonly p: number;
  readonly seed: number;
  [name: string]: number;
}

const sixDecimals = (value: number): number => Number(value.toFixed(6));

const wsFlexParams = (n: number, { edges, rootP, seed }: Spot): WsFlexParams => ({
  n,
  k: sixDecimals((2 * edges) / n),
  p: sixDecimals(rootP * rootP),
  seed,
});

/** Seeds after which steering is given up; a graph that is near comes with the first few, or not. */
const STEERED_TRIES = 2000;

/** Degree-preserving rewirings of the graph, led to its own place. */
function* steeredCandidates({ line, place }: PartnersOf, random: PythonRandom): Candidates {
  if (line === null || place.pathLength === null)
    throw new UserError(
      'a steered partner needs a connected graph with a spec, got ' +
        `${line === null ? 'a graph without one' : 'one that is not connected'}; choose another ` +
        'family',
    );
  let missed = 0;
  for (let tries = 0; tries < STEERED_TRIES && missed < 5; tries++) {
    const found = measured(steered.name, {
      of: line,
      clustering: sixDecimals(place.clustering),
      pathLength: sixDecimals(place.pathLength),
      seed: random.randbelow(SEEDS),
    });
    if (found !== null) missed = (yield found) < 1 ? 0 : missed + 1;
  }
}

/** The samples of any other family, and its numbers varied around the nearest. */
function* variedCandidates(
  family: GraphFamily,
  { graph }: PartnersOf,
  random: PythonRandom,
): Candidates {
  const kept: Tried<GraphParams>[] = [];
  let params = [...family.samples(graph.nodes)];
  let step = 0.5;
  for (let at = 0; at <= ROUNDS; at++) {
    for (const each of params) {
      const found = measured(family.name, each);
      if (found === null || found.nodes !== graph.nodes) continue;
      keep(kept, { at: each, furthest: yield found });
    }
    if (kept.length === 0) return;
    params = Array.from({ length: roundSize(graph) }, (_, index) =>
      varied(family, kept[index % kept.length].at, step, random),
    );
    step *= SHRINK;
  }
}

/** The parameters with their numbers moved by up to `step` of themselves, and another seed. */
function varied(
  family: GraphFamily,
  params: GraphParams,
  step: number,
  random: PythonRandom,
): GraphParams {
  return Object.fromEntries(
    family.params.map(({ name, type }) => {
      const value = params[name];
      if (name === 'seed') return [name, random.randbelow(SEEDS)];
      if (name === 'n' || typeof value !== 'number') return [name, value];
      const moved = value + step * (2 * random.random() - 1) * Math.max(value, 0.01);
      return [name, type === 'integer' ? Math.round(moved) : sixDecimals(moved)];
    }),
  );
}

/** A graph of a family, measured; null where there is none or it is not connected. */
function measured(
  family: string,
  params: GraphParams,
): (CandidatePlace & { nodes: number }) | null {
  try {
    const spec = graphSpec(family, params);
    const graph = buildGraph(spec);
    const length = graph.directed ? null : pathLength(graph);
    return length === null
      ? null
      : {
          spec,
          nodes: graph.nodes,
          density: density(graph),
          clustering: clustering(graph),
          pathLength: length,
        };
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
