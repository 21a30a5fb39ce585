// Prints the graphs of docs/evidence/hierarchy: 60 pairs of a hierarchical graph and a WS-flex graph
// of the same density, C and L, and less modular. All is drawn by the seeds below, before any training.
// npx tsx scripts/hierarchy-pairs.ts
import { must, UserError } from '../src/core/errors.js';
import { PythonRandom } from '../src/core/random/python-random.js';
import { measure } from '../src/graph/measures/basic.js';
import { louvain, modularity } from '../src/graph/measures/louvain.js';
import { publishedSet } from '../src/graph/sets/published.js';
import { matchGraph, type MatchedPartner } from '../src/graph/space/match.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';
import type { GraphMeasures, GraphSpec } from '../src/graph/types.js';

const random = new PythonRandom(19);
const PAIRS_A_KIND = 30;

const published = publishedSet({ nodes: 64, count: 3942 }).map((spec) => ({
  spec,
  measures: measure(buildGraph(spec)),
}));

const graphOn = (nodes: number): string => {
  if (nodes <= 4) return random.choice([`complete:n=${nodes}`, `ring-lattice:n=${nodes},k=2`]);
  const k = 2 + random.randbelow(nodes - 3);
  const p = random.choice([0, 0.1, 0.3, 1]);
  return random.choice([
    `complete:n=${nodes}`,
    `ws-flex:n=${nodes},k=${k},p=${p},seed=${random.randbelow(100)}`,
  ]);
};

/** Modules of some graph joined after another, by hubs or at random. */
function joined(outer: string, inner: string, most: number): string {
  const bridges = 1 + random.randbelow(most);
  const bridge = random.choice([
    'bridge=hub',
    `bridge=random,seed=${random.randbelow(100)}`,
    `bridge=random,seed=${random.randbelow(100)}`,
  ]);
  return `hierarchical:outer=(${outer}),inner=(${inner}),${bridge},bridges=${bridges}`;
}

const SHAPES = [
  [4, 16],
  [8, 8],
] as const;

/** Each shape in its turn. */
function twoLevels(number: number): string {
  const [modules, size] = must(SHAPES[number % SHAPES.length]);
  return joined(graphOn(modules), graphOn(size), size);
}

const threeLevels = (): string => joined(graphOn(4), joined(graphOn(4), graphOn(4), 6), 16);

interface Drawn {
  readonly spec: GraphSpec;
  readonly place: GraphMeasures;
}

/** A graph of 64 connected nodes with a published WS-flex graph near it; undefined otherwise. */
function drawn(text: string): Drawn | undefined {
  try {
    const spec = parseGraphSpec(text);
    const place = measure(buildGraph(spec));
    return place.nodes === 64 && published.some(({ measures }) => isNear(measures, place))
      ? { spec, place }
      : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const isNear = (a: GraphMeasures, b: GraphMeasures): boolean =>
  Math.abs(a.density - b.density) < 0.01 &&
  Math.abs(a.clustering - b.clustering) < 0.015 &&
  Math.abs((a.pathLength ?? Infinity) - (b.pathLength ?? 0)) < 0.04;

const comment = (place: Readonly<Record<'density' | 'clustering', number>>, L: number): string =>
  `# density ${place.density.toFixed(4)}, C ${place.clustering.toFixed(3)}, L ${L.toFixed(3)}`;

function print(
  number: number,
  kind: string,
  { spec, place }: Drawn,
  partner: MatchedPartner,
): void {
  const name = `${kind}-${String(number).padStart(2, '0')}`;
  process.stdout.write(
    `  - {name: ${name}, graph: "${formatGraphSpec(spec)}"} ` +
      `${comment(place, must(place.pathLength ?? undefined))}\n` +
      `  - {name: ${name}-ws, graph: "${formatGraphSpec(partner.spec)}"} ` +
      `${comment(partner, partner.pathLength)}\n`,
  );
}

const modularityOf = (spec: GraphSpec): number => {
  const graph = buildGraph(spec);
  return modularity(graph, louvain(graph, 1)) ?? 0;
};

/** So much more modular than its partner a hierarchical graph is at least. */
const LEAST_MODULARITY = 0.03;

/** Whether a graph is so much more modular than a published graph near it: before a search. */
function isModular({ spec, place }: Drawn): boolean {
  const near = must(published.find(({ measures }) => isNear(measures, place)));
  return modularityOf(spec) - modularityOf(near.spec) >= LEAST_MODULARITY;
}

/** Graphs in one cell of 0.1 by 0.25 of the plane, of one kind. */
const IN_A_CELL = 3;

for (const [kind, draw] of [
  ['two', twoLevels],
  ['three', threeLevels],
] as const) {
  const cells = new Map<string, number>();
  for (let number = 1; number <= PAIRS_A_KIND;) {
    const one = drawn(draw(number));
    if (one === undefined || !isModular(one)) continue;
    const { clustering, pathLength } = one.place;
    const cell = `${Math.floor(clustering / 0.1)} ${Math.floor((pathLength ?? 0) / 0.25)}`;
    const full = (cells.get(cell) ?? 0) >= IN_A_CELL;
    const [partner] = full ? [] : (await matchGraph(one.spec, { seed: number })).partners;
    if (!partner || modularityOf(one.spec) - modularityOf(partner.spec) < LEAST_MODULARITY)
      continue;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
    print(number++, kind, one, partner);
  }
}
