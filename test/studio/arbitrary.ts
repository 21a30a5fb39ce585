import fc from 'fast-check';
import { buildGraph, exampleSpec, formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import { graphFromEdges } from '../../src/graph/build.js';
import { graphFamilies } from '../../src/graph/registry.js';
import { ownName } from '../../studio/state/codec.js';
import { BETWEEN, MOST_CURVES, MOST_OTHERS, oneLine } from '../../studio/state/fields.js';
import {
  type GraphChoice,
  ARCHITECTURES,
  LAYOUTS,
  NULL_MODELS,
  NODE_SIGHTS,
  PAGES,
  SIDES,
  TASKS,
  TRIAL_COLUMNS,
  type ViewState,
} from '../../studio/state/types.js';

const lines = graphFamilies
  .filter((family) => family.reads === undefined && !exampleSpec(family).includes('connectome'))
  .map((family) => formatGraphSpec(parseGraphSpec(exampleSpec(family))));

const ownGraph = fc
  .record({
    nodes: fc.integer({ min: 1, max: 40 }),
    directed: fc.boolean(),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: 0, max: 1000 }),
    name: fc.string({ unit: 'grapheme', maxLength: 30 }),
  })
  .map(({ nodes, directed, keep, seed, name }): GraphChoice => {
    const draw = drawer(seed);
    const edges: [number, number][] = [];
    for (let u = 0; u < nodes; u++)
      for (let v = 0; v < nodes; v++)
        if (u !== v && (directed || u < v) && draw() < keep) edges.push([u, v]);
    return { kind: 'own', name: ownName(name), graph: graphFromEdges(nodes, edges, directed) };
  });

function drawer(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
}

/** Any view that the studio can be in, with graphs that are made quickly. */
export const anyView: fc.Arbitrary<ViewState> = fc.record({
  page: fc.constantFrom(...PAGES),
  graph: fc.oneof(
    fc.constantFrom(...lines).map((line): GraphChoice => ({ kind: 'spec', line })),
    fc
      .record({
        n: fc.integer({ min: 8, max: 64 }),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.integer({ min: 0, max: 99 }),
      })
      .map(({ n, p, seed }): GraphChoice => ({
        kind: 'spec',
        line: formatGraphSpec(parseGraphSpec(`ws-flex:n=${n},k=4,p=${p},seed=${seed}`)),
      })),
    ownGraph,
  ),
  layout: fc.constantFrom(...LAYOUTS),
  node: fc.option(fc.integer({ min: 0, max: 7 })),
  families: fc.boolean(),
  connectomes: fc.boolean(),
  errors: fc.boolean(),
  arch: fc.constantFrom(...ARCHITECTURES),
  task: fc.constantFrom(...TASKS),
  rounds: fc.nat(20),
  unfolded: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
  nullModel: fc.constantFrom(...NULL_MODELS),
  nulls: fc.integer({ min: 2, max: 20 }),
  against: fc.option(fc.constantFrom(...lines)),
  data: fc.option(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((name) => ownName(name) || 'x'),
  ),
  images: fc.integer({ min: 1, max: 100_000 }),
  tests: fc.integer({ min: 1, max: 100_000 }),
  size: fc.integer({ min: 16, max: 512 }),
  epochs: fc.integer({ min: 1, max: 1000 }),
  batch: fc.integer({ min: 2, max: 4096 }),
  rate: fc.integer({ min: 1, max: 100_000_000 }).map((millionths) => millionths / 1_000_000),
  seed: fc.nat(999_999_999),
  play: fc.boolean(),
  look: fc.constantFrom(...SIDES),
  confused: fc.option(fc.tuple(fc.nat(65_535), fc.nat(9))),
  sight: fc.constantFrom(...NODE_SIGHTS),
  layer: fc.integer({ min: 1, max: 999 }),
  frame: fc.option(fc.nat(1000)),
  events: fc.boolean(),
  study: fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => oneLine(text, 300)),
  order: fc.record({ by: fc.constantFrom(...TRIAL_COLUMNS), descending: fc.boolean() }),
  find: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => oneLine(text, 100)),
  columns: fc.subarray(TRIAL_COLUMNS.slice(1)),
  cell: fc.option(fc.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 14 }))),
  trials: fc.uniqueArray(fc.nat(99_999), { maxLength: MOST_CURVES }),
  sweep: fc.integer({ min: 2, max: 200 }),
  others: fc.uniqueArray(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => oneLine(text, 300).replaceAll(BETWEEN, '-')),
    { maxLength: MOST_OTHERS },
  ),
});

/** The graph of a choice, built. */
export function graphOf(choice: GraphChoice): ReturnType<typeof buildGraph> {
  return choice.kind === 'own' ? choice.graph : buildGraph(parseGraphSpec(choice.line));
}
