import * as Plot from '@observablehq/plot';
import { binEdges } from '../analysis/bins.js';
import type { Place } from '../analysis/findings/biological-types.js';
import {
  type ArtificialFact,
  type BiologicalFact,
  outcomeOf,
} from '../analysis/findings/facts/biological.js';
import type { Findings } from '../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../analysis/findings/input.js';
import { cellMean, cellsOf } from '../analysis/findings/paper.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS } from '../analysis/settings.js';
import { fixed, plural } from '../analysis/text.js';
import { buildGraph, parseGraphSpec } from '../graph/spec.js';
import type { Graph } from '../graph/types.js';
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
  seriesOf,
  textPart,
} from './findings/common.js';
import { drawGraph } from './graph-picture.js';
import { type Obstacle, placeLabels } from './label-places.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from './svg.js';
import { COLOURS, SCHEME } from './theme.js';

const WIDTH = 780;
const HEIGHT = 560;
const MARGINS = { marginLeft: 58, marginRight: 16, marginTop: 10, marginBottom: 46 } as const;
const KEY = 44;
/**
 * Cells that the planes are cut into here as well as in the paper, which is where the drawn part
 * begins and ends.
 */
const C_EDGES = binEdges(CLUSTERING_RANGE, PLANE_BINS);
const L_EDGES = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);

type Range = readonly [number, number];

/** Marks keep so far from the border, in C and in L. */
const ROOM = 0.03;

