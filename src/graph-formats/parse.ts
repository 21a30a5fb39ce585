import { printable, UserError } from '../core/errors.js';
import { readError } from './collect-error.js';
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

/** A graph with the name of the format that it was in. */
export interface ParsedGraph extends FoundGraph {
  readonly format: string;
}

/**
 * The graph in a file's bytes. `path` is for messages, which begin with it, and for its extension.
 *
 * @throws UserError that names the line, byte or element where the file is wrong
 */
export function parseGraph(
  path: string,
  bytes: Uint8Array,
  options: FileOptions = {},
): ParsedGraph {
  try {
    const format = readableFormat(options.format ?? detectFormat(path, bytes, options));
    requireTaken(format, options);
    const named = options.format !== undefined;
    const found = format.read(bytes, { ...defaultReadOptions, ...options, named });
    return { ...found, format: format.name };
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
