import { type Dirent, existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from '../../core/errors.js';
import { errorCode } from '../../platform/fs.js';
import { graphFilePaths } from '../../store/graph-files.js';
import { studyPaths } from '../../store/paths.js';
import type { StudySpec } from '../../study/types.js';

/** The id of a directory of studies that is a study itself. */
const ITSELF = '.';
/** Folders in folders that are looked into for studies, and how many of them at most. */
const DEPTH = 4;
const MOST_FOLDERS = 5000;

/** Names that the parts of an id may be: nothing that leads elsewhere or is hidden. */
const PART = /^[^./\\\p{Cc}][^/\\\p{Cc}]{0,254}$/u;

/** The studies in a directory, by their paths in it. */
export interface StudiesFolder {
  readonly root: string;
  /** Ids of all studies, sorted. */
  list(): readonly string[];
  /** The directory of an id; null where there is none, or it lies elsewhere. */
  find(id: string): string | null;
}

/** The studies at and below `root`, which need not be there yet. */
export function studiesFolder(root: string): StudiesFolder {
  return {
    root,
    list: () => {
      if (!existsSync(root)) return [];
      if (isStudy(root)) return [ITSELF];
      const found: string[] = [];
      let looked = 0;
      const look = (folder: string, depth: number): void => {
        for (const entry of entriesOf(folder)) {
          // Links are not followed: they could lead out, or in circles.
          if (!entry.isDirectory() || !isFolderName(entry.name) || ++looked > MOST_FOLDERS)
            continue;
          const path = join(folder, entry.name);
          if (isStudy(path)) found.push(relative(root, path).split(sep).join('/'));
          else if (depth < DEPTH) look(path, depth + 1);
        }
      };
      look(root, 1);
      return found.toSorted();
    },
    find: (id) => {
      const parts = id === ITSELF ? [] : id.split('/');
      if (parts.length > DEPTH || !parts.every((part) => PART.test(part))) return null;
      const path = join(root, ...parts);
      return isInside(root, path) && isStudy(path) ? path : null;
    },
  };
}

/** What a folder holds; nothing where it is gone, or not to be read. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return [];
  }
}

function isFolderName(name: string): boolean {
  return PART.test(name) && name !== 'node_modules';
}

function isStudy(path: string): boolean {
  const { state, registration } = studyPaths(path);
  return existsSync(state) || existsSync(registration);
}

/** Whether a path, its links followed, lies in a directory; false where it is not there. */
export function isInside(root: string, path: string): boolean {
  try {
    const [base, real] = [realpathSync(root), realpathSync(path)];
    return real === base || real.startsWith(base.endsWith(sep) ? base : base + sep);
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return false;
  }
}

/** The folders of a study whose files are read too. */
const FOLDERS = ['log', 'graphs', 'alive', 'checkpoints'];

/** Throws a `UserError` where something in a study's directory is a link that leads out of `root`. */
export function checkLinks(root: string, directory: string): void {
  for (const folder of [directory, ...FOLDERS.map((name) => join(directory, name))])
    for (const entry of entriesOf(folder))
      if (entry.isSymbolicLink() && !isInside(root, join(folder, entry.name)))
        throw new UserError(
          `what the studio reads must lie in ${root}, but ${entry.name} of this study is a link ` +
            'that leads out of it; put the file itself there',
        );
}

/** Throws a `UserError` where graphs of a study are read from files outside of `root`. */
export function checkGraphPlaces(
  root: string,
  directory: string,
  { baseline, graphs }: StudySpec,
): void {
  for (const path of graphFilePaths([baseline, ...graphs], directory))
    if (!isInside(root, path))
      throw new UserError(
        `what the studio reads must lie in ${root}, but a graph of this study is read from ${path}; ` +
          'copy it into the folder graphs of the study',
      );
}
