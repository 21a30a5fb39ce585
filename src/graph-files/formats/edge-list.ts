import { printable } from '../../core/errors.js';
import type { Graph } from '../../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { columnsOf, type EdgeColumns, plainColumns } from './edge-header.js';
import { requireListable } from './listing.js';
import {
  dataLinesOf,
  fieldsOf,
  firstRows,
  numberOf,
  type Separator,
  separatorOf,
  type TextLine,
} from './text.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';

const WEIGHT = /'weight'\s*:\s*([^,\s]+)/;

interface EdgeLine {
  readonly nodes: readonly string[];
  readonly weight: number;
}

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const collector = new GraphCollector(
    options,
    options.directed === true ? 'directed' : 'undirected',
    (line) => `line ${line}`,
  );
  let separator: Separator | null = null;
  let columns = plainColumns;
  for (const line of dataLinesOf(bytes)) {
    if (separator === null) {
      separator = separatorOf(splitAttributes(line.text).text);
      const named = columnsOf(fieldsOf(line, separator));
      columns = named ?? plainColumns;
      if (named) continue;
    }
    const edge = edgeOf(line, separator, columns, options.directed === null);
    const ends = edge.nodes.map((label) => collector.node(label));
    if (ends.length === 2) collector.add(ends[0], ends[1], edge.weight, line.number);
  }
  return collector.finish();
}

/**
 * The attributes that networkx writes behind an edge, e.g. `{'weight': 2.5}`, and what stands
 * before them.
 */
function splitAttributes(text: string): { text: string; attributes: string | null } {
  const open = text.endsWith('}') ? text.lastIndexOf('{') : -1;
  const inside = text.slice(open + 1, -1);
  return open < 0 || inside.includes('}')
    ? { text, attributes: null }
    : { text: text.slice(0, open).trimEnd(), attributes: inside };
}

function edgeOf(
  line: TextLine,
  separator: Separator,
  columns: EdgeColumns,
  directionUnsaid: boolean,
): EdgeLine {
  const { text, attributes } = splitAttributes(line.text);
  const fields = fieldsOf({ ...line, text }, separator);
  const place = `line ${line.number}`;
  checkWidth(fields, columns, line);
  const nodes = fields.length === 1 ? fields : [fields[columns.source], fields[columns.target]];
  if (nodes.includes(''))
    throw readError(
      place,
      `a node must have a name, got "${printable(line.text)}"; write two nodes on the ` +
        'line, or one that has no edge',
    );
  if (directionUnsaid && /^directed$/i.test(fields[columns.type] ?? ''))
    throw readError(
      place,
      'an edge list is undirected, but this edge is of type Directed; add directed=true ' +
        'or directed=false',
    );
  const written = attributes === null ? fields[columns.weight] : WEIGHT.exec(attributes)?.[1];
  const weight = written === undefined ? 1 : numberOf(written);
  if (weight === null)
    throw readError(
      place,
      `a weight must be a number, got "${printable(written ?? '')}"; ` +
        (columns === plainColumns ? 'the third column is the weight' : 'change it'),
    );
  return { nodes, weight };
}

/**
 * A row may hold a node alone; else it has all the columns that a header names, or two or three.
 */
function checkWidth(fields: readonly string[], columns: EdgeColumns, line: TextLine): void {
  if (columns === plainColumns && fields.length > columns.width) {
    throw readError(
      `line ${line.number}`,
      `an edge must be written as two nodes and perhaps a weight, got ${fields.length} ` +
        `fields in "${printable(line.text)}"; name the columns source, target and weight ` +
        'in a first line, or use format=matrix if this is a matrix',
    );
  }
  if (columns !== plainColumns && fields.length !== columns.width && fields.length !== 1) {
    throw readError(
      `line ${line.number}`,
      `every row must have the ${columns.width} fields of the header, got ` +
        `${fields.length} in "${printable(line.text)}"; complete the row`,
    );
  }
}

function write(graph: Graph): string {
  requireListable(graph, 'an edge list');
  const lines: string[] = [];
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++)
      if (graph.directed || u < graph.targets[at]) lines.push(`${u} ${graph.targets[at]}`);
  }
  const joined = new Uint8Array(graph.nodes);
  for (const [u, from] of graph.offsets.subarray(0, graph.nodes).entries())
    if (graph.offsets[u + 1] > from) joined[u] = 1;
  for (const v of graph.targets) joined[v] = 1;
  // A node on a line of its own has no edge; networkx skips such lines.
  for (const [u, has] of joined.entries()) if (!has) lines.push(String(u));
  return `${lines.join('\n')}\n`;
}

/** Whether rows look like edges: two or three fields, and not a small square matrix. */
function looksLike(bytes: Uint8Array): boolean {
  const rows = firstRows(bytes, 4);
  if (!rows || rows.length === 0) return false;
  if (columnsOf(rows[0])) return true;
  const edges = rows.every((fields) => fields.length <= 3 || fields.at(-1)?.endsWith('}'));
  const named =
    rows.some((fields) => fields.length > 1) || !rows.every(([field]) => /^[01]{2,}$/.test(field));
  return edges && named && !isSmallMatrix(rows);
}

/**
 * Two rows of two, or three of three: a matrix where all is 0 or 1, or where the nodes' names would
 * be fractions.
 */
function isSmallMatrix(rows: readonly (readonly string[])[]): boolean {
  if (rows.length < 2 || rows.length > 3 || rows.some((fields) => fields.length !== rows.length))
    return false;
  return (
    rows.flat().every((field) => field === '0' || field === '1') ||
    rows.some((fields) =>
      fields.slice(0, 2).some((field) => numberOf(field) !== null && !/^[+-]?\d+$/.test(field)),
    )
  );
}

export const edgeListFormat: GraphFormat = {
  name: 'edge-list',
  extensions: ['.edgelist', '.edges', '.txt', '.csv', '.tsv'],
  meaning:
    'One edge a line: two nodes and perhaps a weight, separated by white space, commas, ' +
    'semicolons or tabs.',
  looksLike,
  read,
  write,
};
