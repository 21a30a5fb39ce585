import { UserError } from '../../core/errors.js';
import { type OnnxModel, type OnnxNode, type OnnxTensor, readOnnx } from './model.js';

/** A node of a model as `network show` tells it; for one sample. */
export interface OnnxLayer {
  readonly id: string;
  readonly op: string;
  /** Without the axis of the batch. */
  readonly output: readonly number[];
  /** Multiply-adds. */
  readonly macs: number;
  /** Learnable numbers, zeros included. */
  readonly params: number;
  /** Share of the weights that are not 0; null where there are none, or they lie elsewhere. */
  readonly density: number | null;
}

/** An MLP or CNN of another program. */
export interface OnnxNetwork {
  readonly input: readonly number[];
  readonly layers: readonly OnnxLayer[];
  readonly macs: number;
  readonly params: number;
}

type Shape = readonly number[];

/** What a node makes of the shapes that go in. */
interface Made {
  readonly shape: Shape;
  readonly macs?: number;
  /** Constants that are learnt. */
  readonly learnt?: readonly (OnnxTensor | undefined)[];
}

/** A node with what it reads: shapes of all inputs, and the constants among them. */
interface Read {
  readonly node: OnnxNode;
  readonly shapes: readonly Shape[];
  readonly constants: readonly (OnnxTensor | undefined)[];
  readonly fail: (why: string) => UserError;
}

const size = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);
const same = ({ shapes: [shape = []] }: Read): Made => ({ shape });

/** Sums and products number by number: shapes are stretched as NumPy does; constants are learnt. */
function elementwise({ shapes, constants, fail }: Read): Made {
  const [a = [], b = []] = shapes;
  const rank = Math.max(a.length, b.length);
  const sides = (shape: Shape): Shape => [...Array<number>(rank - shape.length).fill(1), ...shape];
  const [left, right] = [sides(a), sides(b)];
  const shape = left.map((side, axis) => {
    const other = right[axis] ?? 1;
    if (side !== other && side !== 1 && other !== 1)
      throw fail(`its inputs have the shapes ${a.join('x')} and ${b.join('x')}`);
    return Math.max(side, other);
  });
  return { shape, learnt: constants };
}

function matMul({ shapes, constants, fail }: Read): Made {
  const [a = [], b = []] = shapes;
  const inner = a.at(-1);
  if (b.length < 2 || inner !== b.at(-2))
    throw fail(`it multiplies ${a.join('x')} by ${b.join('x')}`);
  const shape = [...a.slice(0, -1), b.at(-1) ?? 1];
  return { shape, macs: size(shape) * (inner ?? 1), learnt: constants };
}

function gemm({ node, shapes, constants, fail }: Read): Made {
  const [a = [], b = []] = shapes;
  const [rows = 1, inner] = node.ints.get('transA')?.[0] === 1 ? a.toReversed() : a;
  const [from, columns = 1] = node.ints.get('transB')?.[0] === 1 ? b.toReversed() : b;
  if (inner !== from) throw fail(`it multiplies ${a.join('x')} by ${b.join('x')}`);
  return { shape: [rows, columns], macs: rows * columns * (inner ?? 1), learnt: constants };
}

/** The plane that a window leaves, axis by axis. */
function windowed({ node, shapes: [input = []], fail }: Read, kernel: Shape): Shape {
  const of = (name: string, fallback: number, axis: number): number =>
    node.ints.get(name)?.[axis] ?? fallback;
  const auto = node.texts.get('auto_pad') ?? 'NOTSET';
  return input.slice(2).map((side, axis) => {
    const stride = of('strides', 1, axis);
    if (auto.startsWith('SAME')) return Math.ceil(side / stride);
    const padding = of('pads', 0, axis) + of('pads', 0, axis + kernel.length);
    const reach = of('dilations', 1, axis) * ((kernel[axis] ?? 1) - 1) + 1;
    const steps = (side + padding - reach) / stride;
    const round = node.ints.get('ceil_mode')?.[0] === 1 ? Math.ceil : Math.floor;
    if (steps < 0) throw fail(`its window of ${kernel.join('x')} does not fit ${input.join('x')}`);
    return round(steps) + 1;
  });
}

function conv(read: Read): Made {
  const [input = [], weight = []] = read.shapes;
  const [channels = 1, each = 1, ...kernel] = weight;
  const groups = read.node.ints.get('group')?.[0] ?? 1;
  if (input.length !== weight.length || each * groups !== input[1])
    throw read.fail(`it convolves ${input.join('x')} with ${weight.join('x')}`);
  const shape = [input[0] ?? 1, channels, ...windowed(read, kernel)];
  return { shape, macs: size(shape) * each * size(kernel), learnt: read.constants };
}

function pool(read: Read): Made {
  const [input = []] = read.shapes;
  const kernel = read.node.ints.get('kernel_shape') ?? [];
  return { shape: [...input.slice(0, 2), ...windowed(read, kernel)] };
}

function flatten({ node, shapes: [shape = []] }: Read): Made {
  const axis = node.ints.get('axis')?.[0] ?? 1;
  return { shape: [size(shape.slice(0, axis)), size(shape.slice(axis))] };
}

