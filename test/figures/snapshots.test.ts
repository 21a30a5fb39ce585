import { expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import {
  exampleGraph,
  familiesFigure,
  familyPicture,
  graphDrawing,
  graphMatrixPicture,
  graphPicture,
  heatMap,
  learningCurves,
  measurePicture,
  publishedMap,
  searchCourse,
  slice,
  spaceFigure,
  trainingCurves,
} from '../../src/figures/index.js';
import {
  buildGraph,
  graphFamilies,
  graphFromEdges,
  graphMeasures,
  parseGraphSpec,
  spaceBins,
  spaceGrid,
} from '../../src/graph/index.js';
import type { SearchOutcome } from '../../src/public/study.js';
import { failed, PLAUSIBLE, publishedStudy, syntheticStudy } from '../analysis/synthetic.js';
import { readPicture } from './well-formed.js';

/**
 * Every kind of figure as it is drawn, in a file each. A change of what is drawn shows as a change
 * of these files, to be looked at in a browser before it is accepted with `npx vitest run
 * test/figures/snapshots.test.ts -u`.
 */
const study = syntheticStudy({ ...PLAUSIBLE, graphs: 14, seeds: 3 });
const summary = summarise(study);
const many = summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 24, seeds: 1, epochs: 1 }));
const broken = summarise({
  ...study,
  records: study.records.map((record, at) => (at % 9 === 4 ? failed(record, 'x') : record)),
});
/** The baseline is not beaten: no sweet spot is called so. */
const open = summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 14, depth: 0 }));
const published = summarise(publishedStudy(1));
const empty = summarise({ ...study, records: [] });
/**
 * A search among the study's graphs: a stopped, a failed and a running training, and complete ones.
 */
const search: SearchOutcome = {
  rules: {
    policy: 'surrogate',
    trainings: 8,
    baseline: 3,
    together: 3,
    halving: { first: 1, factor: 3 },
    seed: 1,
  },
  candidates: 14,
  unconnected: 1,
  spent: 6.5,
  ended: false,
  trainings: summary.graphs.slice(0, 9).map(({ spec, mean }, order) => {
    const outcome = (['complete', 'stopped', 'complete', 'failed', 'complete', 'running'] as const)[
      order % 6
    ];
    return {
      order,
      graph: spec,
      seed: 1 + (order % 3),
      bracket: Math.floor(order / 3),
      outcome,
      epochs: outcome === 'complete' ? 10 : 3,
      error: outcome === 'complete' || outcome === 'stopped' ? mean : null,
    };
  }),
  recommended: { graph: summary.graphs[2].spec, mean: summary.graphs[2].mean! + 0.2, sd: 0.15 },
};
const small = buildGraph(parseGraphSpec('ws-flex:n=12,k=4,p=0.2,seed=1'));
const directed = graphFromEdges(
  6,
  [
    [0, 1],
    [1, 2],
    [2, 0],
    [2, 3],
    [3, 4],
    [4, 3],
    [4, 5],
  ],
  true,
);
const grid = spaceGrid(20, { degrees: 4, probabilities: 4, seeds: 1 });
const bins = spaceBins(grid, { bins: 15 });
const cells = [
  { row: 3, column: 4, k: 3 },
  { row: 3, column: 5, k: 4 },
  { row: 9, column: 1, k: 11 },
];
const places = [
  {
    family: 'cycle',
    graphs: [{ spec: 'cycle:n=20', nodes: 20, edges: 20, clustering: 0, pathLength: 5.26 }],
    unconnected: 1,
  },
  {
    family: 'torus',
    graphs: [
      { spec: 'torus:rows=4,columns=5', nodes: 20, edges: 40, clustering: 0, pathLength: 2.3 },
    ],
    unconnected: 0,
  },
];
const epochs = [1, 2, 3, 4].map((epoch) => ({
  epoch,
  trainError: 60 / epoch,
  testError: 55 / epoch + 4,
  testError5: 9 / epoch,
}));

function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const FIGURES: Readonly<Record<string, () => string>> = {
  'heat-map': () => heatMap(summary),
  'heat-map-open': () => heatMap(open),
  'heat-map-one-seed': () => heatMap(many),
  'heat-map-empty': () => heatMap(empty),
  'error-over-clustering': () => slice(summary, 'clustering'),
  'error-over-path-length': () => slice(broken, 'pathLength'),
  'error-over-density': () => slice(summary, 'density'),
  'published-map': () => publishedMap(published, published.fidelity!),
  'learning-curves': () => learningCurves(summary),
  'learning-curves-one-epoch': () => learningCurves(many),
  'search-course': () =>
    searchCourse(
      {
        ...summary,
        graphs: summary.graphs.map((graph, at) =>
          at === 1 ? { ...graph, errors: [], mean: null, std: null } : graph,
        ),
        search,
      },
      search,
    ),
  'training-curves': () => trainingCurves('cnn5 on shapes', epochs),
  'best-graph': () => graphDrawing(summary.best ?? summary.graphs[0], small),
  graph: () => graphPicture(small),
  'graph-directed': () => graphPicture(directed, { layout: 'force', title: 'Directed' }),
  'graph-matrix': () => graphMatrixPicture(small),
  family: () => familyPicture(named(graphFamilies, 'power-law-cluster')),
  measure: () =>
    measurePicture(
      named(graphMeasures, 'clustering'),
      ['ring-lattice:n=12,k=4', 'complete:n=8', 'ws-flex:n=12,k=4,p=0.4,seed=1'].map(exampleGraph),
    ),
  space: () =>
    spaceFigure({
      grid,
      bins,
      candidates: 1234,
      unconnected: 3,
      outside: 2,
      cells,
      counts: [40, 9],
      coarse: [{ spec: 'ws-flex:n=20,k=4,p=0,seed=0', clustering: 0.5, pathLength: 2.9 }],
    }),
  families: () => familiesFigure({ nodes: 20, bins, cells, families: places }),
};

it.each(Object.keys(FIGURES))('%s is drawn as before', async (name) => {
  const svg = FIGURES[name]();
  readPicture(svg);
  // A line for each element, so that changes can be read.
  await expect(`${svg.replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(`snapshots/${name}.svg`);
});
