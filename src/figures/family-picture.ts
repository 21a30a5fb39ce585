import { must } from '../core/errors.js';
import { graphFromEdges } from '../graph/build.js';
import { wsFlexGraph } from '../graph/generators/ws-flex.js';
import { measure } from '../graph/measures/basic.js';
import { buildGraph, formatGraphSpec, graphSpec, parseGraphSpec } from '../graph/spec.js';
import type { Graph, GraphFamily } from '../graph/types.js';
import { suitableLayout } from './graph-layout.js';
import {
  PANEL,
  type Panel,
  PANEL_HEIGHT,
  panelParts,
  panelsWidth,
  shortSpec,
} from './graph-panels.js';
import { composeFigure, escapeText } from './svg.js';
import { COLOURS } from './theme.js';

const MARGIN = 20;
const PLANE_LEFT = 44;
const PLANE_WIDTH = PANEL + 30 + PLANE_LEFT;

/** Nodes of the graphs that are drawn, and of those in the plane. */
const DRAWN = 24;
const PLACED = 64;

/** Longest path length that the plane shows: beyond the path of 64 nodes. */
const LONGEST = 24;

interface Point {
  readonly clustering: number;
  readonly pathLength: number;
}

/**
 * A family of graphs as a standalone SVG: up to three of its graphs, and where its samples of about
 * 64 nodes, or its landmarks, lie in the plane of C and L, over the region that WS-flex graphs
 * reach. Families whose graphs are read or put together show what that means instead.
 */
export function familyPicture(family: GraphFamily): string {
  const panels = ILLUSTRATIONS[family.name] ?? threeOf(linesOf(family, DRAWN)).map(panelOf);
  const graphs = linesOf(family, PLACED).map((line) => graphOf(line));
  const points = [...graphs.flatMap((graph) => pointOf(graph) ?? []), ...(family.landmarks ?? [])];
  const planeLeft = panels.length === 0 ? MARGIN : 2 * MARGIN + panelsWidth(panels.length);
  const layout = family.name === 'file' ? 'force' : panels[0] && suitableLayout(panels[0].graph);
  return composeFigure({
    title: family.name,
    subtitle: family.meaning,
    width: Math.max(
      NARROWEST,
      planeLeft +
        (points.length === 0 ? 0 : PLANE_WIDTH + MARGIN) +
        (family.landmarks ? LEGEND : 0),
    ),
    height: PANEL_HEIGHT,
    parts: [
      ...panelParts(panels, MARGIN, layout),
      ...(points.length === 0
        ? []
        : [{ drawing: drawPlane(points) + drawNames(family), x: planeLeft, y: 0 }]),
    ],
    notes: notesOf(graphs, points.length),
  });
}

/** Room for the names of landmarks. */
const LEGEND = 420;

/** Room for a subtitle in lines of readable length. */
const NARROWEST = 620;

/** What families without samples show. */
const ILLUSTRATIONS: Readonly<Record<string, readonly Panel[]>> = {
  sequence: ['ring-lattice:n=24,k=4', 'ws-flex:n=24,k=5,p=0.5', 'complete:n=24'].map((line, at) =>
    illustrated(line, `layer ${at + 1}`),
  ),
  wired: [
    illustrated('star:n=3', 'over the layers', 'star:n=3: both read layer 0'),
    illustrated('ws-flex:n=24,k=5,p=0.5', 'within each'),
  ],
  evolving: [
    illustrated('ring-lattice:n=24,k=4', 'begins as', 'of=(ring-lattice:n=24,k=4)'),
    illustrated('ws-flex:n=24,k=4,p=0.5', 'becomes, for instance', 'as many edges, others'),
  ],
  edges: [illustrated('edges:n=5,bits=zI', 'zI: 110011 0010')],
  file: [
    {
      graph: graphFromEdges(5, [
        [0, 1],
        [0, 2],
        [1, 2],
        [1, 3],
        [2, 4],
      ]),
      headline: 'bull.csv',
      spec: '0,1 0,2 1,2 1,3 2,4',
    },
  ],
};

