import { MultiGraph } from 'graphology';
import createParser from 'graphology-gexf/common/parser.js';
import writeGexf from 'graphology-gexf/common/writer.js';
import { printable } from '../../core/errors.js';
import { readError } from './collect.js';
import { fromGraphology, toGraphology } from './graphology.js';
import { numberOf } from './text.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';
import { layFlat, lineOfElement, readXmlGraph } from './xml-graph.js';
import { looksLikeXml } from './xml-sniff.js';
import { XmlDocument, type XmlElement } from './xml.js';

const parse = createParser(null, XmlDocument);

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
  for (const edge of edges) {
    edge.setAttribute('type', edge.hasAttribute('type') ? edgeType(edge, 'type') : preset);
    checkWeight(edge);
    edge.childNodes = [];
  }
  layFlat(document, [graph], nodes, edges);
  // The parser takes the direction from the edges; where there are none, what the file says counts.
  const said =
    edges.length === 0
      ? { ...options, directed: options.directed ?? preset === 'directed' }
      : options;
  return fromGraphology(parse(MultiGraph, document), said, (at) => lineOfElement(edges[at]));
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

function checkWeight(edge: XmlElement): void {
  const text = edge.getAttribute('weight');
  if (text !== '' && numberOf(text.trim()) === null)
    throw readError(
      lineOfElement(edge),
      `a weight must be a number, got "${printable(text)}"; change it`,
    );
}

export const gexfFormat: GraphFormat = {
  name: 'gexf',
  extensions: ['.gexf'],
  meaning: 'GEXF, the format of Gephi; weights are the attribute weight of edges.',
  looksLike: (bytes) => looksLikeXml(bytes, 'gexf'),
  read,
  write: (graph) => `${writeGexf(toGraphology(graph))}\n`,
};
