import { isConfirming } from './confirm.js';
import type { SearchOutcome, StudyJob, StudySpec, Trial, TrialRecord } from './types.js';

/** What is to be run next. */
export interface AgendaStep {
  /** In any order; the next step follows from their outcomes. Empty: the study has ended. */
  readonly jobs: readonly StudyJob[];
  /** Trials that may have to go on later: their checkpoints are kept. */
  readonly alive: readonly Trial[];
  /** Of a step that confirms: the graphs that were chosen for it. */
  readonly confirms?: readonly string[];
}

/** Work in whole trainings' worth. */
export interface Progress {
  /** What the study asks for, as far as it is known. */
  readonly total: number;
  /** What of it is recorded. */
  readonly done: number;
}

/** What of a study is to be done, as its records come in. */
export interface Agenda {
  next(records: readonly TrialRecord[]): AgendaStep;
  progress(records: readonly TrialRecord[]): Progress;
  /** What a search has come to with those records; null of a study that trains everything. */
  outcome(records: readonly TrialRecord[]): SearchOutcome | null;
}

/** The records that count, by the number of their trial. */
type Latest = (records: readonly TrialRecord[]) => ReadonlyMap<number, TrialRecord>;

/** The trials of a study, and which of their records count. */
export interface KnownTrials {
  readonly trials: readonly Trial[];
  readonly latest: Latest;
}

/** Whether a trial with this record, or none, has still to be trained. */
export function needsRun(record: TrialRecord | undefined): boolean {
  return record === undefined || record.status === 'stopped';
}

/** Those trials that are to be run, each to its end. */
export function jobsOf(
  { train }: StudySpec,
  trials: readonly Trial[],
  known: ReadonlyMap<number, TrialRecord>,
): StudyJob[] {
  return trials
    .filter(({ index }) => needsRun(known.get(index)))
    .map((trial) => ({ trial, until: train.epochs }));
}

/** Whole trainings' worth that the records of the study's own seeds stand for. */
export function doneOf(spec: StudySpec, known: ReadonlyMap<number, TrialRecord>): number {
  return [...known.values()].reduce(
    (sum, record) => sum + (isConfirming(spec, record) ? 0 : partOf(record, spec)),
    0,
  );
}

/** Part of a whole training that a record stands for; a trial that failed has ended. */
export function partOf(record: TrialRecord, { train }: StudySpec): number {
  return record.status === 'stopped' ? record.epochs.length / train.epochs : 1;
}

/**
 * The record of a trial that went on after it was stopped. One that fails before it has taken up
 * its checkpoint has fewer epochs than it had: those of before stay, because a search decided by
 * them.
 */
export function continued(record: TrialRecord, before: TrialRecord | undefined): TrialRecord {
  if (
    record.status !== 'failed' ||
    before?.status !== 'stopped' ||
    record.epochs.length >= before.epochs.length
  )
    return record;
  return { ...record, facts: before.facts, epochs: before.epochs };
}
