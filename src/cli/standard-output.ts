import { closeSync, fstatSync, writeSync } from 'node:fs';
import { errorCode, fileError } from '../platform/fs.js';
import { messageOf } from '../core/errors.js';
import { EXIT } from './run.js';

/** Where results go. */
export interface StandardOutput {
  write(text: string): void;
  /** Resolves when everything has left the process, and is known to have. */
  flushed(): Promise<void>;
}

/**
 * Standard output. A reader that has seen enough (`| head`) closes the pipe: that is no error, but
 * without a reader of its results the command ends. What cannot be written, all of it, is an error.
 *
 * @param end ends the process with a status
 */
export function standardOutput(end: (status: number) => never): StandardOutput {
  const lost = (error: unknown): never => {
    if (errorCode(error) === 'EPIPE') end(EXIT.done);
    process.stderr.write(`error: ${messageOf(fileError('write', 'standard output', error))}\n`);
    return end(EXIT.failed);
  };
  return isPlace() ? toPlace(lost) : toStream(lost);
}

/** A file or a device, which takes what it can at once; not a pipe, a socket or a terminal. */
function isPlace(): boolean {
  try {
    const stats = fstatSync(1);
    return stats.isFile() || (stats.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    // Closed by whoever started the process: Node has put a stream of its own there.
    return false;
  }
}

/** Node writes to files without looking at how much of it was taken. */
function toPlace(lost: (error: unknown) => never): StandardOutput {
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      lost(error);
    }
  };
  return {
    write: (text) =>
      attempt(() => {
        const bytes = Buffer.from(text);
        for (let done = 0; done < bytes.length; done += writeSync(1, bytes, done));
      }),
    // Some file systems say only then that there was no room.
    flushed: () => Promise.resolve(attempt(() => closeSync(1))),
  };
}

function toStream(lost: (error: unknown) => never): StandardOutput {
  process.stdout.on('error', lost);
  return {
    write: (text) => void process.stdout.write(text),
    flushed: () => new Promise((resolve) => void process.stdout.write('', () => resolve())),
  };
}
