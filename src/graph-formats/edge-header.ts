import { must, printable } from '../core/errors.js';
import { readError } from './collect.js';
import { isMissing, isOddNumber } from './table-words.js';
import { numberOf } from './text.js';
import type { ReadOptions } from './types.js';

/** Where the parts of an edge stand in a row. */
export interface EdgeColumns {
  readonly source: number;
  readonly target: number;
  /** -1 where there is none. */
  readonly weight: number;
  /** Column of Gephi's `Type`, Directed or Undirected; -1 where there is none. */
  readonly type: number;
  /** Fields of a full row. */
  readonly width: number;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  /** What was taken for what, where the first row does not make it plain. */
  readonly notes: readonly string[];
}

/** What differs between the names of the two columns of nodes. */
const ENDS: readonly (readonly [string, string])[] = [
  ['source', 'target'],
  ['source', 'destination'],
  ['source', 'dest'],
  ['source', 'dst'],
  ['source', 'sink'],
  ['src', 'target'],
  ['src', 'dst'],
  ['src', 'dest'],
  ['src', 'tgt'],
  ['src', 'trg'],
  ['from', 'to'],
  ['presynaptic', 'postsynaptic'],
  ['presyn', 'postsyn'],
  ['pre', 'post'],
  ['origin', 'destination'],
  ['origin', 'dest'],
  ['sender', 'receiver'],
  ['sender', 'recipient'],
  ['follower', 'followee'],
  ['citing', 'cited'],
  ['start', 'end'],
  ['head', 'tail'],
  ['tail', 'head'],
  ['parent', 'child'],
  ['u', 'v'],
  ['i', 'j'],
];

/**
 * The same for names that count, such as id_1 and id_2, with what would come third: then they are
 * the names of many things, as over a matrix.
 */
const COUNTED: readonly (readonly [string, string, string])[] = [
  ['1', '2', '3'],
  ['0', '1', '2'],
  ['a', 'b', 'c'],
  ['i', 'j', 'k'],
  ['x', 'y', 'z'],
];

/** What may stand beside: pre_root_id, but not precentral, which is a region of the brain. */
const NODE_WORD = new RegExp(
  '^(?:id|ids|idx|index|node|vertex|neuron|cell|region|roi|area|gene|protein|name|person|user|' +
    'actor|entity|item|interactor|label|channel|electrode|parcel|body|root|pt|segment|n|end|no)+$',
);

const WEIGHTS = [
  'weight',
  'weights',
  'value',
  'w',
  'syncount',
  'synapses',
  'synapsecount',
  'nsynapses',
  'numsynapses',
  'nsyn',
  'strength',
  'count',
];

/** A name of a column without case, spaces and marks. */
const plainName = (field: string): string => field.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Longer names are no names of columns. */
const LONGEST_NAME = 40;

/** A name with one word in it replaced by another, for each place where it stands. */
function* replaced(
  name: string,
  word: string,
  by: string,
): Generator<[name: string, rest: string]> {
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    const [before, after] = [name.slice(0, at), name.slice(at + word.length)];
    yield [before + by + after, before + after];
  }
}

/** Where the other end stands of the edge that a name is one end of: `post_root_id` of `pre_root_id`. */
function otherEnd(name: string, columns: ReadonlyMap<string, number>): number | null {
  for (const [a, b] of ENDS) {
    for (const [other, rest] of replaced(name, a, b))
      if (columns.has(other) && (rest === '' || NODE_WORD.test(rest)))
        return columns.get(other) ?? null;
  }
  for (const [a, b, c] of COUNTED) {
    const thirds = new Map([...replaced(name, a, c)].map(([third, rest]) => [rest, third]));
    for (const [other, rest] of replaced(name, a, b))
      if (columns.has(other) && NODE_WORD.test(rest) && !columns.has(thirds.get(rest) ?? ''))
        return columns.get(other) ?? null;
  }
  return null;
}

/** The columns of a first row that are named like the ends of an edge, or null. */
function namedEnds(fields: readonly string[]): readonly [number, number] | null {
  const names = fields.map(plainName);
  const columns = new Map(names.map((name, at) => [name, at]));
  for (const [source, name] of names.entries()) {
    const target = name.length > LONGEST_NAME ? null : otherEnd(name, columns);
    if (target !== null && target !== source) return [source, target];
  }
  return null;
}

/** Whether a first row names the columns of edges, in words that are known. */
export function isEdgeHeader(fields: readonly string[]): boolean {
  return namedEnds(fields) !== null;
}

/**
 * Whether a first row of words that nobody knows names columns: all of it is words, and in a column
 * of them stand numbers only.
 */
export function isOverNumbers(rows: readonly (readonly string[])[]): boolean {
  const [first = [], ...rest] = rows;
  const full = rest.filter((row) => row.length === first.length);
  const isWord = (field: string): boolean => numberOf(field) === null && !isOddNumber(field);
  if (first.length < 2 || full.length === 0 || !first.every(isWord)) return false;
  const nodes = new Set(full.flatMap((row) => row.slice(0, 2)));
  if (first.slice(0, 2).some((name) => nodes.has(name))) return false;
  return first.some((_name, column) => full.every((row) => numberOf(row[column] ?? '') !== null));
}

