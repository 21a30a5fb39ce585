import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { UserError } from '../core/errors.js';
import type { GetOptions, GetResult, Progress } from '../data/descriptor.js';
import {
  fileError,
  makeDirectory,
  temporaryPath,
  withFileErrors,
  writeFileAtomic,
} from '../platform/fs.js';
import { download, NetworkError, sizeOf } from './download.js';
import {
  checkPublished,
  type Download,
  findPublished,
  grouped,
  problemIn,
  type PublishedSet,
} from './published.js';
import { tarFiles } from './tar.js';

/**
 * Makes a published data set available in a directory: fetches what is missing (continuing an
 * interrupted download), checks size and checksum, and only then puts it under its final name. An
 * archive that was placed by hand in the directory is used instead of downloading. A complete copy
 * is left alone.
 *
 * Throws a `UserError` that says what to download by hand and where to put it, when the server
 * cannot be reached; or when a checksum is wrong, or the disk is full; `Interrupted` when `signal`
 * aborts.
 */
export async function getPublished(set: PublishedSet, options: GetOptions): Promise<GetResult> {
  const { folder, home } = targetOf(set, options.directory);
  if (problemIn(set, folder) === null) return { folder, changed: false };
  if ('archive' in set.fetch) await getArchive(set, set.fetch.archive, { folder, home }, options);
  else await getEach(set, set.fetch.each, folder, options);
  return { folder, changed: true };
}

/** Where the files go, and where an archive of them is kept meanwhile. */
interface Target {
  readonly folder: string;
  readonly home: string;
}

/** The folder where some of the files are already, else one of the official name. */
function targetOf(set: PublishedSet, directory: string): Target {
  if (basename(directory) === set.folder) return { folder: directory, home: dirname(directory) };
  const present = findPublished(set, [{ path: directory, origin: '--data-dir' }]);
  return { folder: present?.folder ?? join(directory, set.folder), home: directory };
}

/** Fetches the archive and unpacks it beside the target: under the final name is all or nothing. */
async function getArchive(
  set: PublishedSet,
  archive: Download,
  { folder, home }: Target,
  options: GetOptions,
): Promise<void> {
  makeDirectory(home);
  const byHand = join(home, archive.file);
  if (existsSync(byHand)) {
    await verify(
      byHand,
      archive,
      `remove it, or replace it by an undamaged copy of ${archive.url}`,
    );
    return unpack(set, byHand, folder);
  }
  const part = `${byHand}.part`;
  const files = [...set.files.map(({ name }) => name), ...set.extras];
  await fetchFile(archive, part, options, [
    `- either put it at ${byHand} and run the same command again,`,
    `- or unpack it so that ${folder} holds ${files.join(', ')}.`,
  ]);
  await unpack(set, part, folder);
  rmSync(part, { force: true });
}

/** Fetches every file that is not right, one after the other. */
async function getEach(
  set: PublishedSet,
  downloads: readonly Download[],
  folder: string,
  { signal, onProgress }: GetOptions,
): Promise<void> {
  makeDirectory(folder);
  const wanted = downloads.filter(({ file, bytes }) => sizeOf(join(folder, file)) !== bytes);
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const one of wanted) {
    const path = join(folder, one.file);
    const part = `${path}.part`;
    const progress = (of: Progress): void => onProgress?.(ofAll(of, before, total));
    await fetchFile(one, part, { signal, onProgress: progress }, [
      `put it at ${path}, and run the same command again.`,
    ]);
    withFileErrors('write', path, () => renameSync(part, path));
    before += one.bytes;
  }
  checkPublished(set, folder);
}

/** The progress of one file as that of all. */
function ofAll({ done, bytesPerSecond }: Progress, before: number, total: number): Progress {
  const left = total - before - done;
  return {
    done: before + done,
    total,
    bytesPerSecond,
    secondsLeft: bytesPerSecond > 0 ? Math.max(0, left) / bytesPerSecond : null,
  };
}

/**
 * Downloads one file and checks it.
 *
 * @param byHand what to do with it on a machine that reaches the server
 */
async function fetchFile(
  wanted: Download,
  part: string,
  { signal, onProgress }: Omit<GetOptions, 'directory'>,
  byHand: readonly string[],
): Promise<void> {
  const { url, bytes, md5 } = wanted;
  try {
    await download({ url, path: part, bytes, signal, onProgress });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const kept = sizeOf(part);
    const note =
      kept > 0
        ? `${grouped(kept)} of ${grouped(bytes)} bytes are kept: the same command continues ` +
          'from there.\n'
        : '';
    const help = [
      `Where the server can be reached, download ${url} by hand (${grouped(bytes)} bytes, ` +
        `MD5 ${md5}) and`,
      ...byHand,
      'Until then the built-in data set "shapes" needs no download.',
    ];
    throw new NetworkError(`${error.message}\n${note}${help.join('\n')}`);
  }
  try {
    await verify(part, wanted, 'it was removed; run the same command again');
  } catch (error) {
    // Continuing from wrong bytes would never come right.
    if (error instanceof UserError) rmSync(part, { force: true });
    throw error;
  }
}

/** Compares a file's size and MD5 with what they must be. */
async function verify(path: string, wanted: Download, remedy: string): Promise<void> {
  const size = sizeOf(path);
  if (size !== wanted.bytes) {
    throw new UserError(
      `${path} has ${grouped(size)} bytes, expected ${grouped(wanted.bytes)}; ${remedy}`,
    );
  }
  const hash = createHash('md5');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw fileError('read', path, error);
  }
  const found = hash.digest('hex');
  if (found !== wanted.md5)
    throw new UserError(`${path} has the MD5 checksum ${found}, expected ${wanted.md5}; ${remedy}`);
}

/**
 * Unpacks the archive's data files into a temporary folder beside `folder`, checks them, and puts
 * it in place.
 */
async function unpack(set: PublishedSet, archivePath: string, folder: string): Promise<void> {
  const fresh = temporaryPath(folder);
  withFileErrors('make the directory', fresh, () => mkdirSync(fresh));
  try {
    await extract(set, archivePath, fresh);
    checkPublished(set, fresh);
    moveInto(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function extract(set: PublishedSet, archivePath: string, folder: string): Promise<void> {
  const wanted = new Set([...set.files.map(({ name }) => name), ...set.extras]);
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
