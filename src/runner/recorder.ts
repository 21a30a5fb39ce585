import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../core/errors.js';
import { readLogs, type Study } from '../store/directory.js';
import { LogLost, type LogWriter, openLog, repairLog } from '../store/log-writer.js';
import { damagedLines, readLog } from '../store/log.js';
import type { StudyPaths } from '../store/paths.js';
import { copyOfStudy, rescueStudy } from '../store/rescue.js';
import type { TrialRecord } from '../study/types.js';

/**
 * A study's directory, or its log, went away while the study ran. What was known of it is kept in
 * another directory, which the message names.
 */
export class StudyLost extends Error {
  override readonly name = 'StudyLost';
}

/** Keeps what a running study comes to: in its log, or, when that is lost, in a new directory. */
export interface Recorder {
  /** By trial, the latest that is known. */
  readonly records: Map<number, TrialRecord>;
  /** Aborts when the log is lost: the run has to stop. */
  readonly signal: AbortSignal;
  /** Takes a record and flushes it to the disk. */
  append(record: TrialRecord): void;
  /** Whether the log is still there; where it is lost, everything is kept elsewhere now. */
  check(): boolean;
  /** Where a checkpoint of the study's directory is to be written now. */
  checkpointAt(file: string): string;
  /** Why the run was stopped by `signal`, and where everything is; null while the log is there. */
  loss(): StudyLost | null;
  close(): void;
}

/**
 * Puts damaged lines of a study's log aside and cuts off a torn one; says what was done.
 *
 * @param complete no trial is missing
 */
export function mendLog(study: Study, complete: boolean, note: (line: string) => void): Study {
  const { paths, damaged, tornBytes } = study;
  const again = complete ? 'every trial has its record' : 'what is missing runs again';
  const content = repairLog(paths.log, paths.damaged, study);
  if (damaged.length > 0)
    note(
      `note: ${damagedLines(study)} of ${paths.log} ${damaged.length === 1 ? 'is' : 'are'} ` +
        `damaged, and kept aside in ${paths.damaged}; ${again}`,
    );
  if (tornBytes > 0)
    note(
      `note: the last line of ${paths.log} was cut off (${tornBytes} bytes); it is removed; ${again}`,
    );
  openLog(paths.log, content).close();
  return { ...study, ...readLogs(paths, study.trials, study.spec.train) };
}

/** Opens the log of a study, which is whole. */
export function openRecorder(study: Study): Recorder {
  const { paths } = study;
  const copy = copyOfStudy(paths);
  const records = new Map(study.records.map((record) => [record.index, record]));
  const controller = new AbortController();
  let log: LogWriter = openLog(paths.log, study);
  let lost: { readonly why: string; readonly paths: StudyPaths } | null = null;
  const rescue = (why: string): void => {
    try {
      lost = { why, paths: rescueStudy(copy, [...records.values()]) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${why}; ${messageOf(error)}`, { cause: error });
    }
    log.close();
    log = openLog(lost.paths.log, readLog(lost.paths.log, study.trials, study.spec.train));
    controller.abort();
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof LogLost)) throw error;
      rescue(error.message);
    }
  };
  return {
    records,
    signal: controller.signal,
    append: (record) => {
      records.set(record.index, record);
      attempt(() => log.append(record));
    },
    check: () => {
      attempt(() => log.check());
      return lost === null;
    },
    checkpointAt: (file) => (lost === null ? file : join(lost.paths.checkpoints, basename(file))),
    loss: () => lost && new StudyLost(lossMessage(lost.why, lost.paths, study, records.size)),
    close: () => log.close(),
  };
}

function lossMessage(
  why: string,
  { directory, checkpoints }: StudyPaths,
  { paths }: Study,
  records: number,
): string {
  const trained = existsSync(checkpoints) ? readdirSync(checkpoints).length : 0;
  return (
    `${why}; the run is stopped, and everything it knew is kept in ${directory}: ` +
    `${records} record${records === 1 ? '' : 's'} and ${trained} checkpoint` +
    `${trained === 1 ? '' : 's'} of trials under way; it is a whole study: continue it with: ` +
    `plexus study run ${directory}, or move it to ${paths.directory} when that place is free`
  );
}
