import { existsSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.js';
import { UserError } from '../core/errors.js';
import { readJson, readText, writeJsonAtomic } from '../platform/fs.js';
import { sha256Hex } from '../platform/hash.js';
import { describeDifferences, sameStudy } from '../study/differences.js';
import { formatStudySpec } from '../study/spec-text.js';
import { stateContent, STUDY_FORMAT, type StudyState } from '../study/state.js';
import type { StudySpec } from '../study/types.js';
import type { StudyPaths } from './paths.js';
import { readRegistration } from './registration.js';
import { parseStudySpec, studyHash } from './spec-file.js';

const fields = {
  plexus: z.string(),
  specHash: z.string(),
  data: z.string(),
  backend: z.string(),
  spec: z.unknown(),
  registration: z.string().optional(),
};
const stateSchema = z.discriminatedUnion('format', [
  z.object({ ...fields, format: z.literal(1) }),
  z.strictObject({ ...fields, format: z.literal(STUDY_FORMAT), hash: z.string() }),
]);

const RESTORE = 'restore it from a copy, or begin a new study elsewhere with --out';

/** The state of a study that was begun, null where there is none. Throws as `readStudy` does. */
export function readState(paths: StudyPaths): StudyState | null {
  if (!existsSync(paths.state)) return null;
  const raw = readJson(paths.state, RESTORE);
  const format: unknown =
    typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : undefined;
  if (typeof format === 'number' && format !== 1 && format !== STUDY_FORMAT) {
    const version =
      typeof raw === 'object' && raw !== null && 'plexus' in raw
        ? ` (plexus ${String(raw.plexus)})`
        : '';
    throw new UserError(
      `${paths.directory} is a study of format ${format}${version}; this plexus reads ` +
        `formats 1 and ${STUDY_FORMAT}; use that version, or begin a new study elsewhere with ` +
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
  checkWhole(paths, parsed.data);
  checkRegistered(paths, spec, registration);
  checkUnedited(paths, spec);
  return { plexus, specHash, data, backend, spec, registration };
}

/** Throws a `UserError` unless a state is what was written. */
function checkWhole(paths: StudyPaths, state: z.output<typeof stateSchema>): void {
  if (state.format === 1) return;
  const { hash, ...content } = state;
  if (sha256Hex(canonicalJson(content)) === hash) return;
  throw new UserError(
    `${paths.state} is damaged: its content and its hash do not match; ${RESTORE}`,
  );
}

/** Writes what a study begins with. */
export function writeState(paths: StudyPaths, state: StudyState): void {
  const content = stateContent(state);
  writeJsonAtomic(paths.state, { ...content, hash: sha256Hex(canonicalJson(content)) });
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
  const found = frozenCopy(paths, spec);
  if (sameStudy(spec, found)) return;
  throw new UserError(
    `${paths.spec} was edited after the study began: ` +
      `${describeDifferences(spec, found)}; change it back or remove it (it is written ` +
      'anew), ' +
      `or begin a new study with: plexus study run ${paths.spec} --out DIR`,
  );
}

function frozenCopy(paths: StudyPaths, written: StudySpec): StudySpec {
  try {
    const text = readText(paths.spec);
    // As it was written, it need not be parsed, which takes long with thousands of graphs.
    if (text === formatStudySpec(written)) return written;
    return parseStudySpec(text, paths.spec, { frozen: true });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}; the file was changed after the study began: remove it, and it ` +
        'is written anew',
      { cause: error },
    );
  }
}
