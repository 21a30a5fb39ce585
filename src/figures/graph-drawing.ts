import * as Plot from '@observablehq/plot';
import { labelOf } from '../analysis/graph-results.js';
import { fixed, meanStd } from '../analysis/text.js';
import type { GraphResult } from '../analysis/types.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, SCHEME } from './theme.js';

const SIDE = 370;

interface Link {
  readonly from: number;
  readonly to: number;
  /** Steps along the ring, 1 .. n/2. */
  readonly reach: number;
}

function linksOf(graph: Graph): readonly Link[] {
  return edgeList(graph).map(([from, to]) => {
    const ahead = Math.abs(to - from);
    return { from, to, reach: Math.min(ahead, graph.nodes - ahead) };
  });
}

/** Node 0 at the top, then clockwise. */
function placeOf(node: number, nodes: number): readonly [number, number] {
  const angle = (2 * Math.PI * node) / nodes;
  return [Math.sin(angle), Math.cos(angle)];
}

function drawRing(graph: Graph): string {
  const n = graph.nodes;
  // Long links first, so that the ring's own lie on top.
  const links = linksOf(graph).toSorted((a, b) => b.reach - a.reach);
  const nodes = Array.from({ length: n }, (_, node) => node);
  const crowded = links.length > 600;
  return drawPlot({
    ...BASE_OPTIONS,
    width: SIDE,
    height: SIDE,
    margin: 26,
    x: { domain: [-1, 1], axis: null },
    y: { domain: [-1, 1], axis: null },
    // The lightest fifth of the scale would vanish on white.
    color: { type: 'linear', scheme: SCHEME, domain: [1, Math.max(2, (n / 2) * 1.25)] },
    marks: [
      Plot.link(links, {
        className: 'links',
        x1: (d: Link) => placeOf(d.from, n)[0],
        y1: (d: Link) => placeOf(d.from, n)[1],
        x2: (d: Link) => placeOf(d.to, n)[0],
        y2: (d: Link) => placeOf(d.to, n)[1],
        stroke: (d: Link) => d.reach,
        strokeWidth: crowded ? 0.5 : 1,
        strokeOpacity: crowded ? 0.35 : 0.6,
      }),
      Plot.dot(nodes, {
        className: 'nodes',
        x: (d: number) => placeOf(d, n)[0],
        y: (d: number) => placeOf(d, n)[1],
        r: n > 128 ? 1.5 : 3.5,
        fill: COLOURS.ink,
        stroke: 'white',
        strokeWidth: 0.75,
        title: (d: number) =>
          `node ${d}, degree ${(graph.offsets[d + 1] ?? 0) - (graph.offsets[d] ?? 0)}`,
      }),
      Plot.text(
        nodes.filter((node) => node % Math.max(1, Math.round(n / 8)) === 0),
        {
          x: (d: number) => 1.09 * placeOf(d, n)[0],
          y: (d: number) => 1.09 * placeOf(d, n)[1],
          text: (d: number) => String(d),
          fill: COLOURS.quiet,
          fontSize: 11,
        },
      ),
    ],
  });
}

interface Block {
  readonly row: number;
  readonly column: number;
}

/**
 * The blocks of one layer's weight: row = output node, column = input node, the diagonal in its own
 * colour.
 */
function drawMask(graph: Graph): string {
  const n = graph.nodes;
  const blocks = edgeList(graph).flatMap(([u, v]): Block[] =>
    graph.directed
      ? [{ row: u, column: v }]
      : [
          { row: u, column: v },
          { row: v, column: u },
        ],
  );
  const own = Array.from({ length: n }, (_, node) => ({ row: node, column: node }));
  const square = {
    x1: (d: Block) => d.column,
    x2: (d: Block) => d.column + 1,
    y1: (d: Block) => d.row,
    y2: (d: Block) => d.row + 1,
    inset: n > 128 ? 0 : 0.25,
  };
  return drawPlot({
    ...BASE_OPTIONS,
    width: SIDE,
    height: SIDE,
    marginTop: 26,
    marginBottom: 40,
    marginLeft: 44,
    marginRight: 22,
    x: { domain: [0, n], label: null },
    y: { domain: [n, 0], label: null },
    marks: [
      Plot.frame({ stroke: COLOURS.rule }),
      Plot.rect(blocks, { className: 'blocks', ...square, fill: COLOURS.best }),
      Plot.rect(own, { className: 'own', ...square, fill: COLOURS.baseline }),
      Plot.axisX({
        label: 'Input node',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 36,
        ticks: 5,
      }),
      Plot.axisY({
        label: 'Output node',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        ticks: 5,
      }),
    ],
  });
}

/** A graph drawn on its ring beside the block mask it gives a layer. A standalone SVG. */
export function graphDrawing(result: GraphResult, graph: Graph): string {
  const share = (2 * graph.edges) / (graph.directed ? 2 : 1) + graph.nodes;
  return composeFigure({
    title: `The best graph: ${labelOf(result)}`,
    subtitle:
      `${graph.nodes} nodes, ${graph.edges} edges, C ${fixed(result.clustering, 3)}, L ` +
      `${fixed(result.pathLength, 3)}, ${meanStd(result)} % test error. Left: nodes in ` +
      'ring order, links coloured by how far they reach. Right: the blocks of a relational ' +
      `layer’s weight that exist (${fixed((100 * share) / graph.nodes ** 2, 1)} % of ` +
      'them); orange: every node listens to itself.',
    width: 780,
    height: SIDE,
    parts: [
      { drawing: drawRing(graph), x: 8, y: 0 },
      { drawing: drawMask(graph), x: 780 - SIDE - 12, y: 0 },
    ],
    notes: [],
  });
}
