import { graphMembers } from '../../src/graph/sequence.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph, GraphSpec } from '../../src/graph/types.js';

/** The graph of a spec that is drawn: of a sequence, which is several for a network, the first. */
export function firstGraph(spec: GraphSpec): Graph {
  return buildGraph(firstMember(spec));
}

/** Its spec. */
export function firstLine(line: string): string {
  return formatGraphSpec(firstMember(parseGraphSpec(line)));
}

function firstMember(spec: GraphSpec): GraphSpec {
  return graphMembers(spec).members[0] ?? spec;
}

/** What is said of a sequence where one graph is drawn; null of any other spec. */
export function sequenceNote(spec: GraphSpec): string | null {
  const { per, members, cycle } = graphMembers(spec);
  if (per === 'network') return null;
  const again = cycle ? ', again and again' : '';
  return (
    `A sequence of ${members.length} graphs, one for each ${per}${again}: the first is drawn here, all ` +
    'of them by Network and Train.'
  );
}
