import { must, printable } from '../core/errors.js';
import { readError } from './collect.js';
import { parseXml, type XmlDocument, type XmlElement } from './xml.js';

/** A document, its one graph, and the lines of its edges, which graphology's errors do not know. */
export interface XmlGraph {
  readonly document: XmlDocument;
  readonly graph: XmlElement;
  readonly nodes: readonly XmlElement[];
  readonly edges: readonly XmlElement[];
}

/** The place of an element in messages. */
export const lineOfElement = (element: XmlElement): string => `line ${element.line}`;

/**
 * The graph of a GraphML or GEXF file, checked for all that graphology's parsers take for granted:
 * one graph, nodes with different ids, edges between nodes that exist. Ids of edges are removed,
 * because graphology refuses a second edge of one id.
 *
 * @throws UserError naming the line
 */
export function readXmlGraph(bytes: Uint8Array, root: string): XmlGraph {
  const document = parseXml(bytes);
  // A document without an element is no well-formed XML.
  const top = must(document.childNodes[0]);
  if (top.tagName !== root)
    throw readError(
      lineOfElement(top),
      `the file must begin with <${root}>, got <${printable(top.tagName)}>; check the format`,
    );
  const graphs = document.getElementsByTagName('graph');
  if (graphs.length === 0)
    throw readError(lineOfElement(top), 'the file must hold a <graph>, got none; check the format');
  if (graphs.length > 1)
    throw readError(
      lineOfElement(must(graphs[1])),
      `the file must hold one <graph>, got ${graphs.length}; keep one, without nested ones`,
    );
  const nodes = document.getElementsByTagName('node');
  const edges = document.getElementsByTagName('edge');
  const ids = new Set<string>();
  for (const node of nodes) checkNode(node, ids);
  for (const edge of edges) checkEdge(edge, ids);
  return { document, graph: must(graphs[0]), nodes, edges };
}

function checkNode(node: XmlElement, ids: Set<string>): void {
  const id = node.getAttribute('id');
  if (id === '')
    throw readError(lineOfElement(node), 'a <node> must have an id, got none; add id="..."');
  if (ids.has(id))
    throw readError(
      lineOfElement(node),
      `ids of nodes must differ, got "${printable(id)}" twice; rename one`,
    );
  ids.add(id);
}

function checkEdge(edge: XmlElement, ids: ReadonlySet<string>): void {
  for (const end of ['source', 'target']) {
    const id = edge.getAttribute(end);
    if (!ids.has(id))
      throw readError(
        lineOfElement(edge),
        `the ${end} of an <edge> must be the id of a <node>, got "${printable(id)}"; add the node`,
      );
  }
  edge.removeAttribute('id');
}

/**
 * Leaves in a document nothing but these: everything else, and any nesting, is not for graphology's
 * parsers to see.
 */
export function layFlat(
  document: XmlDocument,
  parts: readonly XmlElement[],
  nodes: readonly XmlElement[],
  edges: readonly XmlElement[],
): void {
  for (const node of nodes) node.childNodes = [];
  must(document.childNodes[0]).childNodes = [...parts];
  for (const graph of parts.filter((part) => part.tagName === 'graph'))
    graph.childNodes = [...nodes, ...edges];
}
