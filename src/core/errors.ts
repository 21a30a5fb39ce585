import { suggestion } from './similar.js';

/**
 * A mistake of the person using Plexus: bad input, an unknown name, a damaged file. The command
 * line prints its message alone and exits with status 2; nothing on disk has changed when it is
 * thrown.
 *
 * A good message gives the rule, the value that breaks it and the remedy:
 * `unknown graph family "wss"; expected one of ws-flex, complete`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/**
 * A broken promise of our own code. The message starts with `internal:`; the command line exits
 * with status 1.
 */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  constructor(message: string) {
    super(`internal: ${message}`);
  }
}

/** Work that was asked to stop (signal or AbortSignal); the command line exits with status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Throws an `InternalError` unless `condition` holds. For invariants, never for a user's input. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/**
 * The value, which our own code has put there: an element within an array's bounds, a key that a map
 * has. An `InternalError` where it is missing; never for a user's input.
 */
export function must<T>(value: T | undefined, what = 'a value'): T {
  if (value === undefined) throw new InternalError(`${what} that must be there is missing`);
  return value;
}

const SHOWN = 80;

/**
 * Text from outside as messages show it: cut where it is long, control characters (a binary file's)
 * escaped.
 */
export function printable(text: string): string {
  const start = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  // JSON leaves DEL, the C1 controls and what turns the direction of text as they are.
  return visible(JSON.stringify(start).slice(1, -1).replaceAll('\\"', '"'));
}

/**
 * Text from outside, such as a path, whole and with nothing in it that a terminal would obey:
 * control characters and those that turn the direction of text are escaped.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `unknown WHAT "NAME"; expected one of A, B` as a `UserError`. */
export function unknownName(what: string, name: string, valid: Iterable<string>): UserError {
  const names = [...valid];
  return new UserError(
    `unknown ${what} "${printable(name)}"; expected one of ${names.join(', ')}` +
      suggestion(name, names),
  );
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
