import { printable, unknownName, UserError } from '../core/errors.js';
import type { DataSource } from './descriptor.js';
import { commonKeys, type DataKey, dataKeys, keyWords } from './keys.js';
import { dataNames, dataSource, dataSources } from './registry.js';
import { shapes } from './shapes.js';
import type { DataSpec } from './types.js';

/** The data sets that `auto` may stand for; it takes the keys of all. */
function automatic(): readonly DataSource[] {
  return [...dataSources.filter(({ auto }) => auto === true), shapes];
}

/** The keys that a data set, or `auto`, takes. */
export function dataKeysOf(name: string): DataKey[] {
  const takers = name === 'auto' ? automatic() : [dataSource(name)];
  return dataKeys.filter((key) => key in commonKeys || takers.some(({ keys }) => key in keys));
}

/** Names of the data sets that take a key. */
export function dataNamesWith(key: DataKey): string[] {
  return dataSources.filter(({ keys }) => keys[key] !== undefined).map(({ name }) => name);
}

/** What is wrong with a data spec, and at which key. */
export interface DataProblem {
  readonly key: keyof DataSpec;
  readonly message: string;
}

/**
 * What is wrong with a data spec as far as that can be told without looking at files: an unknown
 * name, keys that are not for that data set, values, a missing path. Null where nothing is.
 */
export function dataProblem(spec: DataSpec): DataProblem | null {
  const { name } = spec;
  if (!dataNames().includes(name))
    return { key: 'name', message: unknownName('data set', name, dataNames()).message };
  const taken = dataKeysOf(name);
  // What `auto` stands for is not known here; of its keys `shapes` allows the most.
  const source = name === 'auto' ? shapes : dataSource(name);
  for (const key of dataKeys.filter((each) => spec[each] !== undefined)) {
    if (!taken.includes(key))
      return {
        key,
        message:
          `${key} is a setting of ${quoted(dataNamesWith(key))} only; leave it out with ` +
          `"${name}"`,
      };
    const message = valueProblem(source, key, spec[key]);
    if (message !== null) return { key, message };
  }
  if (source.path === undefined || spec.path !== undefined) return null;
  return {
    key: 'name',
    message: `the data set "${name}" needs a path; set path (--data-path) to ${source.path}`,
  };
}

/** Throws a `UserError` with what `dataProblem` finds. */
export function checkDataSpec(spec: DataSpec): void {
  const problem = dataProblem(spec);
  if (problem !== null) throw new UserError(problem.message);
}

/**
 * The spec of another data set with those keys that this one takes: what a spec of `auto` says of
 * the data set that it came to stand for.
 */
export function specFor(name: string, spec: DataSpec): DataSpec {
  const { keys } = dataSource(name);
  const kept = Object.entries(spec).filter(([key]) => key in keys || key in commonKeys);
  return withoutGaps({ ...Object.fromEntries(kept), name });
}

/** A spec without the keys whose value is `undefined`. */
export function withoutGaps(spec: DataSpec): DataSpec {
  const given = Object.entries(spec).filter((entry) => entry[1] !== undefined);
  return { name: spec.name, ...Object.fromEntries(given) };
}

function valueProblem({ name, keys }: DataSource, key: DataKey, value: unknown): string | null {
  const rule = keys[key] ?? commonKeys[key];
  if (rule === undefined || rule.holds(value)) return null;
  return (
    `${keyWords[key]} of ${name} must be ${rule.must}, got ` +
    (typeof value === 'string' ? `"${printable(value)}"` : String(value))
  );
}

function quoted(names: readonly string[]): string {
  const each = names.map((name) => `"${name}"`);
  return (
    `the data set${each.length > 1 ? 's' : ''} ` +
    (each.length > 1 ? `${each.slice(0, -1).join(', ')} and ${each.at(-1)}` : each[0])
  );
}
