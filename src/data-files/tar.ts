import { must, UserError } from '../core/errors.js';

/** A regular file in a tar archive. */
export interface TarFile {
  /** Its path in the archive, `/` between the parts. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** Hands out exact numbers of bytes from chunks of any size. */
class ByteReader {
  private buffered: Uint8Array = new Uint8Array(0);
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, fewer only at the end. */
  async read(count: number): Promise<Uint8Array> {
    const result = new Uint8Array(count);
    let done = 0;
    while (done < count) {
      if (this.buffered.length === 0) {
        const next = await this.chunks.next();
        if (next.done === true) return result.subarray(0, done);
        this.buffered = next.value;
      }
      const taken = this.buffered.subarray(0, count - done);
      result.set(taken, done);
      done += taken.length;
      this.buffered = this.buffered.subarray(taken.length);
    }
    return result;
  }
}

function text(header: Uint8Array, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function octal(header: Uint8Array, from: number, length: number): number {
  const digits = text(header, from, length).trim();
  if (!/^[0-7]+$/.test(digits))
    throw new UserError(
      'the tar archive is damaged: a number in a header is not octal; fetch it again',
    );
  return parseInt(digits, 8);
}

/** The header's checksum: the sum of its bytes with the checksum's own eight counted as spaces. */
function checkHeader(header: Uint8Array): void {
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += must(header[i]);
  if (sum !== octal(header, 148, 8))
    throw new UserError(
      'the tar archive is damaged: a header does not match its checksum; fetch it again',
    );
}

/**
 * The regular files of a tar archive (POSIX ustar; directories, links and extension records are
 * passed over), one at a time and whole in memory. Throws a `UserError` where the archive is
 * damaged or ends too early.
 */
export async function* tarFiles(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile, void> {
  const reader = new ByteReader(source);
  for (;;) {
    const header = await reader.read(BLOCK);
    // The end is marked by empty blocks; some writers just stop (no bytes: `every` holds).
    if (header.every((byte) => byte === 0)) return;
    if (header.length < BLOCK)
      throw new UserError('the tar archive ends within a header; fetch it again');
    checkHeader(header);
    const size = octal(header, 124, 12);
    const bytes = await reader.read(Math.ceil(size / BLOCK) * BLOCK);
    if (bytes.length < size)
      throw new UserError(
        `the tar archive ends within the file ${text(header, 0, 100)}; fetch it again`,
      );
    const type = String.fromCharCode(must(header[156]));
    if (type !== '0' && type !== '\0') continue;
    const prefix = text(header, 345, 155);
    yield {
      name: (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100),
      bytes: bytes.subarray(0, size),
    };
  }
}
