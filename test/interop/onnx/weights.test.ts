import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { onnxWeights } from '../../../src/interop/onnx/weights.js';

const proto = fileURLToPath(new URL('../export/onnx.proto', import.meta.url));
const ModelProto = protobuf.loadSync(proto).lookupType('onnx.ModelProto');
const encoded = (graph: object): Uint8Array =>
  ModelProto.encode(ModelProto.fromObject({ irVersion: 8, graph })).finish();

const counted = (dims: number[]): number[] =>
  Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => at);
const raw = (name: string, dims: number[]) => ({
  name,
  dims,
  dataType: 1,
  rawData: new Uint8Array(Float32Array.from(counted(dims)).buffer),
});
const node = (opType: string, weight: string, ints: Record<string, number> = {}) => ({
  opType,
  input: ['x', weight],
  output: [`${weight} out`],
  attribute: Object.entries(ints).map(([name, i]) => ({ name, i, type: 2 })),
});

describe('onnxWeights', () => {
  it('gives outputs first whatever the operator, and leaves out groups and what is no layer', () => {
    const bytes = encoded({
      initializer: [
        raw('gemm', [3, 2]),
        raw('turned', [2, 3]),
        raw('matmul', [2, 3]),
        raw('conv', [2, 3, 1, 1]),
        raw('groups', [4, 1, 3, 3]),
        raw('added', [2, 3]),
      ],
      node: [
        node('Gemm', 'gemm', { transB: 1 }),
        node('Gemm', 'turned'),
        node('MatMul', 'matmul'),
        node('Conv', 'conv'),
        node('Conv', 'groups', { group: 4 }),
        node('Add', 'added'),
      ],
    });
    const told = [...onnxWeights(bytes, 'm.onnx')].map(([name, { shape, data }]) => [
      name,
      shape,
      [...data],
    ]);
    expect(told).toEqual([
      ['gemm', [3, 2], [0, 1, 2, 3, 4, 5]],
      ['turned', [3, 2], [0, 3, 1, 4, 2, 5]],
      ['matmul', [3, 2], [0, 3, 1, 4, 2, 5]],
      ['conv', [2, 3, 1, 1], [0, 1, 2, 3, 4, 5]],
    ]);
  });

  it('refuses what has no weights, or has them elsewhere', () => {
    expect(() => onnxWeights(encoded({ node: [node('Relu', 'a')] }), 'm.onnx')).toThrow(
      'm.onnx has no linear layer and no convolution whose weights are constants; its operators are Relu',
    );
    const half = { ...raw('w', [2, 2]), dataType: 10 };
    expect(() =>
      onnxWeights(encoded({ initializer: [half], node: [node('MatMul', 'w')] }), 'm.onnx'),
    ).toThrow('export it in one file, in float32');
  });
});
