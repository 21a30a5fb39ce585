import { invariant } from './errors.js';

/**
 * JSON text that is the same for equal values: the keys of every object sorted by UTF-16 code
 * units, no spaces, `undefined` properties left out. For plain data only: an `InternalError` is
 * thrown for what JSON cannot hold (NaN, infinities, functions, class instances, `undefined` in an
 * array), so that no two values share a text by accident.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return JSON.stringify(value);
  if (typeof value === 'number') {
    invariant(Number.isFinite(value), `canonical JSON of the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return `[${Array.from(value, (item: unknown) => canonicalJson(item)).join(',')}]`;
  invariant(
    typeof value === 'object' && isPlain(value),
    `canonical JSON of a ${typeof value} that is not plain data`,
  );
  const entries = Object.entries(value).filter((entry) => entry[1] !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
