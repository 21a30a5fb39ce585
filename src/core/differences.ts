/** A leaf in which two values of plain data differ; `undefined` where one of them lacks it. */
export interface LeafDifference {
  /** `train.epochs` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two values of plain data differ, leaf by leaf; lists are compared whole.
 *
 * @param path what the names begin with
 */
export function leafDifferences(before: unknown, after: unknown, path = ''): LeafDifference[] {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      leafDifferences(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/**
 * What differs between two values of plain data, in words, one entry for each leaf: `train.epochs
 * was 3, is 5`. A key that only one of them has is `not given` in the other; lists are compared
 * whole.
 *
 * @param path what the names begin with
 */
export function valueDifferences(before: unknown, after: unknown, path = ''): string[] {
  return leafDifferences(before, after, path).map(
    (each) => `${each.path} was ${leafText(each.before)}, is ${leafText(each.after)}`,
  );
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A leaf as JSON; `not given` where there is none. */
export function leafText(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
