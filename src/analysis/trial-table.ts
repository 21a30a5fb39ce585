import { graphNames } from '../study/names.js';
import { nullGraphs } from '../study/nulls.js';
import { confirmSeeds } from '../study/confirm.js';
import type { StudySpec, TrialFacts, TrialRecord } from '../study/types.js';

/** A graph of a study in the order of its trials: the baseline first, then the graphs. */
export interface TableGraph {
  readonly spec: string;
  /** What its author calls it; null: by its spec. */
  readonly name: string | null;
  /** A null graph, which is tested against. */
  readonly control: boolean;
}

/** What a letter of `TrialRows.status` stands for; `-` is a trial that is to be run again. */
const STATUS_LETTERS = { complete: 'c', stopped: 's', failed: 'f' } as const;

/**
 * Trials that have a record, column by column: thousands of them in one small text. Of what is not
 * known a column has null.
 */
export interface TrialRows {
  /**
   * Numbers of the trials. Trial i is of graph i mod g with seed floor(i / g), g being the number of
   * the table's graphs.
   */
  readonly index: readonly number[];
  /** A letter for each. */
  readonly status: string;
  /** Test error after the last epoch of a complete trial, %. */
  readonly error: readonly (number | null)[];
  /** Error on held out training images after the last epoch, %. */
  readonly validation: readonly (number | null)[];
  /** Training error of the last epoch, %. */
  readonly train: readonly (number | null)[];
  /** Epochs that were finished. */
  readonly epochs: readonly number[];
  /** What the trial took. */
  readonly seconds: readonly number[];
  /** Why trials failed, by their numbers. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What is known of the graphs of these trials, by their place in the table's graphs. */
  readonly facts: Readonly<Record<string, TrialFacts>>;
}

/** All trials of a study that have a record. */
export interface TrialTable {
  /** Where in the logs this ends: events go on from there. Null where it is too long to say. */
  readonly position: string | null;
  /** Trials that the spec lists; a search runs some of them. */
  readonly trials: number;
  /** Epochs of a whole training. */
  readonly epochs: number;
  readonly graphs: readonly TableGraph[];
  /** Training seeds, those of a confirmation last. */
  readonly seeds: readonly number[];
  readonly rows: TrialRows;
}

/** A record, which may lack all epochs but the last, with the number of those it had. */
export type TableRecord = TrialRecord & { readonly epochCount: number };

/**
 * The trials as columns.
 *
 * @param trials numbers of trials, and the record of each; null where it counts no more
 */
export function trialRows(
  spec: StudySpec,
  trials: readonly (readonly [index: number, record: TableRecord | null])[],
): TrialRows {
  const places = spec.graphs.length + 1;
  const reasons: Record<string, string> = {};
  const facts: Record<string, TrialFacts> = {};
  for (const [index, record] of trials) {
    if (record?.status === 'failed') reasons[index] = record.reason;
    if (record?.facts != null) facts[index % places] = record.facts;
  }
  const records = trials.map(([, record]) => record);
  const last = (value: (epoch: TrialRecord['epochs'][number]) => number | null | undefined) =>
    records.map((record) => {
      const epoch = record?.epochs.at(-1);
      return (epoch === undefined ? null : value(epoch)) ?? null;
    });
  return {
    index: trials.map(([index]) => index),
    status: records.map((record) => (record ? STATUS_LETTERS[record.status] : '-')).join(''),
    error: records.map((record) => (record?.status === 'complete' ? record.error : null)),
    validation: last(({ validationError }) => validationError),
    train: last(({ trainError }) => trainError),
    epochs: records.map((record) => record?.epochCount ?? 0),
    seconds: records.map((record) => record?.seconds ?? 0),
    reasons,
    facts,
  };
}

/** The table of a study, with the rows of these records. */
export function trialTable(
  spec: StudySpec,
  trials: number,
  records: readonly TableRecord[],
  position: string | null,
): TrialTable {
  const names = graphNames(spec);
  const controls = nullGraphs(spec);
  return {
    position,
    trials,
    epochs: spec.train.epochs,
    graphs: [spec.baseline, ...spec.graphs].map((graph) => ({
      spec: graph,
      name: names.get(graph) ?? null,
      control: controls.has(graph),
    })),
    seeds: [...spec.seeds, ...confirmSeeds(spec)],
    rows: trialRows(
      spec,
      records.map((record) => [record.index, record]),
    ),
  };
}
