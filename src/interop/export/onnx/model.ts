import { float32Bytes, int64Bytes, ProtoWriter } from '../protobuf.js';

/**
 * The messages of ONNX that a network needs, by the numbers of its fields
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */

const IR_VERSION = 8;
const OPSET = 17;
/** Values of TensorProto.DataType. */
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;
/** Values of AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

/** A number, a whole number, or several of them. */
export type Attribute = { readonly float: number } | { readonly int: number } | readonly number[];

export interface OnnxNode {
  /** Name of the operator, as `MatMul`. */
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph: numbers in float32, or whole ones in int64. */
export interface Initialiser {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** A tensor that goes in or comes out; an axis is a size, or a name where it may have any. */
export interface OnnxValue {
  readonly name: string;
  readonly type: 'float' | 'uint8';
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly Initialiser[];
  readonly input: OnnxValue;
  readonly output: OnnxValue;
}

/** The bytes of a model file. */
export function onnxModel(
  graph: OnnxGraph,
  {
    version,
    metadata,
  }: { readonly version: string; readonly metadata: ReadonlyMap<string, string> },
): Uint8Array {
  const model = new ProtoWriter()
    .int(1, IR_VERSION)
    .text(2, 'plexus')
    .text(3, version)
    .message(7, graphProto(graph))
    .message(8, new ProtoWriter().text(1, '').int(2, OPSET));
  for (const [key, value] of metadata)
    model.message(14, new ProtoWriter().text(1, key).text(2, value));
  return model.finish();
}

function graphProto({ name, nodes, initialisers, input, output }: OnnxGraph): ProtoWriter {
  const graph = new ProtoWriter();
  for (const node of nodes) graph.message(1, nodeProto(node));
  graph.text(2, name);
  for (const each of initialisers) graph.message(5, tensorProto(each));
  return graph.message(11, valueProto(input)).message(12, valueProto(output));
}

function nodeProto({ op, name, inputs, outputs, attributes }: OnnxNode): ProtoWriter {
  const node = new ProtoWriter();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(3, name).text(4, op);
  for (const [key, value] of Object.entries(attributes))
    node.message(5, attributeProto(key, value));
  return node;
}

function attributeProto(name: string, value: Attribute): ProtoWriter {
  const attribute = new ProtoWriter().text(1, name);
  if ('float' in value) return attribute.float(2, value.float).int(20, ATTRIBUTE.float);
  if ('int' in value) return attribute.int(3, value.int).int(20, ATTRIBUTE.int);
  for (const each of value) attribute.int(8, each);
  return attribute.int(20, ATTRIBUTE.ints);
}

function tensorProto({ name, shape, data }: Initialiser): ProtoWriter {
  const tensor = new ProtoWriter();
  for (const axis of shape) tensor.int(1, axis);
  const whole = data instanceof Int32Array;
  return tensor
    .int(2, whole ? INT64 : FLOAT)
    .text(8, name)
    .bytes(9, whole ? int64Bytes(data) : float32Bytes(data));
}

function valueProto({ name, type, shape }: OnnxValue): ProtoWriter {
  const axes = new ProtoWriter();
  for (const axis of shape)
    axes.message(
      1,
      typeof axis === 'string' ? new ProtoWriter().text(2, axis) : new ProtoWriter().int(1, axis),
    );
  const tensor = new ProtoWriter().int(1, type === 'float' ? FLOAT : UINT8).message(2, axes);
  return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
}
