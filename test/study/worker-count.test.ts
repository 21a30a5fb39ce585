import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { loadDataset } from '../../src/public/data.js';
import { parseStudySpec } from '../../src/public/study.js';
import { workerCount, trialBytes } from '../../src/executors/worker-count.js';

const GIB = 2 ** 30;

describe('workerCount', () => {
  it(
    'is one worker for each core or so many threads, as far as trials and memory go, and ' +
      'never none',
    () => {
      const request = { pending: 100, threads: 1, bytes: GIB, cores: 8, memory: 64 * GIB };
      expect(workerCount({ ...request, asked: undefined })).toBe(8);
      expect(workerCount({ ...request, asked: undefined, threads: 3 })).toBe(2);
      expect(workerCount({ ...request, asked: undefined, threads: 16 })).toBe(1);
      expect(workerCount({ ...request, asked: undefined, pending: 5 })).toBe(5);
      expect(workerCount({ ...request, asked: undefined, memory: 3.5 * GIB })).toBe(3);
      expect(workerCount({ ...request, asked: undefined, memory: GIB / 2 })).toBe(1);
      expect(workerCount({ ...request, asked: 20 })).toBe(20);
    },
  );

  it('never fills more than the memory, unless a single trial does', () => {
    const request = fc.record({
      pending: fc.integer({ min: 1, max: 50 }),
      threads: fc.integer({ min: 1, max: 8 }),
      bytes: fc.integer({ min: 1, max: 20 }),
      cores: fc.integer({ min: 1, max: 64 }),
      memory: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(request, (given) => {
        const workers = workerCount({ ...given, asked: undefined });
        expect(workers).toBeGreaterThanOrEqual(1);
        expect(workers).toBeLessThanOrEqual(given.pending);
        expect(
          workers === 1 ||
            (workers * given.bytes <= given.memory && workers * given.threads <= given.cores),
        ).toBe(true);
      }),
    );
  });

  it('refuses more than the memory holds when they are asked for', () => {
    const request = {
      asked: 12,
      pending: 40,
      threads: 1,
      bytes: 6 * GIB,
      cores: 16,
      memory: 32 * GIB,
    };
    expect(() => workerCount(request)).toThrow(UserError);
    expect(() => workerCount(request)).toThrow(
      "the workers must fit into the machine's 32.0 GiB of memory together, but each of " +
        '12 needs 6.0 GiB; use --workers 5, or lower train.batch or raise train.accumulate',
    );
    expect(workerCount({ ...request, asked: 1, memory: GIB })).toBe(1);
  });
});

describe('trialBytes', () => {
  it('is less where batches are cut into parts', async () => {
    const dataset = await loadDataset(
      { name: 'shapes', train: 16, test: 4, size: 32 },
      { env: {} },
    );
    const bytes = (train: string): number =>
      trialBytes(
        parseStudySpec(
          'plexus: 1\nname: t\narch: resnet34\nbaseline: complete:n=8\ngraphs: ' +
            `["ws-flex:n=8,k=4"]\ntrain: ${train}\n`,
          'a.yaml',
        ),
        dataset,
        {
          name: 'cpu',
          version: 1,
          description: '',
          precision: 'float32',
          threads: 64,
          columns: 16,
          transposedWeights: true,
        },
      );
    const [whole, parts] = [bytes('{batch: 256}'), bytes('{batch: 256, accumulate: 8}')];
    expect(whole).toBeGreaterThan(0.5 * GIB);
    expect(parts).toBeLessThan(whole / 3);
  });
});
