import { printable, type UserError } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { noteOfIsolated, EdgeDoubts } from './edge-doubts.js';
import {
  columnsOf,
  type EdgeColumns,
  isEdgeHeader,
  isNoMatrix,
  isOverNumbers,
} from './edge-header.js';
import { requireListable } from './listing.js';
import { noteOfSmall, requireClear, smallTable } from './small-square.js';
import { isOddNumber, numberHint } from './table-words.js';
import {
  dataLinesOf,
  fieldsOf,
  firstRows,
  numberOf,
  type Separator,
  separatorOf,
  type TextLine,
} from './text.js';
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';

const WEIGHT = /'weight'\s*:\s*([^,\s]+)/;

/** Rows that are looked at to tell what the columns are. */
const LOOKED_AT = 50;

interface EdgeLine {
  readonly from: string;
  /** Absent: a node without edges. */
  readonly to: string | undefined;
  readonly weight: number;
}

/** A table of edges: how it is laid out, and how strictly it is read. */
interface Table {
  readonly separator: Separator;
  readonly columns: EdgeColumns;
  readonly options: ReadOptions;
}

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const collector = new GraphCollector(
    options,
    options.directed === true ? 'directed' : 'undirected',
    (line) => `line ${line}`,
  );
  const seen = new EdgeDoubts();
  let table: Table | null = null;
  for (const line of dataLinesOf(bytes)) {
    if (table === null) {
      const separator = separatorOf(splitAttributes(line.text).text);
      table = { separator, columns: columnsOf(lookedAt(bytes, separator), options), options };
      for (const note of table.columns.notes) collector.note(note);
      if (table.columns.header) continue;
    }
    const edge = edgeOf(line, table);
    const u = collector.node(edge.from);
    const v = edge.to === undefined ? null : collector.node(edge.to);
    seen.add(v === null ? [u] : [u, v], line.number, edge.weight);
    if (v !== null) collector.add(u, v, edge.weight, line.number);
  }
  const found = collector.finish();
  if (!options.named) seen.check(found.labels);
  return { ...found, notes: [...found.notes, ...doubts(bytes, table, seen, found.labels)] };
}

/** What else the lines may have been, where nothing in the file decides it. */
function doubts(
  bytes: Uint8Array,
  table: Table | null,
  seen: EdgeDoubts,
  labels: readonly string[],
): string[] {
  if (table === null) return [];
  const { options, columns } = table;
  const known = options.named || isEdgeHeader(lookedAt(bytes, table.separator)[0] ?? []);
  return [
    known ? null : noteOfSmall(bytes, 'edges'),
    noteOfIsolated(bytes, labels.length),
    columns.header ? null : seen.lonelyFirst(labels),
    known || columns.header ? null : seen.neighbours(labels),
  ].filter((note) => note !== null);
}

