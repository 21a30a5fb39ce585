import { RandomStream } from '../../src/core/random/index.js';
import type { ImageSplit, MemoryDataset } from '../../src/data/types.js';
import { readWeights } from '../../src/public/engine.js';
import type { Executable } from '../../src/engine/types.js';
import { train, type EpochRecord, type TrainOptions } from '../../src/public/train.js';

const SHAPE = { channels: 3, height: 4, width: 4 };
const CLASSES = 7;

/**
 * Noise of 3x4x4 pixels whose brightness hints at its class; small enough to be trained on
 * thousands of times.
 */
export function toyDataset(training = 40, test = 22): MemoryDataset {
  return {
    name: 'shapes',
    identity: `toy train=${training} test=${test}`,
    classes: Array.from({ length: CLASSES }, (_, i) => `class ${i}`),
    shape: SHAPE,
    train: split('train', training),
    test: split('test', test),
    mean: [120, 125, 130],
    std: [60, 62, 64],
    augmentation: { flip: true, pad: 1 },
    pictures: null,
    warnings: [],
  };
}

function split(name: string, count: number): ImageSplit {
  const random = new RandomStream('toy', name);
  const size = SHAPE.channels * SHAPE.height * SHAPE.width;
  const labels = Uint8Array.from({ length: count }, () => random.below(CLASSES));
  return {
    count,
    labels,
    images: Uint8Array.from(
      { length: count * size },
      (_, at) => 30 * labels[Math.floor(at / size)] + random.below(60),
    ),
  };
}

/**
 * Everything that a training leaves: its records, and weights, statistics and momenta bit for bit.
 */
export interface Outcome {
  readonly epochs: readonly EpochRecord[];
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

export async function outcomeOf(options: TrainOptions): Promise<Outcome> {
  const { epochs, executable } = await train(options);
  const numbers = await numbersOf(executable);
  executable.dispose();
  return { epochs, numbers };
}

export async function numbersOf(executable: Executable): Promise<Map<string, readonly number[]>> {
  const weights = [...(await readWeights(executable))].map(
    ([name, { data }]) => [name, [...data]] as const,
  );
  const momenta = await Promise.all(
    executable.program.parameters
      .filter(({ learnable }) => learnable)
      .map(
        async ({ name }) =>
          [`momentum of ${name}`, [...(await executable.read(name, 'momentum'))]] as const,
      ),
  );
  return new Map([...weights, ...momenta]);
}
