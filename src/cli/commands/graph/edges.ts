import { UserError } from '../../../core/errors.js';
import { edgeList, formatGraphSpec, type Graph, type GraphSpec } from '../../../graph/index.js';

/** More would not fit into the memory of a small machine, nor, as text, into a string. */
const MOST_LISTED = 5_000_000;

/** The edges for printing; throws a `UserError` when there are too many. */
export function listedEdges(graph: Graph, spec: GraphSpec): [number, number][] {
  if (graph.edges <= MOST_LISTED) return edgeList(graph);
  throw new UserError(`at most ${MOST_LISTED} edges can be listed; ${formatGraphSpec(spec)} has ${graph.edges}; choose a smaller graph`);
}
