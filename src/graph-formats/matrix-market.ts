import { must, printable, type UserError } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { requireListable } from './listing.js';
import { linesOf, numberOf } from './text.js';
import type { EdgeWeight, FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * Matrix Market (https://math.nist.gov/MatrixMarket/formats.html): a banner `%%MatrixMarket matrix
 * coordinate|array FIELD SYMMETRY`, comments behind %, the size, then an entry a line: row and
 * column from 1 with a number, or the numbers alone, column by column.
 */
interface Banner {
  readonly sparse: boolean;
  readonly pattern: boolean;
  readonly symmetric: boolean;
}

const BANNER = /^%%MatrixMarket\b/i;
const FIELDS = ['real', 'double', 'integer', 'unsigned-integer', 'pattern'];

function read(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const lines = linesOf(bytes);
  const banner = bannerOf(lines.next().value?.text ?? '');
  const collector = new GraphCollector(
    options,
    banner.symmetric ? 'undirected' : 'by-symmetry',
    (line) => `line ${line}`,
  );
  let body: ((fields: readonly string[], line: number) => void) | null = null;
  let state: Body | null = null;
  let last = 1;
  for (const { number, text } of lines) {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('%')) continue;
    const fields = trimmed.split(/\s+/);
    last = number;
    if (body === null) {
      const [size, listed] = sizeOf(fields, banner, number);
      collector.numbered(size);
      state = { banner, size, listed, seen: 0 };
      body = bodyOf(collector, state);
    } else body(fields, number);
  }
  if (state === null) throw wrong(last, 'the line of sizes is missing: the file is cut off');
  if (state.seen < state.listed)
    throw wrong(last, `${state.listed} entries should follow the sizes, got ${state.seen}`);
  return collector.finish();
}

/** What is being read: entries seen, and how many there must be. */
interface Body {
  readonly banner: Banner;
  readonly size: number;
  readonly listed: number;
  seen: number;
}

function bodyOf(
  collector: GraphCollector,
  state: Body,
): (fields: readonly string[], line: number) => void {
  const { banner, size, listed } = state;
  const add = (row: number, column: number, weight: number, line: number): void => {
    if (weight !== 0) collector.add(row, column, weight, line);
  };
  if (banner.sparse)
    return (fields, line) => {
      if (++state.seen > listed) throw wrong(line, `more than the ${listed} entries promised`);
      const width = banner.pattern ? 2 : 3;
      if (fields.length !== width)
        throw wrong(line, `an entry must have ${width} numbers, got ${fields.length}`);
      const [row, column] = [
        indexOf(must(fields[0]), size, line),
        indexOf(must(fields[1]), size, line),
      ];
      add(row, column, banner.pattern ? 1 : entryOf(must(fields[2]), line), line);
    };
  let [row, column] = [0, 0];
  return (fields, line) => {
    for (const field of fields) {
      if (++state.seen > listed) throw wrong(line, `more than the ${listed} entries promised`);
      add(row, column, entryOf(field, line), line);
      if (++row === size) row = banner.symmetric ? ++column : (column++, 0);
    }
  };
}

/** What the first line says; what is no graph is refused with the reason. */
function bannerOf(line: string): Banner {
  const [banner = '', object, format, field, symmetry] = line.trim().toLowerCase().split(/\s+/);
  if (!BANNER.test(banner))
    throw wrong(1, `the first line must begin with %%MatrixMarket, got "${printable(line)}"`);
  if (object !== 'matrix' || (format !== 'coordinate' && format !== 'array'))
    throw wrong(1, `a matrix in coordinate or array form is needed, got "${printable(line)}"`);
  if (field === 'complex' || symmetry === 'hermitian')
    throw readError(
      'line 1',
      'a graph has real weights, but this matrix is complex; save the absolute values',
    );
  if (symmetry === 'skew-symmetric')
    throw readError(
      'line 1',
      'a skew-symmetric matrix gives every edge u -> v the opposite weight of v -> u, which ' +
        'no graph here can hold; save the matrix as general with the weights that are meant',
    );
  if (!FIELDS.includes(field ?? '') || (format === 'array' && field === 'pattern'))
    throw wrong(1, `numbers must be real, integer or pattern, got "${printable(line)}"`);
  if (symmetry !== 'general' && symmetry !== 'symmetric')
    throw wrong(1, `the symmetry must be general or symmetric, got "${printable(line)}"`);
  return {
    sparse: format === 'coordinate',
    pattern: field === 'pattern',
    symmetric: symmetry === 'symmetric',
  };
}

/** The nodes, and the number of entries that follow. */
function sizeOf(
  fields: readonly string[],
  { sparse, symmetric }: Banner,
  line: number,
): [size: number, listed: number] {
  const numbers = fields.map((field) => (/^\d{1,15}$/.test(field) ? Number(field) : -1));
  const [rows = -1, columns = -1, entries = -1] = numbers;
  if (numbers.length !== (sparse ? 3 : 2) || numbers.includes(-1))
    throw wrong(
      line,
      `the sizes must be ${sparse ? 'rows, columns and entries' : 'rows and columns'}, got ` +
        `"${printable(fields.join(' '))}"`,
    );

  if (rows !== columns)
    throw readError(
      `line ${line}`,
      `an adjacency matrix must be square, got ${rows} rows and ${columns} columns; check ` +
        'which matrix it is',
    );
  return [rows, sparse ? entries : symmetric ? (rows * (rows + 1)) / 2 : rows * rows];
}

function indexOf(field: string, size: number, line: number): number {
  const index = /^\d{1,9}$/.test(field) ? Number(field) : 0;
  if (index >= 1 && index <= size) return index - 1;
  throw wrong(line, `an index must be a number from 1 to ${size}, got "${printable(field)}"`);
}

function entryOf(field: string, line: number): number {
  const number = numberOf(field);
  if (number !== null) return number;
  throw wrong(line, `an entry must be a number, got "${printable(field)}"`);
}

const wrong = (line: number, message: string): UserError =>
  readError(`line ${line}`, `${message}; repair the file or save it again`);

/** An undirected graph is written as the lower triangle, which is what symmetric files hold. */
function write(graph: Graph, _names?: readonly string[], weightOf?: EdgeWeight): string {
  requireListable(graph, 'a Matrix Market file');
  const { nodes, directed } = graph;
  const entries = edgeList(graph).map(
    ([u, v]) =>
      (directed ? `${u + 1} ${v + 1}` : `${v + 1} ${u + 1}`) +
      (weightOf === undefined ? '' : ` ${weightOf(u, v)}`),
  );
  const banner =
    `%%MatrixMarket matrix coordinate ${weightOf === undefined ? 'pattern' : 'real'} ` +
    (directed ? 'general' : 'symmetric');
  return `${[banner, `${nodes} ${nodes} ${entries.length}`, ...entries].join('\n')}\n`;
}

export const matrixMarketFormat: GraphFormat = {
  name: 'matrix-market',
  extensions: ['.mtx'],
  meaning: 'Matrix Market: SciPy, SuiteSparse, Network Repository; real, integer or pattern.',
  looksLike: (bytes) => BANNER.test(new TextDecoder().decode(bytes.subarray(0, 64))),
  read,
  write,
  writesWeights: true,
};
