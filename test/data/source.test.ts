import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { features } from '../../src/core/shape.js';
import {
  evaluationBatches,
  loadDataset,
  openSource,
  trainingBatches,
  type BatchSource,
  type DataSpec,
  type Dataset,
  type LoadedBatch,
  type MemoryDataset,
  type SourceOptions,
} from '../../src/public/data.js';
import { makeFolder, put } from './folder/fixtures.js';

/** A batch with its own copies, images in the order of the batch. */
interface Copy {
  readonly images: number[][];
  readonly labels: number[];
  readonly flip: number[] | null;
  readonly shift: number[][] | null;
}

function copyOf({
  images,
  labels,
  indices,
  count,
  shape,
  flip,
  shiftY,
  shiftX,
}: LoadedBatch): Copy {
  const size = features(shape);
  const taken = Array.from(indices.subarray(0, count));
  return {
    images: taken.map((index) => [...images.subarray(index * size, (index + 1) * size)]),
    labels: taken.map((index) => labels[index]),
    flip: flip && [...flip.subarray(0, count)],
    shift: shiftY && shiftX && [[...shiftY.subarray(0, count)], [...shiftX.subarray(0, count)]],
  };
}

async function copies(batches: AsyncIterable<LoadedBatch>): Promise<Copy[]> {
  const found: Copy[] = [];
  for await (const batch of batches) found.push(copyOf(batch));
  return found;
}

const options = (more: Partial<SourceOptions> = {}): SourceOptions => ({
  batch: 4,
  seed: 3,
  augment: true,
  ...more,
});

