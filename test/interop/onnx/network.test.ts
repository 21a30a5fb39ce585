import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.js';
import { exportTarget } from '../../../src/interop/export/registry.js';
import { onnxNetwork } from '../../../src/interop/onnx/layers.js';
import { costOf } from '../../../src/network/cost.js';
import { trainedNetwork } from '../export/networks.js';

const proto = fileURLToPath(new URL('../export/onnx.proto', import.meta.url));
const ModelProto = protobuf.loadSync(proto).lookupType('onnx.ModelProto');

/** Bytes of a model as another encoder writes them. */
const encoded = (graph: object): Uint8Array =>
  ModelProto.encode(ModelProto.fromObject({ irVersion: 8, graph })).finish();

const FLOAT = 1;
const INT64 = 7;
const floats = (name: string, dims: number[], of: (at: number) => number = () => 1) => ({
  name,
  dims,
  dataType: FLOAT,
  rawData: new Uint8Array(
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => of(at)).buffer,
  ),
});
const whole = (name: string, values: bigint[]) => ({
  name,
  dims: [values.length],
  dataType: INT64,
  rawData: new Uint8Array(BigInt64Array.from(values).buffer),
});
const input = (name: string, ...sides: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: FLOAT,
      shape: {
        dim: sides.map((side) =>
          typeof side === 'string' ? { dimParam: side } : { dimValue: side },
        ),
      },
    },
  },
});
const node = (
  opType: string,
  inputs: string[],
  output: string,
  ints: Record<string, number[]> = {},
) => ({
  opType,
  input: inputs,
  output: [output],
  attribute: Object.entries(ints).map(([name, values]) =>
    values.length === 1 ? { name, i: values[0], type: 2 } : { name, ints: values, type: 7 },
  ),
});

/** A small CNN with every kind of shape: strides, padding, groups, flattening, a residual. */
const CNN = {
  input: [input('x', 'N', 3, 9, 7)],
  initializer: [
    floats('w1', [8, 3, 3, 3], (at) => at % 2),
    floats('b1', [8]),
    ...['g', 'b', 'm', 'v'].map((name) => floats(`bn.${name}`, [8])),
    floats('w2', [8, 4, 1, 3]),
    whole('shape', [0n, -1n]),
    floats('w3', [12, 40], (at) => (at % 4 === 0 ? -0 : 1)),
    floats('b3', [12]),
    floats('w4', [12, 5]),
    floats('b4', [5]),
  ],
  node: [
    node('Conv', ['x', 'w1', 'b1'], 'c1', { pads: [1, 1, 1, 1], strides: [2, 2] }),
    node('BatchNormalization', ['c1', 'bn.g', 'bn.b', 'bn.m', 'bn.v'], 'n1'),
    node('Relu', ['n1'], 'r1'),
    node('Conv', ['r1', 'w2'], 'c2', { group: [2], pads: [0, 1, 0, 1] }),
    node('Add', ['c2', 'r1'], 's'),
    node('MaxPool', ['s'], 'p', { kernel_shape: [1, 4] }),
    node('Reshape', ['p', 'shape'], 'f'),
    node('Gemm', ['f', 'w3', 'b3'], 'h', { transB: [1] }),
    node('MatMul', ['h', 'w4'], 'm'),
    node('Add', ['m', 'b4'], 'logits'),
  ],
};

describe('onnxNetwork', () => {
  it('tells shapes, multiply-adds, parameters and density, as counted by hand', () => {
    const { input: sides, layers, macs, params } = onnxNetwork(encoded(CNN), 'cnn.onnx');
    expect(sides).toEqual([3, 9, 7]);
    expect(
      layers.map(({ op, output, macs: each, params: own, density }) => [
        op,
        output,
        each,
        own,
        density,
      ]),
    ).toEqual([
      ['Conv', [8, 5, 4], 8 * 20 * 27, 8 * 27 + 8, 0.5],
      ['BatchNormalization', [8, 5, 4], 0, 16, null],
      ['Relu', [8, 5, 4], 0, 0, null],
      ['Conv', [8, 5, 4], 8 * 20 * 12, 96, 1],
      ['Add', [8, 5, 4], 0, 0, null],
      ['MaxPool', [8, 5, 1], 0, 0, null],
      ['Reshape', [40], 0, 0, null],
      ['Gemm', [12], 480, 492, 0.75],
      ['MatMul', [5], 60, 60, 1],
      ['Add', [5], 0, 5, null],
    ]);
    expect(macs).toBe(4320 + 1920 + 480 + 60);
    expect(params).toBe(224 + 16 + 96 + 492 + 60 + 5);
  });

  it.each([
    ['mlp', [37]],
    ['cnn', [12, 20, 24]],
  ] as const)('finds in our own dense file of %s what the network costs', (arch, widths) => {
    const model = trainedNetwork(arch, [...widths]);
    const target = exportTarget('onnx');
    if (target.of !== 'network') throw new Error('onnx is of networks');
    const [bytes] = target.files(model, { form: 'dense' }).values();
    const read = onnxNetwork(bytes as Uint8Array, 'own.onnx');
    const masks = model.network.layers.flatMap((layer) =>
      'mask' in layer && layer.mask !== null ? [layer.mask] : [],
    );
    expect(masks.length).toBeGreaterThan(1);
    // Zeros are multiplied in a dense file: of each layer its density is left.
    const exist = read.layers.reduce((sum, { macs, density }) => sum + macs * (density ?? 1), 0);
    expect(Math.abs(exist / costOf(model.network).macs - 1)).toBeLessThan(1e-3);
    expect(read.layers.at(-1)!.output).toEqual([model.network.classes]);
  });

  it('refuses operators of other networks, all of them by name', () => {
    const graph = {
      ...CNN,
      node: [...CNN.node, node('LSTM', ['m'], 'l'), node('Einsum', ['l'], 'e')],
    };
    expect(() => onnxNetwork(encoded(graph), 'net.onnx')).toThrow(
      /^net\.onnx has operators of other networks than plain MLPs and CNNs: Einsum, LSTM; read are Relu,/,
    );
  });

  it('says what of a network cannot be read', () => {
    const having =
      (change: object): (() => unknown) =>
      () =>
        onnxNetwork(encoded({ ...CNN, ...change }), 'net.onnx');
    expect(having({ input: [input('x', 'N', 3, 'height', 7)] })).toThrow(
      'net.onnx leaves sides of its input x open; export it with a fixed size',
    );
    expect(having({ input: [...CNN.input, input('y', 1)] })).toThrow('net.onnx has 2 inputs');
    expect(having({ input: [input('x', 'N', 4, 9, 7)] })).toThrow(
      'net.onnx: Conv Conv_0 cannot be read: it convolves 1x4x9x7 with 8x3x3x3',
    );
    expect(having({ node: [node('Relu', ['z'], 'r')] })).toThrow('nothing makes its input z');
    expect(having({ node: [] })).toThrow('net.onnx is no ONNX file: its graph has no nodes');
  });

  it('answers bytes that are damaged with a network or a message, never a bug', () => {
    const good = encoded(CNN);
    let refused = 0;
    for (let at = 0; at < good.length; at += 3) {
      const cut = good.slice(0, at);
      const flipped = good.slice();
      flipped[at] = (flipped[at]! ^ (1 << (at % 8))) & 255;
      for (const bytes of [cut, flipped])
        try {
          onnxNetwork(bytes, 'bad.onnx');
        } catch (error) {
          expect(error, String(at)).toBeInstanceOf(UserError);
          refused++;
        }
    }
    expect(refused).toBeGreaterThan(100);
  });
});
