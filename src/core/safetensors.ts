import { messageOf, UserError } from './errors.js';
import { foreignWeights } from './foreign-weights.js';
import { elements, type Tensor } from './tensor.js';

/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes header length
 * (little-endian), a JSON header `{"name": {"dtype", "shape", "data_offsets": [begin, end]},
 * "__metadata__": {text: text}}`, then the numbers, little-endian, row-major, without gaps or
 * overlaps; offsets count from the end of the header.
 */

interface NumberType {
  readonly bytes: number;
  /** Smallest array that holds every value exactly. */
  readonly array: typeof Float32Array | typeof Float64Array;
  read(view: DataView, at: number): number;
}

/** The format's own limit on the header, against absurd lengths. */
const MAX_HEADER = 100_000_000;
const METADATA = '__metadata__';

const DTYPES: ReadonlyMap<string, NumberType> = new Map<string, NumberType>([
  ['F64', { bytes: 8, array: Float64Array, read: (view, at) => view.getFloat64(at, true) }],
  ['F32', { bytes: 4, array: Float32Array, read: (view, at) => view.getFloat32(at, true) }],
  [
    'F16',
    { bytes: 2, array: Float32Array, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  ],
  ['BF16', { bytes: 2, array: Float32Array, read: readBfloat16 }],
  ['I64', { bytes: 8, array: Float64Array, read: readInt64 }],
  ['I32', { bytes: 4, array: Float64Array, read: (view, at) => view.getInt32(at, true) }],
  ['U8', { bytes: 1, array: Float32Array, read: (view, at) => view.getUint8(at) }],
]);

/** Where one tensor lies, checked. Offsets count from the end of the header. */
interface Entry {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Every tensor of a safetensors file, in the order of its bytes. F32, F16, BF16 and U8 become
 * `Float32Array`; F64, I64 and I32 `Float64Array`.
 *
 * @throws UserError for anything that is not a complete, well-formed file of these types
 */
export function readSafetensors(bytes: Uint8Array): Map<string, Tensor> {
  const { entries, dataStart } = readHeader(bytes);
  const view = new DataView(
    bytes.buffer,
    bytes.byteOffset + dataStart,
    bytes.byteLength - dataStart,
  );
  return new Map(entries.map((entry) => [entry.name, readTensor(view, entry)]));
}

/** The free text pairs of a safetensors file. Throws as `readSafetensors` does. */
export function readSafetensorsMetadata(bytes: Uint8Array): Map<string, string> {
  return readHeader(bytes).metadata;
}

/**
 * A safetensors file: `Float32Array` as F32, `Float64Array` as F64. Wider numbers come first and
 * the header is padded, so that every tensor is aligned.
 *
 * @throws UserError when a shape does not fit its data or a tensor is called `__metadata__`
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const ordered = [...tensors].toSorted(
    (a, b) => b[1].data.BYTES_PER_ELEMENT - a[1].data.BYTES_PER_ELEMENT,
  );
  const fields: [string, unknown][] = metadata ? [[METADATA, metadata]] : [];
  let size = 0;
  for (const [name, { shape, data }] of ordered) {
    checkTensor(name, shape, data.length);
    fields.push([
      name,
      {
        dtype: data instanceof Float64Array ? 'F64' : 'F32',
        shape,
        data_offsets: [size, size + data.byteLength],
      },
    ]);
    size += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  if (headerLength > MAX_HEADER)
    throw new UserError(
      `a safetensors header has at most ${MAX_HEADER} bytes; ${tensors.size} tensors ` +
        `need ${headerLength}; write several files`,
    );
  const file = new Uint8Array(8 + headerLength + size);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) at = writeNumbers(view, at, data);
  return file;
}

function checkTensor(name: string, shape: readonly number[], length: number): void {
  if (name === METADATA)
    throw new UserError(
      `a tensor cannot be called ${METADATA}; the format keeps that name for text; choose another`,
    );
  if (elements(shape) !== length)
    throw new UserError(
      `tensor "${name}" of shape [${shape.join(', ')}] must have as many numbers as its ` +
        `shape says; got ${length}`,
    );
}

function writeNumbers(view: DataView, start: number, data: Float32Array | Float64Array): number {
  const width = data.BYTES_PER_ELEMENT;
  // Indices are below the length.
  for (let i = 0; i < data.length; i++) {
    if (width === 8) view.setFloat64(start + i * 8, data[i]!, true);
    else view.setFloat32(start + i * 4, data[i]!, true);
  }
  return start + data.byteLength;
}

function readTensor(view: DataView, { type, shape, begin, end }: Entry): Tensor {
  const data = new type.array((end - begin) / type.bytes);
  for (let i = 0; i < data.length; i++) data[i] = type.read(view, begin + i * type.bytes);
  return { shape, data };
}

interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Map<string, string>;
  readonly dataStart: number;
}

function readHeader(bytes: Uint8Array): Header {
  try {
    return readOwnHeader(bytes);
  } catch (error) {
    // Only now: the length of a header may look like any other format's mark.
    throw (error instanceof UserError ? foreignWeights(bytes) : null) ?? error;
  }
}

function readOwnHeader(bytes: Uint8Array): Header {
  const fields = parseHeader(bytes);
  const dataStart = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const entries = [...fields]
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => entryOf(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, bytes.byteLength - dataStart);
  return { entries, metadata: metadataOf(fields.get(METADATA)), dataStart };
}

function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  if (bytes.byteLength < 8)
    throw damaged(
      "it must start with 8 bytes that give the header's length, but has " +
        `${bytes.byteLength} in all`,
    );
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER)
    throw damaged(`its header may have at most ${MAX_HEADER} bytes, but claims ${length}`);
  const end = 8 + Number(length);
  if (end > bytes.byteLength)
    throw damaged(`its header should end at byte ${end}, but the file has ${bytes.byteLength}`);
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end)),
    );
  } catch (error) {
    throw damaged(`its header must be JSON in UTF-8: ${messageOf(error)}`);
  }
  if (!isObject(header)) throw damaged('its header must be a JSON object');
  return new Map(Object.entries(header));
}

function entryOf(name: string, value: unknown): Entry {
  if (!isObject(value)) throw damaged(`tensor "${name}" must be described by an object`);
  const dtype = value['dtype'];
  const type = typeof dtype === 'string' ? DTYPES.get(dtype) : undefined;
  if (!type)
    throw new UserError(
      `unknown safetensors dtype ${JSON.stringify(dtype)} of tensor "${name}"; expected ` +
        `one of ${[...DTYPES.keys()].join(', ')}; convert it before reading`,
    );
  const shape = value['shape'];
  if (!isListOfSizes(shape))
    throw damaged(`tensor "${name}" must have a list of non-negative integers as its shape`);
  const offsets = value['data_offsets'];
  const [begin, end, more] = isListOfSizes(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more !== undefined)
    throw damaged(`tensor "${name}" must have two non-negative integers as its data_offsets`);
  const size = elements(shape) * type.bytes;
  if (end - begin !== size)
    throw damaged(
      `tensor "${name}" of shape [${shape.join(', ')}] needs ${size} bytes, but its ` +
        `offsets ${begin}..${end} span ${end - begin}`,
    );
  return { name, type, shape, begin, end };
}

/**
 * The tensors, in order of their bytes, must fill the data exactly: no overlap, no gap, nothing cut
 * off or left over.
 */
function checkCoverage(entries: readonly Entry[], size: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin < covered)
      throw damaged(
        `tensor "${name}" starts at ${begin}, inside the tensor before it, which ends at ` +
          covered,
      );
    if (begin > covered)
      throw damaged(
        `there is a gap before tensor "${name}": bytes ${covered}..${begin} belong to none`,
      );
    covered = end;
  }
  if (covered !== size)
    throw damaged(`its tensors need ${covered} bytes, but ${size} follow the header`);
}

function metadataOf(value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isObject(value)) throw damaged(`its ${METADATA} must be an object`);
  return new Map(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string')
        throw damaged(
          `its ${METADATA} must map text to text, but "${key}" is ${JSON.stringify(text)}`,
        );
      return [key, text];
    }),
  );
}

/** A file that is not, or not any more, a well-formed safetensors file. */
export class DamagedSafetensors extends UserError {
  constructor(readonly what: string) {
    super(`${what}; get the file again`);
  }
}

function damaged(what: string): DamagedSafetensors {
  return new DamagedSafetensors(`not a valid safetensors file: ${what}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of mantissa. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function readBfloat16(view: DataView, at: number): number {
  word.setUint32(0, view.getUint16(at, true) << 16);
  return word.getFloat32(0);
}

function readInt64(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(value))
    throw new UserError(
      'an I64 value must lie within +-(2^53 - 1) to be read exactly; got ' +
        `${view.getBigInt64(at, true)}; convert the tensor to F64`,
    );
  return value;
}
