import { UserError } from '../../src/core/errors.js';

/** Writes bits into bytes, the highest first. */
export class BitWriter {
  private readonly bytes: number[] = [];
  private used = 0;

  bit(value: number): void {
    if (this.used % 8 === 0) this.bytes.push(0);
    if (value) this.bytes[this.bytes.length - 1]! |= 0x80 >> (this.used % 8);
    this.used++;
  }

  /** A whole number in so many bits. */
  bits(value: number, count: number): void {
    for (let at = count - 1; at >= 0; at--) this.bit(Math.floor(value / 2 ** at) % 2);
  }

  /** Rice's code: the quotient by 2^k as ones and a zero, then the rest in k bits. */
  rice(value: number, k: number): void {
    const quotient = Math.floor(value / 2 ** k);
    for (let i = 0; i < quotient; i++) this.bit(1);
    this.bit(0);
    this.bits(value % 2 ** k, k);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** Reads what `BitWriter` wrote. Throws a `UserError` where bits are missing. */
export class BitReader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  bit(): number {
    const byte = this.bytes[this.at >> 3];
    if (byte === undefined)
      throw new UserError('the graph in the link must be whole, got a part; copy all of the link');
    return (byte >> (7 - (this.at++ % 8))) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = 2 * value + this.bit();
    return value;
  }

  rice(k: number): number {
    let quotient = 0;
    while (this.bit() === 1) quotient++;
    return quotient * 2 ** k + this.bits(k);
  }

  /** Whole bytes that were not read. */
  get left(): number {
    return this.bytes.length - Math.ceil(this.at / 8);
  }
}
