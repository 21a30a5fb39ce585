import { unknownName, UserError } from '../../core/errors.js';
import { binaryFormats } from './binary.js';
import { edgeListFormat } from './edge-list.js';
import { gexfFormat } from './gexf.js';
import { graph6Formats } from './graph6.js';
import { graphmlFormat } from './graphml.js';
import { graphologyFormat } from './graphology.js';
import { matrixTextFormats, plainMatrixFormat } from './matrix-text.js';
import { nodeLinkFormat } from './node-link.js';
import type { GraphFormat } from './types.js';

/**
 * Every format of graph files, in the order that help texts list them. Order also decides between
 * formats that share an extension: the first one writes it, and is asked first whether a file looks
 * like it. What is marked comes before tables, which nearly any text is.
 */
export const graphFormats: readonly GraphFormat[] = [
  ...binaryFormats,
  graphmlFormat,
  gexfFormat,
  nodeLinkFormat,
  graphologyFormat,
  ...graph6Formats,
  ...matrixTextFormats,
  edgeListFormat,
  plainMatrixFormat,
];

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

function hasExtension(format: GraphFormat, path: string): boolean {
  return format.extensions.some((extension) => path.toLowerCase().endsWith(extension));
}

/**
 * The name of the format that a file is in: the one of its extension; where several or none have
 * it, the first that looks like the file. Throws a `UserError` where none does.
 */
export function detectFormat(path: string, bytes: Uint8Array): string {
  const readable = graphFormats.filter(canRead);
  const named = readable.filter((format) => hasExtension(format, path));
  if (named.length === 1) return named[0].name;
  const candidates = named.length > 0 ? named : readable;
  const found = candidates.find((format) => format.looksLike?.(bytes)) ?? named[0];
  if (found) return found.name;
  throw new UserError(
    `cannot tell the format of the file; add format=NAME, one of ${names(readable).join(', ')}`,
  );
}
