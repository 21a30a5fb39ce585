/**
 * What differs between two values of plain data, in words, one entry for each leaf: `train.epochs
 * was 3, is 5`. A key that only one of them has is `not given` in the other; lists are compared
 * whole.
 *
 * @param path what the names begin with
 */
export function valueDifferences(before: unknown, after: unknown, path = ''): string[] {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      valueDifferences(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`${path} was ${text(before)}, is ${text(after)}`];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
