import { printable, unknownName, UserError } from '../../src/core/errors.js';
import { MAX_NODES } from '../../src/graph/build.js';
import { ARCHITECTURES, LAYOUTS, MOST_NULLS, NULL_MODELS, TASKS, type ViewState } from './types.js';

/** Fields that stand in an address by themselves; page and graph have a form of their own. */
type Plain = Omit<ViewState, 'page' | 'graph'>;

/** One field of a view: how its value is read from an address and written to it. */
interface Field<T> {
  /** Its name in the address. */
  readonly key: string;
  /** The value where the address leaves it out. */
  readonly initial: T;
  /** Throws a `UserError` that says what the value must be. */
  readonly read: (this: void, text: string) => T;
  readonly write: (this: void, value: T) => string;
}

/** The schema of a view, in the order that addresses have it. */
export const FIELDS: { readonly [K in keyof Plain]: Field<Plain[K]> } = {
  layout: choice('layout', LAYOUTS, 'ring'),
  node: {
    key: 'node',
    initial: null,
    read: (text) => wholeNumber(text, 'node', 0, MAX_NODES - 1),
    write: (node) => String(node),
  },
  families: flag('families', true),
  connectomes: flag('connectomes', true),
  errors: flag('errors', true),
  arch: choice('architecture', ARCHITECTURES, 'mlp', 'arch'),
  task: choice('task', TASKS, 'cifar10'),
  rounds: {
    key: 'rounds',
    initial: 1,
    read: (text) => wholeNumber(text, 'rounds', 0, 999),
    write: String,
  },
  unfolded: {
    key: 'unfolded',
    initial: [],
    read: (text) => [
      ...new Set(text.split('-').map((stage) => wholeNumber(stage, 'unfolded', 1, 9))),
    ],
    write: (stages) => stages.join('-'),
  },
  nullModel: choice('null model', NULL_MODELS, 'degree', 'null'),
  nulls: {
    key: 'nulls',
    initial: 200,
    read: (text) => wholeNumber(text, 'nulls', 2, MOST_NULLS),
    write: String,
  },
};

/** The names of the plain fields. */
export const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof Plain)[];

function choice<const T extends string>(
  what: string,
  values: readonly T[],
  initial: NoInfer<T>,
  key = what,
): Field<T> {
  return {
    key,
    initial,
    read: (text) => {
      const found = values.find((value) => value === text);
      if (found === undefined) throw unknownName(what, text, values);
      return found;
    },
    write: String,
  };
}

function flag(key: string, initial: boolean): Field<boolean> {
  return {
    key,
    initial,
    read: (text) => {
      if (text === '1' || text === '0') return text === '1';
      throw new UserError(`${key} must be 1 (shown) or 0 (not shown), got "${printable(text)}"`);
    },
    write: (shown) => (shown ? '1' : '0'),
  };
}

function wholeNumber(text: string, key: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UserError(
    `${key} must be a whole number from ${least} to ${most}, got "${printable(text)}"`,
  );
}
