import { existsSync, readdirSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { readText, withFileErrors, writeFileAtomic } from '../platform/fs.js';
import { agendaOf } from '../study/agenda.js';
import { formatStudySpec } from '../study/spec-text.js';
import { trialsOf } from '../study/trials.js';
import type { Registration, SearchOutcome, StudySpec, Trial } from '../study/types.js';
import { graphOfStudy, GRAPHS_FOLDER } from './graph-files.js';
import { type LogContent, readLog } from './log.js';
import { type StudyPaths, studyPaths } from './paths.js';
import { readRegistration } from './registration.js';
import { parseStudySpec } from './spec-file.js';
import { readSharedLogs, type SharedLogs } from './shared-log.js';
import { StudyNews } from './worker-log.js';
import type { StudyState } from '../study/state.js';
import { readState, writeState } from './state.js';

/** A study as it lies on the disk. */
export interface Study extends LogContent {
  readonly paths: StudyPaths;
  readonly state: StudyState;
  readonly spec: StudySpec;
  /** All trials in their fixed order; `records` has those that ended. */
  readonly trials: readonly Trial[];
  /** What the logs of workers say, where there were any; `records` has it too. */
  readonly shared: SharedLogs | null;
  /** What was predicted before the first trial; null where nothing was. */
  readonly registration: Registration | null;
  /**
   * What a search has come to; null of a study that trains everything. Computed when it is first
   * asked for: its policy decides everything anew.
   */
  readonly search: () => SearchOutcome | null;
}

/**
 * Reads a study; nothing is changed, so it can be read while it runs.
 *
 * @throws UserError when the directory is not a study, of another format, or damaged, or its spec
 * was edited
 */
export function readStudy(directory: string): Study {
  const paths = studyPaths(directory);
  const state = readState(paths);
  if (!state) throw new UserError(notAStudy(directory));
  const trials = trialsOf(state.spec);
  const log = readLogs(paths, trials, state.spec.train);
  const registration = readRegistration(paths.registration);
  return {
    paths,
    state,
    spec: state.spec,
    trials,
    ...log,
    registration,
    search: once(() =>
      agendaOf(state.spec, trials, { graphOf: (line) => graphOfStudy(line, directory) }).outcome(
        log.records,
      ),
    ),
  };
}

/** What all logs of a study say: its own, and those of workers. */
export function readLogs(
  paths: StudyPaths,
  trials: readonly Trial[],
  { precision }: Pick<StudySpec['train'], 'precision'>,
): LogContent & Pick<Study, 'shared'> {
  const own = readLog(paths.log, trials, { precision });
  const shared = readSharedLogs(paths.directory, new StudyNews(trials, precision, own.records));
  return { ...own, records: shared?.news.records ?? own.records, shared };
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: compute() }).value;
}

/** Throws a `UserError` unless the data set is the one that the study was begun on. */
export function checkSameData(begun: StudyState, identity: string, paths: StudyPaths): void {
  if (identity === begun.data) return;
  throw new UserError(
    `the data set changed since ${paths.directory} was begun: it was ${begun.data}, is ` +
      `${identity}; restore the old data (--data-dir), or begin a new study elsewhere with --out`,
  );
}

/** Why a directory cannot be read as a study, and what to do. */
export function notAStudy(directory: string): string {
  if (existsSync(studyPaths(directory).registration))
    return (
      `${directory} is registered but was not begun; begin it with: plexus study run ` + directory
    );
  const what = existsSync(directory) ? 'is not a study (it has no study.json)' : 'does not exist';
  return `${directory} ${what}; begin one with: plexus study run SPEC.yaml --out ${directory}`;
}

/** Writes the readable copy of a study's spec where it is missing. */
export function restoreSpec(paths: StudyPaths, spec: StudySpec): void {
  if (!existsSync(paths.spec)) writeSpec(paths, spec);
}

/** Writes the readable copy of a study's spec. */
export function writeSpec(paths: StudyPaths, spec: StudySpec): void {
  writeFileAtomic(paths.spec, formatStudySpec(spec));
}

/**
 * The spec a directory holds that was written before the study itself was begun; null where there
 * is none.
 */
export function readUnbegunSpec(paths: StudyPaths): StudySpec | null {
  return existsSync(paths.spec) ? parseStudySpec(readText(paths.spec), paths.spec) : null;
}

/** What a study that was registered, or killed while it was begun, may have left. */
const BEFORE_THE_START: readonly string[] = [
  'study.yaml',
  'lock',
  'registration.json',
  GRAPHS_FOLDER,
];

/**
 * Throws a `UserError` when a directory holds files that are not a study's: a new one must not be
 * mixed with them.
 */
export function checkFreeDirectory(paths: StudyPaths): void {
  if (!existsSync(paths.directory)) return;
  const names = withFileErrors('read', paths.directory, () => readdirSync(paths.directory));
  // Looked for before and not found: the lock is not taken yet.
  if (names.includes('study.json')) throw begunMeanwhile(paths);
  const foreign = names.filter((name) => !name.startsWith('.') && !BEFORE_THE_START.includes(name));
  if (foreign.length > 0)
    throw new UserError(
      `${paths.directory} is neither empty nor a study (it holds ${foreign[0]}); choose ` +
        'another directory with --out',
    );
}

/** Two processes began one study at once, and this one came second. */
export function begunMeanwhile(paths: StudyPaths): UserError {
  return new UserError(
    `${paths.directory} was begun by another process just now; run the same command ` +
      'again to continue it',
  );
}

/** Writes what a study begins with. The state comes last: with it the study exists. */
export function writeStudyStart(paths: StudyPaths, state: StudyState): void {
  writeSpec(paths, state.spec);
  writeState(paths, state);
}
