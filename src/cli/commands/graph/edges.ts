import { UserError } from '../../../core/errors.js';
import { edgeList } from '../../../graph/build.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Graph, GraphSpec } from '../../../graph/types.js';

/** More would not fit into the memory of a small machine, nor, as text, into a string. */
const MOST_LISTED = 5_000_000;

/** The edges for printing; throws a `UserError` when there are too many. */
export function listedEdges(graph: Graph, spec: GraphSpec): [number, number][] {
  requireListed(graph, spec);
  return edgeList(graph);
}

/** Throws a `UserError` when a graph has too many edges to list. */
export function requireListed(graph: Graph, spec: GraphSpec): void {
  if (graph.edges <= MOST_LISTED) return;
  throw new UserError(
    `at most ${MOST_LISTED} edges can be listed; ${formatGraphSpec(spec)} has ` +
      `${graph.edges}; choose a smaller graph`,
  );
}
