import { printable } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
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
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * networkx's node-link JSON. Edges stand under `links` (networkx before 3.4) or `edges`; both are
 * read, and written is what networkx 3 and later writes.
 */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const file = objectAt(parseJson(bytes), 'the file');
  refuseOther(file);
  const key = edgesKey(file);
  const directed = booleanAt(file, 'directed');
  // The library d3 calls the weight of a link its value.
  const weights = new EdgeWeights(options.weight, ['weight', 'value']);
  const collector = new GraphCollector(
    options,
    directed ? 'directed' : 'undirected',
    (at) => `${key}[${at}]`,
  );
  for (const [at, node] of arrayAt(file['nodes'], 'nodes').entries()) {
    const name = nodeName(objectAt(node, `nodes[${at}]`)['id'], `nodes[${at}].id`);
    if (collector.node(name) !== at)
      throw readError(
        `nodes[${at}].id`,
        `ids of nodes must differ, got "${printable(name)}" twice; rename one`,
      );
  }
  for (const [at, link] of arrayAt(file[key], key).entries()) {
    const place = `${key}[${at}]`;
    const object = objectAt(link, place);
    const [u, v] = mapTuple(['source', 'target'], (end) => {
      const name = nodeName(object[end], `${place}.${end}`);
      const node = collector.known(name);
      if (node < 0)
        throw readError(
          `${place}.${end}`,
          `an edge must join nodes of the file, got "${printable(name)}"; add it to nodes`,
        );
      return node;
    });
    const weight = weights.of(Object.entries(object)) ?? 1;
    collector.add(
      u,
      v,
      weightAt(weight, () => `${place}.weight`),
      at,
    );
  }
  return weights.told(collector.finish());
}

/** Other programs' JSON, by the keys that it has instead. */
const OTHERS: readonly (readonly [key: string, name: string])[] = [
  ['elements', 'Cytoscape JSON'],
  ['CXVersion', 'Cytoscape CX'],
  ['graph', 'JSON Graph Format'],
  ['graphs', 'JSON Graph Format'],
  ['adjacency', "networkx's adjacency JSON"],
  ['children', "networkx's tree JSON"],
];

/** Throws where the file is JSON of another program. */
function refuseOther(file: JsonObject): void {
  const other = OTHERS.find(([key]) => key in file && typeof file[key] === 'object')?.[1];
  const isOwn = 'nodes' in file && ('links' in file || 'edges' in file);
  if (other !== undefined && !isOwn)
    throw readError(
      'the file',
      `an object of node-link JSON with nodes and edges is expected here, got ${other}, which is ` +
        'not read; save it as node-link JSON, GraphML or GEXF',
    );
}

/** Tuples, such as the nodes of a grid in networkx, are lists in JSON. */
function nodeName(value: unknown, place: string): string {
  if (!Array.isArray(value)) return nameAt(value, place);
  return `(${value.map((part: unknown) => nameAt(part, place)).join(', ')})`;
}

function edgesKey(file: JsonObject): 'links' | 'edges' {
  if ('links' in file && 'edges' in file)
    throw readError(
      'links',
      'edges must stand under one key, got both links and edges; remove one',
    );
  return 'links' in file ? 'links' : 'edges';
}

function booleanAt(file: JsonObject, name: string): boolean {
  const value = file[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw readError(name, `${name} must be true or false, got ${shown(value)}; change it`);
}

function write(graph: Graph, names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'a node-link file');
  const ids = Array.from({ length: graph.nodes }, (_, u) => names?.[u] ?? u);
  const nodes = ids.map((id) => ({ id }));
  const edges = edgeList(graph).map(([u, v]) => ({
    source: ids[u],
    target: ids[v],
    ...(weightOf !== undefined && { weight: weightOf(u, v) }),
  }));
  return `${JSON.stringify({ directed: graph.directed, multigraph: false, graph: {}, nodes, edges })}\n`;
}

/** Nodes by `id`; graphology's files have `key`. */
function looksLike(bytes: Uint8Array): boolean {
  if (!beginsObject(bytes)) return false;
  try {
    const file = objectAt(parseJson(bytes), 'the file');
    const [first] = arrayAt(file['nodes'], 'nodes');
    return first === undefined ? !('options' in file) : 'id' in objectAt(first, 'nodes[0]');
  } catch {
    return false;
  }
}

export const nodeLinkFormat: GraphFormat = {
  name: 'node-link',
  extensions: ['.json'],
  meaning: "networkx's node-link JSON, with the key `edges` or `links`.",
  takes: ['weight'],
  looksLike,
  read,
  write,
  writesWeights: true,
};
