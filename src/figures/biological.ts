import * as Plot from '@observablehq/plot';
import { binEdges } from '../analysis/bins.js';
import { type ArtificialFact, outcomeOf } from '../analysis/findings/facts/biological.js';
import type { Findings } from '../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../analysis/findings/input.js';
import { cellMean, cellsOf } from '../analysis/findings/paper.js';
import { rowLabel } from '../analysis/result-table.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS } from '../analysis/settings.js';
import { fixed } from '../analysis/text.js';
import { must } from '../core/errors.js';
import { HEIGHT, labelParts, MARGINS, type Range, WIDTH } from './biological-labels.js';
import { AT, byName, networkMarks } from './biological-marks.js';
import {
  BOX,
  type Box,
  boxOf,
  emptyFigure,
  keyBand,
  keyDot,
  keyLine,
  keyParts,
  nameIn,
  planeAxes,
  sampleOf,
} from './findings/common.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from './svg.js';
import { COLOURS, SCHEME } from './theme.js';

const KEY = 44;
/**
 * Cells that the planes are cut into here as well as in the paper, which is where the drawn part
 * begins and ends.
 */
const C_EDGES = binEdges(CLUSTERING_RANGE, PLANE_BINS);
const L_EDGES = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);

/** Marks keep so far from the border, in C and in L. */
const ROOM = 0.03;

/** The least range between edges that holds all values. */
function rangeOf(values: readonly number[], edges: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [
    edges.findLast((edge) => edge < low - ROOM) ?? must(edges[0]),
    edges.find((edge) => edge > high + ROOM) ?? high + ROOM,
  ];
}

/**
 * The part of the plane that holds the sweet spot, the best graph, every network and its random
 * graphs.
 */
function domainsOf({ sweetSpot, best, biological }: ArtificialFact): {
  readonly x: [number, number];
  readonly y: [number, number];
} {
  const places = [best, ...biological.flatMap(({ place }) => [place, ...(place.nulls ?? [])])];
  return {
    x: rangeOf([...sweetSpot.clustering, ...places.map((place) => place.clustering)], C_EDGES),
    y: rangeOf([...sweetSpot.pathLength, ...places.map((place) => place.pathLength)], L_EDGES),
  };
}

/** Cells with their mean errors, those that lie in the drawn part whole. */
function cellsIn(task: TaskTables, x: Range, y: Range): (Box & { readonly mean: number })[] {
  return cellsOf(lastTable(task), true).flatMap((cell) => {
    const [j = 0, i = 0] = cell.key.split(' ').map(Number);
    const [x1, x2, y1, y2] = [C_EDGES[i - 1], C_EDGES[i], L_EDGES[j - 1], L_EDGES[j]];
    // Cells outside the plane have edges on one side only.
    if (x1 === undefined || x2 === undefined || y1 === undefined || y2 === undefined) return [];
    return x1 >= x[0] && x2 <= x[1] + 1e-9 && y1 >= y[0] && y2 <= y[1] + 1e-9
      ? [{ x1, x2, y1, y2, mean: cellMean(cell) }]
      : [];
  });
}

/**
 * Among how many tests the networks are predicted better, or worse, than random graphs of their
 * degrees.
 */
function testsOf({ biological }: ArtificialFact): string {
  const outcomes = biological
    .map(({ process }) => outcomeOf(process))
    .filter((outcome) => outcome !== null);
  const better = outcomes.filter((outcome) => outcome === 'better').length;
  const worse = outcomes.filter((outcome) => outcome === 'worse').length;
  return outcomes.length === 0
    ? 'Not compared with random graphs.'
    : `Predicted better than random graphs of their degrees: ${better} of ` +
        `${outcomes.length}, worse: ${worse}.`;
}

