import { UserError, printable } from '../core/errors.js';

/**
 * The text of graph specs: values may hold other specs in parentheses, and text in double quotes
 * with JSON's escapes. Everything here is about characters; what they mean is in `spec.ts`.
 */

/**
 * Splits at a separator that stands outside parentheses and quotes. Throws a `UserError` where
 * those do not match.
 */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfQuote(text, at);
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
    if (depth < 0) throw unbalanced(text);
  }
  if (depth !== 0) throw unbalanced(text);
  return [...parts, text.slice(from)];
}

/** Index of the quote that ends the one at `start`. */
function endOfQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw new UserError(
    `a quote in a graph spec must be closed, got "${printable(text)}"; add the missing "`,
  );
}

function unbalanced(text: string): UserError {
  return new UserError(
    `parentheses in a graph spec must match, got "${printable(text)}"; write ` +
      '(family:name=value,...) around an inner graph',
  );
}

/** The text of a value: quoted text without its quotes, other text as it is. */
export function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  } catch {
    // The message below says what is wrong.
  }
  throw new UserError(
    `quoted text in a graph spec follows the rules of JSON, got ${printable(text)}; ` +
      'write "a \\"quoted\\" name.csv"',
  );
}

/** A text value as specs hold it: in quotes where it would not come back otherwise. */
export function quoted(text: string): string {
  return text === '' || /[\s",:=()\p{Cc}]/u.test(text) ? JSON.stringify(text) : text;
}

/**
 * The contents of one or more pairs of parentheses: `(a)(b)` gives `a`, `b`. Null where the text is
 * something else.
 */
export function parenthesised(text: string): string[] | null {
  const found: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const end = rest.startsWith('(') ? closing(rest) : -1;
    if (end < 0) return null;
    found.push(rest.slice(1, end));
    rest = rest.slice(end + 1).trim();
  }
  return found;
}

/** Index of the parenthesis that closes the first one; -1 where none does. */
function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = endOfQuote(text, at);
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}
