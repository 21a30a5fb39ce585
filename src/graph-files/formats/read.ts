import { type FileOptions, parseGraph, type ParsedGraph } from '../../graph-formats/parse.js';
import { readBytes } from '../../platform/fs.js';
import { sha256Hex } from '../../platform/hash.js';
import './register.js';

/** A graph with the file it came from. */
export interface GraphFile extends ParsedGraph {
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
  return { ...parseGraph(path, bytes, options), sha256: checksumOf(bytes) };
}

/** The same from the disk. */
export function readGraphFile(path: string, options: FileOptions = {}): GraphFile {
  return parseGraphFile(path, readBytes(path), options);
}

/** First 16 hexadecimal digits of the SHA-256: enough to notice any change. */
export function checksumOf(bytes: Uint8Array): string {
  return sha256Hex(bytes).slice(0, 16);
}
