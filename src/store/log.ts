import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { withFileErrors } from '../platform/fs.js';
import type { StudySpec, Trial, TrialRecord } from '../study/types.js';
import { isOf, parseLine } from '../study/log-line.js';

/** A line of a log that is not what was written there. */
export interface DamagedLine {
  /** From 1. */
  readonly line: number;
  /** Where in the file it lies, its line end included. */
  readonly from: number;
  readonly to: number;
}

/** What a log holds. */
export interface LogContent {
  /** One record a trial, by index: the first complete one, else the last one. */
  readonly records: readonly TrialRecord[];
  /** Bytes of the whole lines; what follows is a line that was cut off while it was written. */
  readonly wholeBytes: number;
  /** Bytes of the torn last line; 0 when the log is whole. */
  readonly tornBytes: number;
  /** The last record is whole but lacks its line end. */
  readonly unterminated: boolean;
  /** Whole lines that no record can be read from; `repairLog` puts them aside. */
  readonly damaged: readonly DamagedLine[];
}

/** A log before its first record. */
export const EMPTY_LOG: LogContent = {
  records: [],
  wholeBytes: 0,
  tornBytes: 0,
  unterminated: false,
  damaged: [],
};

/**
 * Reads a study's log; a missing file is an empty log. A last line that was cut off, and damaged
 * lines anywhere else, are left out and reported; a record that is not one of `trials`, or was trained in
 * another precision, is a `UserError` that gives its line.
 */
export function readLog(
  path: string,
  trials: readonly Trial[],
  { precision }: Pick<StudySpec['train'], 'precision'>,
): LogContent {
  if (!existsSync(path)) return EMPTY_LOG;
  const bytes = withFileErrors('read', path, () => readFileSync(path));
  const records: TrialRecord[] = [];
  const damaged: DamagedLine[] = [];
  const take = (from: number, to: number, line: number): boolean => {
    const record = parseLine(bytes.subarray(from, to));
    if (record === null) return false;
    checkRecord(record, { trials, precision, path, line });
    records.push(record);
    return true;
  };
  let [from, line] = [0, 1];
  for (let to = bytes.indexOf(0x0a); to >= 0; to = bytes.indexOf(0x0a, from), line++) {
    if (!take(from, to, line)) damaged.push({ line, from, to: to + 1 });
    from = to + 1;
  }
  const unterminated = from < bytes.length && take(from, bytes.length, line);
  return {
    records: onePerTrial(records),
    wholeBytes: unterminated ? bytes.length : from,
    tornBytes: unterminated ? 0 : bytes.length - from,
    unterminated,
    damaged,
  };
}

/** What a record of a study's own log is checked against, and where it stands. */
interface RecordPlace {
  readonly trials: readonly Trial[];
  readonly precision: StudySpec['train']['precision'];
  readonly path: string;
  readonly line: number;
}

/**
 * Throws a `UserError` unless a record is of one of the study's trials, and of its precision: a
 * study mixes none.
 */
export function checkRecord(
  record: TrialRecord,
  { trials, precision: wanted, path, line }: RecordPlace,
): void {
  const { index, precision = 'float32' } = record;
  if (!isOf(record, trials))
    throw new UserError(
      `${path}, line ${line}: trial ${index} (${record.graph}, seed ${record.seed}) ` +
        "is not one of this study's; remove that line",
    );
  if (precision !== wanted)
    throw new UserError(
      `${path}, line ${line}: the trials of a study are trained in one precision, here ${wanted}, ` +
        `but trial ${index} was in ${precision}; remove that line`,
    );
}

/**
 * The first complete record of a trial counts, so that a result never changes; else the last one.
 * By index.
 */
function onePerTrial(records: readonly TrialRecord[]): TrialRecord[] {
  const kept = new Map<number, TrialRecord>();
  for (const record of records) {
    if (kept.get(record.index)?.status !== 'complete') kept.set(record.index, record);
  }
  return [...kept.values()].sort((a, b) => a.index - b.index);
}

/** `line 3` or `lines 3, 7 and 9`: where a log is damaged. */
export function damagedLines({ damaged }: LogContent): string {
  const numbers = damaged.map(({ line }) => line);
  const last = numbers.pop();
  return numbers.length === 0 ? `line ${last}` : `lines ${numbers.join(', ')} and ${last}`;
}
