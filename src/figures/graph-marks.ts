import { must } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { type Layout, type LayoutName, placeNodes, suitableLayout } from './graph-layout.js';
import { COLOURS } from './theme.js';

/** Coordinates to a tenth of a pixel, without what SVG does not need. */
const at = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * A graph's drawing in a square of `side` pixels, to be placed in a figure. Larger nodes have more
 * neighbours.
 */
export function drawGraph(
  graph: Graph,
  side: number,
  layout: LayoutName | Layout | 'auto' = 'auto',
): string {
  const named = layout === 'auto' ? suitableLayout(graph) : layout;
  const places = typeof named === 'string' ? placeNodes(graph, named) : named;
  const name = typeof named === 'string' ? named : 'force';
  const radii = radiiOf(graph, side);
  const margin = Math.max(...radii) + 2;
  const inner = side - 2 * margin;
  const scaled = {
    x: places.x.map((x) => margin + inner * x),
    y: places.y.map((y) => margin + inner * y),
  };
  return drawEdges(graph, scaled, radii, side, name) + drawNodes(scaled, radii);
}

/**
 * Radius of every node in pixels: grows with the root of the degree, so that its area tells the
 * degree.
 */
export function radiiOf(graph: Graph, side: number): Float64Array {
  const degrees = new Int32Array(graph.nodes);
  for (const [u, v] of edgeList(graph)) {
    degrees[u] = must(degrees[u]) + 1;
    degrees[v] = must(degrees[v]) + 1;
  }
  const most = Math.max(1, ...degrees);
  const base = Math.min(side / 44, Math.max(1.2, (0.3 * side) / Math.max(8, graph.nodes ** 0.75)));
  // Few different sizes keep the drawing small: nodes of one size are one path.
  return Float64Array.from(
    degrees,
    (degree) => Math.round(base * (0.5 + 0.65 * Math.sqrt(degree / most)) * 2) / 2,
  );
}

const placeOf = ({ x, y }: Layout, node: number): readonly [number, number] => [
  must(x[node]),
  must(y[node]),
];

/** All lines as one path; the heads of directed edges as a second one. */
function drawEdges(
  graph: Graph,
  places: Layout,
  radii: Float64Array,
  side: number,
  layout: LayoutName,
): string {
  const arcs = edgeList(graph);
  if (arcs.length === 0) return '';
  const present = new Set(arcs.map(([u, v]) => u * graph.nodes + v));
  const bent = layout === 'ring' && !graph.directed;
  const lines = arcs
    .filter(([u, v]) => u < v || !present.has(v * graph.nodes + u))
    .map(([u, v]) => {
      const [[fromX, fromY], [toX, toY]] = [placeOf(places, u), placeOf(places, v)];
      const curve = bent ? bend(fromX, fromY, toX, toY, side / 2) : 'L';
      return `M${at(fromX)} ${at(fromY)}${curve}${at(toX)} ${at(toY)}`;
    });
  const ink = Math.min(1, (0.25 * side) / arcs.length);
  const style =
    `stroke="${COLOURS.quiet}" stroke-width="${at(0.5 + 0.9 * ink)}" ` +
    `stroke-opacity="${at(0.4 + 0.4 * ink)}"`;
  const heads = graph.directed
    ? `<path d="${arcs.map(([u, v]) => arrowHead(places, u, v, must(radii[v]))).join('')}" ` +
      `fill="${COLOURS.quiet}"/>`
    : '';
  return `<path d="${lines.join('')}" fill="none" ${style}/>${heads}`;
}

function bend(fromX: number, fromY: number, toX: number, toY: number, centre: number): string {
  const control = bendPoint(fromX, fromY, toX, toY, centre);
  return control === null ? 'L' : `Q${at(control[0])} ${at(control[1])} `;
}

/**
 * Short links of a ring bend towards its centre, or they would lie on each other: the control point
 * of the curve, or null where the line is straight.
 */
export function bendPoint(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  centre: number,
): readonly [number, number] | null {
  const [midX, midY] = [(fromX + toX) / 2, (fromY + toY) / 2];
  const away = Math.hypot(midX - centre, midY - centre);
  const by = Math.min(0.6 * Math.hypot(toX - fromX, toY - fromY), 0.55 * away);
  if (away < 1 || by < 1) return null;
  return [midX - (by * (midX - centre)) / away, midY - (by * (midY - centre)) / away];
}

/** A small triangle whose tip touches node v. */
function arrowHead(places: Layout, u: number, v: number, radius: number): string {
  const [[fromX, fromY], [toX, toY]] = [placeOf(places, u), placeOf(places, v)];
  const length = Math.hypot(toX - fromX, toY - fromY);
  if (length < 2 * radius) return '';
  const [dx, dy] = [(toX - fromX) / length, (toY - fromY) / length];
  const size = Math.min(1.6 * radius + 1, 7, length / 3);
  const [tipX, tipY] = [toX - (radius + 0.5) * dx, toY - (radius + 0.5) * dy];
  const [backX, backY] = [-size * dx, -size * dy];
  const half = 0.4 * size;
  return (
    `M${at(tipX)} ${at(tipY)}l${at(backX - half * dy)} ` +
    `${at(backY + half * dx)}l${at(2 * half * dy)} ${at(-2 * half * dx)}z`
  );
}

/**
 * Dots as lines of no length with round ends: nodes of one size are one path. White rims keep them
 * apart.
 */
function drawNodes({ x, y }: Layout, radii: Float64Array): string {
  const sizes = [...new Set(radii)].sort((a, b) => a - b);
  const dots = sizes.map((size) => {
    const path = [...radii.keys()]
      .filter((node) => radii[node] === size)
      .map((node) => `M${at(must(x[node]))} ${at(must(y[node]))}h0`)
      .join('');
    return { size, path };
  });
  const layer = (width: (size: number) => number, colour: string): string =>
    dots
      .map(
        ({ size, path }) =>
          `<path d="${path}" stroke="${colour}" stroke-width="${at(width(size))}" ` +
          'stroke-linecap="round"/>',
      )
      .join('');
  return (
    layer((size) => 2 * size + Math.min(2, size / 2), 'white') +
    layer((size) => 2 * size, COLOURS.best)
  );
}

/** The matrix in a square of `side` pixels: one path for all blocks, one for the diagonal. */
export function drawMatrix(graph: Graph, side: number): string {
  const n = graph.nodes;
  const blocks = edgeList(graph).flatMap(([u, v]) =>
    graph.directed
      ? [[u, v]]
      : [
          [u, v],
          [v, u],
        ],
  );
  const path = (cells: readonly (readonly number[])[]): string =>
    cells.map(([row, column]) => `M${column} ${row}h1v1h-1z`).join('');
  const own = path(Array.from({ length: n }, (_, node) => [node, node]));
  const scale = side / n;
  return (
    `<g transform="scale(${Math.round(scale * 1e4) / 1e4})"><path d="M0 ` +
    `0h${n}v${n}h-${n}z" fill="${COLOURS.rule}" fill-opacity=".35"/><path ` +
    `d="${path(blocks)}" fill="${COLOURS.best}"/><path d="${own}" ` +
    `fill="${COLOURS.baseline}"/></g>`
  );
}
