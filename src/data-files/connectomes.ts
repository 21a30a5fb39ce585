import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectomeFolder,
  connectomeProblem,
  findConnectome,
} from '../graph-files/connectomes/places.js';
import { type Connectome, connectomes } from '../graph/connectomes.js';
import { isFile, makeDirectory, readBytes, temporaryPath, withFileErrors } from '../platform/fs.js';
import { type DataOptions, dataPlaces } from '../platform/places.js';
import { download, NetworkError } from './download.js';

/** One connectome as `plexus data list` shows it. */
export interface ConnectomeStatus extends Pick<Connectome, 'name' | 'meaning' | 'nodes' | 'arcs'> {
  /** There and undamaged. */
  readonly found: boolean;
  /** The file and why it was looked at; null where there is none. */
  readonly where: string | null;
  /** What is wrong with the file that is there. */
  readonly problem: string | null;
}

/**
 * Every connectome with its state on this machine; the files are read and their checksums compared.
 */
export function listConnectomes(options: DataOptions = {}): readonly ConnectomeStatus[] {
  const places = dataPlaces(options);
  return connectomes.map((known) => {
    const { name, meaning, nodes, arcs } = known;
    const found = findConnectome(known, places);
    const problem = found === null ? null : problemAt(known, found.path);
    return {
      name,
      meaning,
      nodes,
      arcs,
      found: found !== null && problem === null,
      where: found && `${found.path} (${found.origin})`,
      problem: found && problem && `${found.path} ${problem}`,
    };
  });
}

function problemAt(known: Connectome, path: string): string | null {
  return connectomeProblem(known, readBytes(path));
}

/** Where connectomes go, and who is told of them. */
export interface GetConnectomesOptions {
  /** The data directory (made where missing), or its folder `connectomes` itself. */
  readonly directory: string;
  /** Others only in tests. */
  readonly catalogue?: readonly Connectome[];
  readonly signal?: AbortSignal;
  /** Called before each file that is fetched. */
  readonly onFile?: (known: Connectome) => void;
}

/** What the download of connectomes left on the disk. */
export interface GetConnectomesResult {
  /** The folder with the files. */
  readonly folder: string;
  /** False: all were there already. */
  readonly changed: boolean;
  /** Names of the connectomes that were fetched. */
  readonly fetched: readonly string[];
}

/**
 * Makes every connectome available in `directory`: fetches those that are not there or damaged,
 * checks size and SHA-256, and renames each into place, so that under its final name there is a
 * right file or none. A file that cannot be fetched, or that is not the published one, does not
 * keep the others from being fetched.
 *
 * Throws a `NetworkError` that says what to download by hand and where to put it, when a file
 * cannot be fetched or a server sends another; a `UserError` when one cannot be written;
 * `Interrupted` when `signal` aborts.
 */
export async function getConnectomes(
  options: GetConnectomesOptions,
): Promise<GetConnectomesResult> {
  const folder = connectomeFolder(options.directory);
  const wanted = (options.catalogue ?? connectomes).filter(
    (known) => !isComplete(known, join(folder, known.file)),
  );
  if (wanted.length > 0) makeDirectory(folder);
  const missed: { readonly known: Connectome; readonly error: NetworkError }[] = [];
  for (const known of wanted) {
    options.onFile?.(known);
    try {
      await fetchFile(known, folder, options.signal);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      missed.push({ known, error });
    }
  }
  if (missed.length > 0)
    throw new NetworkError(
      missed.map(({ known, error }) => `${error.message}\n${byHandHelp(known, folder)}`).join('\n'),
    );
  return { folder, changed: wanted.length > 0, fetched: wanted.map(({ name }) => name) };
}

function isComplete(known: Connectome, path: string): boolean {
  return isFile(path) && problemAt(known, path) === null;
}

async function fetchFile(
  known: Connectome,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = join(folder, known.file);
  // In a directory of its own, so that what is half there is never beside the files.
  const fresh = temporaryPath(target);
  withFileErrors('make the directory', fresh, () => mkdirSync(fresh));
  const path = join(fresh, known.file);
  try {
    await download({ url: known.url, path, bytes: known.bytes, signal });
    const problem = problemAt(known, path);
    if (problem !== null)
      throw new NetworkError(
        `${known.url} is not the published file: it ${problem}; it was not kept, try again later`,
      );
    withFileErrors('write', target, () => renameSync(path, target));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What to do on a machine without access to the server. */
function byHandHelp({ name, url, file, bytes, sha256 }: Connectome, folder: string): string {
  return (
    `Where the server can be reached, download ${url} by hand ` +
    `(${bytes.toLocaleString('en-US')} bytes, SHA-256 ${sha256}) and put it at ` +
    `${join(folder, file)}; it is the connectome ${name}.`
  );
}
