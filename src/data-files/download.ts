import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { Interrupted, messageOf, UserError } from '../core/errors.js';
import type { Progress } from '../data/descriptor.js';
import { errorCode, withFileErrors } from '../platform/fs.js';

/** The server cannot be reached, or does not give the file. */
export class NetworkError extends UserError {}

export interface DownloadOptions {
  readonly url: string;
  /** Where the bytes go; what is there already is kept and continued. */
  readonly path: string;
  /** Size of the whole file. */
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A line that broke is taken up again this often, as long as each attempt brings something. */
const ATTEMPTS = 5;

export function sizeOf(path: string): number {
  return existsSync(path) ? withFileErrors('read', path, () => statSync(path)).size : 0;
}

/** A silent server is given up after this many milliseconds. */
const TIMEOUT = 60_000;
const REDIRECTS = 5;

/**
 * One GET request, redirects followed. Not `fetch`, which would unpack an archive that a server
 * labels as encoded content, and so spoil its checksum.
 */
async function open(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
  redirects = REDIRECTS,
): Promise<IncomingMessage> {
  const get = new URL(url).protocol === 'https:' ? httpsGet : httpGet;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = get(
      url,
      { headers, timeout: TIMEOUT, ...(signal === undefined ? {} : { signal }) },
      resolve,
    );
    call.on('error', reject);
    call.on('timeout', () =>
      call.destroy(
        new NetworkError(`cannot download ${url}: no answer for ${TIMEOUT / 1000} seconds`),
      ),
    );
  });
  const status = response.statusCode ?? 0;
  const target = response.headers.location;
  if (status < 300 || status >= 400 || target === undefined) return response;
  response.destroy();
  if (redirects === 0) throw new NetworkError(`${url} redirects too often`);
  return open(new URL(target, url).href, headers, signal, redirects - 1);
}

/**
 * Asks for the file from byte `from` on. Throws a `NetworkError` for an answer that is not the
 * file.
 */
async function request(
  { url, path, signal }: DownloadOptions,
  from: number,
): Promise<IncomingMessage> {
  const response = await open(url, from > 0 ? { range: `bytes=${from}-` } : {}, signal);
  const status = response.statusCode ?? 0;
  if (status === 200) return response;
  if (status === 206 && response.headers['content-range']?.startsWith(`bytes ${from}-`) === true)
    return response;
  response.destroy();
  if (from > 0 && (status === 206 || status === 416)) {
    // What is here does not fit the server's file: begin anew.
    withFileErrors('remove', path, () => rmSync(path, { force: true }));
    return request({ url, path, bytes: 0, signal }, 0);
  }
  throw new NetworkError(`${url} answered ${status} ${response.statusMessage ?? ''}`.trimEnd());
}

/**
 * One connection: appends to what is there, or starts over where the server sends the whole file.
 */
async function transfer(options: DownloadOptions): Promise<void> {
  const { path, bytes, onProgress } = options;
  const response = await request(options, sizeOf(path));
  const resumed = response.statusCode === 206;
  const before = resumed ? sizeOf(path) : 0;
  const started = performance.now();
  const descriptor = withFileErrors('write', path, () => openSync(path, resumed ? 'a' : 'w'));
  let done = before;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      // A write may take a part only.
      for (let at = 0; at < chunk.length;)
        at += withFileErrors('write', path, () => writeSync(descriptor, chunk, at));
      done += chunk.length;
      onProgress?.(progressOf(done, before, bytes, (performance.now() - started) / 1000));
      // A longer file is a wrong one: the checksum will say so.
      if (done > bytes) return;
    }
  } finally {
    closeSync(descriptor);
    response.destroy();
  }
}

function progressOf(done: number, before: number, total: number, seconds: number): Progress {
  const bytesPerSecond = seconds > 0 ? (done - before) / seconds : 0;
  return {
    done,
    total,
    bytesPerSecond,
    secondsLeft: bytesPerSecond > 0 ? Math.max(0, total - done) / bytesPerSecond : null,
  };
}

/**
 * Fetches `url` into `path` until it holds `bytes` bytes, continuing what an earlier run left there
 * (HTTP Range) and taking up a broken connection again. What has arrived stays on the disk whatever
 * happens.
 *
 * Throws a `NetworkError` with the reason where the server cannot be reached or refuses, another
 * `UserError` where the file cannot be written, `Interrupted` when `signal` aborts.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, path, bytes, signal } = options;
  let reason = 'the connection closed early';
  for (let attempt = 0; attempt < ATTEMPTS && sizeOf(path) < bytes; attempt++) {
    const before = sizeOf(path);
    try {
      await transfer(options);
    } catch (error) {
      if (signal?.aborted === true)
        throw new Interrupted(
          `download of ${url} interrupted; run the same command again to continue`,
        );
      if (error instanceof UserError || errorCode(error) === null) throw error;
      reason = messageOf(error) || (errorCode(error) ?? reason);
    }
    if (sizeOf(path) <= before) break;
  }
  if (sizeOf(path) < bytes) throw new NetworkError(`cannot download ${url}: ${reason}`);
}
