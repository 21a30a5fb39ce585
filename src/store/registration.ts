import { existsSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.js';
import { UserError } from '../core/errors.js';
import { readJson, writeJsonAtomic } from '../platform/fs.js';
import { sha256Hex } from '../platform/hash.js';
import { packageVersion } from '../platform/version.js';
import { writtenSpec } from '../study/spec-text.js';
import type { Registration, StudySpec } from '../study/types.js';
import { parseStudySpec, studyHash } from './spec-file.js';

/** Version of the file's layout. */
const REGISTRATION_FORMAT = 1;

const RESTORE = 'restore it from a copy, or begin a new study elsewhere with --out';

const fileSchema = z.strictObject({
  format: z.literal(REGISTRATION_FORMAT),
  plexus: z.string(),
  when: z.iso.datetime(),
  specHash: z.string(),
  spec: z.record(z.string(), z.unknown()),
  predictions: z.array(z.unknown()),
  hash: z.string(),
});

/**
 * Writes the registration of a frozen spec.
 *
 * @param spec has predictions
 */
export function writeRegistration(
  path: string,
  spec: StudySpec,
  when: Date = new Date(),
): Registration {
  const { predictions = [], ...rest } = spec;
  const content = {
    format: REGISTRATION_FORMAT,
    plexus: packageVersion(),
    when: when.toISOString(),
    specHash: studyHash(spec),
    spec: writtenSpec(rest),
    predictions,
  };
  writeJsonAtomic(path, { ...content, hash: sha256Hex(canonicalJson(content)) });
  return readRegistration(path)!;
}

/**
 * The registration in a study's directory; null where there is none.
 *
 * @throws UserError when it is damaged or was edited: its hash is then no longer that of its
 * content
 */
export function readRegistration(path: string): Registration | null {
  if (!existsSync(path)) return null;
  const parsed = fileSchema.safeParse(readJson(path, RESTORE));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${path} is damaged (${issue?.path.join('.') || 'no object'}); ${RESTORE}`);
  }
  const { hash, ...content } = parsed.data;
  const { plexus, when, specHash, predictions } = content;
  if (sha256Hex(canonicalJson(content)) !== hash) {
    throw new UserError(
      `${path} was edited after it was registered: its content and its hash ${hash} do ` +
        `not match; ${RESTORE}`,
    );
  }
  // Every JSON text is a YAML text.
  const spec = parseStudySpec(JSON.stringify({ ...content.spec, predictions }), path, {
    frozen: true,
  });
  if (studyHash(spec) !== specHash)
    throw new UserError(`${path} was edited: its spec and its specHash do not match; ${RESTORE}`);
  return { plexus, when, specHash, spec, predictions: spec.predictions ?? [], hash };
}
