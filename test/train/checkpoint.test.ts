import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/index.js';
import {
  readSafetensorsFile,
  readSafetensorsMetadata,
  writeSafetensorsFile,
} from '../../src/interop/index.js';
import {
  defaultTrainSettings,
  readCheckpoint,
  type CheckpointOptions,
  type TrainOptions,
  type TrainSettings,
  type TrainState,
} from '../../src/public/train.js';
import { chain } from '../engine/networks.js';
import { outcomeOf, toyDataset } from './toy.js';

const dataset = toyDataset(40, 22);
const network = chain(dataset.shape, [
  { conv: 4, kernel: 3, padding: 1 },
  'bn',
  'relu',
  { linear: 7, bias: true },
]);
const sparse = chain(dataset.shape, [
  { conv: 8, kernel: 1 },
  {
    conv: 9,
    kernel: 3,
    padding: 1,
    graph: buildGraph(parseGraphSpec('ws-flex:n=4,k=2,p=0,seed=1')),
  },
  'bn',
  'relu',
  { linear: 7, bias: true },
]);
const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 4,
  batch: 8,
  backend: 'reference',
  warmupEpochs: 2,
  preciseBatchNorm: 16,
};
const STEPS = 5;

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-checkpoint-'));
  file = join(directory, 'c.safetensors');
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => rmSync(file, { force: true }));

function options(
  changes: Partial<TrainOptions> = {},
  checkpoint: Partial<CheckpointOptions> = {},
): TrainOptions {
  return {
    network,
    dataset,
    settings,
    seed: 1,
    checkpoint: { file, resume: true, ...checkpoint },
    ...changes,
  };
}

/**
 * Trains until so many updates are done in all, as the signal of a Ctrl-C stops it at the next
 * pause.
 */
async function interruptedAfter(updates: number, given: TrainOptions): Promise<void> {
  const controller = new AbortController();
  const onBatch: TrainOptions['onBatch'] = (epoch, batch, batches) => {
    if (epoch * batches + batch + 1 < updates) return;
    controller.abort();
    // A pause is due after 20 ms.
    for (const begun = performance.now(); performance.now() - begun < 21;);
  };
  await expect(outcomeOf({ ...given, signal: controller.signal, onBatch })).rejects.toThrow(
    Interrupted,
  );
}

describe('a training that is interrupted', () => {
  it(
    'goes on from its checkpoint to the very same bits, wherever it was stopped and ' +
      'however it is set',
    async () => {
      const cases = fc.record({
        stops: fc.uniqueArray(fc.integer({ min: 1, max: 4 * STEPS - 1 }), {
          minLength: 1,
          maxLength: 3,
        }),
        backend: fc.constantFrom('reference' as const, 'auto' as const),
        accumulate: fc.constantFrom(1, 2, 4),
        net: fc.constantFrom(network, sparse),
        preciseBatchNorm: fc.constantFrom(0, 16),
        momentum: fc.constantFrom(0, 0.9),
        seed: fc.nat(99),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ stops, seed, net, ...changes }) => {
          rmSync(file, { force: true });
          const given = options({ network: net, settings: { ...settings, ...changes }, seed });
          const { checkpoint: _, ...unkept } = given;
          const whole = await outcomeOf(unkept);
          for (const stop of stops.toSorted((a, b) => a - b)) await interruptedAfter(stop, given);
          expect(await outcomeOf(given)).toEqual(whole);
        }),
        { numRuns: 12 },
      );
    },
  );

  it('tells what it takes up, and reports only the epochs that it does itself', async () => {
    await interruptedAfter(2 * STEPS + 3, options());
    const resumed: TrainState[] = [];
    const epochs: number[] = [];
    const started: string[] = [];
    const { epochs: all } = await outcomeOf(
      options({
        onResume: (state) => resumed.push(state),
        onEpoch: ({ epoch }) => epochs.push(epoch),
        onStart: () => started.push(''),
      }),
    );
    expect(resumed).toMatchObject([{ epoch: 2, step: 3, tally: { samples: 24 } }]);
    expect(resumed[0].records).toEqual(all.slice(0, 2));
    expect(resumed[0].seconds).toBeGreaterThan(0.02);
    expect(epochs).toEqual([3, 4]);
    expect(started).toEqual([]);
    // What is finished stays so.
    expect((await outcomeOf(options())).epochs).toEqual(all);
  });

  it('says where it is kept', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(outcomeOf(options({ signal: controller.signal }))).rejects.toThrow(
      'training stopped',
    );
    expect(existsSync(file)).toBe(false);
    const stopped = interruptedAfter(3, options());
    await stopped;
    expect(readCheckpoint(file)!.state).toMatchObject({ epoch: 0, step: 3, records: [] });
  });

  it('starts afresh without --resume', async () => {
    await interruptedAfter(7, options());
    const started: string[] = [];
    await outcomeOf(options({ onStart: () => started.push('') }, { resume: false }));
    expect(started).toEqual(['']);
  });
});

