import { densityOf } from '../../src/analysis/result-table.js';
import type { TableGraph, TrialRows, TrialTable } from '../../src/analysis/trial-table.js';
import type { TrialFacts } from '../../src/study/types.js';
import { TRIAL_COLUMNS, type TrialColumn, type TrialOrder } from '../state/types.js';

/** What a trial's letter stands for, in words. */
const STATES: Readonly<Record<string, string>> = {
  c: 'complete',
  s: 'stopped early',
  f: 'failed',
};

/** A study's trials, column by column at the numbers of the trials. NaN: not known. */
export class TrialData {
  readonly graphs: readonly TableGraph[];
  readonly seeds: readonly number[];
  /** Epochs of a whole training. */
  readonly epochs: number;
  /** How many failed. */
  failed = 0;
  /** The letter of each trial's status; empty without a record. */
  private readonly status: string[];
  private readonly numbers: Readonly<Record<StoredColumn, Float64Array>>;
  private readonly reasons = new Map<number, string>();
  private readonly facts: (TrialFacts | undefined)[];
  /** Graphs as they are searched, and their places when sorted by name. */
  private readonly words: readonly string[];
  private readonly ranks: Float64Array;

  constructor({ graphs, seeds, epochs, trials, rows }: TrialTable) {
    this.graphs = graphs;
    this.seeds = seeds;
    this.epochs = epochs;
    this.status = Array.from({ length: trials }, () => '');
    this.numbers = Object.fromEntries(
      STORED.map((name) => [name, new Float64Array(trials).fill(NaN)]),
    ) as Record<StoredColumn, Float64Array>;
    this.facts = graphs.map(() => undefined);
    this.words = graphs.map(({ spec, name }) => `${name ?? ''} ${spec}`.toLowerCase());
    const byName = [...graphs.keys()].sort((a, b) => compareText(this.label(a), this.label(b)));
    this.ranks = new Float64Array(graphs.length);
    byName.forEach((graph, rank) => (this.ranks[graph] = rank));
    this.put(rows);
  }

  /** Takes rows that are new, or others than before. */
  put(rows: TrialRows): void {
    rows.index.forEach((trial, at) => {
      const letter = rows.status[at] ?? '';
      this.failed += Number(letter === 'f') - Number(this.status[trial] === 'f');
      this.status[trial] = letter === '-' ? '' : letter;
      for (const name of STORED) this.numbers[name][trial] = rows[name][at] ?? NaN;
    });
    for (const [trial, reason] of Object.entries(rows.reasons)) this.reasons.set(+trial, reason);
    for (const [graph, facts] of Object.entries(rows.facts)) this.facts[+graph] = facts;
  }

  graphOf(trial: number): number {
    return trial % this.graphs.length;
  }

  seedOf(trial: number): number {
    return this.seeds[Math.floor(trial / this.graphs.length)] ?? 0;
  }

  /** A graph as people are shown it. */
  label(graph: number): string {
    const found = this.graphs[graph];
    return found?.name ?? found?.spec ?? '';
  }

  /** In words; empty of a trial without a record. */
  state(trial: number): string {
    return STATES[this.status[trial] ?? ''] ?? '';
  }

  reason(trial: number): string {
    return this.status[trial] === 'f' ? (this.reasons.get(trial) ?? '') : '';
  }

  /** A number of a trial, or what it is sorted by. */
  value(column: TrialColumn, trial: number): number {
    const graph = this.graphOf(trial);
    const facts = this.facts[graph];
    switch (column) {
      case 'trial':
        return trial;
      case 'graph':
        return this.ranks[graph] ?? 0;
      case 'seed':
        return this.seedOf(trial);
      case 'state':
      case 'reason':
        return (this.status[trial] ?? '').charCodeAt(0);
      case 'difference':
        return this.error(trial) - this.error(trial - graph);
      case 'error':
      case 'validation':
      case 'train':
      case 'epochs':
        return this.numbers[column][trial] ?? NaN;
      case 'time':
        return this.numbers.seconds[trial] ?? NaN;
      case 'C':
        return facts?.clustering ?? NaN;
      case 'L':
        return facts?.pathLength ?? NaN;
      case 'density':
        return facts === undefined ? NaN : densityOf(facts);
      case 'edges':
        return facts?.edges ?? NaN;
      case 'width':
        return facts?.widths[0] ?? NaN;
      case 'parameters':
        return facts?.params ?? NaN;
      default:
        return column satisfies never;
    }
  }

