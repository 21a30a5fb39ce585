import { csvParseRows, tsvParseRows } from 'd3-dsv';
import { must, printable, UserError } from '../core/errors.js';
import { wholeText } from '../graph-formats/text.js';
import type { ArraySplit } from './dataset.js';

/** Names of the column that holds classes, in lower case. */
const LABEL_COLUMNS: readonly string[] = ['label', 'class', 'target', 'species', 'y'];

/** A table of numbers with a class for each row. */
export interface LabelledTable {
  readonly path: string;
  /** Classes as they stand in the rows. */
  readonly labels: readonly string[];
  /** The other columns, row after row. */
  readonly values: readonly Float64Array[];
  /** Names of the other columns. */
  readonly columns: readonly string[];
}

/**
 * Reads a table with a head and a column of classes; the others are numbers.
 *
 * Throws a `UserError` naming file and row where it is none.
 */
export function parseTable(path: string, bytes: Uint8Array): LabelledTable {
  const text = wholeText(bytes).trimEnd();
  const rows = /^[^\n]*\t/.test(text) ? tsvParseRows(text) : csvParseRows(text);
  const [head = [], ...body] = rows;
  const names = head.map((name) => name.trim());
  const at = names.findIndex((name) => LABEL_COLUMNS.includes(name.toLowerCase()));
  if (at < 0)
    throw new UserError(
      `${path}: one column of the head must be called ${LABEL_COLUMNS.join(', ')}, got ` +
        `${printable(names.slice(0, 8).join(', '))}; name the column of classes so`,
    );
  if (body.length === 0)
    throw new UserError(`${path}: there must be rows below the head, got none; add some`);
  const columns = names.filter((_, column) => column !== at);
  if (columns.length === 0)
    throw new UserError(`${path}: there must be a column beside the classes, got none; add some`);
  const values = body.map((row, index) => {
    if (row.length !== names.length)
      throw new UserError(
        `${path}, row ${index + 2}: a row must have ${names.length} columns as the head, got ` +
          `${row.length}; complete it`,
      );
    return Float64Array.from(
      row.filter((_, column) => column !== at),
      (word, column) =>
        numberIn(word, `${path}, row ${index + 2}, column ${printable(must(columns[column]))}`),
    );
  });
  return { path, columns, values, labels: body.map((row) => must(row[at]).trim()) };
}

function numberIn(word: string, where: string): number {
  const value = word.trim() === '' ? NaN : Number(word);
  if (Number.isFinite(value)) return value;
  throw new UserError(
    `${where}: a value must be a number, got "${printable(word)}"; fill it in, or leave the ` +
      'column out',
  );
}

/** Tables as splits, with what their classes are called and what was done to their numbers. */
export interface TableSplits {
  readonly train: ArraySplit;
  readonly test: ArraySplit;
  readonly classes: readonly string[];
  readonly note: string;
}

/** Of one table every so-manieth row is tested on. */
const EVERY = 5;

/**
 * Training and test split of one table, whose every fifth row is for the test, or of two. Columns
 * of bytes stay as they are; others are scaled, each from its least to its largest training value,
 * to 0 to 255. Rows of squares of bytes are grey pictures, other rows a line of pixels.
 */
export function tableSplits(trainTable: LabelledTable, testTable?: LabelledTable): TableSplits {
  const test = testTable ?? partOf(trainTable, (index) => index % EVERY === EVERY - 1);
  const train = testTable ? trainTable : partOf(trainTable, (index) => index % EVERY < EVERY - 1);
  if (test.columns.length !== train.columns.length)
    throw new UserError(
      `both tables must have the same columns, got ${train.columns.length} numbers a row in ` +
        `${train.path} and ${test.columns.length} in ${test.path}; save them alike`,
    );
  const classes = classesOf([...train.labels, ...test.labels]);
  const bytes = [train, test].every(({ values }) => values.every((row) => row.every(isByte)));
  const scale = bytes ? (value: number): number => value : scaling(train.values);
  const side = Math.sqrt(train.columns.length);
  const picture = bytes && Number.isInteger(side) && side > 1;
  const shape = picture
    ? { channels: 1, height: side, width: side }
    : { channels: 1, height: 1, width: train.columns.length };
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const split = ({ path, labels, values }: LabelledTable): ArraySplit => ({
    count: values.length,
    shape,
    where: path,
    labels: labels.map((label) => must(numbers.get(label))),
    writeImages: (target, count) => {
      let to = 0;
      for (const row of values.slice(0, count))
        for (const [column, value] of row.entries()) target[to++] = scale(value, column);
    },
  });
  const held = testTable ? '' : '; every fifth row is for the test';
  const kind = picture ? `pictures of ${side} x ${side}` : `${train.columns.length} numbers a row`;
  return {
    train: split(train),
    test: split(test),
    classes,
    note: `${kind}${bytes ? '' : ', each column scaled to bytes'}${held}`,
  };
}

function partOf(table: LabelledTable, wanted: (index: number) => boolean): LabelledTable {
  return {
    ...table,
    labels: table.labels.filter((_, index) => wanted(index)),
    values: table.values.filter((_, index) => wanted(index)),
  };
}

/** Numbers in their order, other names by the alphabet. */
function classesOf(labels: readonly string[]): string[] {
  const names = [...new Set(labels)];
  const numeric = names.every((name) => name !== '' && Number.isFinite(Number(name)));
  return names.sort(numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1));
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}

/** Takes each column from its least and largest value to 0 and 255; beyond them it stays there. */
function scaling(rows: readonly Float64Array[]): (value: number, column: number) => number {
  const ranges = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => {
    let [least, most] = [Infinity, -Infinity];
    for (const row of rows) {
      least = Math.min(least, must(row[column]));
      most = Math.max(most, must(row[column]));
    }
    return { least, span: most - least || 1 };
  });
  return (value, column) => {
    const { least, span } = must(ranges[column]);
    return Math.min(255, Math.max(0, Math.round((255 * (value - least)) / span)));
  };
}