describe('checkpoints', () => {
  /** Epochs (and updates in them) after which a checkpoint lies there. */
  async function written(checkpoint: Partial<CheckpointOptions>): Promise<string[]> {
    rmSync(file, { force: true });
    const found: string[] = [];
    const look = (): void => {
      const state = readCheckpoint(file)?.state;
      const place = state ? `${state.epoch}.${state.step}` : '-';
      if (found.at(-1) !== place) found.push(place);
    };
    await outcomeOf(options({ onBatch: look }, checkpoint));
    look();
    return found;
  }

  it('are written after every epoch, or every so many and the last one', async () => {
    expect(await written({})).toEqual(['-', '1.0', '2.0', '3.0', '4.0']);
    expect(await written({ everyEpochs: 3 })).toEqual(['-', '3.0', '4.0']);
    expect(await written({ everyEpochs: 3, last: false })).toEqual(['-', '3.0']);
    expect(await written({ leastSeconds: 1000 })).toEqual(['-', '4.0']);
    expect(await written({ leastSeconds: 1000, last: false })).toEqual(['-']);
  });

  it('are written within an epoch that is long', async () => {
    const places = Array.from(
      { length: 4 * STEPS },
      (_, at) => `${Math.floor(at / STEPS)}.${(at % STEPS) + 1}`,
    );
    expect(await written({ withinSeconds: 0, everyEpochs: 99, last: false })).toEqual([
      '-',
      ...places,
    ]);
  });

  it('hold all numbers by their own names, of sparse weights those that exist', async () => {
    const { numbers } = await outcomeOf(
      options({ network: sparse, settings: { ...settings, epochs: 1, warmupEpochs: 0 } }),
    );
    const tensors = readSafetensorsFile(file);
    expect([...tensors.keys()].toSorted()).toEqual(
      [...numbers.keys()].map((name) => name.replace('momentum of ', 'momentum:')).toSorted(),
    );
    expect(tensors.get('conv0.weight')).toMatchObject({
      shape: [8, 3, 1, 1],
      data: Float64Array.from(numbers.get('conv0.weight')!),
    });
    for (const [key, name] of [
      ['conv1.weight', 'conv1.weight'],
      ['momentum:conv1.weight', 'momentum of conv1.weight'],
    ]) {
      const { data, shape } = tensors.get(key)!;
      expect([...data]).toEqual(numbers.get(name)!.filter((number) => number !== 0));
      // Every node of the ring hears itself and its two neighbours: 3 of 4 blocks.
      expect(shape).toEqual([data.length]);
      expect(data.length).toBe((9 * 8 * 9 * 3) / 4);
    }
  });

  it('that cannot be written are told of, and training goes on; a stop says so', async () => {
    const nowhere = { file: join(directory, 'gone', 'c.safetensors') };
    const notes: string[] = [];
    const { epochs } = await outcomeOf(options({ note: (line) => notes.push(line) }, nowhere));
    expect(epochs).toHaveLength(4);
    expect(notes).toHaveLength(4);
    expect(notes[0]).toMatch(
      /^note: training goes on without a new checkpoint: cannot write .*gone/,
    );
    const controller = new AbortController();
    const stopping = outcomeOf(
      options(
        {
          signal: controller.signal,
          onBatch: () => {
            controller.abort();
            for (const begun = performance.now(); performance.now() - begun < 21;);
          },
        },
        nowhere,
      ),
    );
    await expect(stopping).rejects.toThrow(/cannot write .*gone/);
  });
});

