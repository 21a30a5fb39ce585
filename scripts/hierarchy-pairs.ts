// Prints the graphs of docs/evidence/hierarchy: 60 pairs of a hierarchical graph and a WS-flex graph
// of the same density, C and L. All is drawn by the seeds below, before any training.
// npx tsx scripts/hierarchy-pairs.ts
import { must, UserError } from '../src/core/errors.js';
import { PythonRandom } from '../src/core/random/python-random.js';
import { measure } from '../src/graph/measures/basic.js';
import { publishedSet } from '../src/graph/sets/published.js';
import { matchGraph, type MatchedPartner } from '../src/graph/space/match.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';
import type { GraphMeasures, GraphSpec } from '../src/graph/types.js';

const random = new PythonRandom(19);
const PAIRS_A_KIND = 30;

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

function twoLevels(): string {
  const [modules, size] = random.choice([
    [4, 16],
    [8, 8],
    [16, 4],
  ] as const);
  return joined(graphOn(modules), graphOn(size), size);
}

const threeLevels = (): string =>
  joined(graphOn(4), joined(graphOn(4), graphOn(4), 6), 16);

interface Drawn {
  readonly spec: GraphSpec;
  readonly place: GraphMeasures;
}

/** A graph of 64 connected nodes with a published WS-flex graph near it; undefined otherwise. */
function drawn(text: string): Drawn | undefined {
  try {
    const spec = parseGraphSpec(text);
    const place = measure(buildGraph(spec));
    return place.nodes === 64 && published.some((one) => isNear(one, place))
      ? { spec, place }
      : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const isNear = (a: GraphMeasures, b: GraphMeasures): boolean =>
  Math.abs(a.density - b.density) < 0.02 &&
  Math.abs(a.clustering - b.clustering) < 0.03 &&
  Math.abs((a.pathLength ?? Infinity) - (b.pathLength ?? 0)) < 0.08;

const published = publishedSet({ nodes: 64, count: 3942 }).map((spec) => measure(buildGraph(spec)));

const comment = (place: Readonly<Record<'density' | 'clustering', number>>, L: number): string =>
  `# density ${place.density.toFixed(4)}, C ${place.clustering.toFixed(3)}, L ${L.toFixed(3)}`;

function print(number: number, kind: string, { spec, place }: Drawn, partner: MatchedPartner): void {
  const name = `${kind}-${String(number).padStart(2, '0')}`;
  process.stdout.write(
    `  - {name: ${name}, graph: "${formatGraphSpec(spec)}"} ` +
      `${comment(place, must(place.pathLength))}\n` +
      `  - {name: ${name}-ws, graph: "${formatGraphSpec(partner.spec)}"} ` +
      `${comment(partner, partner.pathLength)}\n`,
  );
}

for (const [kind, draw] of [
  ['two', twoLevels],
  ['three', threeLevels],
] as const) {
  const seen = new Set<string>();
  for (let number = 1; number <= PAIRS_A_KIND; ) {
    const one = drawn(draw());
    const place = one && `${one.place.edges} ${one.place.clustering} ${one.place.pathLength}`;
    if (one === undefined || place === undefined || seen.has(place)) continue;
    seen.add(place);
    const { partners } = await matchGraph(one.spec, { seed: number });
    if (partners[0]) print(number++, kind, one, partners[0]);
  }
}