/** The least range between edges that holds all values. */
function rangeOf(values: readonly number[], edges: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [
    edges.findLast((edge) => edge < low - ROOM) ?? edges[0],
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
    const [j, i] = cell.key.split(' ').map(Number);
    if (i < 1 || j < 1 || i > PLANE_BINS || j > PLANE_BINS) return [];
    const box = { x1: C_EDGES[i - 1], x2: C_EDGES[i], y1: L_EDGES[j - 1], y2: L_EDGES[j] };
    return box.x1 >= x[0] && box.x2 <= x[1] + 1e-9 && box.y1 >= y[0] && box.y2 <= y[1] + 1e-9
      ? [{ ...box, mean: cellMean(cell) }]
      : [];
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The centre of places, and the ellipse that holds 95 % of a normal cloud of their covariance
 * (chi-squared of 2: 5.991).
 */
export function ellipseOf(
  places: readonly Place[],
  corners = 48,
): { readonly centre: Place; readonly border: readonly Place[] } {
  const centre = {
    clustering: mean(places.map((place) => place.clustering)),
    pathLength: mean(places.map((place) => place.pathLength)),
  };
  const deviations = places.map(
    (place) =>
      [place.clustering - centre.clustering, place.pathLength - centre.pathLength] as const,
  );
  const over = Math.max(1, places.length - 1);
  const [cc, cl, ll] = [
    deviations.reduce((sum, [c]) => sum + c * c, 0) / over,
    deviations.reduce((sum, [c, l]) => sum + c * l, 0) / over,
    deviations.reduce((sum, [, l]) => sum + l * l, 0) / over,
  ];
  // Cholesky's factor turns a circle into the ellipse.
  const a = Math.sqrt(cc);
  const b = a === 0 ? 0 : cl / a;
  const c = Math.sqrt(Math.max(0, ll - b * b));
  const radius = Math.sqrt(5.991);
  const border = Array.from({ length: corners + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    const [u, v] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return { clustering: centre.clustering + a * u, pathLength: centre.pathLength + b * u + c * v };
  });
  return { centre, border };
}

const AT = { x: 'clustering', y: 'pathLength' } as const;

/** Networks by name, in the order of the input, each with its ways of measuring. */
function byName(
  facts: readonly BiologicalFact[],
): { readonly name: string; readonly colour: string; readonly facts: readonly BiologicalFact[] }[] {
  const names = [...new Set(facts.map(({ graph }) => graph.name))];
  return names.map((name, at) => ({
    name,
    colour: seriesOf(at).colour,
    facts: facts.filter(({ graph }) => graph.name === name),
  }));
}

/** What a mark tells when it is pointed at. */
function titleOf({ graph, place, nulls: drawn, process: { prediction } }: BiologicalFact): string {
  const error =
    prediction === null
      ? ''
      : `\npredicted ${fixed(prediction.value, 2)} ` +
        `%${prediction.extrapolated ? ' (extrapolated)' : ''}`;
  const nulls =
    drawn === null
      ? ''
      : `\n${fixed(100 * drawn.inSweetSpot, 0)} % of its ${drawn.count} random graphs in ` +
        'the sweet spot';
  return (
    `${graph.name}, ${place.directed ? 'with' : 'without'} ` +
    `directions\n${plural(place.nodes, 'node')}, C ${fixed(place.clustering, 3)}, L ` +
    `${fixed(place.pathLength, 3)}${error}${nulls}`
  );
}

/**
 * A network's two marks joined by a line, and its random graphs with a dashed line from their
 * centre.
 */
function networkMarks({ colour, facts }: ReturnType<typeof byName>[number]): Plot.Markish[] {
  const clouds = facts.flatMap(({ place }) =>
    place.nulls === null || place.nulls.length < 3 ? [] : [{ place, ...ellipseOf(place.nulls) }],
  );
  const [plain, directed] = [false, true].map((each) =>
    facts.filter(({ place }) => place.directed === each),
  );
  const at = {
    x: ({ place }: BiologicalFact) => place.clustering,
    y: ({ place }: BiologicalFact) => place.pathLength,
    title: titleOf,
  };
  return [
    ...clouds.flatMap(({ place, centre, border }) => [
      Plot.line([centre, place], {
        ...AT,
        className: 'from-nulls',
        stroke: colour,
        strokeWidth: 1.2,
        strokeDasharray: '2,3',
      }),
      Plot.line(border, {
        ...AT,
        className: 'nulls',
        curve: 'linear-closed',
        fill: colour,
        fillOpacity: 0.35,
        stroke: colour,
        strokeWidth: 1,
      }),
    ]),
    ...(facts.length < 2
      ? []
      : [
          Plot.line(
            [...plain, ...directed].map(({ place }) => place),
            { ...AT, className: 'ways', stroke: colour, strokeWidth: 2 },
          ),
        ]),
    Plot.dot(plain, {
      ...at,
      className: 'undirected',
      r: 5.5,
      fill: colour,
      stroke: 'white',
      strokeWidth: 1.2,
    }),
    Plot.dot(directed, {
      ...at,
      className: 'directed',
      r: 5,
      fill: 'white',
      stroke: colour,
      strokeWidth: 2.2,
    }),
  ];
}

/** Names of networks and of the best graph, clear of the marks and of each other. */
function labelParts({ best, biological }: ArtificialFact, x: Range, y: Range): Part[] {
  const [left, right, top, bottom] = [
    MARGINS.marginLeft,
    WIDTH - MARGINS.marginRight,
    MARGINS.marginTop,
    HEIGHT - MARGINS.marginBottom,
  ];
  const pixel = ({ clustering, pathLength }: Place): { x: number; y: number } => ({
    x: left + ((clustering - x[0]) / (x[1] - x[0])) * (right - left),
    y: bottom - ((pathLength - y[0]) / (y[1] - y[0])) * (bottom - top),
  });
  const around = (place: Place, size: number): Obstacle => {
    const at = pixel(place);
    return { left: at.x - size, right: at.x + size, top: at.y - size, bottom: at.y + size };
  };
  const networks = byName(biological);
  const marks = networks.map(({ name, colour, facts }) => ({
    ...pixel(facts[0].place),
    text: name,
    colour,
  }));
  const clouds = biological.flatMap(({ place }) =>
    place.nulls === null || place.nulls.length < 3
      ? []
      : ellipseOf(place.nulls, 12).border.map((corner) => around(corner, 2)),
  );
  const all = [{ ...pixel(best), text: 'best graph', colour: COLOURS.ink }, ...marks];
  const between = (from: Place, to: Place): Obstacle[] =>
    Array.from({ length: 25 }, (_, i) =>
      around(
        {
          clustering: from.clustering + ((to.clustering - from.clustering) * i) / 24,
          pathLength: from.pathLength + ((to.pathLength - from.pathLength) * i) / 24,
        },
        1.5,
      ),
    );
  const lines = [
    ...networks.flatMap(({ facts }) =>
      facts.length < 2 ? [] : between(facts[0].place, facts[1].place),
    ),
    ...biological.flatMap(({ place }) =>
      place.nulls === null || place.nulls.length < 3
        ? []
        : between(place, ellipseOf(place.nulls, 4).centre),
    ),
  ];
  const placed = placeLabels(
    all,
    [around(best, 9), ...biological.map(({ place }) => around(place, 6)), ...clouds, ...lines],
    { left, right, top, bottom },
  );
  return placed.map((label, i) => ({
    drawing:
      '<text text-anchor="start" dy="0.32em" font-size="11" font-weight="600" ' +
      `fill="${all[i].colour}" stroke="white" stroke-width="3" ` +
      `paint-order="stroke">${label.text}</text>`,
    x: label.left,
    y: label.middle,
  }));
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
  const cells = cellsIn(task, x, y);
  const drawing = drawPlot({
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
        title: () => `${fact.best.graph}\n${fixed(fact.bestError, 2)} %`,
      }),
      ...planeAxes(),
    ],
  });
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
      { drawing, x: 0, y: 0 },
      ...labelParts(fact, x, y),
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

