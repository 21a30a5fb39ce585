import { printable } from '../../core/errors.js';
import type { Graph } from '../types.js';
import { GraphCollector, readError } from './collect.js';
import { requireListable } from './listing.js';
import { dataLinesOf, fieldsOf, firstRows, numberOf, separatorOf, type Separator, type TextLine } from './text.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';

/** Heads of the first two columns that mark a header line. */
const HEADERS: ReadonlySet<string> = new Set(['source target', 'from to', 'src dst', 'u v', 'node1 node2', 'i j', 'source_id target_id']);

/** The attributes that networkx writes behind an edge, e.g. `{'weight': 2.5}`. */
const ATTRIBUTES = /\s*\{([^{}]*)\}$/;
const WEIGHT = /'weight'\s*:\s*([^,\s]+)/;

interface EdgeLine {
  readonly nodes: readonly string[];
  readonly weight: number;
}

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const collector = new GraphCollector(options, options.directed === true ? 'directed' : 'undirected', (line) => `line ${line}`);
  let separator: Separator | null = null;
  for (const line of dataLinesOf(bytes)) {
    const first = separator === null;
    separator ??= separatorOf(line.text.replace(ATTRIBUTES, ''));
    const edge = first && isHeader(fieldsOf(line, separator)) ? null : edgeOf(line, separator);
    if (!edge) continue;
    const ends = edge.nodes.map((label) => collector.node(label));
    if (ends.length === 2) collector.add(ends[0], ends[1], edge.weight, line.number);
  }
  return collector.finish();
}

function isHeader(fields: readonly string[]): boolean {
  return HEADERS.has(fields.slice(0, 2).join(' ').toLowerCase());
}

function edgeOf(line: TextLine, separator: Separator): EdgeLine {
  const attributes = line.text.endsWith('}') ? ATTRIBUTES.exec(line.text) : null;
  const text = attributes ? line.text.slice(0, attributes.index) : line.text;
  const fields = fieldsOf({ ...line, text }, separator);
  const place = `line ${line.number}`;
  if (fields.length > 3) throw readError(place, `an edge must be written as two nodes and perhaps a weight, got ${fields.length} fields in "${printable(line.text)}"; use format=matrix if this is a matrix`);
  const nodes = fields.slice(0, 2);
  if (nodes.includes('')) throw readError(place, `a node must have a name, got "${printable(line.text)}"; write two nodes on the line, or one that has no edge`);
  const written = attributes ? WEIGHT.exec(attributes[1])?.[1] : fields[2];
  const weight = written === undefined ? 1 : numberOf(written);
  if (weight === null) throw readError(place, `a weight must be a number, got "${printable(written ?? '')}"; the third column is the weight`);
  return { nodes, weight };
}

function write(graph: Graph): string {
  requireListable(graph, 'an edge list');
  const lines: string[] = [];
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) if (graph.directed || u < graph.targets[at]) lines.push(`${u} ${graph.targets[at]}`);
  }
  const joined = new Uint8Array(graph.nodes);
  for (const [u, from] of graph.offsets.subarray(0, graph.nodes).entries()) if (graph.offsets[u + 1] > from) joined[u] = 1;
  for (const v of graph.targets) joined[v] = 1;
  // A node on a line of its own has no edge; networkx skips such lines.
  for (const [u, has] of joined.entries()) if (!has) lines.push(String(u));
  return `${lines.join('\n')}\n`;
}

/** Whether rows look like edges: two or three fields, and not a small square matrix. */
function looksLike(bytes: Uint8Array): boolean {
  const rows = firstRows(bytes, 4);
  if (!rows || rows.length === 0) return false;
  const edges = rows.every((fields) => fields.length <= 3 || fields.at(-1)?.endsWith('}'));
  const named = rows.some((fields) => fields.length > 1) || !rows.every(([field]) => /^[01]{2,}$/.test(field));
  return edges && named && !isSmallMatrix(rows);
}

/** Two rows of two, or three of three: a matrix where all is 0 or 1, or where the nodes' names would be fractions. */
function isSmallMatrix(rows: readonly (readonly string[])[]): boolean {
  if (rows.length < 2 || rows.length > 3 || rows.some((fields) => fields.length !== rows.length)) return false;
  return rows.flat().every((field) => field === '0' || field === '1') || rows.some((fields) => fields.slice(0, 2).some((field) => numberOf(field) !== null && !/^[+-]?\d+$/.test(field)));
}

export const edgeListFormat: GraphFormat = {
  name: 'edge-list',
  extensions: ['.edgelist', '.edges', '.txt', '.csv', '.tsv'],
  meaning: 'One edge a line: two nodes and perhaps a weight, separated by white space, commas, semicolons or tabs.',
  looksLike,
  read,
  write,
};
