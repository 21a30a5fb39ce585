import { printable, type UserError } from '../core/errors.js';
import { edgeList, MAX_NODES } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { requireListable } from './listing.js';
import { linesOf, numberOf } from './text.js';
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * Pajek's networks (Batagelj and Mrvar, Pajek Reference Manual): sections that begin with a star
 * and a name in any letter case. Vertices are numbered from 1; arcs are directed, edges are not.
 */
const SECTIONS = ['arcs', 'edges', 'arcslist', 'edgeslist', 'matrix'] as const;
type Section = (typeof SECTIONS)[number];

/** What a network holds, before its direction is known. */
class Lines {
  /** 0 until the section of the vertices was read. */
  nodes = 0;
  section: 'vertices' | Section | null = null;
  /** Whether the file has arcs, edges, a matrix, or the heads of such sections. */
  readonly sections = new Set<Section>();
  /** Two vertices, weight, line and whether it is an edge, of each in turn. */
  readonly links: number[] = [];
  /** What the vertices are called, where they are. */
  readonly names = new Map<number, string | null>();
  arcs = 0;
  edges = 0;
  /** Rows of the matrix so far, and the line of the last one. */
  rows = 0;
  last = 1;
}

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const found = new Lines();
  for (const { number, text } of linesOf(bytes)) {
    const line = text.trim();
    if (line === '' || line.startsWith('%')) continue;
    found.last = number;
    if (line.startsWith('*')) begin(found, line, number);
    else readLine(found, line, number);
  }
  if (found.nodes === 0)
    throw wrong(found.last, 'a Pajek network must have a line *Vertices with their number');
  if (found.section === 'matrix' && found.rows < found.nodes)
    throw wrong(found.last, `a matrix of ${found.nodes} rows is needed, got ${found.rows}`);
  return collected(found, options);
}

/** A line that begins a section. */
function begin(found: Lines, line: string, number: number): void {
  const [star = '', ...rest] = line.split(/\s+/);
  const name = star.slice(1).toLowerCase();
  if (name === 'network') {
    if (found.nodes > 0) throw several(number);
    return;
  }
  if (name === 'vertices') {
    if (found.nodes > 0) throw several(number);
    const [count = ''] = rest;
    if (!/^[1-9]\d{0,14}$/.test(count))
      throw wrong(number, `*Vertices must be followed by their number, got "${printable(line)}"`);
    found.nodes = Number(count);
    found.section = 'vertices';
    return;
  }
  // Arcs of a relation are written `*Arcs :2 "name"`, in old files `*Arcs:2`.
  const section = SECTIONS.find((candidate) => name.replace(/:.*$/, '') === candidate);
  if (section === undefined)
    throw readError(
      `line ${number}`,
      `of Pajek's sections *Vertices, *Arcs, *Edges, *Arcslist, *Edgeslist and *Matrix are ` +
        `read, got "${printable(line)}"; save the network alone, as a .net file`,
    );
  if (found.nodes === 0) throw wrong(number, `*Vertices must stand before "${printable(line)}"`);
  found.section = section;
  found.sections.add(section);
}

function readLine(found: Lines, line: string, number: number): void {
  const { section, nodes } = found;
  if (section === null) throw wrong(number, `a section such as *Vertices must come first`);
  if (section === 'vertices') {
    const [first = ''] = line.split(/\s/, 1);
    const at = vertex(first, nodes, number);
    const [, quoted, plain] = /^\d+\s+(?:"([^"]*)"|(\S+))/.exec(line) ?? [];
    found.names.set(at, quoted ?? plain ?? null);
    return;
  }
  const fields = line.split(/\s+/);
  if (section === 'matrix') {
    readRow(found, fields, number);
    return;
  }
  const list = section.endsWith('list');
  const [first, second] = fields;
  if (first === undefined || second === undefined)
    throw wrong(number, `two vertices are needed on a line, got "${printable(line)}"`);
  const from = vertex(first, nodes, number);
  const isEdge = section.startsWith('edges');
  if (list)
    for (const to of fields.slice(1)) link(found, from, vertex(to, nodes, number), 1, isEdge);
  else {
    const weight = readWeight(fields[2], number);
    link(found, from, vertex(second, nodes, number), weight, isEdge);
  }
}

