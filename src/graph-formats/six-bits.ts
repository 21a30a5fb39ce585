import { must, printable } from '../core/errors.js';
import { MAX_NODES } from '../graph/build.js';
import { readError } from './collect.js';

const NAMES: Readonly<Record<string, string>> = { '': 'graph6', '&': 'digraph6', ':': 'sparse6' };

/**
 * Index behind the optional `>>graph6<<` and the format's mark. Throws where the file is another of
 * the three formats.
 */
export function skipHead(bytes: Uint8Array, mark: string): number {
  const name = NAMES[mark];
  const start = String.fromCharCode(...bytes.subarray(0, 13));
  const head = /^>>(\w+)<</.exec(start);
  if (head && head[1] !== name)
    throw readError(
      'byte 0',
      `a ${name} file must begin with >>${name}<< or without a head, got ${head[0]}; add ` +
        `format=${head[1]}`,
    );
  const at = head ? head[0].length : 0;
  const found = String.fromCharCode(bytes[at] ?? 63);
  if (mark !== '' && found !== mark)
    throw readError(
      `byte ${at}`,
      `${name} data must begin with ${mark}, got "${printable(found)}"; check the format`,
    );
  if (mark === '' && NAMES[found])
    throw readError(
      `byte ${at}`,
      `graph6 data must not begin with ${found}; add format=${NAMES[found]}`,
    );
  return at + mark.length;
}

/**
 * The characters of a number of nodes: one up to 62, else ~ and three, which is enough for
 * `MAX_NODES`.
 */
export function sixBitSize(nodes: number): number[] {
  return nodes <= 62
    ? [nodes + 63]
    : [126, ...[12, 6, 0].map((shift) => ((nodes >>> shift) & 63) + 63)];
}

/** Reads the bits of one line of characters 63..126. Errors name the byte. */
export class SixBits {
  readonly #bytes: Uint8Array;
  readonly #stop: number;
  /** The character that the next bit is in. */
  #at: number;
  #used = 0;

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#at = from;
    let stop = bytes.length;
    while (stop > from && (bytes[stop - 1] === 10 || bytes[stop - 1] === 13)) stop--;
    this.#stop = stop;
    for (let at = from; at < stop; at++)
      if (must(bytes[at]) < 63 || must(bytes[at]) > 126) throw badCharacter(bytes, at);
  }

  /** Byte of the current character. */
  get at(): number {
    return this.#at;
  }

  /** The number of nodes at the beginning. */
  nodes(): number {
    if (this.#bytes[this.#at] !== 126 || this.left() < 6) return this.number(6);
    this.#at++;
    if (this.#bytes[this.#at] !== 126) return this.number(18);
    const at = ++this.#at;
    const n = this.number(12) * 2 ** 24 + this.number(24);
    if (n > MAX_NODES)
      throw readError(
        `byte ${at}`,
        `a graph may have at most ${MAX_NODES} nodes, got ${n}; choose a smaller graph`,
      );
    return n;
  }

  /** Bits that are left. */
  left(): number {
    return Math.max(0, 6 * (this.#stop - this.#at) - this.#used);
  }

  /** Throws unless exactly so many bits follow, filled up to whole characters. */
  expect(bits: number): void {
    const [want, got] = [Math.ceil(bits / 6), this.#stop - this.#at];
    if (want !== got)
      throw readError(
        `byte ${Math.min(this.#stop, this.#at + want)}`,
        `so many nodes need ${want} characters of data, got ${got}; the file is ` +
          (got < want ? 'cut off' : 'too long, or another format'),
      );
  }

  bit(): boolean {
    if (this.#at >= this.#stop)
      throw readError(`byte ${this.#at}`, 'the data ends too early; the file is cut off');
    const set = ((must(this.#bytes[this.#at]) - 63) >>> (5 - this.#used)) & 1;
    this.#used = (this.#used + 1) % 6;
    if (this.#used === 0) this.#at++;
    return set === 1;
  }

  /** The next bits as a number, the highest first. */
  number(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) value = 2 * value + (this.bit() ? 1 : 0);
    return value;
  }

  /**
   * Calls `use` with the index of every bit that is set, of the so many that follow and end the
   * data, and with its byte.
   */
  eachSet(count: number, use: (index: number, at: number) => void): void {
    this.expect(count);
    const start = this.#at;
    for (let at = start; at < this.#stop; at++) {
      for (let left = must(this.#bytes[at]) - 63; left !== 0;) {
        const index = 6 * (at - start) + Math.clz32(left) - 26;
        if (index >= count)
          throw readError(
            `byte ${at}`,
            'the bits behind the last pair of nodes must be 0; the file is damaged',
          );
        use(index, at);
        left &= ~(32 >> (index % 6));
      }
    }
  }
}

function badCharacter(bytes: Uint8Array, at: number): Error {
  const line = bytes[at] === 10 || bytes[at] === 13;
  const message = line
    ? 'the file must hold one graph on one line, got more lines; keep one'
    : `data must be characters ? to ~ (63 to 126), got ${bytes[at]}; check the format`;
  return readError(`byte ${at}`, message);
}