/** The plane: cells of the task, its sweet spot and best graph, networks and their nulls. */
function drawPlane(task: TaskTables, fact: ArtificialFact, x: Range, y: Range): string {
  const cells = cellsIn(task, x, y);
  return drawPlot({
    ...BASE_OPTIONS,
    ...MARGINS,
    width: WIDTH,
    height: HEIGHT,
    x: { domain: x, label: null },
    y: { domain: y, label: null },
    color: { type: 'linear', scheme: SCHEME },
    marks: [
      Plot.frame({ stroke: COLOURS.rule }),
      Plot.rect(cells, {
        ...BOX,
        className: 'cells',
        inset: 0.75,
        fill: 'mean',
        fillOpacity: 0.28,
      }),
      Plot.rect([boxOf(fact.sweetSpot)], {
        ...BOX,
        className: 'frame',
        fill: 'none',
        stroke: COLOURS.frame,
        strokeWidth: 2.5,
        rx: 3,
      }),
      ...byName(fact.biological).flatMap(networkMarks),
      Plot.dot([fact.best], {
        ...AT,
        className: 'best',
        symbol: 'star',
        r: 8,
        fill: COLOURS.ink,
        stroke: 'white',
        strokeWidth: 1.2,
        title: () => `${rowLabel(fact.best)}\n${fixed(fact.bestError, 2)} %`,
      }),
      ...planeAxes(),
    ],
  });
}

/** What the marks mean, in two rows. */
const keyRows = (): Part[] => [
  ...keyParts(
    [
      { symbol: keyDot(COLOURS.quiet), text: 'without directions' },
      { symbol: keyDot(COLOURS.quiet, true), text: 'with directions' },
      { symbol: keyLine(COLOURS.frame, '', 2.5), text: 'the sweet spot' },
    ],
    MARGINS.marginLeft,
    HEIGHT + 10,
  ),
  ...keyParts(
    [
      {
        symbol: keyBand(COLOURS.quiet, 0.35),
        text: '95 % of random graphs of the same degrees, joined by a dashed line',
      },
    ],
    MARGINS.marginLeft,
    HEIGHT + 30,
  ),
];

/**
 * A task's sweet spot and best graph beside biological networks, measured with and without
 * directions, and the random graphs of their degrees. A standalone SVG.
 */
export function biologicalFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.biological().find((each) => each.task === task);
  if (fact === undefined)
    return emptyFigure(
      `${name}: no graphs to compare`,
      'No graph was measured: there is nothing to draw.',
    );
  const { x, y } = domainsOf(fact);
  const missing = [
    ...new Set(fact.biological.filter(({ graph }) => !graph.atHand).map(({ graph }) => graph.name)),
  ];
  return composeFigure({
    title:
      `${name}: ${fact.biological.filter(({ inSweetSpot }) => inSweetSpot).length} of ` +
      `${fact.biological.length} measured connectomes lie in the sweet spot`,
    subtitle:
      `${sampleOf(task)} Ground: mean error of cells, dark is low. Star: the best graph, C ` +
      `${fixed(fact.best.clustering, 2)}, L ${fixed(fact.best.pathLength, 2)}, ` +
      `${fixed(fact.bestError, 2)} %. ${testsOf(fact)}`,
    width: WIDTH,
    height: HEIGHT + KEY,
    parts: [
      { drawing: drawPlane(task, fact, x, y), x: 0, y: 0 },
      ...labelParts(fact, x, y),
      ...keyRows(),
    ],
    notes: [
      'C: average clustering (directed: Fagiolo 2007). L: average path length over the ' +
        'pairs that are reachable. Random graphs: edge swaps keep every degree (directed: ' +
        'in- and out-degree).',
      'No biological network was trained. Predictions: by the Gaussian process over C ' +
        'and L, rank among the random graphs, false discovery rate 5 % over all tests of ' +
        'the record.',
      ...(missing.length === 0
        ? []
        : [
            `As published, without directions and random graphs: ${missing.join(', ')} ` +
              '(plexus data get connectomes).',
          ]),
    ],
  });
}
