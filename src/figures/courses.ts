import * as Plot from '@observablehq/plot';
import {
  type CoursePoint,
  courseSentence,
  type GraphCourse,
  type LayerCourse,
  publishedSweetSpot,
  rulesOf,
} from '../analysis/courses.js';
import type { Rectangle } from '../analysis/findings/types.js';
import { fixed, plural } from '../analysis/text.js';
import type { StudySummary } from '../analysis/types.js';
import { sampleNotes } from './describe.js';
import { axisLabel, BOX, boxOf, keyParts, seriesOf, textPart } from './findings/common.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from './svg.js';
import { COLOURS, LABELS } from './theme.js';

const PANEL = 340;
const HEIGHT = 330;
const HEAD = 26;
const COLUMNS = 3;
const KEY_LINE = 22;
/** Layers that are told apart; of more the mean over all is drawn. */
const MOST_LAYERS = 3;
/** Beginnings that the key names. */
const MOST_NAMED = 7;

/** How the end of a layer's course is marked. */
const ENDS = ['circle', 'square', 'triangle'] as const;
const END_DRAWINGS = [
  '<circle cx="9" cy="0" r="4.5"/>',
  '<rect x="5" y="-4" width="8" height="8"/>',
  '<path d="M9 -5L14 4H4Z"/>',
] as const;

interface Drawn {
  readonly course: GraphCourse;
  readonly layer: LayerCourse;
  readonly colour: string;
  readonly symbol: (typeof ENDS)[number];
}

type Placed = CoursePoint & { readonly pathLength: number };

/** What has a place in the plane. */
const placed = <T extends CoursePoint>(points: readonly T[]): (T & Placed)[] =>
  points.filter((point): point is T & Placed => point.pathLength !== null);

/**
 * The courses of rewired graphs through the plane of C and L, from where training begins to where it
 * ends, with the published sweet spot: a panel for each rule, a line for each graph and layer (mean over
 * seeds), a faint dot where each training ended. A standalone SVG.
 */
export function courseFigure(summary: StudySummary): string {
  const { courses, arch } = summary;
  const rules = rulesOf(courses);
  const starts = [...new Set(courses.map(({ start }) => start))];
  const drawn = courses.flatMap((course) =>
    drawnOf(course, seriesOf(starts.indexOf(course.start))),
  );
  const spot = publishedSweetSpot(arch);
  const limits = limitsOf(drawn, spot);
  const columns = Math.min(COLUMNS, rules.length);
  const parts = rules.flatMap((rule, i): Part[] => {
    const [x, y] = [(i % columns) * PANEL, Math.floor(i / columns) * (HEIGHT + HEAD)];
    const own = drawn.filter(({ course }) => course.rule === rule);
    return [
      textPart(rule, x + 58, y + 14, { weight: 600 }),
      { drawing: panel(own, spot, limits), x, y: y + HEAD - 6 },
    ];
  });
  const bottom = Math.ceil(rules.length / columns) * (HEIGHT + HEAD) + 8;
  const keys = keyLines(starts, Math.max(...courses.map(({ layers }) => layers.length)));
  return composeFigure({
    title: 'Where training took the graphs that it rewired',
    subtitle:
      `${rules.map((rule) => courseSentence(rule, courses, arch)).join(' ')} ` +
      'Red: the published sweet spot.',
    width: Math.max(780, columns * PANEL + 16),
    height: bottom + keys.length * KEY_LINE,
    parts: [
      ...parts,
      ...keys.flatMap((entries, at) => keyParts(entries, 58, bottom + at * KEY_LINE)),
    ],
    notes: [
      'Lines: means over training seeds, a dot for each epoch, from the ring to the filled mark. ' +
        'Faint: where single trainings ended.',
      ...(keys.length > 0 && starts.length > MOST_NAMED ? ['More beginnings than are named.'] : []),
      ...sampleNotes(summary),
    ],
  });
}

function drawnOf(course: GraphCourse, { colour }: { readonly colour: string }): Drawn[] {
  const layers = course.layers.length > MOST_LAYERS ? [meanLayer(course.layers)] : course.layers;
  return layers.map((layer, at) => ({
    course,
    layer,
    colour,
    symbol: ENDS[at % ENDS.length] ?? ENDS[0],
  }));
}

