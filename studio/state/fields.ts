import { printable, unknownName, UserError, visible } from '../../src/core/errors.js';
import { MAX_NODES } from '../../src/graph/build.js';
import { formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import {
  ARCHITECTURES,
  LAYOUTS,
  MOST_NULLS,
  NODE_SIGHTS,
  NULL_MODELS,
  SIDES,
  TASKS,
  TRIAL_COLUMNS,
  type ViewState,
} from './types.js';

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

/** Cells of a study's plane along each axis, less one. */
const MOST_BIN = 14;
/** Trials whose curves are drawn at a time. */
export const MOST_CURVES = 8;

/** Studies that one is compared with at a time. */
export const MOST_OTHERS = 5;
/** What stands between studies in a link; one with it in its name cannot be compared. */
export const BETWEEN = '|';

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
  rounds: whole('rounds', 1, 0, 999),
  unfolded: {
    key: 'unfolded',
    initial: [],
    read: (text) => [
      ...new Set(text.split('-').map((stage) => wholeNumber(stage, 'unfolded', 1, 9))),
    ],
    write: (stages) => stages.join('-'),
  },
  nullModel: choice('null model', NULL_MODELS, 'degree', 'null'),
  nulls: whole('nulls', 200, 2, MOST_NULLS),
  against: {
    key: 'against',
    initial: null,
    read: (text) => formatGraphSpec(parseGraphSpec(text)),
    write: (spec) => spec ?? '',
  },
  data: {
    key: 'data',
    initial: null,
    read: (text) => {
      if (text !== '' && text.length <= MOST_DATA_NAME) return text;
      throw new UserError(
        `data must be a name of at most ${MOST_DATA_NAME} characters, got "${printable(text)}"`,
      );
    },
    write: (name) => name ?? '',
  },
  images: whole('images', 2000, 1, 100_000),
  tests: whole('tests', 500, 1, 100_000),
  size: whole('size', 16, 16, 512),
  epochs: whole('epochs', 10, 1, 1000),
  batch: whole('batch', 64, 2, 4096),
  rate: {
    key: 'rate',
    initial: 0.05,
    read: (text) => {
      const rate = /^[\d.]{1,12}$/.test(text) ? Number(text) : NaN;
      if (rate >= LEAST_RATE && rate <= MOST_RATE) return rate;
      throw new UserError(
        `rate must be a number from ${LEAST_RATE} to ${MOST_RATE}, got "${printable(text)}"`,
      );
    },
    write: String,
  },
  seed: whole('seed', 1, 0, 999_999_999),
  play: flag('play', false),
  look: choice('look', SIDES, 'shown'),
  confused: {
    key: 'confused',
    initial: null,
    read: (text) => {
      const [label = '', predicted = '', more] = text.split('-');
      if (more !== undefined)
        throw new UserError(
          `confused must be two numbers of classes such as 0-3, got "${printable(text)}"`,
        );
      return [
        wholeNumber(label, 'confused', 0, MOST_CLASS),
        wholeNumber(predicted, 'confused', 0, MOST_CLASS),
      ];
    },
    write: (classes) => classes?.join('-') ?? '',
  },
  sight: choice('sight', NODE_SIGHTS, 'activation'),
  layer: whole('layer', 1, 1, 999),
  frame: {
    key: 'frame',
    initial: null,
    read: (text) => wholeNumber(text, 'frame', 0, 1000),
    write: String,
  },
  events: flag('events', false),
  study: line('study', 300),
  order: {
    key: 'sort',
    initial: { by: 'trial', descending: false },
    read: (text) => {
      const descending = text.startsWith('-');
      const by = oneOf('column', text.slice(descending ? 1 : 0), TRIAL_COLUMNS);
      return { by, descending };
    },
    write: ({ by, descending }) => (descending ? `-${by}` : by),
  },
  find: line('find', 100),
  columns: {
    key: 'columns',
    initial: ['graph', 'seed', 'state', 'error', 'difference', 'C', 'L', 'reason'],
    read: (text) => {
      const given = text === '' ? [] : text.split('-');
      const shown = given.map((name) => oneOf('column', name, TRIAL_COLUMNS.slice(1)));
      return TRIAL_COLUMNS.filter((name) => shown.includes(name));
    },
    write: (columns) => columns.join('-'),
  },
  cell: {
    key: 'cell',
    initial: null,
    read: (text) => {
      const [i = '', j = '', ...more] = text.split('-');
      if (more.length > 0)
        throw new UserError(`cell must be two numbers, got "${printable(text)}"`);
      return [wholeNumber(i, 'cell', 0, MOST_BIN), wholeNumber(j, 'cell', 0, MOST_BIN)];
    },
    write: (cell) => (cell === null ? '' : cell.join('-')),
  },
  trials: {
    key: 'trials',
    initial: [],
    read: (text) =>
      [
        ...new Set(text.split('-').map((trial) => wholeNumber(trial, 'trials', 0, 999_999_999))),
      ].slice(0, MOST_CURVES),
    write: (trials) => trials.join('-'),
  },
  sweep: whole('sweep', 12, 2, 200),
  others: {
    key: 'with',
    initial: [],
    read: (text) => [...new Set(text.split(BETWEEN).map(studyId))].slice(0, MOST_OTHERS),
    write: (ids) => ids.join(BETWEEN),
  },
};

/** Learning rates that links hold; what trains lies far within. */
const LEAST_RATE = 1e-6;
const MOST_RATE = 100;

/** Most characters of the name of somebody's data. */
const MOST_DATA_NAME = 60;

/** The largest number of a class. */
const MOST_CLASS = 65_535;

/** Text of one line that links can hold, and no longer. */
export function oneLine(text: string, most: number): string {
  return Array.from(visible(text.replace(/\p{Cs}/gu, '\ufffd')))
    .slice(0, most)
    .join('');
}

function studyId(text: string): string {
  if (text !== '' && text === oneLine(text, 300)) return text;
  throw new UserError(`with must be paths of studies, got "${printable(text)}"`);
}

function line(key: string, most: number): Field<string> {
  return {
    key,
    initial: '',
    read: (text) => {
      if (text === oneLine(text, most)) return text;
      throw new UserError(
        `${key} must be one line of at most ${most} characters, got "${printable(text)}"`,
      );
    },
    write: String,
  };
}

function oneOf<const T extends string>(what: string, text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw unknownName(what, text, values);
  return found;
}

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
    read: (text) => oneOf(what, text, values),
    write: String,
  };
}

function whole(key: string, initial: number, least: number, most: number): Field<number> {
  return {
    key,
    initial,
    read: (text) => wholeNumber(text, key, least, most),
    write: String,
  };
}

function flag(key: string, initial: boolean): Field<boolean> {
  return {
    key,
    initial,
    read: (text) => {
      if (text === '1' || text === '0') return text === '1';
      throw new UserError(`${key} must be 1 (yes) or 0 (no), got "${printable(text)}"`);
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