/** A side of 0 stays as it is, one of -1 is what is left. */
function reshape({ shapes: [from = []], constants, fail }: Read): Made {
  const wanted = constants[1]?.ints();
  if (!wanted) throw fail('its shape is computed, and not a constant');
  const kept = wanted.map((side, axis) => (side === 0 ? (from[axis] ?? 1) : side));
  const known = size(kept.filter((side) => side !== -1));
  const shape = kept.map((side) => (side === -1 ? size(from) / known : side));
  if (size(shape) !== size(from)) throw fail(`it makes ${shape.join('x')} of ${from.join('x')}`);
  return { shape };
}

const globalPool = ({ shapes: [shape = []] }: Read): Made => ({
  shape: shape.map((side, axis) => (axis < 2 ? side : 1)),
});

/** Scale and shift are learnt, the running statistics are not. */
const batchNorm = ({ shapes: [shape = []], constants }: Read): Made => ({
  shape,
  learnt: constants.slice(1, 3),
});

const SAME = (
  'Relu LeakyRelu PRelu Elu Selu Celu Sigmoid Tanh Softplus Softsign Gelu HardSwish HardSigmoid Mish ' +
  'Clip Erf Softmax LogSoftmax Dropout Identity Cast'
).split(' ');

/** The operators of plain MLPs and CNNs. */
const OPS: ReadonlyMap<string, (read: Read) => Made> = new Map([
  ...SAME.map((op) => [op, same] as const),
  ...['Add', 'Sub', 'Mul', 'Div'].map((op) => [op, elementwise] as const),
  ['MatMul', matMul],
  ['Gemm', gemm],
  ['Conv', conv],
  ['BatchNormalization', batchNorm],
  ['MaxPool', pool],
  ['AveragePool', pool],
  ['GlobalAveragePool', globalPool],
  ['GlobalMaxPool', globalPool],
  ['Flatten', flatten],
  ['Reshape', reshape],
]);

/**
 * The layers of a plain MLP or CNN in a file of ONNX, for one sample, with what they cost.
 *
 * @param what the file's name, for messages
 * @throws UserError where it is no ONNX file, or has operators of other networks: all of them, by name
 */
export function onnxNetwork(bytes: Uint8Array, what: string): OnnxNetwork {
  const model = readOnnx(bytes, what);
  const unknown = new Set(
    model.nodes.map(({ op }) => op).filter((op) => op !== 'Constant' && !OPS.has(op)),
  );
  if (unknown.size > 0)
    throw new UserError(
      `${what} has operators of other networks than plain MLPs and CNNs: ` +
        `${[...unknown].sort().join(', ')}; read are ${[...OPS.keys()].join(', ')}`,
    );
  const input = inputOf(model, what);
  const layers = layersOf(model, input, what);
  const total = (key: 'macs' | 'params'): number =>
    layers.reduce((sum, layer) => sum + layer[key], 0);
  return { input: input.shape.slice(1), layers, macs: total('macs'), params: total('params') };
}

/** The one input, for a batch of one. */
function inputOf({ inputs }: OnnxModel, what: string): { name: string; shape: Shape } {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0)
    throw new UserError(
      `${what} has ${inputs.length} inputs; a plain network has one, the samples`,
    );
  const sides = input.shape.slice(1).map((side) => {
    if (side === null)
      throw new UserError(
        `${what} leaves sides of its input ${input.name} open; export it with a fixed size`,
      );
    return side;
  });
  return { name: input.name, shape: [1, ...sides] };
}

function layersOf(
  model: OnnxModel,
  input: { readonly name: string; readonly shape: Shape },
  what: string,
): OnnxLayer[] {
  const constants = new Map(model.constants);
  const shapes = new Map<string, Shape>([[input.name, input.shape]]);
  const counted = new Set<OnnxTensor>();
  return model.nodes.flatMap((node, at) => {
    const id = node.name === '' ? `${node.op}_${at}` : node.name;
    const [output = ''] = node.outputs;
    const value = node.tensors.get('value');
    if (node.op === 'Constant') {
      if (value !== undefined) constants.set(output, value);
      return [];
    }
    const fail = (why: string): UserError =>
      new UserError(`${what}: ${node.op} ${id} cannot be read: ${why}`);
    const read: Read = {
      node,
      fail,
      constants: node.inputs.map((name) => constants.get(name)),
      shapes: node.inputs.map((name) => {
        const shape = shapes.get(name) ?? constants.get(name)?.shape;
        if (shape === undefined && name !== '') throw fail(`nothing makes its input ${name}`);
        return shape ?? [];
      }),
    };
    const made = OPS.get(node.op)!(read);
    shapes.set(output, made.shape);
    return [layerOf(id, node.op, made, counted)];
  });
}

/** Numbers that two nodes share are counted once. */
function layerOf(id: string, op: string, made: Made, counted: Set<OnnxTensor>): OnnxLayer {
  const learnt = (made.learnt ?? []).filter((tensor) => tensor !== undefined);
  const fresh = learnt.filter((tensor) => !counted.has(tensor));
  for (const tensor of fresh) counted.add(tensor);
  const weight = made.macs === undefined ? undefined : learnt[0];
  const nonzeros = weight?.nonzeros() ?? null;
  return {
    id,
    op,
    output: made.shape.slice(1),
    macs: made.macs ?? 0,
    params: fresh.reduce((sum, { shape }) => sum + size(shape), 0),
    density: !weight || nonzeros === null ? null : nonzeros / Math.max(1, size(weight.shape)),
  };
}