/** The first rows, as far as they can be split; what is wrong with one is told when it is read. */
function lookedAt(bytes: Uint8Array, separator: Separator): string[][] {
  const rows: string[][] = [];
  for (const line of dataLinesOf(bytes)) {
    const text = splitAttributes(line.text).text;
    try {
      rows.push(fieldsOf({ ...line, text }, separator));
    } catch {
      break;
    }
    if (rows.length >= LOOKED_AT) break;
  }
  return rows;
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

function edgeOf(line: TextLine, { separator, columns, options }: Table): EdgeLine {
  const { text, attributes } = splitAttributes(line.text);
  const fields = fieldsOf({ ...line, text }, separator);
  const place = `line ${line.number}`;
  checkWidth(fields, columns, line, options);
  if (!options.named) checkWords(fields, separator, { ...line, text });
  const [only] = fields;
  const [from = '', to] =
    fields.length === 1 ? [only] : [fields[columns.source], fields[columns.target] ?? ''];
  if (from === '' || to === '')
    throw readError(
      place,
      `a node must have a name, got "${printable(line.text)}"; write two nodes on the ` +
        'line, or one that has no edge',
    );
  if (options.directed === null && /^directed$/i.test(fields[columns.type] ?? ''))
    throw readError(
      place,
      'an edge list is undirected, but this edge is of type Directed; add directed=true ' +
        'or directed=false',
    );
  const written = attributes === null ? fields[columns.weight] : WEIGHT.exec(attributes)?.[1];
  const weight = written === undefined ? 1 : numberOf(written);
  if (weight === null) throw badWeight(place, written ?? '', columns);
  return { from, to, weight };
}

function badWeight(
  place: string,
  written: string,
  { header, width, weight }: EdgeColumns,
): UserError {
  const remedy = header
    ? 'change it, or name another column with weight=COLUMN'
    : `the ${width === 3 && weight === 2 ? 'third column' : `column ${weight + 1}`} is the weight: ` +
      'name the columns source, target and weight in a first line, or add weight=COLUMN';
  return readError(
    place,
    `a weight must be a number, got "${printable(written)}"${numberHint(written)}; ${remedy}`,
  );
}

/**
 * A row may hold a node alone; else it has as many fields as the first one, or two or three where
 * the format was named.
 */
function checkWidth(
  fields: readonly string[],
  columns: EdgeColumns,
  line: TextLine,
  options: ReadOptions,
): void {
  const { header, width } = columns;
  const place = `line ${line.number}`;
  if (fields.length === 1) return;
  const said = options.source ?? options.target ?? options.weight;
  if (!header && said === null && fields.length > 3)
    throw readError(
      place,
      `an edge must be written as two nodes and perhaps a weight, got ${fields.length} ` +
        `fields in "${printable(line.text)}"; name the columns source, target and weight ` +
        'in a first line or with source=1,target=2,weight=3, or use format=matrix or ' +
        'format=adjacency-list if it is such',
    );
  if (fields.length === width || (!header && said === null && (options.named || width < 2))) return;
  throw readError(
    place,
    header
      ? `every row must have the ${width} fields of the header, got ` +
          `${fields.length} in "${printable(line.text)}"; complete the row`
      : `every row must have the ${width} fields of the first one, got ${fields.length} in ` +
          `"${printable(line.text)}"; complete the row, or add format=adjacency-list if a ` +
          'line is a node with its neighbours, or format=edge-list',
  );
}

/** Brackets, arrows and tags by themselves, and ends of statements: the syntax of other formats. */
const SYNTAX = /^(?:[[\]{}()=*]+|<?-+>?|=>)$|[{;]$|^<[/!?]?\w|^\*[a-z]/i;

/** Throws where the words of a line are no names: signs of another format or another separator. */
function checkWords(fields: readonly string[], separator: Separator, line: TextLine): void {
  if (line.text.includes('"')) return;
  const place = `line ${line.number}`;
  const sign = separator === ' ' ? fields.find((field) => SYNTAX.test(field)) : undefined;
  if (sign !== undefined)
    throw readError(
      place,
      `this does not look like two nodes, since "${printable(sign)}" is no name; check the ` +
        'format, or add format=edge-list',
    );
  const others = separator === ' ' ? /[,;]/ : separator === ',' ? /[\t;]/ : /[\t,;]/;
  const odd = fields.find((field, at) =>
    fields.length === 1 ? /[\s,;]/.test(field) : at < 2 && others.test(field),
  );
  if (odd !== undefined)
    throw readError(
      place,
      `fields are separated by ${NAMES[separator]} in line 1, but here is ` +
        `"${printable(odd)}"; use one separator everywhere, or put the name in double quotes`,
    );
  const number = fields.slice(0, 2).find(isOddNumber);
  if (number !== undefined)
    throw readError(
      place,
      `a node is named "${printable(number)}", which is a number in a notation that is not ` +
        `read${numberHint(number)}, or put the name in double quotes`,
    );
  const missing = fields.slice(0, 2).find((field) => /^(?:nan|n\/a|na|null|<na>)$/i.test(field));
  if (missing !== undefined)
    throw readError(
      place,
      `a node is named "${printable(missing)}", which stands for a value that is missing; ` +
        'remove the line, put the name in double quotes, or add format=matrix if it is a matrix',
    );
}

const NAMES: Readonly<Record<Separator, string>> = {
  '\t': 'tabs',
  ',': 'commas',
  ';': 'semicolons',
  ' ': 'white space',
};

function write(graph: Graph, _names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'an edge list');
  const lines: string[] = [];
  const joined = new Uint8Array(graph.nodes);
  for (const [u, v] of edgeList(graph)) {
    lines.push(weightOf === undefined ? `${u} ${v}` : `${u} ${v} ${weightOf(u, v)}`);
    joined[u] = joined[v] = 1;
  }
  // A node on a line of its own has no edge; networkx skips such lines.
  for (const [u, has] of joined.entries()) if (!has) lines.push(String(u));
  return `${lines.join('\n')}\n`;
}

/** Whether rows look like edges: two or three fields, and not a small square matrix. */
function looksLike(bytes: Uint8Array): boolean {
  const rows = firstRows(bytes, 4);
  const [first] = rows ?? [];
  if (!rows || first === undefined) return false;
  if (isEdgeHeader(first) || (isOverNumbers(rows) && isNoMatrix(rows.slice(1)))) return true;
  const edges = rows.every((fields) => fields.length <= 3 || fields.at(-1)?.endsWith('}'));
  const named =
    rows.some((fields) => fields.length > 1) ||
    !rows.every(([field]) => /^[01]{2,}$/.test(field ?? ''));
  if (!edges || !named) return false;
  const small = smallTable(bytes);
  requireClear(small);
  return small?.verdict !== 'matrix';
}

export const edgeListFormat: GraphFormat = {
  name: 'edge-list',
  extensions: ['.edgelist', '.edges', '.txt', '.csv', '.tsv'],
  meaning:
    'One edge a line: two nodes and perhaps a weight, separated by white space, commas, ' +
    'semicolons or tabs.',
  takes: ['source', 'target', 'weight'],
  table: true,
  looksLike,
  read,
  write,
  writesWeights: true,
};
