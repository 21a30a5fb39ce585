import { buildGraph, formatGraphSpec, graphSpec, measure, parseGraphSpec, wsFlexGraph, type Graph, type GraphFamily } from '../graph/index.js';
import { suitableLayout } from './graph-layout.js';
import { PANEL, PANEL_HEIGHT, panelParts, panelsWidth, shortSpec, type Panel } from './graph-panels.js';
import { composeFigure } from './svg.js';
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
 * A family of graphs as a standalone SVG: up to three of its graphs, and where its samples of about 64 nodes lie in the
 * plane of C and L, over the region that WS-flex graphs reach.
 */
export function familyPicture(family: GraphFamily): string {
  const panels = threeOf(linesOf(family, DRAWN)).map(panelOf);
  const graphs = linesOf(family, PLACED).map((line) => graphOf(line));
  const points = graphs.flatMap((graph) => pointOf(graph) ?? []);
  const shown = Math.max(1, panels.length);
  const layout = panels[0] && suitableLayout(panels[0].graph);
  return composeFigure({
    title: family.name,
    subtitle: family.meaning,
    width: panelsWidth(shown) + PLANE_WIDTH + 3 * MARGIN,
    height: PANEL_HEIGHT,
    parts: [...panelParts(panels, MARGIN, layout), { drawing: drawPlane(points), x: 2 * MARGIN + panelsWidth(shown), y: 0 }],
    notes: notesOf(family, graphs.length, points.length),
  });
}

function linesOf(family: GraphFamily, nodes: number): string[] {
  return family.samples(nodes).map((params) => formatGraphSpec(graphSpec(family.name, params)));
}

function notesOf(family: GraphFamily, graphs: number, points: number): string[] {
  if (graphs === 0) return [`Graphs of the family ${family.name} are read, not made: there are no samples. Blue area: what WS-flex graphs of ${PLACED} nodes reach.`];
  const missing = graphs === points ? '' : ` ${graphs - points} of its ${graphs} samples are not connected and have no L.`;
  return [`Right: samples of about ${PLACED} nodes; blue area: what WS-flex graphs of ${PLACED} nodes and a degree of ${SPARSEST} or more reach.${missing}`];
}

interface Sample extends Point {
  readonly line: string;
  readonly density: number;
  readonly connected: boolean;
}

/** Denser graphs are blots. */
const DENSEST = 0.4;

/**
 * Up to three samples that differ most in C and L: the first, then each time the one farthest from those there are.
 * Connected graphs that are not dense come before others.
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
    const apart = rest.map((sample) => Math.min(...chosen.map((other) => distance(sample, other))));
    chosen.push(rest[apart.indexOf(Math.max(...apart))]);
  }
  return lines.filter((line) => chosen.some((sample) => sample.line === line));
}

/** In the plane as it is drawn. */
function distance(a: Point, b: Point): number {
  return Math.hypot(xOf(a.clustering) - xOf(b.clustering), yOf(a.pathLength) - yOf(b.pathLength));
}

const graphOf = (line: string): Graph => buildGraph(parseGraphSpec(line));

function panelOf(line: string): Panel {
  const graph = graphOf(line);
  const { clustering, pathLength } = measure(graph);
  return { graph, headline: `C ${clustering.toFixed(2)}, ${pathLength === null ? 'not connected' : `L ${pathLength.toFixed(2)}`}`, spec: shortSpec(line) };
}

function pointOf(graph: Graph): Point | null {
  const { clustering, pathLength } = measure(graph);
  return pathLength === null ? null : { clustering, pathLength };
}

const xOf = (clustering: number): number => PLANE_LEFT + clustering * PANEL;
const yOf = (pathLength: number): number => PANEL - 6 - (Math.log(Math.min(pathLength, LONGEST)) / Math.log(LONGEST)) * (PANEL - 12);
const short = (value: number): string => String(Math.round(value * 10) / 10);
const pair = ({ clustering, pathLength }: Point): string => `${short(xOf(clustering))} ${short(yOf(pathLength))}`;

/** C to the right, L upwards on a logarithmic scale. */
function drawPlane(points: readonly Point[]): string {
  const ticksX = [0, 0.5, 1].map((value) => `<text x="${short(xOf(value))}" y="${PANEL + 14}" font-size="10.5">${value}</text>`);
  const ticksY = [1, 2, 4, 8, 16].map((value) => `<text x="${PLANE_LEFT - 8}" y="${short(yOf(value) + 3.5)}" font-size="10.5" text-anchor="end">${value}</text><path d="M${PLANE_LEFT} ${short(yOf(value))}h${PANEL}" stroke="${COLOURS.rule}"/>`);
  return [
    ...ticksY,
    `<path d="M${regionOutline().map(pair).join('L')}z" fill="${COLOURS.best}" fill-opacity=".16"/>`,
    `<path d="M${PLANE_LEFT} 0v${PANEL}h${PANEL}" fill="none" stroke="${COLOURS.faint}"/>`,
    ...ticksX,
    `<text x="${PLANE_LEFT + PANEL / 2}" y="${PANEL + 30}" font-size="11" fill="${COLOURS.quiet}">clustering C</text>`,
    `<text transform="translate(12 ${PANEL / 2}) rotate(-90)" font-size="11" fill="${COLOURS.quiet}">path length L</text>`,
    ...points.map(({ clustering, pathLength }) => `<circle cx="${short(xOf(clustering))}" cy="${short(yOf(pathLength))}" r="3.2" fill="${COLOURS.baseline}" fill-opacity=".85" stroke="white" stroke-width=".8"/>`),
  ].join('');
}

/** Least degree of the region: sparser rewired graphs are hardly ever connected. */
const SPARSEST = 3;

let outline: readonly Point[] | null = null;

/**
 * The border of what WS-flex graphs of 64 nodes reach, walked once round: rings of falling degree, the sparsest ring
 * rewired more and more, rewired graphs of rising degree. Degrees and p are squares of even steps, as in the paper's grid,
 * but the degrees start at 3 instead of 8.
 */
function regionOutline(): readonly Point[] {
  if (outline) return outline;
  const squares = (from: number, to: number, count: number): number[] => Array.from({ length: count }, (_, at) => (from + ((to - from) * at) / (count - 1)) ** 2);
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
  const points = Array.from({ length: seeds }, (_, seed) => pointOf(wsFlexGraph(PLACED, k, p, seed)) ?? { clustering: 0, pathLength: 1 });
  const average = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0) / seeds;
  return { clustering: average(({ clustering }) => clustering), pathLength: average(({ pathLength }) => pathLength) };
}