const SIDE = 350;

/**
 * The network at hand that lies nearest to the best graph, axes in parts of the paper's ranges;
 * null where none is at hand.
 */
function nearest({
  best,
  biological,
}: ArtificialFact): (BiologicalFact & { readonly drawn: Graph }) | null {
  const away = ({ place }: BiologicalFact): number =>
    (place.clustering - best.clustering) ** 2 +
    ((place.pathLength - best.pathLength) / (PATH_LENGTH_RANGE[1] - PATH_LENGTH_RANGE[0])) ** 2;
  const known = biological.flatMap((each) =>
    each.graph.graph === null || each.place.directed ? [] : [{ ...each, drawn: each.graph.graph }],
  );
  return known.reduce<(typeof known)[number] | null>(
    (low, each) => (low === null || away(each) < away(low) ? each : low),
    null,
  );
}

/**
 * A task's best graph drawn beside the biological network, without directions, that lies nearest to
 * it in the plane. A standalone SVG.
 */
export function biologicalPairFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.biological().find((each) => each.task === task);
  const other = fact === undefined ? null : nearest(fact);
  if (fact === undefined || other === null)
    return emptyFigure(
      `${name}: no biological network to draw`,
      fact === undefined
        ? 'No graph was measured.'
        : 'None is at hand; fetch them with: plexus data get connectomes.',
    );
  const { best } = fact;
  const graph = buildGraph(parseGraphSpec(best.graph));
  const caption = (nodes: number, density: number, place: Place): string =>
    `${nodes} nodes, k / n ${fixed(density, 2)}, C ${fixed(place.clustering, 2)}, L ` +
    fixed(place.pathLength, 2);
  return composeFigure({
    title: `${name}: the best graph beside ${other.graph.name}`,
    subtitle:
      'Distances on paper follow distances in the graph; larger nodes have more ' +
      'neighbours. Without directions.',
    width: WIDTH,
    height: SIDE + 50,
    parts: [
      { drawing: drawGraph(graph, SIDE, 'force'), x: 20, y: 0 },
      { drawing: drawGraph(other.drawn, SIDE, 'force'), x: WIDTH - SIDE - 20, y: 0 },
      textPart(best.graph, 20 + SIDE / 2, SIDE + 22, { anchor: 'middle', weight: 600, size: 11 }),
      textPart(caption(graph.nodes, best.density, best), 20 + SIDE / 2, SIDE + 40, {
        anchor: 'middle',
        colour: COLOURS.quiet,
      }),
      textPart(other.graph.name, WIDTH - SIDE / 2 - 20, SIDE + 22, {
        anchor: 'middle',
        weight: 600,
        size: 11,
      }),
      textPart(
        caption(other.place.nodes, other.place.density, other.place),
        WIDTH - SIDE / 2 - 20,
        SIDE + 40,
        { anchor: 'middle', colour: COLOURS.quiet },
      ),
    ],
    notes: [
      'Nearest in C and L, each in parts of its range in the paper (1 and 3.5); nearness ' +
        'there does not make graphs alike in anything else.',
    ],
  });
}
