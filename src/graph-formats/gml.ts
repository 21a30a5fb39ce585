import { must, printable } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { EdgeWeights } from './edge-weights.js';
import { type GmlList, type GmlValue, parseGml } from './gml-lists.js';
import { quotable, requireListable } from './listing.js';
import { numberOf, wholeText } from './text.js';
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * GML (Himsolt 1996), as networkx, igraph, Gephi and yEd write it: one `graph` that holds `node`
 * lists with an `id` and `edge` lists with `source` and `target`. The weight of an edge is its
 * `weight`, else its `value`, in any letter case.
 */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const graph = onlyGraph(parseGml(wholeText(bytes)));
  const collector = new GraphCollector(
    options,
    isDirected(graph) ? 'directed' : 'undirected',
    (line) => `line ${line}`,
  );
  const nodes = listsOf(graph, 'node');
  for (const node of nodes) {
    const id = idOf(node, 'id', 'node');
    const before = collector.nodes;
    if (collector.node(id) !== before)
      throw readError(
        `line ${node.line}`,
        `ids of nodes must differ, got "${printable(id)}" twice; rename one`,
      );
  }
  const weights = new EdgeWeights(options.weight, ['weight', 'value']);
  for (const edge of listsOf(graph, 'edge')) {
    const [u, v] = mapTuple(['source', 'target'], (end) => {
      const id = idOf(edge, end, 'edge');
      const node = collector.known(id);
      if (node < 0)
        throw readError(
          `line ${edge.line}`,
          `the ${end} of an edge must be the id of a node, got "${printable(id)}"; add the node`,
        );
      return node;
    });
    collector.add(u, v, readWeight(edge, weights), edge.line);
  }
  const labels = nodes.map((node) => valueOf(node, 'label'));
  return weights.told(collector.finish(labels.map((label) => asText(label))));
}

const asText = (label: GmlValue | undefined): string | null =>
  typeof label === 'string' ? label : typeof label === 'number' ? String(label) : null;

/** The list called `graph`, the only one of the file. */
function onlyGraph(file: GmlList): GmlList {
  const [graph, second, ...more] = listsOf(file, 'graph');
  if (graph !== undefined && second === undefined) return graph;
  throw readError(
    `line ${second?.line ?? 1}`,
    `a GML file must hold one list "graph [ ... ]", got ${graph === undefined ? 0 : 2 + more.length}; ` +
      (graph === undefined ? 'check the format' : 'keep one'),
  );
}

/** The lists of that name directly inside another; throws where the name stands before a value. */
function listsOf(list: GmlList, name: string): GmlList[] {
  return list.entries
    .filter(([key]) => key === name)
    .map(([, value, line]) => {
      if (typeof value === 'object') return value;
      throw readError(
        `line ${line}`,
        `${name} must be followed by a list in brackets, got "${printable(String(value))}"; ` +
          `write ${name} [ ... ]`,
      );
    });
}

/** The first value of that name. */
function valueOf(list: GmlList, name: string): GmlValue | undefined {
  return list.entries.find(([key]) => key === name)?.[1];
}

function isDirected(graph: GmlList): boolean {
  const value = valueOf(graph, 'directed') ?? 0;
  if (value === 0 || value === 1) return value === 1;
  throw readError(`line ${graph.line}`, `directed must be 0 or 1, got ${shown(value)}; change it`);
}

function idOf(list: GmlList, name: string, what: string): string {
  const id = valueOf(list, name);
  if (typeof id === 'number' || typeof id === 'string') return String(id);
  throw readError(
    `line ${list.line}`,
    `${what === 'edge' ? 'an' : 'a'} ${what} must have a number as its ${name}, got ` +
      `${id === undefined ? 'none' : shown(id)}; add it`,
  );
}

function readWeight(edge: GmlList, weights: EdgeWeights): number {
  const value = weights.of(edge.entries.map(([name, entry]) => [name, entry] as const)) ?? 1;
  const weight = typeof value === 'string' ? numberOf(value.trim()) : value;
  if (typeof weight === 'number') return weight;
  throw readError(
    `line ${edge.line}`,
    `a weight must be a number, got ${shown(value)}; change or remove it`,
  );
}

function shown(value: GmlValue): string {
  if (typeof value === 'object') return 'a list';
  return typeof value === 'string' ? `"${printable(value)}"` : String(value);
}

function write(graph: Graph, names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'a GML file');
  const labels = Array.from({ length: graph.nodes }, (_, u) =>
    names === undefined ? '' : `    label "${quotable(must(names[u]))}"\n`,
  );
  const nodes = labels.map((label, u) => `  node [\n    id ${u}\n${label}  ]\n`);
  const edges = edgeList(graph).map(
    ([u, v]) =>
      `  edge [\n    source ${u}\n    target ${v}\n` +
      `${weightOf === undefined ? '' : `    weight ${weightOf(u, v)}\n`}  ]\n`,
  );
  return ['graph [\n', `  directed ${graph.directed ? 1 : 0}\n`, ...nodes, ...edges, ']\n'].join(
    '',
  );
}

/** Where the list of the graph must have begun to be recognised. */
const LOOKED_AT = 65_536;

/** `graph [` at the beginning of a line, behind comments and values such as `Creator "x"`. */
function looksLike(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  const [before = ''] = start.split(/^[^\S\n]*graph\s*\[/m, 2);
  return (
    before.length < start.length &&
    before
      .split('\n')
      .every((line) => /^\s*(?:#.*|\ufeff|\w+\s+(?:"[^"]*"|[^\s"[\]]+)\s*)?$/.test(line.trimEnd()))
  );
}

export const gmlFormat: GraphFormat = {
  name: 'gml',
  extensions: ['.gml'],
  meaning: 'GML: networkx, igraph, Gephi, yEd; weights are the weight or value of edges.',
  takes: ['weight'],
  looksLike,
  read,
  write,
  writesWeights: true,
};
