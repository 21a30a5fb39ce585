import { UserError } from '../core/errors.js';
import { measure } from '../graph/measures/basic.js';
import type { Graph } from '../graph/types.js';
import type { LayoutName } from './graph-layout.js';
import { drawGraph, drawMatrix } from './graph-marks.js';
import { composeFigure } from './svg.js';

/** How a graph is drawn. */
export interface GraphPictureOptions {
  /** Default `auto`: see `suitableLayout`. */
  readonly layout?: LayoutName | 'auto';
  /** Default: none but the numbers. */
  readonly title?: string;
}

const SIDE = 560;

/** More make files of tens of megabytes, all black. */
const MOST_EDGES = 200_000;

/** One line of the numbers that place a graph: nodes, edges, C and L. */
function captionOf(graph: Graph): string {
  const { nodes, edges, clustering, pathLength } = measure(graph);
  const length = pathLength === null ? 'not connected' : `L ${pathLength.toFixed(3)}`;
  return (
    `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${edges} ` +
    `${graph.directed ? 'directed ' : ''}${edges === 1 ? 'edge' : 'edges'}, C ` +
    `${clustering.toFixed(3)}, ${length}`
  );
}

/**
 * A graph as a standalone SVG: its drawing under its numbers. The same graph gives the same bytes.
 *
 * @throws UserError where the graph has too many edges to be seen
 */
export function graphPicture(graph: Graph, options: GraphPictureOptions = {}): string {
  requireFewEdges(graph);
  return composeFigure({
    title: options.title ?? `A graph of ${graph.nodes} nodes`,
    subtitle: captionOf(graph),
    width: SIDE + 40,
    height: SIDE,
    parts: [{ drawing: drawGraph(graph, SIDE, options.layout), x: 20, y: 0 }],
    notes: [],
  });
}

function requireFewEdges({ edges }: Graph): void {
  if (edges > MOST_EDGES)
    throw new UserError(
      `a picture may have at most ${MOST_EDGES} edges, but the graph has ${edges}; ` +
        'choose a smaller or sparser graph',
    );
}

/**
 * The blocks of a layer's weight that exist, as a standalone SVG: row = output node, column = input
 * node.
 */
export function graphMatrixPicture(graph: Graph, title = 'Blocks of a relational layer'): string {
  requireFewEdges(graph);
  return composeFigure({
    title,
    subtitle:
      `${captionOf(graph)}. Row: output node; column: input node; orange: every node ` +
      'listens to itself.',
    width: SIDE + 40,
    height: SIDE,
    parts: [{ drawing: drawMatrix(graph, SIDE), x: 20, y: 0 }],
    notes: [],
  });
}
