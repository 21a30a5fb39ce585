import { MultiGraph } from 'graphology';
import createParser from 'graphology-gexf/common/parser.js';
import writeGexf from 'graphology-gexf/common/writer.js';
import { must, printable } from '../core/errors.js';
import { readError } from './collect.js';
import { EdgeWeights } from './edge-weights.js';
import { fromGraphology, toGraphology } from './graphology.js';
import { numberOf } from './text.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';
import { layFlat, lineOfElement, readXmlGraph } from './xml-graph.js';
import { looksLikeXml } from './xml-sniff.js';
import { XmlDocument, type XmlElement } from './xml.js';

const parse = createParser(null, XmlDocument);

const WEIGHT = 'weight';

const EDGE_TYPES: readonly string[] = ['directed', 'undirected', 'mutual'];

/**
 * Graphology's parser reads the document after its nodes and edges were checked. Attributes and
 * looks are taken out first: the parser stops at those that are not declared, and no graph needs
 * them. Of a dynamic graph every edge counts.
 */
function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { document, graph, nodes, edges } = readXmlGraph(bytes, 'gexf');
  const preset = edgeType(graph, 'defaultedgetype');
  graph.setAttribute('defaultedgetype', preset);
  const weights = new EdgeWeights(options.weight, ['weight']);
  const titles = titlesOf(document);
  for (const edge of edges) {
    edge.setAttribute('type', edge.hasAttribute('type') ? edgeType(edge, 'type') : preset);
    keepWeight(edge, titles, weights);
    edge.childNodes = [];
  }
  layFlat(document, [graph], nodes, edges);
  // The parser takes the direction from the edges; where there are none, what the file says counts.
  const directed = options.directed ?? (edges.length === 0 ? preset === 'directed' : null);
  const said = { ...options, directed, weight: null };
  return weights.told(
    fromGraphology(parse(MultiGraph, document), said, (at) => lineOfElement(must(edges[at]))),
  );
}

/** A mutual edge goes both ways, which is what undirected means here. */
function edgeType(element: XmlElement, attribute: string): string {
  const type = element.getAttribute(attribute) || 'undirected';
  if (!EDGE_TYPES.includes(type))
    throw readError(
      lineOfElement(element),
      `${attribute} must be one of ${EDGE_TYPES.join(', ')}, got "${printable(type)}"; change it`,
    );
  return type === 'mutual' ? 'undirected' : type;
}

/** What the attributes of edges are called, and what edges without a value have, by their ids. */
type Titles = ReadonlyMap<string, { readonly title: string; readonly preset: string | null }>;

function titlesOf(document: XmlDocument): Titles {
  const titles = new Map<string, { title: string; preset: string | null }>();
  for (const list of document.getElementsByTagName('attributes')) {
    if (list.getAttribute('class') !== 'edge') continue;
    for (const attribute of list.getElementsByTagName('attribute'))
      titles.set(attribute.getAttribute('id'), {
        title: attribute.getAttribute('title'),
        preset: attribute.getElementsByTagName('default')[0]?.textContent ?? null,
      });
  }
  return titles;
}

/**
 * Writes the weight of an edge, which is its attribute `weight` or a value that is called so, into
 * that attribute. Of values that change over time the first one counts.
 */
function keepWeight(edge: XmlElement, titles: Titles, weights: EdgeWeights): void {
  const values = edge.getElementsByTagName('attvalue').map((value): [string, string] => {
    const id = value.getAttribute('for') || value.getAttribute('id');
    return [titles.get(id)?.title ?? id, value.getAttribute('value')];
  });
  const own = edge.getAttribute(WEIGHT);
  const presets = [...titles.values()].flatMap(({ title, preset }): [string, string][] =>
    preset === null || values.some(([name]) => name === title) ? [] : [[title, preset]],
  );
  // What the edge itself says comes first, and of names that are the same the first counts.
  const first = new Map<string, string>();
  for (const [name, value] of [
    ...(own === '' ? [] : [[WEIGHT, own] as const]),
    ...values,
    ...presets,
  ])
    if (!first.has(name)) first.set(name, value);
  const text = weights.of(first);
  if (text === undefined) edge.removeAttribute(WEIGHT);
  else if (numberOf(text.trim()) === null)
    throw readError(
      lineOfElement(edge),
      `a weight must be a number, got "${printable(text)}"; change it`,
    );
  else edge.setAttribute(WEIGHT, text.trim());
}

export const gexfFormat: GraphFormat = {
  name: 'gexf',
  extensions: ['.gexf'],
  meaning: 'GEXF, the format of Gephi; weights are the attribute weight of edges.',
  takes: ['weight'],
  looksLike: (bytes) => looksLikeXml(bytes, 'gexf'),
  read,
  write: (graph, names, weightOf) => `${writeGexf(toGraphology(graph, names, weightOf))}\n`,
  writesWeights: true,
};
