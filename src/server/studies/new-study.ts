import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudyEntry } from '../../analysis/study-entry.js';
import { UserError } from '../../core/errors.js';
import { errorCode, makeDirectory, withFileErrors } from '../../platform/fs.js';
import { parseStudySpec } from '../../store/spec-file.js';
import { checkGraphPlaces } from './folder.js';
import { unreadEntry } from './live.js';
import type { StudyShelf } from './shelf.js';

/** Milliseconds between two looks whether a study has begun, and how long it is waited for. */
const LOOK = 50;
const PATIENCE = 60_000;

/**
 * Begins a study whose spec was written on a page: the spec goes into the directory of studies as
 * NAME.yaml, and `plexus study run` makes NAME of it. What does not begin leaves nothing behind.
 *
 * @param text the spec, as YAML; paths in it are relative to the directory of studies
 * @param words further words of the command
 * @returns its entry, once it has begun
 * @throws UserError where the spec is none, its name is taken, or the command refuses it, in its words
 */
export async function beginNewStudy(
  shelf: StudyShelf,
  text: string,
  words: readonly string[],
): Promise<StudyEntry> {
  const { folder, runs } = shelf;
  const { root } = folder;
  if (folder.find('.') !== null)
    throw new UserError(
      `${root} must be a folder of studies to begin one in it, it is a study; run plexus studio in ` +
        'the folder that holds it',
    );
  const written = parseStudySpec(text, join(root, 'the new study'));
  const { name } = written;
  checkGraphPlaces(root, root, written);
  const [file, directory] = [join(root, `${name}.yaml`), join(root, name)];
  for (const path of [directory, file])
    if (isThere(path)) throw new UserError(`${path} is there already; give the study another name`);
  makeDirectory(root);
  // "wx": whoever comes second, in the moment between, is refused.
  withFileErrors('cannot write', file, () => writeFileSync(file, text, { flag: 'wx' }));
  let begun = false;
  try {
    runs.start(directory, ['run', ...words, '--out', directory, '--', file]);
    for (let waited = 0; waited < PATIENCE && !begun; waited += LOOK) {
      await sleep(LOOK);
      // The order matters: a short study may end between two looks.
      const ended = runs.of(directory)?.exit ?? null;
      begun = folder.find(name) !== null;
      if (ended !== null && !begun)
        throw new UserError(
          runs.of(directory)?.lines.join('\n') || `plexus study run ended with status ${ended}`,
        );
    }
    return (await shelf.entry(name)) ?? unreadEntry(name, directory);
  } catch (error) {
    if (!begun && !existsSync(directory)) rmSync(file, { force: true });
    throw error;
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return false;
  }
}
