import type { z } from 'zod';
import { printable, type UserError } from '../core/errors.js';
import { placed, type Source } from './source.js';

/** The keys that the section at a path may hold; `kind` is what it says of its own kind. */
export type KeysAt = (path: readonly PropertyKey[], kind: unknown) => readonly string[];

/**
 * The schema's first complaint as rule, value, remedy; a misspelt key comes before the key that is
 * therefore missing.
 */
export function explain(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  source: Source,
  keysAt: KeysAt,
): UserError {
  const [issue] = issues;
  const unknown = issues.map((each) => unknownKey(each, value)).find((key) => key !== null);
  if (unknown) {
    const valid = keysAt(unknown.path, valueAt(value, [...unknown.path, 'kind']));
    return placed(
      source,
      [...unknown.path, unknown.key],
      `unknown key "${unknown.key}"; expected one of ${valid.join(', ')}`,
    );
  }
  const found = valueAt(value, issue.path);
  const name = issue.path.map(String).join('.') || 'a study';
  return placed(
    source,
    issue.path,
    `${name} must be ${issue.message}; ` +
      (found === undefined ? 'it is missing' : `got ${shown(found)}`),
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}"`;
  // JSON has no word for NaN and the infinities.
  return typeof value === 'number' ? String(value) : printable(JSON.stringify(value));
}

/** The unknown key an issue is about; a union hides it one level down. */
function unknownKey(
  issue: z.core.$ZodIssue,
  value: unknown,
): { readonly path: readonly PropertyKey[]; readonly key: string } | null {
  if (issue.code === 'unrecognized_keys') return { path: issue.path, key: issue.keys[0] };
  const entry =
    issue.path.length === 2 && issue.path[0] === 'graphs' ? valueAt(value, issue.path) : null;
  if (
    issue.code !== 'invalid_union' ||
    typeof entry !== 'object' ||
    entry === null ||
    Array.isArray(entry)
  )
    return null;
  const key = Object.keys(entry).find((name) => name !== 'file');
  return key === undefined ? null : { path: issue.path, key };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
