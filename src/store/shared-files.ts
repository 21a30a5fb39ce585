import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { errorCode, makeDirectory, withFileErrors, writeFileAtomic } from '../platform/fs.js';

/**
 * The operations on a directory which several machines share that a study needs. Each of them is
 * one that a network file system does in one step on its server: appending is none of them, unless
 * the file has one writer. Paths are relative to the directory. A simulator has another
 * implementation (`test/study/store-simulator.ts`).
 */
export interface SharedFiles {
  /** Names in a folder, sorted; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Bytes of a file from `from` on; null where there is no such file. */
  read(path: string, from?: number): Promise<Uint8Array | null>;
  /** Makes a folder; false where there is something of that name already. Parents are made. */
  makeFolder(path: string): Promise<boolean>;
  /** Writes a file that only this process writes, and flushes it. Parents are made. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Adds to a file that only this process writes, behind its first `length` bytes, and flushes it.
   * What an earlier call that failed left behind these is cut off.
   *
   * @throws FileReplaced when the file has fewer: it is not the one that was written
   */
  append(path: string, bytes: Uint8Array, length: number): Promise<void>;
  /** Puts a file in its place whole: whoever reads sees all of it or nothing. */
  place(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, or a folder with all that is in it; neither need be there. */
  remove(path: string): Promise<void>;
  /** Removes a folder if nothing is in it. */
  removeEmpty(folder: string): Promise<void>;
  /**
   * When a file or folder was written last by the clock of whoever keeps the files, seconds; null
   * where it is not there. The clock of this machine says nothing about it.
   */
  modified(path: string): Promise<number | null>;
}

/** A file that only this process writes is not what it left. */
export class FileReplaced extends UserError {}

/** `SharedFiles` of a directory that this machine sees. Errors are `UserError`s with the path. */
export function directoryFiles(directory: string): SharedFiles {
  const at = (path: string): string => join(directory, path);
  return {
    list: async (folder) =>
      orNull('read', at(folder), () => readdirSync(at(folder)).toSorted()) ?? [],
    read: async (path, from = 0) => orNull('read', at(path), () => readFrom(at(path), from)),
    makeFolder: async (path) => {
      makeDirectory(dirname(at(path)));
      return withFileErrors('make the directory', at(path), () => exclusive(at(path)));
    },
    write: async (path, bytes) => {
      makeDirectory(dirname(at(path)));
      withFileErrors('write', at(path), () => writeFileSync(at(path), bytes, { flush: true }));
    },
    append: async (path, bytes, length) =>
      withFileErrors('write', at(path), () => appendWhole(at(path), bytes, length)),
    place: async (path, bytes) => writeFileAtomic(at(path), bytes),
    remove: async (path) =>
      withFileErrors('remove', at(path), () => rmSync(at(path), { recursive: true, force: true })),
    removeEmpty: async (folder) =>
      withFileErrors('remove', at(folder), () => removeIfEmpty(at(folder))),
    modified: async (path) =>
      orNull('read', at(path), () => {
        const descriptor = openSync(at(path), 'r');
        try {
          return fstatSync(descriptor).mtimeMs / 1000;
        } finally {
          closeSync(descriptor);
        }
      }),
  };
}

/** Opened anew each time: so a network file system looks whether what it remembers is true. */
function readFrom(path: string, from: number): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(Math.max(0, fstatSync(descriptor).size - from));
    const read = readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

/** Null where something on the way is not there. */
function orNull<T>(action: string, path: string, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESTALE') return null;
    return withFileErrors(action, path, () => {
      throw error;
    });
  }
}

/** Whether anything is in it, the file system decides: others may put something there just now. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

function exclusive(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function appendWhole(path: string, bytes: Uint8Array, length: number): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT);
  try {
    const { size } = fstatSync(descriptor);
    if (size < length)
      throw new FileReplaced(
        `${path} had ${length} bytes and has ${size}: it was removed or replaced while this ` +
          'process wrote it; start the worker again',
      );
    if (size > length) ftruncateSync(descriptor, length);
    let done = 0;
    while (done < bytes.length)
      done += writeSync(descriptor, bytes, done, bytes.length - done, length + done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