/** A declaration: the panels above are made while the module is read. */
function illustrated(line: string, headline: string, spec = line): Panel {
  return { graph: buildGraph(parseGraphSpec(line)), headline, spec };
}

function linesOf(family: GraphFamily, nodes: number): string[] {
  return family.samples(nodes).map((params) => formatGraphSpec(graphSpec(family.name, params)));
}

function notesOf(graphs: readonly Graph[], points: number): string[] {
  if (points === 0 && graphs.length === 0) return [];
  if (points === 0) return ['Not connected: there is no path length L, and no place in the plane.'];
  const unconnected = graphs.filter((graph) => pointOf(graph) === null).length;
  const missing =
    unconnected === 0
      ? ''
      : ` ${unconnected} of its ${graphs.length} samples are not connected and have no L.`;
  const region =
    `blue area: what WS-flex graphs of ${PLACED} nodes and a degree of ${SPARSEST} or more ` +
    'reach.';
  return [
    graphs.length === 0
      ? `C and L without directions, whatever the number of nodes; ${region}`
      : `Right: samples of about ${PLACED} nodes; ${region}${missing}`,
  ];
}

/** Numbers at the landmarks' points, and what they mean, right of the plane. */
function drawNames({ landmarks = [] }: GraphFamily): string {
  return landmarks
    .map(({ spec, nodes, clustering, pathLength }, at) => {
      const [x, y] = [short(xOf(clustering)), short(yOf(pathLength))];
      const caption = `${spec}: ${nodes} nodes, C ${clustering.toFixed(2)}, L ${pathLength.toFixed(2)}`;
      return [
        `<circle cx="${x}" cy="${y}" r="6.5" fill="white" ` +
          `stroke="${COLOURS.baseline}"/><text x="${x}" y="${y}" dy="3" ` +
          `font-size="9">${at + 1}</text>`,
        `<text x="${PLANE_WIDTH + 24}" y="${30 + 20 * at}" text-anchor="start">${at + 1} ` +
          ` ${escapeText(caption)}</text>`,
      ].join('');
    })
    .join('');
}

interface Sample extends Point {
  readonly line: string;
  readonly density: number;
  readonly connected: boolean;
}

/** Denser graphs are blots. */
const DENSEST = 0.4;

/**
 * Up to three samples that differ most in C and L: the first, then each time the one farthest from
 * those there are. Connected graphs that are not dense come before others.
 */
function threeOf(lines: readonly string[]): string[] {
  const samples = lines.map((line): Sample => {
    const { clustering, pathLength, density, connected } = measure(graphOf(line));
    return { line, clustering, pathLength: pathLength ?? LONGEST, density, connected };
  });
  const clear = samples.filter(({ density }) => density <= DENSEST);
  const choices = [clear.filter(({ connected }) => connected), clear, samples];
  const rest = choices.find((choice) => choice.length >= 3) ?? samples;
  const chosen = rest.slice(0, 1);
  while (chosen.length < Math.min(3, rest.length)) {
    const apart = rest.map((sample) =>
      chosen.includes(sample) ? -1 : Math.min(...chosen.map((other) => distance(sample, other))),
    );
    chosen.push(must(rest[apart.indexOf(Math.max(...apart))]));
  }
  return lines.filter((line) => chosen.some((sample) => sample.line === line));
}

/** In the plane as it is drawn. */
function distance(a: Point, b: Point): number {
  return Math.hypot(xOf(a.clustering) - xOf(b.clustering), yOf(a.pathLength) - yOf(b.pathLength));
}

/** A declaration: the panels above are made while the module is read. */
function graphOf(line: string): Graph {
  return buildGraph(parseGraphSpec(line));
}

function panelOf(line: string): Panel {
  const graph = graphOf(line);
  const { clustering, pathLength } = measure(graph);
  return {
    graph,
    headline:
      `C ${clustering.toFixed(2)}, ` +
      (pathLength === null ? 'not connected' : `L ${pathLength.toFixed(2)}`),
    spec: shortSpec(line),
  };
}

