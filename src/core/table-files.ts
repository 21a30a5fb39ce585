import { type DecodedArray, parquetMetadata, parquetRead, parquetSchema } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { invariant, messageOf, printable, UserError } from './errors.js';

/**
 * One column of a table. `null` is an absent value. `integer` means 32 bits with a sign. Typed
 * arrays have no absent values, and a Parquet file then says so (`required`); plain arrays become
 * `optional` columns.
 */
export type TableColumn =
  | {
      readonly name: string;
      readonly type: 'integer';
      readonly values: Int32Array | readonly (number | null)[];
    }
  | {
      readonly name: string;
      readonly type: 'real';
      readonly values: Float64Array | readonly (number | null)[];
    }
  | { readonly name: string; readonly type: 'text'; readonly values: readonly (string | null)[] };

/** A cell that was read back. */
export type TableCell = string | number | boolean | bigint | null;

/**
 * Rows that are turned into text at a time: bounds the memory, and no string comes near the longest
 * one there can be.
 */
const ROWS_AT_A_TIME = 16_384;

/**
 * The table as CSV (RFC 4180 but with plain line feeds), UTF-8, one header line. Numbers are
 * written in the shortest form that reads back as the same 64-bit number; absent values are empty;
 * text is quoted where it has to be.
 */
export function writeCsv(columns: readonly TableColumn[]): Uint8Array {
  const rows = rowsOf(columns);
  const encoder = new TextEncoder();
  const chunks = [encoder.encode(`${columns.map((column) => csvText(column.name)).join(',')}\n`)];
  const cells = columns.map(cellWriter);
  for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
    let text = '';
    const to = Math.min(rows, from + ROWS_AT_A_TIME);
    for (let row = from; row < to; row++) {
      cells.forEach((cell, at) => (text += (at === 0 ? '' : ',') + cell(row)));
      text += '\n';
    }
    chunks.push(encoder.encode(text));
  }
  return joinBytes(chunks);
}

/**
 * The table as an Apache Parquet file: columns of INT32, DOUBLE and UTF8, pages compressed with
 * Snappy, 100,000 rows in a group (the first one shorter, for quick previews).
 */
export function writeParquet(columns: readonly TableColumn[]): Uint8Array {
  rowsOf(columns);
  const types = { integer: 'INT32', real: 'DOUBLE', text: 'STRING' } as const;
  const columnData = columns.map(({ name, type, values }) => ({
    name,
    type: types[type],
    nullable: Array.isArray(values),
    data: decodedArray(values),
    // A dictionary of values would take the two zeros for one.
    ...(type === 'real' &&
      values.some((value) => Object.is(value, -0)) && { encoding: 'PLAIN' as const }),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'plexus' }));
}

/** The writer's type wants arrays that may be written to; it only slices them. */
function decodedArray(values: TableColumn['values']): DecodedArray {
  return values instanceof Float64Array || values instanceof Int32Array ? values : [...values];
}

/**
 * The columns of a Parquet file by name, in the file's order. Any file without nested columns,
 * uncompressed or compressed with Snappy. Throws a `UserError` that says what is wrong with other
 * bytes.
 */
export async function readParquet(
  bytes: Uint8Array,
): Promise<ReadonlyMap<string, readonly TableCell[]>> {
  const buffer = new Uint8Array(bytes).buffer;
  const chunks = new Map<string, { readonly from: number; readonly data: DecodedArray }[]>();
  try {
    const metadata = parquetMetadata(buffer);
    for (const { element } of parquetSchema(metadata).children) chunks.set(element.name, []);
    const onChunk = (chunk: {
      columnName: string;
      columnData: DecodedArray;
      rowStart: number;
    }): void => {
      chunks.get(chunk.columnName)?.push({ from: chunk.rowStart, data: chunk.columnData });
    };
    await parquetRead({
      file: { byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) },
      metadata,
      onChunk,
    });
  } catch (error) {
    throw new UserError(
      'the table is not a Parquet file that can be read here: ' +
        `${printable(messageOf(error))}; write it anew`,
      { cause: error },
    );
  }
  return new Map(
    [...chunks].map(([name, parts]) => [
      name,
      parts.sort((a, b) => a.from - b.from).flatMap(({ data }) => Array.from(data, cellOf)),
    ]),
  );
}

function cellOf(value: unknown): TableCell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      return value === null || value === undefined ? null : JSON.stringify(value);
  }
}

/** Number of rows; our own mistake where columns differ in length or two have one name. */
function rowsOf(columns: readonly TableColumn[]): number {
  const [first] = columns;
  invariant(first !== undefined, 'a table must have at least one column');
  for (const { name, type, values } of columns) {
    invariant(
      values.length === first.values.length,
      `column ${name} has ${values.length} rows, ${first.name} has ${first.values.length}`,
    );
    if (type === 'integer' && Array.isArray(values)) {
      for (const value of values)
        invariant(
          value === null || value === (value | 0),
          `column ${name} must hold 32-bit integers, got ${value}`,
        );
    }
  }
  invariant(
    new Set(columns.map(({ name }) => name)).size === columns.length,
    'the columns of a table must have different names',
  );
  return first.values.length;
}

function cellWriter(column: TableColumn): (row: number) => string {
  if (column.type === 'text') return (row) => csvText(column.values[row] ?? '');
  const { values } = column;
  return (row) => csvNumber(values[row] ?? null);
}

/**
 * The shortest decimal form, as JavaScript and Python write it; only minus zero would lose its
 * sign.
 */
function csvNumber(value: number | null): string {
  if (value === null) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}

function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
