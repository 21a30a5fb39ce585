import { messageOf, printable } from '../../core/errors.js';
import { readError } from './collect.js';
import { jsonFault } from './json-fault.js';
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

/** The line of the first fault of a text that is not JSON. */
function lineOfFault(text: string): number {
  let line = 1;
  const fault = jsonFault(text);
  for (let at = text.indexOf('\n'); at >= 0 && at < fault; at = text.indexOf('\n', at + 1)) line++;
  return line;
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

/** A value as messages show it. Lists and objects may be of any size and depth. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `"${printable(value)}"` : JSON.stringify(value);
}
