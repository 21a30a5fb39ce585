import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, UserError } from '../core/errors.js';
import { errorCode, makeDirectory, readBytes, writeFileAtomic } from '../platform/fs.js';
import type { TrialRecord } from '../study/types.js';
import { GRAPHS_FOLDER } from './graph-files.js';
import { formatLine } from '../study/log-line.js';
import { type StudyPaths, studyPaths } from './paths.js';

/** What a study's directory held when its run began, but for the log: all that goes on needs. */
export interface StudyCopy {
  /** Absolute. */
  readonly directory: string;
  /** The file system of the directory that the study's lies in. */
  readonly device: bigint;
  /** By their paths relative to the directory. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Reads what will be needed if the directory goes away while its study runs. */
export function copyOfStudy(paths: StudyPaths): StudyCopy {
  const directory = resolve(paths.directory);
  const graphs = join(directory, GRAPHS_FOLDER);
  const copies = existsSync(graphs)
    ? readdirSync(graphs).map((name) => `${GRAPHS_FOLDER}/${name}`)
    : [];
  const names = [paths.state, paths.spec, paths.registration].map((path) => basename(path));
  return {
    directory,
    device: statSync(dirname(directory), { bigint: true }).dev,
    files: new Map(
      [...names, ...copies]
        .filter((name) => existsSync(join(directory, name)))
        .map((name) => [name, readBytes(join(directory, name))]),
    ),
  };
}

/**
 * Writes a study whose directory went away into a new one beside it, or where that is impossible
 * into the working directory, or that of temporary files: a whole study, which can be continued.
 *
 * @throws UserError when none of them can be written
 */
export function rescueStudy(
  { directory, device, files }: StudyCopy,
  records: readonly TrialRecord[],
): StudyPaths {
  const reasons: string[] = [];
  for (const place of placesBeside(dirname(directory), device)) {
    try {
      const paths = studyPaths(freeDirectory(place, `${basename(directory)}-rescued`));
      writeFileAtomic(paths.log, records.map(formatLine).join(''));
      makeDirectory(paths.checkpoints);
      if ([...files.keys()].some((name) => name.startsWith(GRAPHS_FOLDER)))
        makeDirectory(join(paths.directory, GRAPHS_FOLDER));
      for (const [name, bytes] of files) writeFileAtomic(join(paths.directory, name), bytes);
      return paths;
    } catch (error) {
      if (errorCode(error) === null && !(error instanceof UserError)) throw error;
      reasons.push(messageOf(error));
    }
  }
  throw new UserError(`nor can its records be kept elsewhere: ${reasons.join('; ')}`);
}

/** Directories to try, in their order. */
function placesBeside(parent: string, device: bigint): readonly string[] {
  const places = [tmpdir()];
  try {
    places.unshift(process.cwd());
  } catch (error) {
    // The working directory was removed as well.
    if (errorCode(error) === null) throw error;
  }
  // Where a disk was unmounted, what lay under it shows, and is hidden again when it comes back.
  const there = existsSync(parent) && statSync(parent, { bigint: true }).dev === device;
  return there ? [parent, ...places] : places;
}

function freeDirectory(place: string, name: string): string {
  for (let number = 1; ; number++) {
    const path = join(place, number === 1 ? name : `${name}-${number}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
