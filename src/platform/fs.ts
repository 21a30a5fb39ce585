import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deeperThan } from '../core/depth.js';
import { messageOf, printable, UserError } from '../core/errors.js';
import { sizesApart } from '../core/sizes.js';
import { utf8Text } from '../core/text.js';

/** What a person can do about a failed file operation, by the system's error code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space or choose another place',
  EDQUOT: 'the disk quota is used up; free some space or choose another place',
  EACCES: 'permission denied; check who owns it or choose another place',
  EPERM: 'not permitted; check who owns it or choose another place',
  EROFS: 'the file system is read-only; choose another place',
  ENOENT: 'no such file or directory; check the path',
  ENOTDIR: 'a part of the path is a file, not a directory; check the path',
  EISDIR: 'it is a directory where a file is expected; check the path',
  EEXIST: 'something of that name is in the way; remove it or choose another name',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  EMFILE: 'too many open files; close some programs or raise the limit',
  ENFILE: 'too many open files on this machine; close some programs',
  EFBIG: 'the file is too large for this file system; choose another place',
  EIO: 'the disk reports an input/output error; check the disk',
};

/** The system's error code (`ENOENT`, ...) of anything that was thrown, or null. */
export function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

/**
 * The `UserError` for a failed file operation: `cannot write PATH: the disk is full; free some
 * space ...`. Errors that are not the system's are returned as they are.
 *
 * @param action what was tried, e.g. `write`, `read`, `make the directory`
 */
export function fileError(action: string, path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === null || error instanceof UserError) return error;
  return new UserError(
    `cannot ${action} ${path}: ${REMEDIES[code] ?? messageOf(error)} (${code})`,
    { cause: error },
  );
}

/**
 * Runs `work`, turning the system's errors into `UserError`s that name the path (see `fileError`).
 */
export function withFileErrors<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(action, path, error);
  }
}

/**
 * Makes a directory and its parents; one that exists is fine. Throws a `UserError` where that is
 * impossible.
 */
export function makeDirectory(path: string): void {
  // One by one: of a recursive call that meets a read-only file system Node says that there is no
  // such file.
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path) || !statSync(path).isDirectory())
      throw fileError('make the directory', path, error);
  }
}

/** Numbers the temporary files of this process, so that two writes of one path never meet. */
let temporaries = 0;
/** Tells them from those of a process of the same number on another machine. */
const OWN = randomBytes(4).toString('hex');

/**
 * A name beside `path` for work in progress: in the same directory, hence on the same file system.
 */
export function temporaryPath(path: string): string {
  temporaries += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}-${OWN}-${temporaries}.tmp`);
}

/**
 * Flushes a directory's entries, so that a rename survives a power cut. Windows has no such call:
 * ignored.
 */
function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // The file itself is already safe; some systems cannot open or flush a directory.
    if (errorCode(error) === null) throw error;
  }
}

function writeAndSync(path: string, data: string | Uint8Array): void {
  const descriptor = openSync(path, 'wx');
  try {
    writeFileSync(descriptor, data);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a whole file so that a reader sees either the old content or the new, never a part: into a
 * temporary file in the same directory, flushed to disk, then renamed over `path` (over what it
 * points to, if it is a link). On failure the temporary file is removed, the old content is
 * untouched, and a full disk, a missing directory or a missing permission becomes a `UserError`.
 * What is no file, such as a pipe or /dev/stdout, is written to as it is.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  withFileErrors('write', path, () => {
    const there = existsSync(path) ? statSync(path) : null;
    if (there && !there.isFile()) writeFileSync(path, data);
    else replaceFile(there ? realpathSync(path) : path, data);
  });
}

function replaceFile(path: string, data: string | Uint8Array): void {
  const temporary = temporaryPath(path);
  try {
    writeAndSync(temporary, data);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Writes `value` as indented JSON with a final newline; see `writeFileAtomic`. */
export function writeJsonAtomic(path: string, value: unknown): void {
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Most bytes of a text that is read whole: specs, lists of graphs, states of studies. */
const MOST_TEXT_BYTES = 2 ** 26;

/**
 * A file's text (UTF-8). Throws a `UserError` where it cannot be read, or is no text: a binary
 * file, another encoding.
 */
export function readText(path: string): string {
  const there = withFileErrors('read', path, () => statSync(path));
  if (there.isFile() && there.size > MOST_TEXT_BYTES) {
    const [most, size] = sizesApart(MOST_TEXT_BYTES, there.size, 0);
    throw new UserError(
      `${path} may have at most ${most}, got ${size}; check that it is the right file`,
    );
  }
  return utf8Text(
    withFileErrors('read', path, () => readFileSync(path)),
    path,
  );
}

/**
 * A file's bytes. Throws a `UserError` where it cannot be read, or is a pipe or a device, which may
 * have no end.
 */
export function readBytes(path: string): Uint8Array {
  const there = withFileErrors('read', path, () => statSync(path));
  if (!there.isFile() && !there.isDirectory())
    throw new UserError(
      `${printable(path)} must be a file, but it is a pipe or a device; save it to a file first`,
    );
  return withFileErrors('read', path, () => readFileSync(path));
}

/** Whether there is a file (or a link to one) at a path. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/**
 * A JSON file's value, unchecked. Throws a `UserError` naming the file, and the remedy, where it is
 * missing or not JSON.
 */
export function readJson(path: string, remedy = 'repair or remove it'): unknown {
  const text = readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not valid JSON: ${printable(messageOf(error))}; ${remedy}`);
  }
  if (deeperThan(value, MOST_DEPTH))
    throw new UserError(`${path} is nested more than ${MOST_DEPTH} deep; ${remedy}`);
  return value;
}

/** Lists in lists in a JSON file of Plexus's own: far more than any has. */
const MOST_DEPTH = 200;

/** Throws a `UserError` where an open file, called `name` in the message, is a directory. */
export function refuseDirectory(descriptor: number, name: string): void {
  withFileErrors('read', name, () => {
    if (fstatSync(descriptor).isDirectory())
      throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  });
}
