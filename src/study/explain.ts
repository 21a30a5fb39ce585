import { isScalar } from 'yaml';
import type { z } from 'zod';
import { must, printable, type UserError } from '../core/errors.js';
import { suggestion } from '../core/similar.js';
import { placed, type Source } from './source.js';

/** The keys that the section at a path may hold; `kind` is what it says of its own kind. */
export type KeysAt = (path: readonly PropertyKey[], kind: unknown) => readonly string[];

/** The sections that have a key of that name; the empty name is the study's own. */
export type Elsewhere = (key: string) => readonly string[];

/**
 * The schema's first complaint as rule, value, remedy; a misspelt key comes before the key that is
 * therefore missing.
 *
 * @param keysAt of the section with an unknown key
 * @param elsewhere for a key that stands in the wrong section
 */
export function explain(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  source: Source,
  keysAt: KeysAt,
  elsewhere: Elsewhere,
): UserError {
  const complaints = issues.flatMap((each) => withinUnion(each, value));
  const issue = must(complaints[0]);
  const unknown = complaints.map(unknownKey).find((key) => key !== null);
  if (unknown) {
    const valid = keysAt(unknown.path, valueAt(value, [...unknown.path, 'kind']));
    // YAML ends a value in braces at a comma: the rest of a graph spec becomes keys.
    if (/^\w+=/.test(unknown.key))
      return placed(
        source,
        [...unknown.path, unknown.key],
        `unknown key "${printable(unknown.key)}"; in a YAML mapping in braces put specs with ` +
          'commas in quotes: {name: a, graph: "ws-flex:n=64,k=8"}',
      );
    return placed(
      source,
      [...unknown.path, unknown.key],
      `unknown key "${printable(unknown.key)}"; expected one of ${valid.join(', ')}` +
        (suggestion(unknown.key, valid) || misplaced(unknown, elsewhere)),
    );
  }
  const found = valueAt(value, issue.path);
  const name = issue.path.map(String).join('.') || 'a study';
  return placed(
    source,
    issue.path,
    `${name} must be ${issue.message}; ` +
      (found === undefined ? 'it is missing' : `got ${gotten(found, issue, source)}`),
  );
}

/** ` (did you mean train.epochs?)` of a key that another section has. */
function misplaced(
  { path, key }: { readonly path: readonly PropertyKey[]; readonly key: string },
  elsewhere: Elsewhere,
): string {
  const place = path.length > 1 ? [] : elsewhere(key).filter((each) => each !== path.join('.'));
  const known = place.map((section) => (section === '' ? key : `${section}.${key}`));
  return known.length === 0 ? '' : ` (did you mean ${known.join(' or ')}?)`;
}

/** What was found, as it is written, and what to do about it. */
function gotten(found: unknown, issue: z.core.$ZodIssue, { document }: Source): string {
  if (typeof found === 'string') return `${shown(found)}${suggestion(found, wordsOf(issue))}`;
  const node: unknown = document.getIn(issue.path, true);
  const written = isScalar(node) && node.source !== undefined ? printable(node.source) : '';
  // Numbers are told as they are written: beyond 2^53 not all have a double of their own.
  const text = typeof found === 'number' && written !== '' ? written : shown(found);
  if (!wantsText(issue) || (typeof found === 'object' && found !== null)) return text;
  return written === ''
    ? `${text}; give it a value`
    : `${text}, which YAML reads as ${kindOf(found)}; put it in quotes: "${written}"`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing at all';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

/** Whether a text would do. */
function wantsText(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union')
    return issue.errors.flat().some((each) => each.path.length === 0 && wantsText(each));
  return issue.code === 'invalid_type' && issue.expected === 'string';
}

/** The words that a value may be, where the rule is a choice of words. */
function wordsOf({ message }: z.core.$ZodIssue): readonly string[] {
  return message.startsWith('one of ') ? message.slice('one of '.length).split(', ') : [];
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}"`;
  // JSON has no word for NaN and the infinities.
  return typeof value === 'number' ? String(value) : printable(JSON.stringify(value));
}

/** The unknown key an issue is about. */
function unknownKey(
  issue: z.core.$ZodIssue,
): { readonly path: readonly PropertyKey[]; readonly key: string } | null {
  return issue.code === 'unrecognized_keys' ? { path: issue.path, key: must(issue.keys[0]) } : null;
}

/**
 * An issue as it is, or, of a mapping that may have several forms, the complaints about the form
 * that it comes nearest to: the one with the fewest keys that it does not have.
 */
function withinUnion(issue: z.core.$ZodIssue, value: unknown): readonly z.core.$ZodIssue[] {
  const found = valueAt(value, issue.path);
  if (issue.code !== 'invalid_union' || typeof found !== 'object' || found === null) return [issue];
  if (Array.isArray(found)) return [issue];
  const strange = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.reduce((sum, each) => sum + unrecognized(each), 0);
  const forms = issue.errors
    .filter((issues) =>
      issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
    )
    .toSorted((a, b) => strange(a) - strange(b));
  const [form] = forms;
  if (form === undefined) return [issue];
  return form.flatMap((each) =>
    withinUnion({ ...each, path: [...issue.path, ...each.path] }, value),
  );
}

function unrecognized(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 0;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
