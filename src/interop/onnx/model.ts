import { UserError } from '../../core/errors.js';
import { intOf, intsOf, type ProtoField, protoFields, textOf } from './proto-reader.js';

/** A constant of a model: its shape, and what of its numbers is asked for. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers that are not 0; null where they lie in another file, or are of a type not read here. */
  readonly nonzeros: () => number | null;
  /** Whole numbers of an int64 tensor; null of others. */
  readonly ints: () => readonly number[] | null;
  /** Numbers of a float tensor (32 or 64 bits); null of others, and where they lie in another file. */
  readonly floats: () => Float32Array | Float64Array | null;
}

export interface OnnxNode {
  /** Operator, as `Gemm`; with its domain before it where that is not ONNX's own. */
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints: ReadonlyMap<string, readonly number[]>;
  /** Constants among the attributes, as of `Constant`. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  readonly texts: ReadonlyMap<string, string>;
}

/** What goes in; an axis is null where its size is left open. */
interface OnnxInput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** A model as far as its layers are told from it. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Without those that are constants. */
  readonly inputs: readonly OnnxInput[];
}

/** Values of TensorProto.DataType that are read, with the bytes of a number. */
const WIDTHS: Readonly<Record<number, number>> = { 1: 4, 7: 8, 10: 2, 11: 8 };

/**
 * Reads a model by the numbers of its fields (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 *
 * @param what the file's name, for messages
 * @throws UserError where it is no ONNX file
 */
export function readOnnx(bytes: Uint8Array, what: string): OnnxModel {
  const graph = [...protoFields(bytes, what)].findLast(({ field }) => field === 7);
  if (!graph?.bytes) throw new UserError(`${what} is no ONNX file: it holds no graph`);
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>();
  const inputs: OnnxInput[] = [];
  for (const { field, bytes: part } of protoFields(graph.bytes, what)) {
    if (part === null) continue;
    if (field === 1) nodes.push(nodeOf(part, what));
    if (field === 5) {
      const tensor = tensorOf(part, what);
      constants.set(tensor.name, tensor);
    }
    if (field === 11) inputs.push(inputOf(part, what));
  }
  if (nodes.length === 0) throw new UserError(`${what} is no ONNX file: its graph has no nodes`);
  return { nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)) };
}

function nodeOf(bytes: Uint8Array, what: string): OnnxNode {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const ints = new Map<string, readonly number[]>();
  const tensors = new Map<string, OnnxTensor>();
  const texts = new Map<string, string>();
  let [op, name, domain] = ['', '', ''];
  for (const field of protoFields(bytes, what)) {
    if (field.field === 1) inputs.push(textOf(field));
    if (field.field === 2) outputs.push(textOf(field));
    if (field.field === 3) name = textOf(field);
    if (field.field === 4) op = textOf(field);
    if (field.field === 7) domain = textOf(field);
    if (field.field !== 5 || field.bytes === null) continue;
    const attribute = [...protoFields(field.bytes, what)];
    const key = attribute.filter((each) => each.field === 1).map(textOf)[0] ?? '';
    const whole = attribute.flatMap((each) =>
      each.field === 3 || each.field === 8 ? intsOf(each, what) : [],
    );
    if (whole.length > 0) ints.set(key, whole);
    for (const each of attribute) {
      if (each.field === 4) texts.set(key, textOf(each));
      if (each.field === 5 && each.bytes !== null) tensors.set(key, tensorOf(each.bytes, what));
    }
  }
  const own = domain === '' || domain === 'ai.onnx';
  return { op: own ? op : `${domain}.${op}`, name, inputs, outputs, ints, tensors, texts };
}

function tensorOf(bytes: Uint8Array, what: string): OnnxTensor {
  const fields = [...protoFields(bytes, what)];
  const of = (number: number): ProtoField[] => fields.filter(({ field }) => field === number);
  const raw = of(9)[0]?.bytes ?? null;
  const type = of(2).map(intOf)[0] ?? 0;
  return {
    name: of(8).map(textOf)[0] ?? '',
    shape: of(1).flatMap((field) => intsOf(field, what)),
    nonzeros: () => nonzerosOf(raw ?? packedFloats(of(4)), raw === null ? 4 : WIDTHS[type]),
    ints: () =>
      type !== 7 ? null : raw === null ? of(7).flatMap((each) => intsOf(each, what)) : int64s(raw),
    floats: () => (type === 1 || type === 11 ? floatsOf(raw ?? packedFloats(of(4)), type) : null),
  };
}

const packedFloats = (fields: readonly ProtoField[]): Uint8Array | null =>
  fields.length === 1 ? (fields[0]?.bytes ?? null) : null;

/** A copy, since bytes in a file lie anywhere. Numbers that are not raw are of 32 bits. */
function floatsOf(bytes: Uint8Array | null, type: 1 | 11): Float32Array | Float64Array | null {
  if (bytes === null) return null;
  const { buffer } = new Uint8Array(bytes);
  return type === 1 ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** Minus zero is a zero too: its sign is the top bit of its last byte. */
function nonzerosOf(bytes: Uint8Array | null, width: number | undefined): number | null {
  if (bytes === null || width === undefined) return null;
  let count = 0;
  for (let at = 0; at + width <= bytes.length; at += width) {
    let any = bytes[at + width - 1]! & 127;
    for (let i = 0; i < width - 1; i++) any |= bytes[at + i]!;
    if (any !== 0) count++;
  }
  return count;
}

function int64s(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / 8);
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/** ValueInfoProto: a name, and of TypeProto.tensor_type the shape. */
function inputOf(bytes: Uint8Array, what: string): OnnxInput {
  const inside = (from: readonly Uint8Array[], number: number): Uint8Array[] =>
    from.flatMap((part) =>
      [...protoFields(part, what)].flatMap((each) =>
        each.field === number && each.bytes !== null ? [each.bytes] : [],
      ),
    );
  const axes = inside(inside(inside(inside([bytes], 2), 1), 2), 1);
  const sizeOf = (axis: Uint8Array): number | null => {
    const size = [...protoFields(axis, what)].find(({ field }) => field === 1);
    return size === undefined || intOf(size) <= 0 ? null : intOf(size);
  };
  const name =
    [...protoFields(bytes, what)].filter(({ field }) => field === 1).map(textOf)[0] ?? '';
  return { name, shape: axes.map(sizeOf) };
}