describe('a checkpoint of another training is refused with what differs', () => {
  async function refusal(changes: Partial<TrainOptions>): Promise<string> {
    if (!existsSync(file)) await outcomeOf(options());
    const before = readFileSync(file);
    const error: unknown = await outcomeOf(options(changes)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(readFileSync(file)).toEqual(before);
    return error instanceof Error ? error.message : '';
  }

  it.each<[string, Partial<TrainOptions>, string]>([
    [
      'settings',
      { settings: { ...settings, epochs: 5, learningRate: 0.2 } },
      'settings.epochs was 4, is 5, settings.learningRate was 0.1, is 0.2; change that back',
    ],
    ['the seed', { seed: 2 }, 'seed was 1, is 2'],
    [
      'the data',
      { dataset: { ...dataset, identity: 'other' } },
      'data was "toy train=40 test=22", is "other"',
    ],
    ['the network', { network: { ...network, widths: [9] } }, 'network.widths was [], is [9]'],
    [
      'its layers',
      {
        network: chain(dataset.shape, [
          { conv: 4, kernel: 1 },
          'bn',
          'relu',
          { linear: 7, bias: true },
        ]),
      },
      'network.layers was "',
    ],
  ])('%s', async (_, changes, expected) => {
    const message = await refusal(changes);
    expect(message).toContain(
      `a training goes on only as it began, but ${file} is of another one: `,
    );
    expect(message).toContain(expected);
  });

  it('but not for the number of threads, nor the name that a backend was asked by', async () => {
    const { backend: _, ...plain } = settings;
    await interruptedAfter(7, options({ settings: { ...plain, backend: 'auto' } }));
    const notes: string[] = [];
    const { epochs } = await outcomeOf(
      options({
        settings: { ...plain, backend: 'auto', threads: 2 },
        note: (line) => notes.push(line),
      }),
    );
    expect(epochs).toHaveLength(4);
    expect(notes.filter((line) => line.includes('last bits'))).toEqual([]);
  });

  it('and other kernels are told of', async () => {
    await interruptedAfter(7, options());
    // As versions wrote it that knew no checksums.
    const bytes = readFileSync(file, 'latin1')
      .replace('reference (float64 TypeScript)', 'reference (float64 Typescript)')
      .replace('plexus-crc32', 'plexus-crc00');
    writeFileSync(file, bytes, 'latin1');
    const notes: string[] = [];
    await outcomeOf(options({ note: (line) => notes.push(line) }));
    expect(notes).toEqual([
      expect.stringMatching(
        /was made with reference \(float64 Typescript\) and goes on with reference \(.*\); numbers may differ in their last bits$/,
      ),
    ]);
  });
});

describe('a file that is no checkpoint', () => {
  const broken: [string, () => void, RegExp][] = [
    [
      'weights alone',
      () => writeSafetensorsFile(file, new Map()),
      /c\.safetensors: a checkpoint must tell of its training, but this file holds numbers alone; start from them with --load/,
    ],
    [
      'no JSON',
      () => writeSafetensorsFile(file, new Map(), { 'plexus-checkpoint': '{' }),
      /the checkpoint is damaged \(no object\); remove it and train from the start/,
    ],
    [
      'half of it',
      () =>
        writeSafetensorsFile(file, new Map(), {
          'plexus-checkpoint': '{"format":1,"madeWith":"x","identity":{},"state":{"epoch":1}}',
        }),
      /damaged \(state\.step\)/,
    ],
    [
      'another format',
      () => writeSafetensorsFile(file, new Map(), { 'plexus-checkpoint': '{"format":2}' }),
      /a checkpoint of format 2, this plexus reads format 1; use the version that wrote it/,
    ],
    [
      'no safetensors',
      () => writeFileSync(file, 'x'),
      /c\.safetensors: not a valid safetensors file/,
    ],
  ];

  it.each(broken)('%s: is refused', async (_, write, message) => {
    write();
    await expect(outcomeOf(options())).rejects.toThrow(UserError);
    await expect(outcomeOf(options())).rejects.toThrow(message);
  });

  it('empty: is passed over with a note, since nothing in it can be lost', async () => {
    const { checkpoint: __, ...unkept } = options();
    const whole = await outcomeOf(unkept);
    writeFileSync(file, '');
    const notes: string[] = [];
    expect(await outcomeOf(options({ note: (line) => notes.push(line) }))).toEqual(whole);
    expect(notes).toEqual([expect.stringMatching(/c\.safetensors: the file is empty/)]);
    expect(readCheckpoint(file)?.state.epoch).toBe(settings.epochs);
  });

  it.each(broken)('%s: can be passed over with a note', async (_, write, message) => {
    const { checkpoint: __, ...unkept } = options();
    const whole = await outcomeOf(unkept);
    write();
    const notes: string[] = [];
    expect(
      await outcomeOf(options({ note: (line) => notes.push(line) }, { unfit: 'restart' })),
    ).toEqual(whole);
    expect(notes).toEqual([expect.stringMatching(message)]);
  });

  it('has a bit flipped, anywhere: it is refused, or nothing comes of it', async () => {
    const whole = await outcomeOf(options());
    await interruptedAfter(12, options({}, { resume: false }));
    const bytes = readFileSync(file);
    const random = new RandomStream('flips');
    let refused = 0;
    for (let flip = 0; flip < 60; flip++) {
      const flipped = Buffer.from(bytes);
      flipped[random.below(bytes.length)] ^= 1 << random.below(8);
      writeFileSync(file, flipped);
      try {
        readCheckpoint(file);
        expect(await outcomeOf(options())).toEqual(whole);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  it('of before there were checksums is taken as it is', async () => {
    const whole = await outcomeOf(options());
    await interruptedAfter(12, options({}, { resume: false }));
    const { 'plexus-crc32': sums, ...old } = Object.fromEntries(
      readSafetensorsMetadata(readFileSync(file)),
    );
    expect(sums).toContain('"tensors":{');
    writeSafetensorsFile(file, readSafetensorsFile(file), old);
    expect(await outcomeOf(options())).toEqual(whole);
  });

  it('lacks a tensor', async () => {
    await outcomeOf(options());
    const tensors = new Map(
      [...readSafetensorsFile(file)].filter(([name]) => name !== 'momentum:linear3.bias'),
    );
    writeSafetensorsFile(
      file,
      tensors,
      Object.fromEntries(readSafetensorsMetadata(readFileSync(file))),
    );
    await expect(outcomeOf(options())).rejects.toThrow(
      /is damaged: it must hold momentum:linear3\.bias of shape \[7\]; remove it and train from the start/,
    );
  });
});
