import { messageOf, printable } from '../../core/errors.js';
import { readError } from './collect.js';
import { numberOf, wholeText } from './text.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A file's JSON value. Throws a `UserError` that names the line where it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = wholeText(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw readError(`line ${lineOfFault(text)}`, `not valid JSON: ${printable(messageOf(error))}; repair the file, which may be cut off`);
  }
}

/** Longer texts are not searched for the fault. */
const MOST_SEARCHED = 2 ** 24;

/** The line where a text stops being JSON: engines differ in what their messages tell, so the first bad prefix is searched. */
function lineOfFault(text: string): number {
  if (text.length > MOST_SEARCHED) return 1;
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return text.slice(0, bad).split('\n').length;
}

/** Whether a text is the beginning of some JSON: its only fault is that it ends. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return /end of JSON input|Unterminated string/.test(messageOf(error));
  }
}

/** The value as an object; throws a `UserError` that names `place`. */
export function objectAt(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw readError(place, `an object is expected here, got ${shown(value)}; check the format`);
}

/** The value as an array; throws a `UserError` that names `place`. */
export function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw readError(place, `a list is expected here, got ${shown(value)}; check the format`);
}

/** The name of a node, text or number; throws a `UserError` that names `place`. */
export function nameAt(value: unknown, place: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw readError(place, `a node must be named by text or a number, got ${shown(value)}; rename it`);
}

/** A weight, a number or its text; throws a `UserError` that names `place`. */
export function weightAt(value: unknown, place: () => string): number {
  const weight = typeof value === 'string' ? numberOf(value.trim()) : value;
  if (typeof weight === 'number') return weight;
  throw readError(place(), `a weight must be a number, got ${shown(value)}; change or remove it`);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : printable(JSON.stringify(value));
}
