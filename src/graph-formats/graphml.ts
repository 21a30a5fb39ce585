import { MultiGraph } from 'graphology';
import createParser from 'graphology-graphml/common/parser.js';
import { must, printable } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { readError } from './collect.js';
import { EdgeWeights } from './edge-weights.js';
import { fromGraphology } from './graphology.js';
import { quotable, requireListable } from './listing.js';
import { numberOf } from './text.js';
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';
import { layFlat, lineOfElement, readXmlGraph } from './xml-graph.js';
import { looksLikeXml } from './xml-sniff.js';
import { XmlDocument, XmlElement } from './xml.js';

const parse = createParser(null, XmlDocument);

/**
 * Graphology's parser reads the document once it is brought into the shape that the parser gets
 * right. As it stands (0.5.2), it stops at keys for anything but nodes, edges and graphs (yEd
 * writes such), takes `directed="false"` in a directed graph for directed, leaves default values as
 * text, and copies a mixed graph at every edge. So only the key of the weights stays, defaults are
 * written out, and in a mixed graph every undirected edge becomes two directed ones.
 */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { document, graph, nodes, edges } = readXmlGraph(bytes, 'graphml');
  const [hyperedge] = document.getElementsByTagName('hyperedge');
  if (hyperedge)
    throw readError(
      lineOfElement(hyperedge),
      'edges must join two nodes, got a <hyperedge>; write it as edges',
    );
  const weights = new EdgeWeights(options.weight, ['weight']);
  const keys = keysOf(document);
  for (const edge of edges) keepWeight(edge, keys, weights);
  const made = directionsOf(graph, edges);
  layFlat(document, [weightKey(), graph], nodes, made);
  return weights.told(
    fromGraphology(parse(MultiGraph, document), { ...options, weight: null }, (at) =>
      lineOfElement(must(made[at])),
    ),
  );
}

/** The only key that is left: a name of its own and nothing that the parser stops at. */
const WEIGHT = 'weight';

const weightKey = (): XmlElement =>
  new XmlElement(
    'key',
    1,
    new Map([
      ['id', WEIGHT],
      ['for', 'edge'],
      ['attr.name', WEIGHT],
      ['attr.type', 'double'],
    ]),
  );

/** What keys are called, and what edges without a value have, by the ids of the keys. */
interface Keys {
  readonly names: ReadonlyMap<string, string>;
  readonly presets: readonly (readonly [id: string, name: string, text: string])[];
}

/** Cytoscape declares the keys of edges as keys of nodes, so that `for` counts for defaults alone. */
function keysOf(document: XmlDocument): Keys {
  const names = new Map<string, string>();
  const presets: [string, string, string][] = [];
  for (const key of document.getElementsByTagName('key')) {
    const [id, name] = [key.getAttribute('id'), key.getAttribute('attr.name')];
    // igraph's files may have a key of nodes and one of edges with the same id.
    const ofEdges = ['', 'edge', 'all'].includes(key.getAttribute('for'));
    if (ofEdges || !names.has(id)) names.set(id, name);
    const [preset] = key.getElementsByTagName('default');
    if (preset && ofEdges) presets.push([id, name, preset.textContent]);
  }
  return { names, presets };
}

/** Leaves the weight alone in an edge, written out where it is the default. */
function keepWeight(edge: XmlElement, { names, presets }: Keys, weights: EdgeWeights): void {
  const given = edge.childNodes.filter((child) => child.tagName === 'data');
  edge.childNodes = [];
  const ids = new Set(given.map((data) => data.getAttribute('key')));
  const text = weights.of([
    ...given.map((data): [string, string] => {
      const id = data.getAttribute('key');
      return [names.get(id) ?? id, data.textContent.trim()];
    }),
    ...presets
      .filter(([id]) => !ids.has(id))
      .map(([, name, preset]): [string, string] => [name, preset.trim()]),
  ]);
  if (text === undefined) return;
  if (numberOf(text) === null)
    throw readError(
      lineOfElement(given.find((data) => data.textContent.trim() === text) ?? edge),
      `a weight must be a number, got "${printable(text)}"; change it`,
    );
  const data = new XmlElement('data', edge.line, new Map([['key', WEIGHT]]));
  data.textContent = text;
  edge.appendChild(data);
}

/** The edges, all of one direction, which the graph is told. */
function directionsOf(graph: XmlElement, edges: readonly XmlElement[]): readonly XmlElement[] {
  const preset = graph.getAttribute('edgedefault') || 'undirected';
  if (preset !== 'directed' && preset !== 'undirected')
    throw readError(
      lineOfElement(graph),
      `edgedefault must be directed or undirected, got "${printable(preset)}"; change it`,
    );
  const undirected = edges.map((edge) => isUndirected(edge, preset));
  const mixed = undirected.includes(true) && undirected.includes(false);
  const direction =
    edges.length === 0 ? preset : undirected.includes(false) ? 'directed' : 'undirected';
  graph.setAttribute('edgedefault', direction);
  return mixed
    ? edges.flatMap((edge, at) => (undirected[at] ? [edge, reversed(edge)] : [edge]))
    : edges;
}

function isUndirected(edge: XmlElement, preset: string): boolean {
  const said = edge.getAttribute('directed');
  edge.removeAttribute('directed');
  if (said !== '' && said !== 'true' && said !== 'false')
    throw readError(
      lineOfElement(edge),
      `directed must be true or false, got "${printable(said)}"; change it`,
    );
  return said === '' ? preset === 'undirected' : said === 'false';
}

function reversed(edge: XmlElement): XmlElement {
  const made = new XmlElement(
    'edge',
    edge.line,
    new Map([
      ['source', edge.getAttribute('target')],
      ['target', edge.getAttribute('source')],
    ]),
  );
  made.childNodes = edge.childNodes;
  return made;
}

function write(graph: Graph, names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'a GraphML file');
  const ids = Array.from({ length: graph.nodes }, (_, u) => quotable(names?.[u] ?? String(u)));
  const nodes = ids.map((id) => `    <node id="${id}"/>\n`);
  const edges = edgeList(graph).map(
    ([u, v]) =>
      `    <edge source="${ids[u]}" target="${ids[v]}"` +
      (weightOf === undefined
        ? '/>\n'
        : `><data key="${WEIGHT}">${weightOf(u, v)}</data></edge>\n`),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml ' +
      'xmlns="http://graphml.graphdrawing.org/xmlns">\n',
    weightOf === undefined
      ? ''
      : `  <key id="${WEIGHT}" for="edge" attr.name="${WEIGHT}" attr.type="double"/>\n`,
    `  <graph edgedefault="${graph.directed ? 'directed' : 'undirected'}">\n`,
    ...nodes,
    ...edges,
    '  </graph>\n</graphml>\n',
  ].join('');
}

export const graphmlFormat: GraphFormat = {
  name: 'graphml',
  extensions: ['.graphml'],
  meaning: 'GraphML; weights are the edge attribute called weight.',
  takes: ['weight'],
  looksLike: (bytes) => looksLikeXml(bytes, 'graphml'),
  read,
  write,
  writesWeights: true,
};
