import { must, unknownName, UserError } from '../core/errors.js';
import { adjacencyListFormat } from './adjacency-list.js';
import { readError } from './collect-error.js';
import { edgeListFormat } from './edge-list.js';
import { foreignContents, foreignExtension } from './foreign.js';
import { gexfFormat } from './gexf.js';
import { gmlFormat } from './gml.js';
import { graph6Formats } from './graph6.js';
import { graphmlFormat } from './graphml.js';
import { graphologyFormat } from './graphology.js';
import { matrixMarketFormat } from './matrix-market.js';
import { matrixTextFormats, plainMatrixFormat } from './matrix-text.js';
import { nodeLinkFormat } from './node-link.js';
import { npyFormat } from './npy.js';
import { pajekFormat } from './pajek.js';
import type { GraphFormat, ReadOptions } from './types.js';

/** Formats of other programs' arrays, which come first. Node adds those that it can unfold. */
const arrays: GraphFormat[] = [npyFormat];

const texts: readonly GraphFormat[] = [
  graphmlFormat,
  gexfFormat,
  gmlFormat,
  pajekFormat,
  matrixMarketFormat,
  nodeLinkFormat,
  graphologyFormat,
  ...graph6Formats,
  ...matrixTextFormats,
  edgeListFormat,
  plainMatrixFormat,
  adjacencyListFormat,
];

const known: GraphFormat[] = [...arrays, ...texts];

/**
 * Every format of graph files that is known here, in the order that help texts list them. Order also
 * decides between formats that share an extension: the first one writes it, and is asked first
 * whether a file looks like it. What is marked comes before tables, which nearly any text is.
 */
export const graphFormats: readonly GraphFormat[] = known;

/**
 * Makes a format of arrays known, such as one that needs Node to be unfolded, after those there are.
 * Registering it again changes nothing.
 */
export function registerArrayFormat(format: GraphFormat): void {
  if (arrays.includes(format)) return;
  known.splice(arrays.length, 0, format);
  arrays.push(format);
}

const names = (formats: readonly GraphFormat[]): string[] => formats.map(({ name }) => name);

/** The format of that name; throws a `UserError` that lists the valid names. */
export function graphFormat(name: string): GraphFormat {
  const found = graphFormats.find((candidate) => candidate.name === name);
  if (!found) throw unknownName('graph format', name, names(graphFormats));
  return found;
}

/** The format of that name, which must be one that can be read. */
export function readableFormat(name: string): GraphFormat & Required<Pick<GraphFormat, 'read'>> {
  const format = graphFormat(name);
  if (canRead(format)) return format;
  throw new UserError(
    `graphs can be written as ${name}, but not read; formats that can be read: ` +
      names(graphFormats.filter(canRead)).join(', '),
  );
}

/** The format of that name, which must be one that can be written. */
export function writableFormat(name: string): GraphFormat & Required<Pick<GraphFormat, 'write'>> {
  const format = graphFormat(name);
  if (canWrite(format)) return format;
  throw new UserError(
    `graphs can be read from ${name}, but not written; formats that can be written: ` +
      names(graphFormats.filter(canWrite)).join(', '),
  );
}

/** Whether files of the format can be read. */
export function canRead(
  format: GraphFormat,
): format is GraphFormat & Required<Pick<GraphFormat, 'read'>> {
  return format.read !== undefined;
}

/** Whether files of the format can be written. */
export function canWrite(
  format: GraphFormat,
): format is GraphFormat & Required<Pick<GraphFormat, 'write'>> {
  return format.write !== undefined;
}

/**
 * The name of the format that a file of that path is written in, or null where its extension says
 * nothing.
 */
export function formatOfPath(path: string): string | null {
  return (
    graphFormats.find((format) => canWrite(format) && hasExtension(format, path))?.name ?? null
  );
}

/** Whether a path has the ending of a format of graphs, also of one that is only known by name. */
export function isGraphEnding(path: string): boolean {
  return (
    graphFormats.some((format) => hasExtension(format, path)) || foreignExtension(path) !== null
  );
}

function hasExtension(format: GraphFormat, path: string): boolean {
  return format.extensions.some((extension) => path.toLowerCase().endsWith(extension));
}

/**
 * The name of the format that a file is in: the one of its extension; where several or none have
 * it, or it is that of a table, the first that looks like the file. Throws a `UserError` where none
 * does, and for contents and extensions of formats that are known and not read.
 */
export function detectFormat(
  path: string,
  bytes: Uint8Array,
  options: Partial<ReadOptions> = {},
): string {
  const readable = graphFormats.filter(canRead);
  const named = readable.filter((format) => hasExtension(format, path));
  const looking = (formats: readonly GraphFormat[]): GraphFormat | undefined =>
    formats.find((format) => format.looksLike?.(bytes));
  if (named.some(({ table }) => !table)) {
    const [first] = named;
    return must(named.length === 1 ? first : (looking(named) ?? first)).name;
  }
  // The family of graph6 has too few marks to be looked for in what is called a table.
  const marked = readable.filter(
    ({ table, name }) => !table && (named.length === 0 || !name.endsWith('6')),
  );
  const byMark = looking(marked);
  if (byMark) return byMark.name;
  const refused = (named.length === 0 ? foreignExtension(path) : null) ?? foreignContents(bytes);
  if (refused) throw refused;
  const tables = named.length > 0 ? named : readable.filter(({ table }) => table);
  const asked = Object.entries(options).some(
    ([name, value]) =>
      value !== null && (name === 'source' || name === 'target' || name === 'weight'),
  );
  if (asked) requireNoSquare(bytes, options);
  const found =
    (asked ? tables.find(({ takes }) => takes?.includes('source')) : looking(tables)) ?? named[0];
  if (found) return found.name;
  throw new UserError(
    'cannot tell the format of the file: it is not a list of edges, line by line, nor a square ' +
      `matrix; add format=NAME, one of ${names(readable).join(', ')}`,
  );
}

/**
 * Columns are asked for in a table of edges, which a square of numbers need not be. Throws where the
 * file is one and does not name them.
 */
function requireNoSquare(bytes: Uint8Array, { source, target }: Partial<ReadOptions>): void {
  const [matrix] = matrixTextFormats;
  if (typeof source === 'string' && typeof target === 'string') return;
  if (matrix?.looksLike?.(bytes) === true)
    throw readError(
      'whole file',
      'the file looks like a square matrix, in which source=, target= and weight= mean nothing; ' +
        'leave them out, or add format=edge-list if its lines are edges',
    );
}