  private error(trial: number): number {
    return this.numbers.error[trial] ?? NaN;
  }

  /** The trials with a record that a filter lets through, in an order. Unknown values stand last. */
  listed(find: string, { by, descending }: TrialOrder): Int32Array {
    const accepts = acceptorOf(find);
    const trials: number[] = [];
    this.status.forEach((letter, trial) => {
      if (letter !== '' && accepts(this, trial)) trials.push(trial);
    });
    if (by === 'trial') return Int32Array.from(descending ? trials.reverse() : trials);
    return sorted(trials, (trial) => this.value(by, trial), descending);
  }

  /** Whether a word is in the name or the spec of a graph. */
  names(graph: number, word: string): boolean {
    return this.words[graph]?.includes(word) ?? false;
  }

  /** Whether a word is in what became of a trial, or why it failed. */
  says(trial: number, word: string): boolean {
    return this.state(trial).includes(word) || this.reason(trial).toLowerCase().includes(word);
  }
}

/**
 * Trials by a value of theirs; equal ones in the order in which they are given, unknown ones last.
 * Values are numbered and counted, which for thousands of trials is faster than comparing them.
 */
function sorted(
  trials: readonly number[],
  valueOf: (trial: number) => number,
  descending: boolean,
): Int32Array {
  const values = Float64Array.from(trials, valueOf);
  // Numbers are sorted with those that are unknown last.
  const known = Float64Array.from(new Set(values)).sort();
  const unknown = Number.isNaN(known.at(-1) ?? 0) ? 1 : 0;
  const last = known.length - 1 - unknown;
  const ranks = new Map(
    Array.from(known, (value, at) => [value, descending && at <= last ? last - at : at] as const),
  );
  const starts = new Int32Array(known.length + 1);
  const rankOf = (value: number): number => ranks.get(value) ?? 0;
  // Within the array: ranks are below the number of values.
  for (const value of values) starts[rankOf(value) + 1]! += 1;
  for (let rank = 1; rank < starts.length; rank++) starts[rank]! += starts[rank - 1]!;
  const list = new Int32Array(trials.length);
  trials.forEach((trial, at) => (list[starts[rankOf(values[at] ?? NaN)]!++] = trial));
  return list;
}

const STORED = ['error', 'validation', 'train', 'epochs', 'seconds'] as const;
type StoredColumn = (typeof STORED)[number];

type Acceptor = (data: TrialData, trial: number) => boolean;

/** Columns of words, which a filter looks for and does not compare. */
const WORDS: readonly TrialColumn[] = ['graph', 'state', 'reason'];

/** Columns that a filter can compare with a number, as it names them. */
const COMPARED: ReadonlyMap<string, TrialColumn> = new Map(
  TRIAL_COLUMNS.filter((name) => !WORDS.includes(name)).map((name) => [name.toLowerCase(), name]),
);

/**
 * What a filter lets through: every word of it must be in the name, spec, state or reason of a
 * trial; `error<20`, `C>=0.4`, `seed=3` compare numbers.
 */
function acceptorOf(find: string): Acceptor {
  const tests = find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word): Acceptor => {
      const [, name = '', sign = '', number = ''] =
        /^([a-z]+)(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)$/.exec(word) ?? [];
      const column = COMPARED.get(name);
      if (column === undefined) return textTest(word);
      const limit = Number(number);
      return (data, trial) => compares(data.value(column, trial), sign, limit);
    });
  return (data, trial) => tests.every((test) => test(data, trial));
}

/** Whether a word is in what a trial is called, or what became of it; graphs are asked once. */
function textTest(word: string): Acceptor {
  const graphs = new Map<number, boolean>();
  return (data, trial) => {
    const graph = data.graphOf(trial);
    const known = graphs.get(graph) ?? data.names(graph, word);
    graphs.set(graph, known);
    return known || data.says(trial, word);
  };
}

function compares(value: number, sign: string, limit: number): boolean {
  if (sign === '<') return value < limit;
  if (sign === '>') return value > limit;
  if (sign === '<=') return value <= limit;
  if (sign === '>=') return value >= limit;
  return value === limit;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