function pointOf(graph: Graph): Point | null {
  const { clustering, pathLength } = measure(graph);
  return pathLength === null ? null : { clustering, pathLength };
}

const xOf = (clustering: number): number => PLANE_LEFT + clustering * PANEL;
const yOf = (pathLength: number): number =>
  PANEL - 6 - (Math.log(Math.min(pathLength, LONGEST)) / Math.log(LONGEST)) * (PANEL - 12);
const short = (value: number): string => String(Math.round(value * 10) / 10);
const pair = ({ clustering, pathLength }: Point): string =>
  `${short(xOf(clustering))} ${short(yOf(pathLength))}`;

/** C to the right, L upwards on a logarithmic scale. */
function drawPlane(points: readonly Point[]): string {
  const ticksX = [0, 0.5, 1].map(
    (value) => `<text x="${short(xOf(value))}" y="${PANEL + 14}" font-size="10.5">${value}</text>`,
  );
  const ticksY = [1, 2, 4, 8, 16].map(
    (value) =>
      `<text x="${PLANE_LEFT - 8}" y="${short(yOf(value) + 3.5)}" font-size="10.5" ` +
      `text-anchor="end">${value}</text><path d="M${PLANE_LEFT} ` +
      `${short(yOf(value))}h${PANEL}" stroke="${COLOURS.rule}"/>`,
  );
  return [
    ...ticksY,
    `<path d="M${regionOutline().map(pair).join('L')}z" fill="${COLOURS.best}" ` +
      'fill-opacity=".16"/>',
    `<path d="M${PLANE_LEFT} 0v${PANEL}h${PANEL}" fill="none" stroke="${COLOURS.faint}"/>`,
    ...ticksX,
    `<text x="${PLANE_LEFT + PANEL / 2}" y="${PANEL + 30}" font-size="11" ` +
      `fill="${COLOURS.quiet}">clustering C</text>`,
    `<text transform="translate(12 ${PANEL / 2}) rotate(-90)" font-size="11" ` +
      `fill="${COLOURS.quiet}">path length L</text>`,
    ...points.map(
      ({ clustering, pathLength }) =>
        `<circle cx="${short(xOf(clustering))}" cy="${short(yOf(pathLength))}" r="3.2" ` +
        `fill="${COLOURS.baseline}" fill-opacity=".85" stroke="white" stroke-width=".8"/>`,
    ),
  ].join('');
}

/** Least degree of the region: sparser rewired graphs are hardly ever connected. */
const SPARSEST = 3;

let outline: readonly Point[] | null = null;

/**
 * The border of what WS-flex graphs of 64 nodes reach, walked once round: rings of falling degree,
 * the sparsest ring rewired more and more, rewired graphs of rising degree. Degrees and p are
 * squares of even steps, as in the paper's grid, but the degrees start at 3 instead of 8.
 */
function regionOutline(): readonly Point[] {
  if (outline) return outline;
  const squares = (from: number, to: number, count: number): number[] =>
    Array.from({ length: count }, (_, at) => (from + ((to - from) * at) / (count - 1)) ** 2);
  const degrees = squares(Math.sqrt(SPARSEST), Math.sqrt(PLACED), 22);
  outline = [
    ...degrees.toReversed().map((k) => mean(k, 0, 1)),
    ...squares(0, 1, 12).map((p) => mean(SPARSEST, p, 8)),
    ...degrees.map((k) => mean(k, 1, 8)),
  ];
  return outline;
}

/** Mean C and L over seeds. */
function mean(k: number, p: number, seeds: number): Point {
  const points = Array.from(
    { length: seeds },
    (_, seed) => pointOf(wsFlexGraph(PLACED, k, p, seed)) ?? { clustering: 0, pathLength: 1 },
  );
  const average = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / seeds;
  return {
    clustering: average(({ clustering }) => clustering),
    pathLength: average(({ pathLength }) => pathLength),
  };
}
