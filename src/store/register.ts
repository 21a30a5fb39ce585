import { UserError } from '../core/errors.js';
import { makeDirectory } from '../platform/fs.js';
import type { DataOptions } from '../platform/places.js';
import type { Registration, StudySpec } from '../study/types.js';
import { begunMeanwhile, checkFreeDirectory, writeSpec } from './directory.js';
import { frozenSpec } from './freeze.js';
import { checkGraphFiles, copyGraphFiles } from './graph-files.js';
import { takeLock } from './lock.js';
import { checkNullGraphs } from './null-graphs.js';
import { studyPaths } from './paths.js';
import { readRegistration, writeRegistration } from './registration.js';
import { readState } from './state.js';

/** Where a study is registered, and what with. */
export interface RegisterOptions {
  /** The study's, which is made. */
  readonly directory: string;
  readonly spec: StudySpec;
  readonly data: DataOptions;
  /** Takes lines that the user should see. */
  readonly note: (line: string) => void;
}

/** What `registerStudy` found or made. */
export interface Registered {
  readonly registration: Registration;
  /** It was written now; else the same predictions were registered before. */
  readonly fresh: boolean;
}

/**
 * Registers the predictions of a study in its directory, with the spec that they are about, before
 * its first trial. The spec is frozen exactly as by `runStudy`, which then runs this one only.
 *
 * @throws UserError for a spec without predictions, and for a directory with another registration
 * or a study
 *   that was begun
 */
export function registerStudy({
  directory,
  spec: authored,
  data,
  note,
}: RegisterOptions): Registered {
  const paths = studyPaths(directory);
  if (authored.predictions === undefined) {
    throw new UserError(
      `a study to be registered must have predictions, ${authored.name} has none; ` +
        'add a section predictions to its spec',
    );
  }
  const begun = readState(paths);
  const known = readRegistration(paths.registration);
  if (begun && !known) {
    throw new UserError(
      `${directory} holds a study that was begun without predictions; ` +
        'they are registered before the first trial; register a new study elsewhere with --out',
    );
  }
  const { spec, files } = frozenSpec(
    authored,
    { directory, begun: begun?.spec ?? null, registration: known },
    data,
  );
  if (known) return { registration: known, fresh: false };
  checkFreeDirectory(paths);
  checkGraphFiles([authored.baseline, ...authored.graphs], '.');
  checkNullGraphs(authored, '.');
  makeDirectory(directory);
  const release = takeLock(paths.lock, note);
  try {
    if (readState(paths) || readRegistration(paths.registration)) throw begunMeanwhile(paths);
    copyGraphFiles(files, directory);
    writeSpec(paths, spec);
    return { registration: writeRegistration(paths.registration, spec), fresh: true };
  } finally {
    release();
  }
}
