import { drawGraph, drawMatrix } from '../../src/figures/graph-marks.js';
import type { Graph } from '../../src/graph/types.js';
import type { Places } from '../threads/tasks.js';
import type { LayoutChoice } from '../state/types.js';

const SIDE = 560;

/** The drawing of a graph as `graph make -o FILE.svg` has it, without the words around it. */
export function graphSvg(graph: Graph, layout: LayoutChoice, places: Places | null): string {
  const drawing =
    layout === 'matrix'
      ? drawMatrix(graph, SIDE)
      : drawGraph(graph, SIDE, layout === 'ring' ? 'ring' : (places ?? 'force'));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" ` +
    `width="${SIDE}" height="${SIDE}">${drawing}</svg>\n`
  );
}
