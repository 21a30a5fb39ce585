import { UserError } from '../../core/errors.js';

/** One field of a message: its number, and what it holds. */
export interface ProtoField {
  readonly field: number;
  /** A varint (in two's complement of 64 bits) or the bits of a fixed number; null of bytes. */
  readonly value: bigint;
  /** Of a length-delimited field; else null. */
  readonly bytes: Uint8Array | null;
}

/**
 * The fields of a message in the wire format of protocol buffers
 * (https://protobuf.dev/programming-guides/encoding); nothing is copied.
 *
 * @throws UserError where the bytes are no such message
 */
export function* protoFields(bytes: Uint8Array, what: string): Generator<ProtoField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const broken = (): UserError =>
    new UserError(`${what} is no ONNX file, or damaged (byte ${at}); export it again`);
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw broken();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw broken();
  };
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > bytes.length) throw broken();
    return from;
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (field === 0) throw broken();
    if (wire === 0) yield { field, value: varint(), bytes: null };
    else if (wire === 1) yield { field, value: view.getBigUint64(take(8), true), bytes: null };
    else if (wire === 5) yield { field, value: BigInt(view.getUint32(take(4), true)), bytes: null };
    else if (wire === 2) {
      const length = Number(varint());
      const from = take(length);
      yield { field, value: 0n, bytes: bytes.subarray(from, from + length) };
    } else throw broken();
  }
}

/** A field's whole number, with its sign. */
export const intOf = ({ value }: ProtoField): number => Number(BigInt.asIntN(64, value));

/** Whole numbers of a repeated field, packed or one by one. */
export function intsOf(field: ProtoField, what: string): number[] {
  if (field.bytes === null) return [intOf(field)];
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of field.bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) {
      values.push(Number(BigInt.asIntN(64, value)));
      [value, shift] = [0n, 0n];
    }
  }
  if (shift !== 0n)
    throw new UserError(`${what} is damaged: a number does not end; export it again`);
  return values;
}

/** A field's text; empty where it is none. */
export const textOf = ({ bytes }: ProtoField): string =>
  bytes === null ? '' : new TextDecoder().decode(bytes);
