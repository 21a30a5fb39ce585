import { fileURLToPath } from 'node:url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.js';
import { formatGraphSpec } from '../../../src/graph/spec.js';
import { onnxBytes } from '../../../src/interop/export/onnx/target.js';
import type { ExportOptions, TrainedNetwork } from '../../../src/interop/export/types.js';
import { existingNumbers, parametersOf } from '../../../src/network/parameters.js';
import { CASES, difference, ownLogits, samplesOf, trainedNetwork } from './networks.js';

env.wasm.numThreads = 1;
const COUNTS = [1, 64];

/** What onnxruntime makes of each of these inputs, one model. */
async function runOnnx(bytes: Uint8Array, inputs: readonly Tensor[]): Promise<Float32Array[]> {
  const session = await InferenceSession.create(bytes);
  const found: Float32Array[] = [];
  for (const input of inputs) {
    const outputs = await session.run({ [session.inputNames[0]]: input });
    found.push(outputs['logits'].data as Float32Array);
  }
  await session.release();
  return found;
}

describe('a model of ONNX, run by onnxruntime', () => {
  it.each(CASES)('%s gives our logits, in every form', async (arch, widths) => {
    const model = trainedNetwork(arch, widths);
    const samples = COUNTS.map((count) => samplesOf(model.network, count));
    const ours = await Promise.all(samples.map((each, at) => ownLogits(model, each, COUNTS[at])));
    const images = samples.map((each, at) => new Tensor('float32', each, [COUNTS[at], 3, 16, 16]));
    const forms: readonly ExportOptions[] = [
      { form: 'gather' },
      { form: 'dense' },
      { form: 'gather', foldBatchNorm: true },
    ];
    for (const options of forms) {
      const theirs = await runOnnx(onnxBytes(model, options), images);
      const apart = theirs.map((logits, at) => difference(ours[at], logits));
      expect(Math.max(...apart), JSON.stringify(options)).toBeLessThan(1e-5);
    }
  });

  it('normalises bytes itself, where that is asked for', async () => {
    const model = trainedNetwork('mlp', [38]);
    const { mean, std } = model.normalisation!;
    const bytes = Uint8Array.from({ length: 2 * 768 }, (_, at) => (at * 37) % 256);
    const samples = Float32Array.from(bytes, (byte, at) => {
      const channel = Math.floor(at / 256) % 3;
      return (byte - mean[channel]) / std[channel];
    });
    const ours = await ownLogits(model, samples, 2);
    const model2 = onnxBytes(model, { withNormalisation: true });
    const [theirs] = await runOnnx(model2, [new Tensor('uint8', bytes, [2, 3, 16, 16])]);
    expect(difference(ours, theirs)).toBeLessThan(1e-5);
    const unknown: TrainedNetwork = { ...model, normalisation: null };
    expect(() => onnxBytes(unknown, { withNormalisation: true })).toThrow(UserError);
  });
});

interface Decoded {
  readonly irVersion: number;
  readonly graph: {
    readonly node: readonly { readonly opType: string }[];
    readonly initializer: readonly { readonly name: string; readonly dims: readonly number[] }[];
    readonly input: readonly unknown[];
  };
  readonly opsetImport: readonly unknown[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

function decoded(bytes: Uint8Array): Decoded {
  const path = fileURLToPath(new URL('onnx.proto', import.meta.url));
  const type = protobuf.loadSync(path).lookupType('onnx.ModelProto');
  return type.toObject(type.decode(bytes), { longs: Number }) as Decoded;
}

describe('a model of ONNX, decoded by another library', () => {
  const model = trainedNetwork('mlp', [380], { graph: 'ws-flex:n=19,k=4,p=0.3,seed=2' });

  it('has the versions that load everywhere, and says what it is', () => {
    const { irVersion, opsetImport, metadataProps, graph } = decoded(onnxBytes(model));
    expect(irVersion).toBe(8);
    expect(opsetImport).toEqual([{ domain: '', version: 17 }]);
    const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata.get('graph')).toBe(formatGraphSpec(model.network.graph!));
    expect(Number(metadata.get('clustering'))).toBeGreaterThan(0);
    expect(Number(metadata.get('path_length'))).toBeGreaterThan(1);
    expect(JSON.parse(metadata.get('mean')!)).toEqual([120, 110, 100]);
    expect(graph.input).toEqual([
      {
        name: 'images',
        type: {
          tensorType: {
            elemType: 1,
            shape: {
              dim: [{ dimParam: 'N' }, { dimValue: 3 }, { dimValue: 16 }, { dimValue: 16 }],
            },
          },
        },
      },
    ]);
  });

  it('holds the weights that exist, and few more', () => {
    const numbers = (bytes: Uint8Array): number =>
      decoded(bytes)
        .graph.initializer.filter(({ name }) => name.includes('.weight'))
        .reduce((sum, { dims }) => sum + dims.reduce((a, b) => a * b, 1), 0);
    const exist = parametersOf(model.network)
      .filter(({ name }) => name.endsWith('.weight'))
      .reduce((sum, parameter) => sum + existingNumbers(parameter), 0);
    expect(numbers(onnxBytes(model, { form: 'gather' }))).toBeGreaterThanOrEqual(exist);
    expect(numbers(onnxBytes(model, { form: 'gather' }))).toBeLessThan(1.1 * exist);
    expect(numbers(onnxBytes(model, { form: 'dense' }))).toBeGreaterThan(1.5 * exist);
  });

  it('has no batch norm left where they are folded', () => {
    const operations = (options: ExportOptions): string[] =>
      decoded(onnxBytes(trainedNetwork('efficientnet-b0', CASES[5][1]), options)).graph.node.map(
        ({ opType }) => opType,
      );
    expect(operations({})).toContain('BatchNormalization');
    expect(operations({ foldBatchNorm: true })).not.toContain('BatchNormalization');
  });
});
