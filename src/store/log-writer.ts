import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { errorCode, fileError, withFileErrors, writeFileAtomic } from '../platform/fs.js';
import type { TrialRecord } from '../study/types.js';
import { formatLine } from '../study/log-line.js';
import type { LogContent } from './log.js';

/** The log of a running study is not there any more, or not its own; the message says how. */
export class LogLost extends Error {
  override readonly name = 'LogLost';
}

/** An open log. */
export interface LogWriter {
  /**
   * Adds one record and flushes it to the disk. Where that fails the log is as before and a
   * `UserError` is thrown; `LogLost` as by `check`.
   */
  append(record: TrialRecord): void;
  /**
   * Throws `LogLost` unless the path still leads to this log, and nobody else has written into it.
   */
  check(): void;
  close(): void;
}

/** What writing to a disk that went away ends with. */
const GONE = new Set(['EIO', 'ESTALE', 'ENODEV', 'ENXIO', 'ENOTCONN', 'EROFS', 'EHOSTDOWN']);

/**
 * Puts damaged lines of a log aside, at the end of another file, before they are taken out of it.
 *
 * @param content what `readLog` said of it just now, under the study's lock
 * @returns what the log holds now
 */
export function repairLog(path: string, aside: string, content: LogContent): LogContent {
  const { damaged } = content;
  if (damaged.length === 0) return content;
  const bytes = withFileErrors('read', path, () => readFileSync(path));
  const lost = Buffer.concat(damaged.map(({ from, to }) => bytes.subarray(from, to)));
  withFileErrors('write', aside, () => appendFileSync(aside, lost, { flush: true }));
  const starts = [0, ...damaged.map(({ to }) => to)];
  const ends = [...damaged.map(({ from }) => from), bytes.length];
  writeFileAtomic(path, Buffer.concat(starts.map((from, at) => bytes.subarray(from, ends[at]))));
  return { ...content, damaged: [], wholeBytes: content.wholeBytes - lost.length };
}

/**
 * Opens a log for appending, repaired first: a torn last line is cut off, a missing line end is
 * added.
 *
 * @param content what `readLog` said of it just now, under the study's lock; without damaged lines
 */
export function openLog(path: string, content: LogContent): LogWriter {
  // Whatever else goes wrong, what is written lands behind what is there.
  const descriptor = withFileErrors('open', path, () =>
    openSync(path, existsSync(path) ? 'a+' : 'ax+'),
  );
  let length = content.wholeBytes;
  const check = (): void => {
    const lost = lossOf(path, descriptor, length);
    if (lost !== null) throw new LogLost(lost);
  };
  const write = (bytes: Buffer): void => {
    try {
      writeWhole(descriptor, bytes);
    } catch (error) {
      undo(descriptor, length, bytes.length);
      const code = errorCode(error);
      if (code !== null && GONE.has(code))
        throw new LogLost(`${path} cannot be written any more (${code})`, { cause: error });
      throw fileError('write', path, error);
    }
    length += bytes.length;
  };
  withFileErrors(
    'write',
    path,
    () => fstatSync(descriptor).size > length && ftruncateSync(descriptor, length),
  );
  if (content.unterminated) write(Buffer.from('\n'));
  return {
    append: (record) => {
      check();
      write(Buffer.from(formatLine(record)));
    },
    check,
    close: () => closeSync(descriptor),
  };
}

/**
 * What has become of an open log that its path does not lead to, or that does not have the length
 * that it was left with; null where all is well.
 */
function lossOf(path: string, descriptor: number, length: number): string | null {
  try {
    const [open, there] = [
      fstatSync(descriptor, { bigint: true }),
      statSync(path, { bigint: true }),
    ];
    // A file without a name keeps what is written to it from everybody.
    if (open.dev !== there.dev || open.ino !== there.ino)
      return `another file was put in the place of ${path}`;
    if (!there.isFile() || there.size === BigInt(length)) return null;
    return (
      `something else wrote into ${path}, which had ${length} bytes and has ${there.size} ` +
      '(two runs must not share a study)'
    );
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR' ? 'is no longer there' : `is lost (${code})`;
    return `${path} ${why} (removed, moved or unmounted?)`;
  }
}

/**
 * Cuts off a part of a line that was written. Where even that fails, the next reader does it: it is
 * a torn last line.
 *
 * @param length of the log before
 * @param tried bytes that were to be written; where the log has more, they are somebody else's
 */
function undo(descriptor: number, length: number, tried: number): void {
  try {
    if (fstatSync(descriptor).size < length + tried) ftruncateSync(descriptor, length);
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}

/**
 * One write of everything; a short one (a disk filling up) is finished by further ones, which then
 * give the reason.
 */
function writeWhole(descriptor: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done);
  fsyncSync(descriptor);
}
