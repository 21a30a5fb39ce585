import { fixed, plural, span } from '../../src/analysis/text.js';
import type { Plane, PlaneCell } from '../../src/analysis/types.js';

/** A cell in words: its place, mean error, how many stand behind it, and its test. */
export function cellText(
  { i, j, mean, graphs, errors, p, isBest }: PlaneCell,
  plane: Plane,
): string {
  const edge = (edges: readonly number[], at: number): [number, number] => [
    edges[at] ?? 0,
    edges[at + 1] ?? 0,
  ];
  const tested = isBest ? ', best cell' : p === null ? '' : `, p ${p.toPrecision(2)}`;
  return (
    `C ${span(edge(plane.clusteringEdges, i))}, L ${span(edge(plane.pathLengthEdges, j))}: ` +
    `${fixed(mean, 2)} %, ${plural(graphs.length, 'graph')}, ` +
    `${plural(errors.length, 'training')}${tested}`
  );
}
