import { bendPoint, radiiOf } from '../../src/figures/graph-marks.js';
import type { Graph } from '../../src/graph/types.js';
import { neighbours } from '../graph/neighbours.js';
import type { Places } from '../threads/tasks.js';
import type { Palette, Rgb } from './colours.js';
import type { Raster } from './raster.js';

/** How a graph is drawn. */
export interface GraphLook {
  readonly palette: Palette;
  /** Pixels of the canvas for each of the page's. */
  readonly ratio: number;
  /** The node that is looked at, with its neighbours. */
  readonly selected: number | null;
  /** Nodes are in their order on a ring, whose short links bend inwards. */
  readonly ring: boolean;
  /** The colour of each node; absent: all have one. */
  readonly colourOf?: (node: number) => Rgb;
  /** How strong each edge is, from 0 (not seen) to 1; absent: all are alike. */
  readonly weightOf?: (u: number, v: number) => number;
}

/** More lines than these are one black disc: the matrix says more. */
export const MOST_LINES = 60_000;

/** Node 0 at the top, the others clockwise, from 0 to 1. */
export function ringPlaces(nodes: number): Places {
  const angles = Float64Array.from({ length: nodes }, (_, node) => (2 * Math.PI * node) / nodes);
  return {
    x: angles.map((angle) => 0.5 + 0.5 * Math.sin(angle)),
    y: angles.map((angle) => 0.5 - 0.5 * Math.cos(angle)),
  };
}

/** Pixels of the edge around a drawing of that many. */
const MARGIN = 14;

/** Where nodes stand in a square picture of `side` pixels. */
export function placesIn(places: Places, side: number, ratio: number): Places {
  const inner = side - 2 * MARGIN * ratio;
  return {
    x: places.x.map((x) => MARGIN * ratio + inner * x),
    y: places.y.map((y) => MARGIN * ratio + inner * y),
  };
}

/** Draws a graph by its nodes' places: edges under nodes, those of the selected node on top. */
export function drawNodesAndEdges(
  raster: Raster,
  graph: Graph,
  unit: Places,
  { palette, ratio, selected, ring, colourOf, weightOf }: GraphLook,
): void {
  const side = raster.width;
  const places = placesIn(unit, side, ratio);
  const radii = radiiOf(graph, side / ratio).map((radius) => Math.max(1.5, 0.8 * radius) * ratio);
  const bent = ring && !graph.directed;
  const strength = Math.min(0.75, 12 / Math.sqrt(Math.max(1, graph.edges)));
  raster.clear(palette.paper);
  forEachEdge(graph, (u, v) => {
    if (u === selected || v === selected) return;
    const weight = weightOf?.(u, v);
    const ink = weight === undefined ? strength : 0.05 + 1.1 * weight ** 2;
    const width = weight === undefined ? ratio : (0.6 + 1.6 * weight) * ratio;
    link(raster, places, u, v, bent, width, selected === null ? ink : 0.45 * ink);
  });
  raster.ink(weightOf ? palette.ink : palette.edge);
  if (selected !== null) {
    forEachEdge(graph, (u, v) => {
      if (u !== selected && v !== selected) return;
      const width = (weightOf === undefined ? 1.4 : 0.4 + 2 * weightOf(u, v)) * ratio;
      link(raster, places, u, v, bent, width, 1.6);
    });
    raster.ink(palette.warm);
  }
  const near = selected === null ? null : neighboursOf(graph, selected);
  for (const [node, radius] of radii.entries()) {
    const [x, y] = [places.x[node] ?? 0, places.y[node] ?? 0];
    const lit = near === null || near.has(node);
    raster.disc(x, y, radius + Math.min(1.5 * ratio, radius / 2), palette.paper);
    const plain = node === selected ? palette.warm : lit ? palette.accent : palette.cloud;
    if (node === selected && colourOf) raster.disc(x, y, radius * 1.25 + 3 * ratio, palette.warm);
    else if (colourOf) raster.disc(x, y, radius + ratio, palette.edge);
    raster.disc(x, y, node === selected ? radius * 1.25 : radius, colourOf?.(node) ?? plain);
  }
}

/** Each edge once; of a directed graph each arc. */
function forEachEdge(graph: Graph, visit: (u: number, v: number) => void): void {
  for (let u = 0; u < graph.nodes; u++) {
    for (const v of neighbours(graph, u)) if (graph.directed || u < v) visit(u, v);
  }
}

function neighboursOf(graph: Graph, node: number): ReadonlySet<number> {
  const near = new Set(neighbours(graph, node));
  if (graph.directed)
    for (let u = 0; u < graph.nodes; u++) if (neighbours(graph, u).includes(node)) near.add(u);
  return near;
}

/** Pieces of a bent line. */
const PIECES = 7;

function link(
  raster: Raster,
  { x, y }: Places,
  u: number,
  v: number,
  bent: boolean,
  width: number,
  strength: number,
): void {
  const [x0, y0, x1, y1] = [x[u] ?? 0, y[u] ?? 0, x[v] ?? 0, y[v] ?? 0];
  const control = bent ? bendPoint(x0, y0, x1, y1, raster.width / 2) : null;
  if (control === null) {
    raster.line(x0, y0, x1, y1, width, strength);
    return;
  }
  let [fromX, fromY] = [x0, y0];
  for (let piece = 1; piece <= PIECES; piece++) {
    const t = piece / PIECES;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    const [toX, toY] = [a * x0 + b * control[0] + c * x1, a * y0 + b * control[1] + c * y1];
    raster.line(fromX, fromY, toX, toY, width, strength);
    [fromX, fromY] = [toX, toY];
  }
}

/**
 * Draws the blocks of a layer's weight that exist: row = the node that listens, column = the node it
 * hears. Every node hears itself.
 */
export function drawMatrix(
  raster: Raster,
  graph: Graph,
  { palette, selected }: Pick<GraphLook, 'palette' | 'selected'>,
): void {
  const n = graph.nodes;
  const side = raster.width;
  const edge = (node: number): number => Math.round((node * side) / n);
  const gap = side / n >= 5 ? 1 : 0;
  raster.clear(palette.paper);
  for (let row = 0; row < n; row++) {
    const height = Math.max(1, edge(row + 1) - edge(row) - gap);
    for (const column of neighbours(graph, row)) {
      const lit = selected === null || row === selected || column === selected;
      const colour = lit ? palette.accent : palette.cloud;
      raster.block(
        edge(column),
        edge(row),
        Math.max(1, edge(column + 1) - edge(column) - gap),
        height,
        colour,
      );
    }
    raster.block(edge(row), edge(row), height, height, palette.warm);
  }
}

/** The node nearest to a place of the picture, within some pixels; null where none is near. */
export function nodeAt(places: Places, x: number, y: number, within: number): number | null {
  let found: number | null = null;
  let least = within;
  for (const [node, nodeX] of places.x.entries()) {
    const distance = Math.hypot(nodeX - x, (places.y[node] ?? 0) - y);
    if (distance < least) [found, least] = [node, distance];
  }
  return found;
}
