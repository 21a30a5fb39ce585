import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { makeDirectory, temporaryPath, withFileErrors } from './fs.js';

/** What other programs leave beside the files that they run. */
const LEFT_BEHIND = new Set(['__pycache__', '.DS_Store']);

/**
 * Throws a `UserError` unless a folder may be written there: nothing of that name is there, or with
 * `replace` a folder that holds nothing but files of these names.
 */
export function checkFolder(path: string, names: readonly string[], replace: boolean): void {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory())
    throw new UserError(`${path} is a file where a folder is to be made; choose another name`);
  if (!replace)
    throw new UserError(`${path} exists; choose another name, or replace it with --force`);
  const own = new Set(names.map((name) => name.split('/')[0]));
  const foreign = readdirSync(path).find((name) => !own.has(name) && !LEFT_BEHIND.has(name));
  if (foreign !== undefined)
    throw new UserError(
      `${path} holds ${foreign}, which is not of the export; choose another name, or remove it`,
    );
}

/**
 * Writes a folder of files, whole or not at all: into a folder beside it, which then takes its name;
 * what was there of that name (see `checkFolder`) is removed.
 *
 * @param files by name, folders separated by slashes
 */
export function writeFolderAtomic(
  path: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): void {
  const fresh = temporaryPath(path);
  try {
    for (const [name, content] of files) {
      const file = join(fresh, name);
      makeDirectory(dirname(file));
      withFileErrors('write', join(path, name), () => writeFileSync(file, content));
    }
    withFileErrors('write', path, () => {
      const old = existsSync(path) ? temporaryPath(path) : null;
      if (old !== null) renameSync(path, old);
      renameSync(fresh, path);
      if (old !== null) rmSync(old, { recursive: true });
    });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}
