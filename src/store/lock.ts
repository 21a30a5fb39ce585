import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Interrupted, UserError } from '../core/errors.js';
import { jsonOrNull } from '../core/json.js';
import { errorCode, fileError, temporaryPath } from '../platform/fs.js';
import { livenessOf, thisProcess } from '../platform/process-identity.js';

const known = z.string().nullable().default(null);
/** Who holds a study. What older versions did not write is unknown. */
const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  started: z.string().nullable(),
  boot: known,
  machine: known,
  namespace: known,
  /** Seconds from one touch of the lock to the next while its holder lives; null: none. */
  heartbeat: z.number().nullable().default(null),
});
type Holder = z.output<typeof holderSchema>;

/** How long a lock file without readable content counts as being written just now. */
const WRITING_MS = 5000;
/** Seconds between two signs of life. */
const HEARTBEAT = 5;
/** Signs of life that must be missing before a holder that cannot be asked counts as dead. */
const MISSED = 12;

/**
 * Takes the lock of a study's directory, a file that names the process, and touches it now and then
 * as a sign of life. One left by a process that ended is taken over, with a note; one of a living
 * process, or of one that cannot be asked from here (see `outwaitLock`), is a `UserError`.
 *
 * @returns releases the lock
 */
export function takeLock(path: string, note: (line: string) => void): () => void {
  const text = `${JSON.stringify({ ...thisProcess(), heartbeat: HEARTBEAT })}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLock(path, text)) return held(path, text);
    const left = readHolder(path);
    if (left === 'gone') continue;
    if (left === 'unreadable' || mayLive(left.holder))
      throw refusal(path, left === 'unreadable' ? null : left.holder);
    if (removeStale(path, left.text)) note(takenOver(left.holder));
  }
  throw refusal(path, null);
}

/**
 * Where the holder of a lock cannot be asked (another container, another machine): waits for a sign
 * of life, and removes the lock when there is none. Clocks are not compared, so that they may
 * differ.
 *
 * @param options.beat seconds between two looks; default: the holder's
 * @throws UserError when the holder lives
 * @throws Interrupted when `signal` aborts meanwhile
 */
export async function outwaitLock(
  path: string,
  {
    note,
    signal,
    beat,
  }: {
    readonly note: (line: string) => void;
    readonly signal?: AbortSignal | undefined;
    readonly beat?: number;
  },
): Promise<void> {
  const left = readHolder(path);
  if (typeof left === 'string' || left.holder === null || left.holder.heartbeat === null) return;
  if (livenessOf(left.holder) !== 'unknown') return;
  const { holder, text } = left;
  const seconds = beat ?? left.holder.heartbeat;
  note(
    `note: ${nameOf(holder)} began to run the study and cannot be asked from here; waiting up to ` +
      `${Math.ceil(MISSED * seconds)} s for a sign of life`,
  );
  const first = touched(path);
  for (let look = 0; look < MISSED; look++) {
    await sleep(1000 * seconds, undefined, { signal }).catch(() => {
      throw new Interrupted('stopped while waiting for the lock of the study');
    });
    const last = touched(path);
    if (last === null) return;
    if (last !== first) throw refusal(path, holder);
  }
  if (removeStale(path, text)) note(takenOver(holder));
}

/** Whether a process, as `thisProcess` in JSON, has ended; false where that cannot be told. */
export function hasEnded(text: string): boolean {
  const parsed = holderSchema.safeParse(jsonOrNull(text));
  return parsed.success && livenessOf(parsed.data) === 'ended';
}

/** The process that runs a study now, as `process PID on HOST`; null when none does. */
export function lockHolder(path: string): string | null {
  const left = readHolder(path);
  if (left === 'gone' || (left !== 'unreadable' && !mayLive(left.holder))) return null;
  return left === 'unreadable' ? 'another process' : nameOf(left.holder);
}

/** The number of the process that runs a study, where it is known to live on this machine. */
export function lockProcess(path: string): number | null {
  const left = readHolder(path);
  if (typeof left === 'string' || left.holder === null) return null;
  return livenessOf(left.holder) === 'alive' ? left.holder.pid : null;
}

function nameOf(holder: Holder | null): string {
  return holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
}

function takenOver(holder: Holder | null): string {
  return (
    `note: the run of process ${holder?.pid ?? '?'} on this study ended without ` +
    'tidying up; its lock is taken over'
  );
}

/** Shows that the holder of a lock lives until it is released. */
function held(path: string, text: string): () => void {
  const beat = setInterval(() => {
    try {
      if (readFileSync(path, 'utf8') === text) utimesSync(path, new Date(), new Date());
    } catch (error) {
      // The directory is gone: the log, which is looked at before every record, says so.
      if (errorCode(error) === null) throw error;
    }
  }, 1000 * HEARTBEAT);
  beat.unref();
  return () => {
    clearInterval(beat);
    release(path, text);
  };
}

/** When a lock was touched last, by its holder's clock; null where it is gone. */
function touched(path: string): number | null {
  try {
    // Opened, so that file systems of other machines look whether what they remember is true.
    readFileSync(path);
    return statSync(path).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read', path, error);
  }
}

function createLock(path: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx');
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fileError('write', path, error);
  }
  try {
    writeFileSync(descriptor, text);
    return true;
  } catch (error) {
    // The disk is full, say: an empty lock would keep others out.
    rmSync(path, { force: true });
    throw fileError('write', path, error);
  } finally {
    closeSync(descriptor);
  }
}

function readHolder(
  path: string,
): 'gone' | 'unreadable' | { readonly holder: Holder | null; readonly text: string } {
  try {
    const text = readFileSync(path, 'utf8');
    const parsed = holderSchema.safeParse(jsonOrNull(text));
    if (parsed.success) return { holder: parsed.data, text };
    // A lock of the future is as little being written just now as one of long ago.
    const age = Math.abs(Date.now() - statSync(path).mtimeMs);
    return age < WRITING_MS ? 'unreadable' : { holder: null, text };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'gone';
    throw fileError('read', path, error);
  }
}

function mayLive(holder: Holder | null): boolean {
  return holder !== null && livenessOf(holder) !== 'ended';
}

/**
 * Moves the stale lock aside first: of two processes that found it, one may already have put its
 * own in its place.
 */
function removeStale(path: string, text: string): boolean {
  const aside = temporaryPath(path);
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) {
      renameSync(aside, path);
      return false;
    }
    rmSync(aside, { force: true });
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError('remove', path, error);
  }
}

function release(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) rmSync(path, { force: true });
  } catch (error) {
    // It is gone with its directory, or cannot be removed: it is known as left behind by its name.
    if (errorCode(error) === null) throw error;
  }
}

function refusal(path: string, holder: Holder | null): UserError {
  return new UserError(
    `the study is being run by ${nameOf(holder)}; wait for it or stop it, or, if it no ` +
      `longer exists, remove ${path}`,
  );
}
