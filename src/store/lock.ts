import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { errorCode, fileError, temporaryPath } from '../platform/fs.js';

/**
 * Who holds a study. `started` tells a process from a later one of the same number; null where it
 * is unknown.
 */
const holderSchema = z.object({ pid: z.int(), host: z.string(), started: z.string().nullable() });
type Holder = z.output<typeof holderSchema>;

/** How long a lock file without readable content counts as being written just now. */
const WRITING_MS = 5000;

/**
 * Takes the lock of a study's directory, a file that names the process. One left by a process that
 * died is taken over, with a note; one of a living process, or of another machine (which cannot be
 * asked), is a `UserError`.
 *
 * @returns releases the lock
 */
export function takeLock(path: string, note: (line: string) => void): () => void {
  const self = currentProcess();
  const text = `${JSON.stringify(self)}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLock(path, text)) return () => release(path, text);
    const left = readHolder(path);
    if (left === 'gone') continue;
    if (left === 'unreadable' || isAlive(left.holder, self))
      throw refusal(path, left === 'unreadable' ? null : left.holder);
    if (removeStale(path, left.text))
      note(
        `note: the run of process ${left.holder?.pid ?? '?'} on this study ended without ` +
          'tidying up; its lock is taken over',
      );
  }
  throw refusal(path, null);
}

/** The process that runs a study now, as `process PID on HOST`; null when none does. */
export function lockHolder(path: string): string | null {
  const left = readHolder(path);
  if (left === 'gone' || (left !== 'unreadable' && !isAlive(left.holder, currentProcess())))
    return null;
  return left === 'unreadable' ? 'another process' : nameOf(left.holder);
}

function currentProcess(): Holder {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

function nameOf(holder: Holder | null): string {
  return holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
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
    return Date.now() - statSync(path).mtimeMs < WRITING_MS ? 'unreadable' : { holder: null, text };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'gone';
    throw fileError('read', path, error);
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Empty or half written: judged by its age.
    return null;
  }
}

function isAlive(holder: Holder | null, self: Holder): boolean {
  if (holder === null) return false;
  if (holder.host !== self.host) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
  const started = startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
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
  const left = readHolder(path);
  if (typeof left === 'object' && left.text === text) rmSync(path, { force: true });
}

function refusal(path: string, holder: Holder | null): UserError {
  return new UserError(
    `the study is being run by ${nameOf(holder)}; wait for it or stop it, or, if it no ` +
      `longer exists, remove ${path}`,
  );
}

/**
 * Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); null where there
 * is no such file.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; the third is the
    // state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended, not yet collected by its parent' : (fields[19] ?? null);
  } catch {
    // No /proc here, or the process ended: nothing is known.
    return null;
  }
}