/** The mean over the layers, without single trainings. */
function meanLayer(layers: readonly LayerCourse[]): LayerCourse {
  const [first] = layers;
  return {
    layer: null,
    ends: [],
    mean: (first?.mean ?? []).map(({ epoch }, at) => {
      const points = layers.flatMap(({ mean }) => mean.slice(at, at + 1));
      const of = (value: (point: CoursePoint) => number): number =>
        points.reduce((sum, point) => sum + value(point), 0) / points.length;
      return {
        epoch,
        clustering: of(({ clustering }) => clustering),
        pathLength: points.some(({ pathLength }) => pathLength === null)
          ? null
          : of(({ pathLength }) => pathLength ?? NaN),
      };
    }),
  };
}

/** Limits of C and L that show all courses and the sweet spot. */
function limitsOf(drawn: readonly Drawn[], spot: Rectangle): Rectangle {
  const points = drawn.flatMap(({ layer: { mean, ends } }) => placed([...mean, ...ends]));
  const around = (values: readonly number[], room: number): [number, number] => [
    Math.min(...values) - room,
    Math.max(...values) + room,
  ];
  return {
    clustering: around([...spot.clustering, ...points.map((point) => point.clustering)], 0.05),
    pathLength: around([...spot.pathLength, ...points.map((point) => point.pathLength)], 0.12),
  };
}

function panel(drawn: readonly Drawn[], spot: Rectangle, limits: Rectangle): string {
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANEL,
    height: HEIGHT,
    marginLeft: 58,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 46,
    x: { domain: [...limits.clustering], label: null, grid: true },
    y: { domain: [...limits.pathLength], label: null, grid: true },
    marks: [
      Plot.rect([boxOf(spot)], {
        ...BOX,
        className: 'frame',
        fill: COLOURS.frame,
        fillOpacity: 0.06,
        stroke: COLOURS.frame,
        strokeWidth: 2,
        rx: 3,
      }),
      ...drawn.flatMap(faintMarks),
      ...drawn.flatMap(courseMarks),
      Plot.axisX({ ...axisLabel(LABELS.clustering, 40), ticks: 5 }),
      Plot.axisY({ ...axisLabel(LABELS.pathLength, 46), ticks: 6 }),
    ],
  });
}

const AXES = { x: 'clustering', y: 'pathLength' } as const;

function faintMarks({ layer, colour, symbol }: Drawn): Plot.Markish[] {
  const ends = placed(layer.ends);
  return [
    Plot.dot(ends, { ...AXES, className: 'ends', r: 2.6, symbol, fill: colour, opacity: 0.35 }),
  ];
}

function courseMarks({ course, layer, colour, symbol }: Drawn): Plot.Markish[] {
  const points = placed(layer.mean);
  const title = (d: Placed): string =>
    `${course.name ?? course.graph}${layer.layer === null ? '' : `, layer ${layer.layer}`}\n` +
    `${d.epoch === 0 ? 'begins' : `epoch ${d.epoch}`}: C ${fixed(d.clustering, 3)}, ` +
    `L ${fixed(d.pathLength, 3)}`;
  const white = { stroke: 'white', strokeWidth: 0.8 } as const;
  return [
    Plot.line(points, { ...AXES, className: 'course', stroke: colour, strokeWidth: 1.6 }),
    Plot.dot(points.slice(1, -1), { ...AXES, r: 1.8, fill: colour, title }),
    Plot.dot(points.slice(0, 1), {
      ...AXES,
      r: 5,
      fill: 'white',
      stroke: colour,
      strokeWidth: 2,
      title,
    }),
    Plot.dot(points.slice(-1), {
      ...AXES,
      className: 'end',
      r: 4.5,
      symbol,
      fill: colour,
      ...white,
      title,
    }),
  ];
}

interface KeyEntry {
  readonly symbol: string;
  readonly text: string;
}

/** What colours and marks stand for: beginnings, then layers. */
function keyLines(starts: readonly string[], layers: number): KeyEntry[][] {
  const named = starts.slice(0, MOST_NAMED).map((start, at) => ({
    symbol: `<circle cx="9" cy="0" r="5" fill="white" stroke="${seriesOf(at).colour}" stroke-width="2"/>`,
    text: `from ${start}`,
  }));
  const long = named.some(({ text }) => text.length > 20);
  const ends =
    layers > 1 && layers <= MOST_LAYERS
      ? END_DRAWINGS.slice(0, layers).map((shape, at) => ({
          symbol: `<g fill="${COLOURS.quiet}">${shape}</g>`,
          text: `ends of layer ${at + 1}`,
        }))
      : layers > 1
        ? [
            {
              symbol: `<g fill="${COLOURS.quiet}">${END_DRAWINGS[0]}</g>`,
              text: `ends, mean over ${plural(layers, 'layer')}`,
            },
          ]
        : [];
  return [...(long ? named.map((entry) => [entry]) : [named]), ...(ends.length > 0 ? [ends] : [])];
}
