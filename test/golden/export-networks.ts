/*
 * Hands the networks of test/engine/golden-cases.ts with their weights and batches to
 * make-engine-networks.py: FOLDER/networks.json describes them; numbers are in FOLDER/numbers.bin
 * (float64, little-endian), named there by offset and length. Run by the script: npx tsx
 * test/golden/export-networks.ts FOLDER
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialValues } from '../../src/public/engine.js';
import { denseMask, parametersOf } from '../../src/network/index.js';
import type { Layer, Network } from '../../src/network/types.js';
import {
  operationBatch,
  operationCases,
  operationValues,
  trainingBatch,
  trainingCases,
  trainingRate,
  TRAINING_SEED,
  TRAINING_STEPS,
  type GoldenBatch,
} from '../engine/golden-cases.js';

const folder = process.argv[2];
const chunks: Float64Array[] = [];
let length = 0;

/** Keeps numbers, and says where. */
function put(values: ArrayLike<number>): [offset: number, length: number] {
  const chunk = Float64Array.from(values);
  chunks.push(chunk);
  length += chunk.length;
  return [length - chunk.length, chunk.length];
}

function describeLayer(layer: Layer): object {
  return 'mask' in layer && layer.mask !== null
    ? { ...layer, mask: put(denseMask(layer.mask)) }
    : layer;
}

function describeNetwork(network: Network, values: (name: string) => ArrayLike<number>): object {
  const parameters = parametersOf(network).map(({ name, layer, role, shape, learnable }) => ({
    name,
    layer,
    role,
    shape,
    learnable,
    at: put(values(name)),
  }));
  return { input: network.input, layers: network.layers.map(describeLayer), parameters };
}

function describeBatch({ samples, labels }: GoldenBatch): object {
  return { samples: put(samples), labels };
}

const operations = operationCases().map(({ name, network, labelSmoothing }) => {
  const values = operationValues(network, name);
  return {
    name,
    labelSmoothing,
    ...describeNetwork(network, (parameter) => values.get(parameter)!),
    batch: describeBatch(operationBatch(network, name)),
  };
});

const training = trainingCases().map((each) => {
  const { name, network, labelSmoothing, momentum, weightDecay } = each;
  const starts = new Map(
    parametersOf(network).map((parameter) => [
      parameter.name,
      initialValues(parameter, TRAINING_SEED),
    ]),
  );
  const steps = Array.from({ length: TRAINING_STEPS }, (_, step) => ({
    rate: trainingRate(each, step),
    ...describeBatch(trainingBatch(each, step)),
  }));
  return {
    name,
    labelSmoothing,
    momentum,
    weightDecay,
    ...describeNetwork(network, (parameter) => starts.get(parameter)!),
    steps,
    evaluate: describeBatch(trainingBatch(each, -1)),
  };
});

writeFileSync(join(folder, 'networks.json'), JSON.stringify({ operations, training }));
writeFileSync(
  join(folder, 'numbers.bin'),
  Buffer.concat(chunks.map((chunk) => Buffer.from(chunk.buffer))),
);
