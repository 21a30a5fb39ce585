import type { Trial, TrialRecord } from '../../study/types.js';

/** Of `src/train`, which this room knows through records only. */
export type LoggedEpoch = TrialRecord['epochs'][number];

/** A trial of a study as a row of an export. */
export interface TrialRow {
  readonly study: string;
  readonly arch: string;
  /** The data set's identity. */
  readonly data: string;
  readonly trial: Trial;
  /** What the trial's graph is called, and the graph that it is a null of; null where neither. */
  readonly name: string | null;
  readonly nullOf: string | null;
  /** Null while the trial has not ended. */
  readonly record: TrialRecord | null;
}

/** One finished epoch of a trial as a row. */
export interface EpochRow extends TrialRow {
  readonly epoch: LoggedEpoch;
}

/** What a data dictionary says of a column. */
export interface ColumnMeaning {
  readonly name: string;
  /** `integer`: whole numbers, also beyond 32 bits. */
  readonly type: 'integer' | 'real' | 'text';
  /** Null for text and for pure counts and measures without one. */
  readonly unit: string | null;
  readonly definition: string;
  /** The file of the study's directory and the field in it. */
  readonly source: string;
}

/** A column of an export: its meaning, and its value in a row; null where there is none. */
export type ExportColumn<Row> = ColumnMeaning &
  (
    | { readonly type: 'text'; readonly value: (row: Row) => string | null }
    | {
        readonly type: 'integer' | 'real';
        readonly value: (row: Row) => number | null;
        /** An integer that may need more than 32 bits. */ readonly wide?: true;
      }
  );
