import { DirectedGraph, MultiGraph, UndirectedGraph } from 'graphology';
import type { AbstractGraph } from 'graphology-types';
import { messageOf, printable } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { EdgeWeights } from './edge-weights.js';
import {
  arrayAt,
  beginsObject,
  type JsonObject,
  nameAt,
  objectAt,
  parseJson,
  shown,
  weightAt,
} from './json.js';
import { requireListable } from './listing.js';
import {
  defaultReadOptions,
  type EdgeWeight,
  type FoundGraph,
  type GraphFormat,
  type ReadOptions,
} from './types.js';

/** The part of a graphology graph that is read. */
export type GraphologyGraph = Pick<
  AbstractGraph,
  'type' | 'directedSize' | 'forEachNode' | 'forEachEdge'
>;

/**
 * A graph of the library graphology as one of ours; see `GraphCollector` for what becomes of
 * weights (the edge attribute `weight`, in any letter case, or the one that the options name), self
 * loops and parallel edges. A graph with any directed edge is directed: its undirected edges then go
 * both ways.
 *
 * @param place words for the edge of that number in messages
 * @throws UserError as the file formats do
 */
export function fromGraphology(
  graph: GraphologyGraph,
  given: Partial<ReadOptions> = {},
  place = (edge: number): string => `edge ${edge}`,
): FoundGraph {
  const options = { ...defaultReadOptions, ...given };
  const directed = graph.type === 'directed' || graph.directedSize > 0;
  const collector = new GraphCollector(options, directed ? 'directed' : 'undirected', place);
  graph.forEachNode((key) => void collector.node(key));
  const weights = new EdgeWeights(options.weight, ['weight']);
  let at = 0;
  graph.forEachEdge((_key, attributes, source, target, _from, _to, undirected) => {
    const weight: unknown = weights.of(Object.entries(attributes)) ?? 1;
    collector.add(
      collector.node(source),
      collector.node(target),
      weightAt(weight, () => place(at)),
      at,
      undirected,
    );
    at++;
  });
  return weights.told(collector.finish());
}

/** The same graph as an object of the library graphology; the nodes' keys are their names or numbers. */
export function toGraphology(
  graph: Graph,
  names?: readonly string[],
  weightOf?: EdgeWeight,
): AbstractGraph {
  requireListable(graph, 'a graphology graph');
  const made = graph.directed ? new DirectedGraph() : new UndirectedGraph();
  const keys = Array.from({ length: graph.nodes }, (_, u) => names?.[u] ?? String(u));
  for (const key of keys) made.addNode(key);
  for (const [u, v] of edgeList(graph))
    made.addEdge(keys[u], keys[v], weightOf === undefined ? {} : { weight: weightOf(u, v) });
  return made;
}

/**
 * Graphology's own import reads the file, after every node and edge was checked, because its errors
 * name no place. Edges lose their keys and the graph may hold parallel edges, whatever the file
 * promises: they count once.
 */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const file = objectAt(parseJson(bytes), 'the file');
  const nodes = arrayAt(file['nodes'], 'nodes');
  const edges = arrayAt(file['edges'] ?? [], 'edges');
  const keys = new Set<string>();
  const checkedNodes = nodes.map((node, at) => {
    const place = `nodes[${at}]`;
    const key = nameAt(objectAt(node, place)['key'], `${place}.key`);
    if (keys.has(key))
      throw readError(
        `${place}.key`,
        `keys of nodes must differ, got "${printable(key)}" twice; rename one`,
      );
    keys.add(key);
    return { key };
  });
  const type = typeAt(file);
  const weights = new EdgeWeights(options.weight, ['weight']);
  const checkedEdges = edges.map((edge, at) =>
    checkedEdge(edge, `edges[${at}]`, keys, type, weights),
  );
  let graph: AbstractGraph;
  try {
    graph = MultiGraph.from({
      attributes: {},
      options: { type, multi: true, allowSelfLoops: true },
      nodes: checkedNodes,
      edges: checkedEdges,
    });
  } catch (error) {
    throw readError(
      'the file',
      `graphology cannot import it: ${printable(messageOf(error))}; export it anew`,
    );
  }
  return weights.told(fromGraphology(graph, { ...options, weight: null }, (at) => `edges[${at}]`));
}

function typeAt(file: JsonObject): 'mixed' | 'directed' | 'undirected' {
  const type = objectAt(file['options'] ?? {}, 'options')['type'] ?? 'mixed';
  if (type === 'mixed' || type === 'directed' || type === 'undirected') return type;
  throw readError(
    'options.type',
    `the type must be one of mixed, directed, undirected, got ${shown(type)}; change it`,
  );
}

interface CheckedEdge {
  readonly source: string;
  readonly target: string;
  readonly undirected: boolean;
  readonly attributes: { readonly weight?: number };
}

function checkedEdge(
  edge: unknown,
  place: string,
  keys: ReadonlySet<string>,
  type: string,
  weights: EdgeWeights,
): CheckedEdge {
  const object = objectAt(edge, place);
  const end = (name: string): string => {
    const key = nameAt(object[name], `${place}.${name}`);
    if (!keys.has(key))
      throw readError(
        `${place}.${name}`,
        `an edge must join nodes of the file, got "${printable(key)}"; add it to nodes`,
      );
    return key;
  };
  const weight = weights.of(
    Object.entries(objectAt(object['attributes'] ?? {}, `${place}.attributes`)),
  );
  const attributes =
    weight === undefined || weight === null
      ? {}
      : { weight: weightAt(weight, () => `${place}.attributes.weight`) };
  return {
    source: end('source'),
    target: end('target'),
    undirected: type === 'undirected' || (type === 'mixed' && object['undirected'] === true),
    attributes,
  };
}

/** Nodes by `key`; node-link files have `id`. */
function looksLike(bytes: Uint8Array): boolean {
  if (!beginsObject(bytes)) return false;
  try {
    const file = objectAt(parseJson(bytes), 'the file');
    const [first] = arrayAt(file['nodes'], 'nodes');
    return first === undefined ? 'options' in file : 'key' in objectAt(first, 'nodes[0]');
  } catch {
    return false;
  }
}

export const graphologyFormat: GraphFormat = {
  name: 'graphology',
  extensions: ['.json'],
  meaning: "Graphology's JSON (`graph.export()`).",
  takes: ['weight'],
  looksLike,
  read,
  write: (graph, names, weightOf) =>
    `${JSON.stringify(toGraphology(graph, names, weightOf).export())}\n`,
  writesWeights: true,
};