/** Whether rows hold other things than numbers behind the first column, as no matrix does. */
export function isNoMatrix(rows: readonly (readonly string[])[]): boolean {
  return rows.some((row) =>
    row
      .slice(1)
      .some((field) => numberOf(field) === null && !isMissing(field) && !isOddNumber(field)),
  );
}

/**
 * What the columns of a table of edges are, from its first rows and what the person said. Throws a
 * `UserError` where that is not clear.
 */
export function columnsOf(
  rows: readonly (readonly string[])[],
  options: Pick<ReadOptions, 'source' | 'target' | 'weight'>,
): EdgeColumns {
  const [first = []] = rows;
  const asked = [options.source, options.target, options.weight];
  const ends = namedEnds(first);
  const known = ends !== null || asked.some((name) => name !== null && !isCount(name));
  const header = known || isOverNumbers(rows);
  const at = (name: string): number => columnNamed(name, first, header);
  // A column that is not there is told before columns that are not clear.
  for (const name of asked) if (name !== null) at(name);
  const [source, target] = endsOf(options, ends, first, header, at);
  const weight =
    options.weight === null
      ? guessedWeight(rows, [source, target], header)
      : { column: at(options.weight), notes: [] };
  const type = header ? first.findIndex((field) => plainName(field) === 'type') : -1;
  const unknown =
    header && !known ? [`line 1 (${quoted(first)}) was taken for the names of columns`] : [];
  return {
    source,
    target,
    weight: weight.column === type ? -1 : weight.column,
    type,
    width: first.length,
    header,
    notes: [...unknown, ...weight.notes],
  };
}

const isCount = (name: string): boolean => /^[1-9]\d{0,3}$/.test(name);

function columnNamed(name: string, first: readonly string[], header: boolean): number {
  const exact = header
    ? first.findIndex((field) => field.toLowerCase() === name.toLowerCase())
    : -1;
  if (exact >= 0) return exact;
  if (isCount(name) && Number(name) <= first.length) return Number(name) - 1;
  throw readError(
    'line 1',
    `there is no column "${printable(name)}"; ` +
      (header ? `line 1 names ${quoted(first)}` : `the table has ${first.length} columns`) +
      '; give one of them, by name or counted from 1',
  );
}

function endsOf(
  { source, target }: Pick<ReadOptions, 'source' | 'target'>,
  ends: readonly [number, number] | null,
  first: readonly string[],
  header: boolean,
  at: (name: string) => number,
): readonly [number, number] {
  if (
    ends === null &&
    header &&
    (source === null || target === null) &&
    (first.length > 3 || first[0] === '')
  )
    throw readError(
      'line 1',
      `line 1 names the columns ${quoted(first)}, and which of them are the two nodes is not ` +
        'clear; add source=COLUMN,target=COLUMN (by name or counted from 1)',
    );
  const found = [
    source === null ? (ends?.[0] ?? 0) : at(source),
    target === null ? (ends?.[1] ?? 1) : at(target),
  ] as const;
  if (found[0] === found[1] && first.length > 1)
    throw readError(
      'line 1',
      `source and target must be two columns, got column ${found[0] + 1} for both; add ` +
        'source=COLUMN,target=COLUMN (by name or counted from 1)',
    );
  return found;
}

/** The weight: a column that is called so, else a third and last one that holds numbers. */
function guessedWeight(
  rows: readonly (readonly string[])[],
  ends: readonly [number, number],
  header: boolean,
): { readonly column: number; readonly notes: readonly string[] } {
  const [first = []] = rows;
  if (!header) return { column: ends[0] < 2 && ends[1] < 2 ? 2 : -1, notes: [] };
  const names = first.map(plainName);
  const called = WEIGHTS.map((name) =>
    names.findIndex((found, at) => found === name && !ends.includes(at)),
  );
  const found = called.find((at) => at >= 0);
  if (found !== undefined) return { column: found, notes: [] };
  const full = rows.slice(1).filter((row) => row.length === first.length);
  const numeric = first.flatMap((name, at) =>
    name !== '' &&
    !ends.includes(at) &&
    !['id', 'index', 'type'].includes(must(names[at])) &&
    full.length > 0 &&
    full.every((row) => numberOf(row[at] ?? '') !== null)
      ? [{ name, at }]
      : [],
  );
  const [only] = numeric;
  if (first.length === 3 && only !== undefined && numeric.length === 1 && ends[0] + ends[1] === 1)
    return {
      column: only.at,
      notes: [`column "${printable(only.name)}" was taken for the weight`],
    };
  if (first.length === 3 && numeric.length === 0 && !names.includes('type') && first[0] !== '')
    return {
      column: -1,
      notes: [
        `line 1 names ${quoted(first)}; the third was passed over, since it holds other things than numbers`,
      ],
    };
  const unused = numeric.map(({ name }) => name);
  return {
    column: -1,
    notes:
      unused.length === 0
        ? []
        : [
            `of columns of numbers ${quoted(unused)} none was taken for the weight; weight=COLUMN names one`,
          ],
  };
}

/** Names that a message lists. */
const LISTED = 8;

function quoted(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return (
    names
      .slice(0, LISTED)
      .map((name) => `"${printable(name)}"`)
      .join(', ') + more
  );
}