async function withSource<T>(
  dataset: Dataset,
  given: SourceOptions,
  work: (source: BatchSource) => Promise<T>,
): Promise<T> {
  const source = openSource(dataset, given);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

describe('a data set in memory', () => {
  let dataset: MemoryDataset;
  beforeAll(async () => {
    dataset = await loadDataset({ name: 'shapes', train: 22, test: 9, size: 16 });
  });

  it('gives the batches of trainingBatches and evaluationBatches without a copy', async () => {
    await withSource(dataset, options(), async (source) => {
      expect([source.perEpoch, source.testImages, source.warnings()]).toEqual([5, 9, []]);
      const plans = Array.from(
        trainingBatches({
          images: 22,
          batch: 4,
          seed: 3,
          augmentation: dataset.augmentation,
        }).epoch(2),
        (plan) => [...plan.indices, ...plan.flip!, ...plan.shiftY!, ...plan.shiftX!],
      );
      const found: number[][] = [];
      for await (const batch of source.train(2)) {
        expect([batch.images, batch.labels]).toEqual([dataset.train.images, dataset.train.labels]);
        expect(batch.images).toBe(dataset.train.images);
        found.push([...batch.indices, ...batch.flip!, ...batch.shiftY!, ...batch.shiftX!]);
      }
      expect(found).toEqual(plans);
      const tests: number[][] = [];
      for await (const batch of source.test()) {
        expect([batch.images, batch.flip, batch.shiftY]).toEqual([dataset.test.images, null, null]);
        tests.push([...batch.indices.subarray(0, batch.count)]);
      }
      expect(tests).toEqual(
        Array.from(evaluationBatches(9, 4), ({ count }, i) =>
          Array.from({ length: count }, (_, j) => 4 * i + j),
        ),
      );
    });
  });

  it('goes on from any batch, and leaves images alone where it is told so', async () => {
    await withSource(dataset, options(), async (source) => {
      expect(await copies(source.train(1, 3))).toEqual((await copies(source.train(1))).slice(3));
      expect(await copies(source.train(1, 5))).toEqual([]);
    });
    await withSource(dataset, options({ augment: false }), async (source) => {
      for await (const batch of source.train(0))
        expect([batch.flip, batch.shiftY, batch.shiftX]).toEqual([null, null, null]);
    });
  });

  it('refuses batches larger than itself', () => {
    expect(() => openSource(dataset, options({ batch: 23 }))).toThrow(UserError);
  });
});

describe('pictures', () => {
  let root: string;
  beforeAll(async () => {
    root = await makeFolder({ sides: (i) => [30 + 7 * i, 40 - i], train: 6, test: 3, kind: 'jpg' });
    put(join(root, 'train', 'dog', '2.jpg'), 'no picture');
    put(join(root, 'val', 'emu', '2.jpg'), 'no picture');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const load = (memory: number, more: Partial<DataSpec> = {}): Promise<Dataset> =>
    loadDataset({ name: 'folder', path: root, size: 20, crop: 'resized', ...more }, { memory });

  it('give the same batches from memory and from files, whatever else is asked in between', async () => {
    const first = await withSource(await load(1e9), options(), async (source) => [
      await copies(source.train(0)),
      await copies(source.test()),
      await copies(source.train(1)),
    ]);
    const second = await withSource(await load(0), options(), async (source) => {
      // A walk that is left early, and one that is begun elsewhere.
      for await (const batch of source.train(5)) expect(batch.count).toBe(4);
      for await (const _ of source.train(1)) break;
      const later = await copies(source.train(1));
      expect(await copies(source.train(1, 2))).toEqual(later.slice(2));
      return [await copies(source.train(0)), await copies(source.test()), later];
    });
    expect(second).toEqual(first);
    const [train, test, other] = first;
    expect(train.map(({ labels }) => labels.length)).toEqual([4, 4, 4, 4]);
    expect(test.map(({ labels }) => labels)).toEqual([[0, 0, 0, 1], [1, 1, 2, 2], [2]]);
    expect(test.every(({ flip }) => flip === null)).toBe(true);
    expect(other).not.toEqual(train);
    // The unreadable last picture of the split is replaced by the first of its class.
    expect(test[2].images[0]).toEqual(test[1].images[2]);
  });

  it('depend on the seed, and are not changed without augmentation', async () => {
    const dataset = await load(1e9, { lighting: 0 });
    const train = (given: Partial<SourceOptions>): Promise<Copy[]> =>
      withSource(dataset, options(given), (source) => copies(source.train(0)));
    expect(await train({ seed: 3 })).toEqual(await train({}));
    expect(await train({ seed: 4 })).not.toEqual(await train({}));
    const [plain, test] = await withSource(
      dataset,
      options({ augment: false, batch: 9 }),
      async (source) => [await copies(source.train(0)), await copies(source.test())],
    );
    expect(plain.every(({ flip, shift }) => flip === null && shift === null)).toBe(true);
    expect(test).toHaveLength(1);
    // Every image of an epoch is one of the split's pictures as evaluation would show it.
    const seen = new Set(
      (
        await withSource(dataset, options({ augment: false, batch: 2, seed: 9 }), (source) =>
          copies(source.train(0)),
        )
      ).flatMap(({ images }) => images.map(String)),
    );
    expect(plain.flatMap(({ images }) => images).every((image) => seen.has(String(image)))).toBe(
      true,
    );
  });

  it('that are only shifted give the batches that they would give in memory', async () => {
    const small = { crop: 'shift', size: 16 } as const;
    const [memory, files] = [await load(1e9, small), await load(0, small)];
    expect([memory.pictures === null, files.pictures === null]).toEqual([true, false]);
    const run = (dataset: Dataset): Promise<Copy[][]> =>
      withSource(dataset, options(), async (source) => [
        await copies(source.train(4)),
        await copies(source.test()),
      ]);
    expect(await run(files)).toEqual(await run(memory));
  });

  it('are changed in their colours alike from memory and from files', async () => {
    const strong = { crop: 'shift', size: 16, jitter: 0.4, lighting: 0.2 } as const;
    const run = (dataset: Dataset): Promise<Copy[]> =>
      withSource(dataset, options(), (source) => copies(source.train(4)));
    const changed = await run(await load(1e9, strong));
    expect(await run(await load(0, strong))).toEqual(changed);
    const plain = await run(await load(1e9, { crop: 'shift', size: 16 }));
    expect(changed.map(({ flip, shift, labels }) => [flip, shift, labels])).toEqual(
      plain.map(({ flip, shift, labels }) => [flip, shift, labels]),
    );
    expect(changed).not.toEqual(plain);
  });

  it('warn of what cannot be read when it is met', async () => {
    const dataset = await load(0);
    expect(dataset.warnings).toEqual([]);
    await withSource(dataset, options(), async (source) => {
      expect(source.warnings()).toEqual([]);
      await copies(source.test());
      expect(source.warnings()).toEqual([
        expect.stringMatching(/val.emu.2\.jpg cannot be read: /) as string,
        '1 image cannot be read; in place of each stands the next image of its class',
      ]);
      for (let epoch = 0; epoch < 3; epoch++) await copies(source.train(epoch));
      expect(source.warnings()).toHaveLength(3);
    });
  });

  it(
    'fail as a mistake of the user where a class has none that can be read, and where ' +
      'files vanish',
    async () => {
      const own = await makeFolder({
        sides: () => [30, 30],
        train: 2,
        test: 1,
        classes: ['a', 'b'],
      });
      try {
        const dataset = await loadDataset(
          { name: 'folder', path: own, size: 20, crop: 'resized', normalise: 'imagenet' },
          { memory: 0 },
        );
        put(join(own, 'val', 'b', '0.png'), 'x');
        await expect(
          withSource(dataset, options({ batch: 2 }), (source) => copies(source.test())),
        ).rejects.toThrow(/no picture of a class can be read/);
        rmSync(join(own, 'val', 'b', '0.png'));
        await expect(
          withSource(dataset, options({ batch: 2 }), (source) => copies(source.test())),
        ).rejects.toThrow(/cannot read .*0\.png: no such file/);
        await expect(
          withSource(dataset, options({ batch: 2 }), (source) => copies(source.test())),
        ).rejects.toThrow(UserError);
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    },
  );

  it('fail, and do not wait for ever, where many batches come after the one that failed', async () => {
    const own = await makeFolder({
      sides: () => [30, 30],
      train: 12,
      test: 12,
      classes: ['a', 'b'],
    });
    try {
      const dataset = await loadDataset(
        { name: 'folder', path: own, size: 20, crop: 'resized' },
        { memory: 0 },
      );
      rmSync(join(own, 'val', 'a', '3.png'));
      const source = openSource(dataset, options({ batch: 2 }));
      let batches = 0;
      const walk = async (): Promise<void> => {
        for await (const _ of source.test()) batches++;
      };
      await expect(walk()).rejects.toThrow(/^cannot read .*3\.png/);
      // The batches before it were given: by name, 10.png and 11.png come before 3.png.
      expect(batches).toBe(2);
      expect(await copies(source.train(0))).toHaveLength(12);
      await source.close();
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });

  it('can be closed in the middle of a walk, and unused', async () => {
    const dataset = await load(0);
    const source = openSource(dataset, options());
    for await (const _ of source.train(0)) break;
    await source.close();
    await openSource(dataset, options()).close();
    expect(() => openSource(dataset, options({ batch: 19 }))).toThrow(
      'a batch of 19 needs at least 19 training images, there are 18',
    );
  });
});
