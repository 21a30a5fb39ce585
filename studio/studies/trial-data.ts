import { densityOf } from '../../src/analysis/result-table.js';
import type { TableGraph, TrialRows, TrialTable } from '../../src/analysis/trial-table.js';
import type { TrialFacts } from '../../src/study/types.js';
import type { TrialColumn, TrialOrder } from '../state/types.js';

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
    const sorted = [...graphs.keys()].sort((a, b) => compareText(this.label(a), this.label(b)));
    this.ranks = new Float64Array(graphs.length);
    sorted.forEach((graph, rank) => (this.ranks[graph] = rank));
    this.put(rows);
  }

  /** Takes rows that are new, or others than before. */
  put(rows: TrialRows): void {
    rows.index.forEach((trial, at) => {
      const letter = rows.status[at] ?? '';
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

  /** Whether anything is known in a column. */
  knows(column: 'validation' | 'train'): boolean {
    return this.numbers[column].some((value) => !Number.isNaN(value));
  }

  count(letter: 'c' | 's' | 'f'): number {
    return this.status.reduce((sum, each) => sum + Number(each === letter), 0);
  }

  /** The trials with a record that a filter lets through, in an order. Unknown values stand last. */
  listed(find: string, { by, descending }: TrialOrder): Int32Array {
    const accepts = acceptorOf(find);
    const trials: number[] = [];
    this.status.forEach((letter, trial) => {
      if (letter !== '' && accepts(this, trial)) trials.push(trial);
    });
    const list = Int32Array.from(trials);
    if (by === 'trial') return descending ? list.reverse() : list;
    const keys = Float64Array.from(this.status, (_, trial) => this.value(by, trial));
    const sign = descending ? -1 : 1;
    return list.sort((a, b) => {
      const [x, y] = [keys[a] ?? NaN, keys[b] ?? NaN];
      if (x === y) return a - b;
      if (Number.isNaN(x) || Number.isNaN(y))
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return sign * (x - y);
    });
  }

  /** Whether a word is in what a trial is called or why it failed. */
  says(trial: number, word: string): boolean {
    return (
      (this.words[this.graphOf(trial)]?.includes(word) ?? false) ||
      this.state(trial).includes(word) ||
      this.reason(trial).toLowerCase().includes(word)
    );
  }
}

const STORED = ['error', 'validation', 'train', 'epochs', 'seconds'] as const;
type StoredColumn = (typeof STORED)[number];

type Acceptor = (data: TrialData, trial: number) => boolean;

/** Columns that a filter can compare with a number, as it names them. */
const COMPARED: ReadonlyMap<string, TrialColumn> = new Map(
  (
    [
      'trial',
      'seed',
      'error',
      'difference',
      'validation',
      'train',
      'epochs',
      'time',
      'C',
      'L',
      'density',
      'edges',
      'width',
      'parameters',
    ] as const
  ).map((name) => [name.toLowerCase(), name]),
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
      if (column === undefined) return (data, trial) => data.says(trial, word);
      const limit = Number(number);
      return (data, trial) => compares(data.value(column, trial), sign, limit);
    });
  return (data, trial) => tests.every((test) => test(data, trial));
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
