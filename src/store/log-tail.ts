import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, fileError } from '../platform/fs.js';

/** Bytes that are read at a time; between two reads others get their turn. */
const CHUNK = 256 * 1024;
const LINE_END = 0x0a;

/** A line of a log and where it lies. */
export interface TailLine {
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly from: number;
  /** From 1. */
  readonly number: number;
}

/** A log that is read on as it grows. Nothing of it is ever written, locked or held open. */
export class LogTail {
  /** Bytes of the lines that were taken. */
  offset = 0;
  private lines = 0;
  private identity: string | null = null;
  /** The last line was taken without its line end, which may follow. */
  private unterminated = false;

  constructor(readonly path: string) {}

  /**
   * Takes the lines that were added since the last call.
   *
   * @param take gets each whole line; false says that it is damaged, which is the caller's to count
   * @param takeRest whether what stands behind the last line end is a whole line as well
   * @returns false where the file is not the one that was read before: all of it is to be read anew
   */
  async refresh(
    take: (line: TailLine) => void,
    takeRest: (line: TailLine) => boolean = () => false,
  ): Promise<boolean> {
    let file: FileHandle;
    try {
      // A pipe would wait for somebody to write into it.
      file = await open(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return this.offset === 0;
      throw fileError('read', this.path, error);
    }
    try {
      return await this.readOn(file, take, takeRest);
    } catch (error) {
      throw fileError('read', this.path, error);
    } finally {
      await file.close();
    }
  }

  private async readOn(
    file: FileHandle,
    take: (line: TailLine) => void,
    takeRest: (line: TailLine) => boolean,
  ): Promise<boolean> {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile()) return this.offset === 0;
    const identity = `${stat.dev} ${stat.ino}`;
    if (this.offset > 0 && (identity !== this.identity || stat.size < this.offset)) return false;
    this.identity = identity;
    let buffer = Buffer.allocUnsafe(CHUNK);
    // Bytes at the start of the buffer that are no whole line yet.
    let held = 0;
    while (this.offset + held < stat.size) {
      if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(held)]);
      const { bytesRead } = await file.read(buffer, held, buffer.length - held, this.offset + held);
      if (bytesRead === 0) break;
      const end = held + bytesRead;
      const taken = this.takeLines(buffer.subarray(0, end), take);
      buffer.copyWithin(0, taken, end);
      held = end - taken;
    }
    if (held > 0 && takeRest(this.next(buffer.subarray(0, held)))) {
      this.advance(held);
      this.unterminated = true;
    }
    return true;
  }

  /** Takes all whole lines, and says how many bytes they are. */
  private takeLines(bytes: Buffer, take: (line: TailLine) => void): number {
    let from = 0;
    if (this.unterminated && bytes[0] === LINE_END) {
      this.offset += 1;
      from = 1;
    }
    this.unterminated = false;
    for (let to = bytes.indexOf(LINE_END, from); to >= 0; to = bytes.indexOf(LINE_END, from)) {
      take(this.next(bytes.subarray(from, to)));
      this.advance(to + 1 - from);
      from = to + 1;
    }
    return from;
  }

  private next(bytes: Uint8Array): TailLine {
    return { bytes, from: this.offset, number: this.lines + 1 };
  }

  private advance(bytes: number): void {
    this.offset += bytes;
    this.lines += 1;
  }
}
