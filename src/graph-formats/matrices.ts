import { must, printable, UserError } from '../core/errors.js';
import { GraphCollector, readError } from './collect.js';
import { byteOf, numberAt, type NumberRun } from './numbers.js';
import type { FoundGraph, ReadOptions } from './types.js';

/** A dense matrix of the most nodes as bytes, with its head: what a file of any size may unfold to. */
const BYTE_MATRIX = 410_000_000;

/** How many times its size a file may unfold to, beyond that: matrices of real weights take tenths. */
const UNFOLDS = 128;

/** Most bytes that the arrays of a compressed file of that size may unfold to. */
export function mostUnfolded(fileBytes: number): number {
  return Math.min(2 ** 30, Math.max(BYTE_MATRIX, UNFOLDS * fileBytes));
}

/** A matrix as files hold it, dense or sparse. */
export interface FileMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Words for where a number stands, from the `at` of `entries`. */
  readonly place: (at: number) => string;
  /**
   * Hands over every entry that is not 0. Throws a `UserError` where the file contradicts itself.
   */
  entries(use: (row: number, column: number, value: number, at: number) => void): void;
}

/** One array of a file. */
export interface FileVariable {
  readonly name: string;
  /** What it is, for messages: `3x4 double`, `struct`. */
  readonly what: string;
  /** Null where it is not a two-dimensional array of real numbers. */
  readonly matrix: FileMatrix | null;
}

/** A dense matrix of numbers that lie row by row or column by column. */
export function denseMatrix(
  rows: number,
  columns: number,
  order: 'by-row' | 'by-column',
  run: NumberRun,
  place: (at: number) => string,
): FileMatrix {
  return {
    rows,
    columns,
    place,
    entries: (use) => {
      const [outer, inner] = order === 'by-row' ? [rows, columns] : [columns, rows];
      for (let i = 0, index = 0; i < outer; i++) {
        for (let j = 0; j < inner; j++, index++) {
          const value = numberAt(run, index);
          if (value !== 0)
            use(order === 'by-row' ? i : j, order === 'by-row' ? j : i, value, byteOf(run, index));
        }
      }
    },
  };
}

/** The graph of a matrix: an edge u -> v for every entry of row u and column v that is not 0. */
export function graphOfMatrix(matrix: FileMatrix, options: ReadOptions): FoundGraph {
  const { rows, columns } = matrix;
  if (rows !== columns)
    throw readError(
      matrix.place(0),
      `an adjacency matrix must be square, got ${rows} rows and ${columns} columns; ` +
        'check which array it is',
    );
  const collector = new GraphCollector(options, 'by-symmetry', (at) => matrix.place(at));
  collector.numbered(rows);
  matrix.entries((row, column, value, at) => collector.add(row, column, value, at));
  return collector.finish();
}

/**
 * The graph of the array that `variable` names, or of the only square matrix among them. Throws a
 * `UserError` that lists the arrays where that is not clear.
 */
export function graphOfVariables(
  variables: readonly FileVariable[],
  options: ReadOptions,
): FoundGraph {
  return graphOfMatrix(chosenMatrix(variables, options.variable), options);
}

function chosenMatrix(variables: readonly FileVariable[], name: string | null): FileMatrix {
  if (name !== null) {
    const named = variables.find((variable) => variable.name === name);
    if (!named) throw wholeFile(`there is no array "${printable(name)}"; ${listed(variables)}`);
    if (!named.matrix)
      throw wholeFile(
        `the array "${printable(name)}" must be a matrix of real numbers, got ` +
          `${named.what}; ${listed(variables)}`,
      );
    return named.matrix;
  }
  const square = variables.filter(({ matrix }) => matrix && matrix.rows === matrix.columns);
  const [only] = square;
  if (square.length === 1 && only?.matrix) return only.matrix;
  if (square.length === 0)
    throw wholeFile(`a square matrix of real numbers is needed; ${listed(variables)}`);
  throw wholeFile(
    `there are ${square.length} square matrices, ${namesOf(square)}; add ` +
      `variable=${printable(only?.name ?? '')} or another name`,
  );
}

const wholeFile = (message: string): UserError => readError('whole file', message);

/** Names that messages list; files may hold thousands. */
const LISTED = 20;

function namesOf(variables: readonly FileVariable[]): string {
  const more = variables.length > LISTED ? `, and ${variables.length - LISTED} more` : '';
  return (
    variables
      .slice(0, LISTED)
      .map(({ name }) => printable(name))
      .join(', ') + more
  );
}

function listed(variables: readonly FileVariable[]): string {
  if (variables.length === 0) return 'the file holds no arrays';
  const more = variables.length > LISTED ? `, and ${variables.length - LISTED} more` : '';
  return `the file holds ${variables
    .slice(0, LISTED)
    .map(({ name, what }) => `${printable(name)} (${what})`)
    .join(', ')}${more}`;
}

/** The adjacency of a graph as bytes 0 and 1, row by row or column by column. */
export function adjacencyBytes(
  graph: { readonly nodes: number; readonly offsets: Int32Array; readonly targets: Int32Array },
  order: 'by-row' | 'by-column',
): Uint8Array {
  const { nodes, offsets, targets } = graph;
  const bytes = new Uint8Array(nodes * nodes);
  for (let u = 0; u < nodes; u++) {
    for (let at = must(offsets[u]); at < must(offsets[u + 1]); at++)
      bytes[order === 'by-row' ? u * nodes + must(targets[at]) : must(targets[at]) * nodes + u] = 1;
  }
  return bytes;
}