function link(found: Lines, from: number, to: number, weight: number, isEdge: boolean): void {
  found.links.push(from, to, weight, found.last, isEdge ? 1 : 0);
  if (isEdge) found.edges++;
  else found.arcs++;
}

function readRow(found: Lines, fields: readonly string[], number: number): void {
  const { nodes } = found;
  if (found.rows >= nodes || fields.length !== nodes)
    throw wrong(
      number,
      `a matrix must have ${nodes} rows of ${nodes} numbers, got ` +
        (found.rows >= nodes ? 'a further row' : `${fields.length} numbers`),
    );
  for (const [column, field] of fields.entries()) {
    const weight = numberOf(field);
    if (weight === null)
      throw wrong(number, `an entry of a matrix must be a number, got "${printable(field)}"`);
    if (weight !== 0) link(found, found.rows, column, weight, false);
  }
  found.rows++;
}

/** The vertex of that number, from 0. */
function vertex(field: string, nodes: number, line: number): number {
  const number = /^\d{1,9}$/.test(field) ? Number(field) : 0;
  if (number >= 1 && number <= nodes) return number - 1;
  throw wrong(line, `a vertex must be a number from 1 to ${nodes}, got "${printable(field)}"`);
}

/**
 * The third number of a line; letters there begin its looks (`l "label"`, `c Red`), a bracket its
 * times.
 */
function readWeight(field: string | undefined, line: number): number {
  if (field === undefined || /^([a-z]+\d?|\[.*)$/i.test(field)) return 1;
  const weight = numberOf(field);
  if (weight === null) throw wrong(line, `a weight must be a number, got "${printable(field)}"`);
  return weight;
}

function collected(found: Lines, options: ReadOptions): FoundGraph {
  const { nodes, links, sections, arcs, edges } = found;
  // A file may have the heads of both sections, and lines under one of them only.
  const directed = arcs > 0 || (edges === 0 && (sections.has('arcs') || sections.has('arcslist')));
  const matrix = sections.size === 1 && sections.has('matrix');
  const collector = new GraphCollector(
    options,
    matrix ? 'by-symmetry' : directed ? 'directed' : 'undirected',
    (line) => `line ${line}`,
  );
  if (nodes > MAX_NODES) collector.numbered(nodes);
  for (let vertexNumber = 1; vertexNumber <= nodes; vertexNumber++)
    collector.node(String(vertexNumber));
  // A link is five numbers.
  for (let at = 0; at < links.length; at += 5)
    collector.add(links[at]!, links[at + 1]!, links[at + 2]!, links[at + 3]!, links[at + 4] === 1);
  return collector.finish(Array.from({ length: nodes }, (_, u) => found.names.get(u) ?? null));
}

const wrong = (line: number, message: string): UserError =>
  readError(`line ${line}`, `${message}; repair the file or save it again`);

const several = (line: number): UserError =>
  readError(`line ${line}`, 'a file must hold one network, got several; save one of them alone');

function write(graph: Graph, names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'a Pajek file');
  return [
    `*Vertices ${graph.nodes}`,
    ...Array.from(
      { length: graph.nodes },
      (_, u) => `${u + 1} "${pajekName(names?.[u] ?? String(u))}"`,
    ),
    graph.directed ? '*Arcs' : '*Edges',
    ...edgeList(graph).map(
      ([u, v]) => `${u + 1} ${v + 1}${weightOf === undefined ? '' : ` ${weightOf(u, v)}`}`,
    ),
    '',
  ].join('\n');
}

/** A name in double quotes, which has no way to hold one, nor a new line. */
const pajekName = (name: string): string => name.replace(/"/g, "'").replace(/\s/g, ' ');

/** Words that begin the first line with something in it, behind comments. */
const BEGINNING =
  /^(?:\ufeff|\s|%[^\n]*\n)*\*(?:network|vertices|arcs|edges|arcslist|edgeslist|matrix)\b/i;

export const pajekFormat: GraphFormat = {
  name: 'pajek',
  extensions: ['.net'],
  meaning: 'Pajek network: vertices from 1, *Arcs, *Edges, their lists and *Matrix.',
  looksLike: (bytes) => BEGINNING.test(new TextDecoder().decode(bytes.subarray(0, 65_536))),
  read,
  write,
  writesWeights: true,
};
