import type { Document, LineCounter } from 'yaml';
import { UserError } from '../core/errors.js';
import { lineOf } from './yaml-lines.js';

/** A list of graph specs, one a line, that a spec names. */
export interface SpecList {
  /** Its own path, absolute, its name, and the directory it lies in. */
  readonly path: string;
  readonly name: string;
  readonly directory: string;
  readonly text: string;
}

/** How a spec reaches the files that it names; paths are relative to its own directory. */
export interface SpecFiles {
  /** The path as it reads from anywhere. */
  absolute(path: string): string;
  /** Throws a `UserError` where it cannot be read. */
  readList(path: string): SpecList;
}

/** A parsed document that can say on which line a path stands. */
export interface Source {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** What paths in graph specs are relative to; null leaves them as they are. */
  readonly directory: string | null;
  /** Null where there are no files, as in a browser. */
  readonly files: SpecFiles | null;
}

/** Runs a check and puts the place of `key` before the message of its `UserError`. */
export function at<T>(source: Source, key: readonly PropertyKey[], check: () => T): T {
  return atPlace(() => placeOf(source, key), check);
}

export function atPlace<T>(place: () => string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${place()}: ${error.message}`);
  }
}

/** A `UserError` whose message begins with the place of `key`. */
export function placed(source: Source, key: readonly PropertyKey[], message: string): UserError {
  return new UserError(`${placeOf(source, key)}: ${message}`);
}

/** `PATH:LINE` of what stands at `key`. */
export function placeOf(source: Source, key: readonly PropertyKey[]): string {
  return `${source.path}:${lineOf(source.document, source.lines, key)}`;
}
