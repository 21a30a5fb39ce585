import { visit } from 'jsonc-parser';
import { messageOf, printable, UserError } from '../core/errors.js';
import { readError } from './collect.js';
import { numberOf, wholeText } from './text.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a text begins like an object of JSON: what does not need not be parsed to be told apart. */
export function beginsObject(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096)).trimStart();
  return start.startsWith('{') || start === '';
}

/** What was parsed, as long as the bytes of its file are held. */
const parsed = new WeakMap<Uint8Array, unknown>();

/** The faults of files that are no JSON, so that none is parsed twice. */
const failed = new WeakMap<Uint8Array, UserError>();

/**
 * A file's JSON value. Throws a `UserError` that names the line where it is none (not in lists
 * nested thousands deep).
 */
export function parseJson(bytes: Uint8Array): unknown {
  // A file is looked at by several formats before one of them reads it.
  if (parsed.has(bytes)) return parsed.get(bytes);
  const known = failed.get(bytes);
  if (known !== undefined) throw known;
  try {
    // On the bytes, so that no second copy is made of what is refused.
    requireNesting(bytes);
    const value = valueOf(wholeText(bytes));
    parsed.set(bytes, value);
    return value;
  } catch (error) {
    if (error instanceof UserError) failed.set(bytes, error);
    throw error;
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw readError(
      placeOfFault(text),
      `not valid JSON: ${printable(messageOf(error))}; repair the file, which may be cut off`,
    );
  }
}

/** Ends a visit at the first fault. */
class Fault extends Error {
  /** @param line from 0 */
  constructor(readonly line: number) {
    super();
  }
}

/** Deeper nesting than any graph file has. */
const MAX_DEPTH = 1000;

/**
 * Throws where lists and objects are nested so deep that parsing them alone takes gigabytes, and
 * where those of a large file are never closed: short ones get the parser's own words.
 */
function requireNesting(bytes: Uint8Array): void {
  let depth = 0;
  let line = 1;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === NEWLINE) line++;
    else if (quoted && code === BACKSLASH) at++;
    else if (code === QUOTE) quoted = !quoted;
    else if (!quoted && (code === OPEN_LIST || code === OPEN_OBJECT)) depth++;
    else if (!quoted && (code === CLOSE_LIST || code === CLOSE_OBJECT)) depth--;
    if (depth > MAX_DEPTH)
      throw readError(
        `line ${line}`,
        `lists and objects may be nested ${MAX_DEPTH} deep, got more; check the format`,
      );
  }
  if (bytes.length > MOST_VISITED && (depth > 0 || quoted))
    throw readError(
      `line ${line}`,
      'not valid JSON: the file ends within ' +
        `${quoted ? 'a text' : `${depth} lists or objects that are not closed`}; repair the file, ` +
        'which may be cut off',
    );
}

const [NEWLINE, QUOTE, BACKSLASH] = [10, 34, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Longer texts are not looked through again for the line of a fault. */
const MOST_VISITED = 2 ** 24;

/**
 * Where a text that is not JSON has its first fault. Engines' own messages tell it only sometimes.
 */
function placeOfFault(text: string): string {
  // The visitor makes an object of every token.
  if (text.length > MOST_VISITED) return 'whole file';
  const onError = (_error: number, _offset: number, _length: number, line: number): never => {
    throw new Fault(line);
  };
  try {
    visit(text, { onError }, { disallowComments: true });
  } catch (error) {
    if (error instanceof Fault) return `line ${error.line + 1}`;
    // The visitor calls itself for every list in a list.
    if (!(error instanceof RangeError)) throw error;
  }
  return 'whole file';
}

/** The value as an object; throws a `UserError` that names `place`. */
export function objectAt(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject;
  throw readError(place, `an object is expected here, got ${shown(value)}; check the format`);
}

/** The value as an array; throws a `UserError` that names `place`. */
export function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw readError(place, `a list is expected here, got ${shown(value)}; check the format`);
}

/** The name of a node, text or number; throws a `UserError` that names `place`. */
export function nameAt(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw readError(
      place,
      'a node named by a number beyond 2^53 cannot be told from its neighbours, got about ' +
        `${value}; put the names of nodes in quotes`,
    );
  if (typeof value === 'number') return String(value);
  throw readError(
    place,
    `a node must be named by text or a number, got ${shown(value)}; rename it`,
  );
}

/** A weight, a number or its text; throws a `UserError` that names `place`. */
export function weightAt(value: unknown, place: () => string): number {
  const weight = typeof value === 'string' ? numberOf(value.trim()) : value;
  if (typeof weight === 'number') return weight;
  throw readError(place(), `a weight must be a number, got ${shown(value)}; change or remove it`);
}

/** A value as messages show it. Lists and objects may be of any size and depth. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `"${printable(value)}"` : JSON.stringify(value);
}
