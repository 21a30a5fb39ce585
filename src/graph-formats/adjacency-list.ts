import { printable } from '../core/errors.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { requireListable } from './listing.js';
import { dataLinesOf, fieldsOf, type Separator, separatorOf, type TextLine } from './text.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';

/** networkx's adjacency lists (`write_adjlist`): a node, then the nodes that it is joined to. */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const collector = new GraphCollector(
    options,
    options.directed === true ? 'directed' : 'undirected',
    (line) => `line ${line}`,
  );
  let separator: Separator | null = null;
  for (const line of dataLinesOf(bytes)) {
    separator ??= separatorOf(line.text);
    const nodeOf = (label: string): number => {
      if (label !== '') return collector.node(label);
      throw readError(
        `line ${line.number}`,
        `a node must have a name, got "${printable(line.text)}"; leave out the empty field`,
      );
    };
    const [label = '', ...joined] = fieldsOf(line, separator);
    checkBraces(line);
    const node = nodeOf(label);
    for (const other of joined.map(nodeOf)) collector.add(node, other, 1, line.number);
  }
  return collector.finish();
}

/**
 * Attributes in braces stand in other files of networkx: in multiline adjacency lists, where a
 * node's line tells how many lines of neighbours follow, and in edge lists.
 */
function checkBraces(line: TextLine): void {
  if (!/\s\{[^"]*\}$/.test(line.text)) return;
  throw readError(
    `line ${line.number}`,
    `"${printable(line.text)}" has attributes in braces, as networkx's multiline adjacency lists ` +
      'and edge lists have, and an adjacency list has not; save it with write_adjlist or ' +
      'write_graphml, or add format=edge-list if a line is an edge',
  );
}

/** An edge of an undirected graph stands in the line of one of its nodes, as networkx writes it. */
function write(graph: Graph): string {
  requireListable(graph, 'an adjacency list');
  const { nodes, offsets, targets, directed } = graph;
  const lines = Array.from({ length: nodes }, (_, u) =>
    [u, ...targets.subarray(offsets[u], offsets[u + 1]).filter((v) => directed || v > u)].join(' '),
  );
  return `${lines.join('\n')}\n`;
}

export const adjacencyListFormat: GraphFormat = {
  name: 'adjacency-list',
  extensions: ['.adjlist'],
  meaning: 'A node a line, followed by the nodes that it is joined to: networkx.',
  table: true,
  read,
  write,
};
