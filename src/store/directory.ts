import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import {
  readJson,
  readText,
  withFileErrors,
  writeFileAtomic,
  writeJsonAtomic,
} from '../platform/fs.js';
import { agendaOf } from '../study/agenda.js';
import { describeDifferences, sameStudy } from '../study/differences.js';
import { formatStudySpec, writtenSpec } from '../study/spec-text.js';
import { trialsOf } from '../study/trials.js';
import type { Registration, SearchOutcome, StudySpec, Trial } from '../study/types.js';
import { graphOfStudy, GRAPHS_FOLDER } from './graph-files.js';
import { type LogContent, readLog } from './log.js';
import { readRegistration } from './registration.js';
import { parseStudySpec, studyHash } from './spec-file.js';

/** Version of the layout and of the log's records. */
export const STUDY_FORMAT = 1;

/** Where things are in a study's directory. */
export interface StudyPaths {
  readonly directory: string;
  /** The frozen spec. */
  readonly spec: string;
  /** What the study was begun with, see `StudyState`. */
  readonly state: string;
  /** One `TrialRecord` a line, only ever appended to. */
  readonly log: string;
  /** What was predicted before the first trial, see `Registration`; not there where nothing was. */
  readonly registration: string;
  /** The process that runs the study. */
  readonly lock: string;
  /** Trials that are being trained, or were when the study was stopped. */
  readonly checkpoints: string;
}

/** The paths of a study in `directory`; nothing is read. */
export function studyPaths(directory: string): StudyPaths {
  const inside = (name: string): string => join(directory, name);
  return {
    directory,
    spec: inside('study.yaml'),
    state: inside('study.json'),
    log: inside('trials.ndjson'),
    registration: inside('registration.json'),
    lock: inside('lock'),
    checkpoints: inside('checkpoints'),
  };
}

const stateSchema = z.object({
  format: z.literal(STUDY_FORMAT),
  plexus: z.string(),
  specHash: z.string(),
  data: z.string(),
  backend: z.string(),
  spec: z.unknown(),
  registration: z.string().optional(),
});

const RESTORE = 'restore it from a copy, or begin a new study elsewhere with --out';

/** What a study was begun with; `study.json`. */
export interface StudyState {
  /** Version of Plexus that began it. */
  readonly plexus: string;
  readonly specHash: string;
  /** Identity of the data set. */
  readonly data: string;
  /** Name and description of the backend. */
  readonly backend: string;
  readonly spec: StudySpec;
  /** Hash of the registration that the study began with; absent where nothing was predicted. */
  readonly registration?: string | undefined;
}

/** A study as it lies on the disk. */
export interface Study extends LogContent {
  readonly paths: StudyPaths;
  readonly state: StudyState;
  readonly spec: StudySpec;
  /** All trials in their fixed order; `records` has those that ended. */
  readonly trials: readonly Trial[];
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
  const log = readLog(paths.log, trials);
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

/** The state of a study that was begun, null where there is none. Throws as `readStudy` does. */
export function readState(paths: StudyPaths): StudyState | null {
  if (!existsSync(paths.state)) return null;
  const raw = readJson(paths.state, RESTORE);
  const format: unknown =
    typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : undefined;
  if (typeof format === 'number' && format !== STUDY_FORMAT) {
    const version =
      typeof raw === 'object' && raw !== null && 'plexus' in raw
        ? ` (plexus ${String(raw.plexus)})`
        : '';
    throw new UserError(
      `${paths.directory} is a study of format ${format}${version}; this plexus reads ` +
        `format ${STUDY_FORMAT}; use that version, or begin a new study elsewhere with ` +
        '--out',
    );
  }
  const parsed = stateSchema.safeParse(raw);
  if (!parsed.success)
    throw new UserError(
      `${paths.state} is damaged ` +
        `(${parsed.error.issues[0]?.path.join('.') || 'no object'}); ${RESTORE}`,
    );
  // Every JSON text is a YAML text.
  const spec = parseStudySpec(JSON.stringify(parsed.data.spec), paths.state, { frozen: true });
  const { plexus, specHash, data, backend, registration } = parsed.data;
  if (studyHash(spec) !== specHash)
    throw new UserError(
      `${paths.state} was edited: its spec and its specHash do not match; ${RESTORE}`,
    );
  checkRegistered(paths, spec, registration);
  checkUnedited(paths, spec);
  return { plexus, specHash, data, backend, spec, registration };
}

/**
 * Throws a `UserError` unless the registration is the one that the study began with, and none where
 * it began without.
 *
 * @param hash what the study's state says of it
 */
function checkRegistered(paths: StudyPaths, spec: StudySpec, hash: string | undefined): void {
  const found = readRegistration(paths.registration);
  if (hash === undefined && found) {
    throw new UserError(
      `${paths.registration} was not there when the study began; predictions are ` +
        'registered before the first trial; remove it',
    );
  }
  if (hash !== undefined && !found)
    throw new UserError(`${paths.registration} is missing, with which the study began; ${RESTORE}`);
  if (found && found.hash !== hash) {
    throw new UserError(
      `${paths.registration} was replaced after the study began: its hash was ${hash}, ` +
        `is ${found.hash}; ${RESTORE}`,
    );
  }
  if (found ? sameStudy(found.spec, spec) : spec.predictions === undefined) return;
  throw new UserError(
    `${paths.state} was edited: its predictions are not those that were registered; ${RESTORE}`,
  );
}

/** A missing copy of the spec is no edit: `restoreSpec` writes it anew. */
function checkUnedited(paths: StudyPaths, spec: StudySpec): void {
  if (!existsSync(paths.spec)) return;
  const found = frozenCopy(paths);
  if (sameStudy(spec, found)) return;
  throw new UserError(
    `${paths.spec} was edited after the study began: ` +
      `${describeDifferences(spec, found)}; change it back or remove it (it is written ` +
      'anew), ' +
      `or begin a new study with: plexus study run ${paths.spec} --out DIR`,
  );
}

function frozenCopy(paths: StudyPaths): StudySpec {
  try {
    return parseStudySpec(readText(paths.spec), paths.spec, { frozen: true });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}; the file was changed after the study began: remove it, and it ` +
        'is written anew',
      { cause: error },
    );
  }
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
  writeJsonAtomic(paths.state, { format: STUDY_FORMAT, ...state, spec: writtenSpec(state.spec) });
}
