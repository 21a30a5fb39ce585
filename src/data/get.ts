import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { UserError } from '../core/errors.js';
import {
  fileError,
  makeDirectory,
  temporaryPath,
  withFileErrors,
  writeFileAtomic,
} from '../platform/fs.js';
import { checkCifar10, cifar10, cifar10Files, findCifar10, recordsPerFile } from './cifar10.js';
import { download, NetworkError, type Progress, sizeOf } from './download.js';
import { tarFiles } from './tar.js';

const count = (value: number): string => value.toLocaleString('en-US');

/** Where the archive of CIFAR-10 is published and what it must be. */
export interface Archive {
  readonly url: string;
  /** Its file name, also for a copy that was placed by hand. */
  readonly file: string;
  readonly bytes: number;
  readonly md5: string;
  /** Records in each of the files inside. */
  readonly records: number;
}

/** The binary version; address, and checksum from https://www.cs.toronto.edu/~kriz/cifar.html. */
export const cifar10Archive: Archive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  file: 'cifar-10-binary.tar.gz',
  bytes: 170_052_171,
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  records: recordsPerFile,
};

export interface GetOptions {
  /** The data directory (made where missing), or the folder of the files itself. */
  readonly directory: string;
  /** Another archive only in tests. */
  readonly archive?: Archive;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface GetResult {
  /** The folder with the six files. */
  readonly folder: string;
  /** False: a complete copy was there already. */
  readonly changed: boolean;
}

/**
 * Makes CIFAR-10 available in `directory`: downloads the archive (continuing an interrupted
 * download), checks size and checksum, unpacks beside the target and renames. Under the final name
 * there is a whole data set or none. An archive that was placed by hand in `directory` is used
 * instead of downloading. A complete copy is left alone.
 *
 * Throws a `UserError` that says what to download by hand and where to put it, when the server
 * cannot be reached; or when a checksum is wrong, or the disk is full; `Interrupted` when `signal`
 * aborts.
 */
export async function getCifar10(options: GetOptions): Promise<GetResult> {
  const archive = options.archive ?? cifar10Archive;
  const { folder, home } = targetOf(options.directory);
  if (isComplete(folder, archive.records)) return { folder, changed: false };
  makeDirectory(home);
  const byHand = join(home, archive.file);
  if (existsSync(byHand)) {
    await verify(
      byHand,
      archive,
      `remove it, or replace it by an undamaged copy of ${archive.url}`,
    );
    await unpack(byHand, folder, archive.records);
    return { folder, changed: true };
  }
  const part = `${byHand}.part`;
  await fetchArchive(part, folder, archive, options);
  await unpack(part, folder, archive.records);
  rmSync(part, { force: true });
  return { folder, changed: true };
}

/**
 * The folder for the files (where some are already, else the official name) and the directory for
 * the archive.
 */
function targetOf(directory: string): { folder: string; home: string } {
  if (basename(directory) === cifar10.folder)
    return { folder: directory, home: dirname(directory) };
  const present = findCifar10([{ path: directory, origin: '--data-dir' }]);
  return { folder: present?.folder ?? join(directory, cifar10.folder), home: directory };
}

function isComplete(folder: string, records: number): boolean {
  try {
    checkCifar10(folder, records);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

async function fetchArchive(
  part: string,
  folder: string,
  archive: Archive,
  { signal, onProgress }: GetOptions,
): Promise<void> {
  const { url, bytes } = archive;
  try {
    await download({ url, path: part, bytes, signal, onProgress });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const kept = sizeOf(part);
    const note =
      kept > 0
        ? `${count(kept)} of ${count(bytes)} bytes are kept: the same command continues ` +
          'from there.\n'
        : '';
    throw new NetworkError(
      `${error.message}\n${note}${byHandHelp(archive, folder, dirname(part))}`,
    );
  }
  try {
    await verify(part, archive, 'it was removed; run the same command again');
  } catch (error) {
    // Continuing from wrong bytes would never come right.
    if (error instanceof UserError) rmSync(part, { force: true });
    throw error;
  }
}

/** What to do on a machine without access to the server. */
function byHandHelp({ url, file, bytes, md5 }: Archive, folder: string, home: string): string {
  return [
    `Where the server can be reached, download ${url} by hand (${count(bytes)} bytes, ` +
      `MD5 ${md5}) and`,
    `- either put it at ${join(home, file)} and run the same command again,`,
    `- or unpack it so that ${folder} holds ${[...cifar10Files, cifar10.namesFile].join(', ')}.`,
    'Until then the built-in data set "shapes" needs no download.',
  ].join('\n');
}

/** Compares a file's size and MD5 with the archive's. */
async function verify(path: string, archive: Archive, remedy: string): Promise<void> {
  const size = sizeOf(path);
  if (size !== archive.bytes) {
    throw new UserError(
      `${path} has ${count(size)} bytes, expected ${count(archive.bytes)}; ${remedy}`,
    );
  }
  const hash = createHash('md5');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw fileError('read', path, error);
  }
  const found = hash.digest('hex');
  if (found !== archive.md5)
    throw new UserError(
      `${path} has the MD5 checksum ${found}, expected ${archive.md5}; ${remedy}`,
    );
}

/**
 * Unpacks the archive's data files into a temporary folder beside `folder`, checks them, and puts
 * it in place.
 */
async function unpack(archivePath: string, folder: string, records: number): Promise<void> {
  const fresh = temporaryPath(folder);
  withFileErrors('make the directory', fresh, () => mkdirSync(fresh));
  try {
    await extract(archivePath, fresh);
    checkCifar10(fresh, records);
    moveInto(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function extract(archivePath: string, folder: string): Promise<void> {
  const wanted = new Set([...cifar10Files, cifar10.namesFile]);
  const stream = createReadStream(archivePath);
  const unzipped = createGunzip();
  stream.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const { name, bytes } of tarFiles(stream.pipe(unzipped))) {
      const file = basename(name);
      if (wanted.has(file)) writeFileAtomic(join(folder, file), bytes);
    }
  } catch (error) {
    throw fileError('unpack', archivePath, error);
  } finally {
    stream.destroy();
  }
}

/**
 * Renames `fresh` to `folder`; into an incomplete copy that is there it moves file by file, so
 * nothing else in it is lost.
 */
function moveInto(fresh: string, folder: string): void {
  withFileErrors('write', folder, () => {
    if (!existsSync(folder)) return renameSync(fresh, folder);
    for (const file of readdirSync(fresh)) renameSync(join(fresh, file), join(folder, file));
  });
}
