/**
 * How the numbers of binary files are stored: NumPy's letter and width, e.g. `f8`, also used for
 * MATLAB's types.
 */
export type NumberKind =
  'b1' | 'i1' | 'u1' | 'i2' | 'u2' | 'i4' | 'u4' | 'i8' | 'u8' | 'f2' | 'f4' | 'f8';

interface KindOfNumber {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** 64-bit integers come back as the nearest number: enough to compare with a threshold. */
export const numberKinds: Readonly<Record<NumberKind, KindOfNumber>> = {
  b1: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  f2: { bytes: 2, read: (view, at, little) => halfToNumber(view.getUint16(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** Whether these two characters name a kind of number. */
export function isNumberKind(text: string): text is NumberKind {
  return Object.hasOwn(numberKinds, text);
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? 2 ** -24 * fraction : 2 ** (exponent - 25) * (1024 + fraction));
}

/** Numbers that lie one after the other in a file. */
export interface NumberRun {
  readonly view: DataView;
  /** Byte of the first one in `view`. */
  readonly start: number;
  readonly count: number;
  readonly kind: NumberKind;
  readonly little: boolean;
}

/** Number `index` of a run. */
export function numberAt(run: NumberRun, index: number): number {
  const { bytes, read } = numberKinds[run.kind];
  return read(run.view, run.start + index * bytes, run.little);
}

/** Byte where number `index` of a run stands in its view. */
export function byteOf(run: NumberRun, index: number): number {
  return run.start + index * numberKinds[run.kind].bytes;
}
