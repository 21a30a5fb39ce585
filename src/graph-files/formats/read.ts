import { printable, UserError } from '../../core/errors.js';
import { readBytes } from '../../platform/fs.js';
import { sha256Hex } from '../../platform/hash.js';
import { readError } from './collect.js';
import { detectFormat, readableFormat } from './registry.js';
import {
  defaultReadOptions,
  type FoundGraph,
  type GraphFormat,
  type ReadOptions,
} from './types.js';

/** How a file is read, and as what. */
export interface FileOptions extends Partial<ReadOptions> {
  /** Name of the format; left out: by the extension, then by the contents. */
  readonly format?: string | undefined;
}

/** A graph with the file it came from. */
export interface GraphFile extends FoundGraph {
  readonly format: string;
  /** First 16 hexadecimal digits of the file's SHA-256. */
  readonly sha256: string;
}

/**
 * The graph in a file's bytes. `path` is for messages, which begin with it, and for its extension.
 *
 * @throws UserError that names the line, byte or element where the file is wrong
 */
export function parseGraphFile(
  path: string,
  bytes: Uint8Array,
  options: FileOptions = {},
): GraphFile {
  try {
    const format = readableFormat(options.format ?? detectFormat(path, bytes, options));
    requireTaken(format, options);
    const named = options.format !== undefined;
    const found = format.read(bytes, { ...defaultReadOptions, ...options, named });
    return { ...found, format: format.name, sha256: checksumOf(bytes) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${printable(path)}, ${error.message}`, { cause: error });
  }
}

/** Throws a `UserError` for an option that means nothing in a format. */
function requireTaken({ name, takes = [] }: GraphFormat, options: FileOptions): void {
  for (const option of ['source', 'target', 'weight'] as const) {
    const value = options[option];
    if (value !== undefined && value !== null && !takes.includes(option))
      throw readError(
        'whole file',
        `${option}=${printable(value)} names ` +
          (option === 'weight'
            ? 'a column or an attribute of edges'
            : 'a column of a list of edges') +
          `, and the format ${name} has none; leave it out, or name the format with format=NAME`,
      );
  }
}

/** The same from the disk. */
export function readGraphFile(path: string, options: FileOptions = {}): GraphFile {
  return parseGraphFile(path, readBytes(path), options);
}

/** First 16 hexadecimal digits of the SHA-256: enough to notice any change. */
export function checksumOf(bytes: Uint8Array): string {
  return sha256Hex(bytes).slice(0, 16);
}
