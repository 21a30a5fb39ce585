import { must, printable } from '../core/errors.js';
import { hasBit } from '../graph/bits.js';
import { GraphCollector, readError } from './collect.js';
import { isEdgeHeader } from './edge-header.js';
import { noteOfSmall, requireClear, smallTable } from './small-square.js';
import { isMissing, isOddNumber, numberHint } from './table-words.js';
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

const [NEWLINE, ZERO, ONE] = [10, 48, 49];

/** How the rows of a matrix are laid out; known once its first row of numbers was seen. */
interface Layout {
  readonly size: number;
  readonly rowLabels: boolean;
  /** Names from a header line, or null. */
  readonly labels: readonly string[] | null;
  /** Whether rows and columns are named by different rules, so that names are not compared. */
  readonly unlike?: boolean;
}

/** Digits without separators, `0101...`, as a row of fields. */
function rowFields(line: TextLine, separator: Separator): string[] {
  const fields = fieldsOf(line, separator);
  const [first = ''] = fields;
  return fields.length === 1 && /^[01]{2,}$/.test(first) ? Array.from(first) : fields;
}

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const collector = new GraphCollector(options, 'by-symmetry', (line) => `line ${line}`);
  let separator: Separator | null = null;
  let header: string[] | null = null;
  let layout: Layout | null = null;
  let row = 0;
  let last = 1;
  for (const line of dataLinesOf(bytes)) {
    separator ??= separatorOf(line.text);
    const fields = rowFields(line, separator);
    if (!header && !layout && isHeader(fields)) {
      header = fields;
      continue;
    }
    if (!layout) {
      layout = layoutOf(fields, header, line);
      const inRows = layout.rowLabels ? rowNames(bytes, separator, header !== null) : null;
      layout = { ...layout, ...agreed(collector, layout.labels, inRows) };
      begin(collector, layout.labels ?? inRows, layout, line);
    }
    readRow(collector, layout, row++, fields, line);
    last = line.number;
  }
  if (!layout)
    throw readError(
      `line ${last}`,
      'a matrix must have at least one row, got none; write one row of numbers for each node',
    );
  if (row < layout.size)
    throw readError(
      `line ${last}`,
      `a matrix must be square, got ${layout.size} columns and ${row} rows; use ` +
        'format=edge-list if it is none',
    );
  const note = options.named || layout.labels !== null ? null : noteOfSmall(bytes, 'matrix');
  if (note !== null) collector.note(note);
  return collector.finish();
}

/**
 * Whether a first line holds names. Numbers alone are a row, and so is what has a number in its
 * corner or anywhere a number in an odd notation: no name looks like that.
 */
function isHeader(fields: readonly string[]): boolean {
  if (fields.some(isOddNumber)) return false;
  const [corner = ''] = fields;
  if (corner === '') return true;
  if (entryOf(corner) !== null) return false;
  return fields.length === 1 || fields.slice(1).some((field) => !isEntry(field));
}

/** The number of an entry; programs also write true and false. */
function entryOf(field: string): number | null {
  if (field === '0') return 0;
  if (field === '1') return 1;
  const number = numberOf(field);
  return number === null && /^(true|false)$/i.test(field) ? Number(/^t/i.test(field)) : number;
}

function isEntry(field: string): boolean {
  return entryOf(field) !== null || isMissing(field);
}

function layoutOf(
  fields: readonly string[],
  header: readonly string[] | null,
  line: TextLine,
): Layout {
  const [first = ''] = fields;
  const named = !isEntry(first) && !isOddNumber(first);
  const rowLabels =
    named || (header !== null && (header[0] === '' || header.length === fields.length - 1));
  const size = fields.length - (rowLabels ? 1 : 0);
  if (!header) return { size, rowLabels, labels: null };
  const corner = header.length - size;
  if (corner !== 0 && (corner !== 1 || !rowLabels))
    throw readError(
      `line ${line.number}`,
      `a matrix must have as many columns as its header has names, got ${header.length} ` +
        `names and ${size} columns; complete the header`,
    );
  return { size, rowLabels, labels: header.slice(corner) };
}

/** The first field of every row, behind a header where there is one. */
function rowNames(bytes: Uint8Array, separator: Separator, header: boolean): string[] {
  const names = Array.from(dataLinesOf(bytes), (line) => fieldsOf(line, separator)[0] ?? '');
  return header ? names.slice(1) : names;
}

/** Whether names only count, from 0 or from 1, behind a letter or word that programs put there. */
function isCount(names: readonly string[]): boolean {
  const [, word, first] = /^(|[VXC]|Var|Column|Unnamed: )([01])$/.exec(names[0] ?? '') ?? [];
  return word !== undefined && names.every((name, at) => name === `${word}${Number(first) + at}`);
}

/** R's `make.names`, which makes of a name one that can be a variable. */
const asVariable = (name: string): string =>
  name.replace(/[^\p{L}\p{N}.]/gu, '.').replace(/^(?=[\d.]\d|\d)/, 'X');

/**
 * The names where rows and columns have different ones by rule: where one side only counts, as R
 * and pandas number what has no names, those of the other side; where R spelled the columns in its
 * way, those of the rows.
 */
function agreed(
  collector: GraphCollector,
  columns: readonly string[] | null,
  rows: readonly string[] | null,
): Partial<Layout> {
  if (columns === null || rows === null || rows.length !== columns.length) return {};
  if (rows.every((name, at) => name === columns[at])) return {};
  if (isCount(rows)) {
    collector.note('rows are only counted, and the names of the nodes are those of the columns');
    return { unlike: true };
  }
  if (isCount(columns) || rows.every((name, at) => asVariable(name) === columns[at])) {
    collector.note(
      'the names of the nodes are those of the rows, which the columns only number or spell',
    );
    return { labels: rows, unlike: true };
  }
  return {};
}

/** Tells the collector the nodes. */
function begin(
  collector: GraphCollector,
  names: readonly string[] | null,
  layout: Layout,
  line: TextLine,
): void {
  if (!names) collector.numbered(layout.size);
  for (const [index, label] of (names ?? []).entries()) {
    if (collector.node(label) !== index)
      throw readError(
        `line ${line.number}`,
        `the names of a matrix's nodes must differ, got "${printable(label)}" twice; rename one`,
      );
  }
}

function readRow(
  collector: GraphCollector,
  layout: Layout,
  row: number,
  fields: readonly string[],
  line: TextLine,
): void {
  const place = `line ${line.number}`;
  const { size, rowLabels } = layout;
  const shift = rowLabels ? 1 : 0;
  if (row >= size)
    throw readError(
      place,
      `a matrix must be square, got ${size} columns and more than ${size} rows; ` +
        (row === size
          ? 'a header of numbers alone is read as a row: remove it'
          : 'remove what follows'),
    );
  if (fields.length !== size + shift)
    throw readError(
      place,
      `every row of this matrix must have ${size + shift} fields, got ${fields.length}; ` +
        'complete the row',
    );
  if (layout.labels && rowLabels && !layout.unlike && layout.labels[row] !== fields[0]) {
    throw readError(
      place,
      'rows and columns of a matrix must name the same nodes in the same order, got the ' +
        `row "${printable(fields[0] ?? '')}" and the column "${printable(layout.labels[row] ?? '')}"; ` +
        'sort both alike',
    );
  }
  for (let column = 0; column < size; column++) {
    const field = must(fields[column + shift]);
    const weight = entryOf(field);
    if (weight === null && (column !== row || !isMissing(field)))
      throw readError(
        place,
        `an entry of a matrix must be a number, got "${printable(field)}" in column ` +
          `${column + shift + 1}${numberHint(field) || '; write 0 for no edge'}` +
          (row === 0 && !layout.labels
            ? '; if this line names the nodes, begin it with an empty field'
            : ''),
      );
    if (weight !== null && weight !== 0) collector.add(row, column, weight, line.number);
  }
}

/** As bytes: a large matrix is longer than a string may be. */
function writeWith(separator: string): NonNullable<GraphFormat['write']> {
  return ({ nodes, words, rows }, _names, weightOf) => {
    if (weightOf !== undefined)
      return `${Array.from({ length: nodes }, (_, u) =>
        Array.from({ length: nodes }, (__, v) =>
          hasBit(rows, words, u, v) ? weightOf(u, v) : 0,
        ).join(separator),
      ).join('\n')}\n`;
    const bytes = new Uint8Array(2 * nodes * nodes).fill(ZERO);
    for (let u = 0; u < nodes; u++) {
      for (let v = 0; v < nodes; v++) {
        const at = 2 * (u * nodes + v);
        if (hasBit(rows, words, u, v)) bytes[at] = ONE;
        bytes[at + 1] = v === nodes - 1 ? NEWLINE : separator.charCodeAt(0);
      }
    }
    return bytes;
  };
}

/**
 * Whether the first rows have as many fields as each other, and the file as many rows as fields.
 * Throws a `UserError` where the rows are so few that they may as well be edges.
 */
function looksSquare(bytes: Uint8Array): boolean {
  const [first, second] = firstRows(bytes, 2) ?? [];
  if (!first || (second && !second.slice(1).every((field) => isEntry(field) || isOddNumber(field))))
    return false;
  const header = isHeader(first);
  const labelled = header && second && first[first.length - second.length + 1] === second[0];
  if (isEdgeHeader(first) && !labelled) return false;
  const columns = Math.max(widthOf(first), widthOf(second ?? first));
  let rows = 0;
  for (const lines = dataLinesOf(bytes); !lines.next().done;)
    if (++rows > columns + 1) return false;
  // With a header there may be one row more, with names one column more.
  if (Math.abs(rows - columns) > (first.every((field) => entryOf(field) !== null) ? 0 : 1))
    return false;
  if (labelled || first[0] === '') return true;
  const small = smallTable(bytes);
  requireClear(small);
  return small?.verdict !== 'edges';
}

function widthOf(fields: readonly string[]): number {
  const [first = ''] = fields;
  return fields.length === 1 && /^[01]{2,}$/.test(first) ? first.length : fields.length;
}

/** Whether the first row is longer than an edge, or digits alone. */
function looksWide(bytes: Uint8Array): boolean {
  const [first] = firstRows(bytes, 1) ?? [];
  return first !== undefined && !isEdgeHeader(first) && (widthOf(first) > 3 || looksSquare(bytes));
}

/** Matrices of numbers, one row a line; the three differ in what they write. */
export const matrixTextFormats: readonly GraphFormat[] = [
  {
    name: 'csv',
    extensions: ['.csv'],
    meaning:
      'Adjacency matrix, one row a line, separated by commas; a header line and column ' +
      'may name the nodes.',
    table: true,
    looksLike: looksSquare,
    read,
    write: writeWith(','),
    writesWeights: true,
  },
  {
    name: 'tsv',
    extensions: ['.tsv'],
    meaning: 'Adjacency matrix like csv, separated by tabs.',
    table: true,
    looksLike: looksSquare,
    read,
    write: writeWith('\t'),
    writesWeights: true,
  },
];

/** Reads what the others read. */
export const plainMatrixFormat: GraphFormat = {
  name: 'matrix',
  extensions: ['.matrix', '.adj', '.txt'],
  meaning:
    'Adjacency matrix like csv, separated by spaces; 0 and 1 may stand without separators: 0101.',
  table: true,
  looksLike: looksWide,
  read,
  write: writeWith(' '),
  writesWeights: true,
};
