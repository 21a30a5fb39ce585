import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import type { Shape } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend } from '../../src/engine/types.js';
import type { Network } from '../../src/network/types.js';
import { expectClose, expectIdentical, expectSameNumbers, expectSameResults } from './agreement.js';
import { expectAgreement, HYPER, pair, TOLERANCES } from './backend-pair.js';
import { LONG } from '../long.js';
import { raggedDag } from './dags.js';
import {
  chain,
  loadBatch,
  randomBatch,
  randomGraph,
  randomise,
  raggedConvolutional,
  raggedPerceptron,
  raggedTransformer,
  type Link,
} from './networks.js';

/** Every operation on planes, alone in a small network. */
export function backendPlanes(backend: Backend): void {
  const random = new RandomStream('planes');
  const graph = randomGraph(random, 5, 0.4);
  const directed = randomGraph(random, 7, 0.3, true);
  const plane = (channels: number, height: number, width: number): Shape => ({
    channels,
    height,
    width,
  });
  const end: Link[] = ['globalPool', { linear: 3, bias: true }];
  const cases: readonly [string, Network][] = [
    ['linear over a plane', chain(plane(4, 3, 5), [{ conv: 4, kernel: 1 }, { linear: 3 }])],
    ['convolution 3x3', chain(plane(3, 6, 5), [{ conv: 7, kernel: 3, bias: true }, ...end])],
    [
      'convolution 5x5, padding 1, stride 3',
      chain(plane(2, 9, 11), [{ conv: 6, kernel: 5, padding: 1, stride: 3 }, ...end]),
    ],
    [
      'convolution 2x2, stride 2',
      chain(plane(2, 6, 7), [{ conv: 4, kernel: 2, stride: 2, padding: 0 }, ...end]),
    ],
    ['convolution 7x7 on a smaller plane', chain(plane(2, 4, 3), [{ conv: 5, kernel: 7 }, ...end])],
    [
      'relational convolutions',
      chain(plane(3, 7, 9), [
        { conv: 9, kernel: 3 },
        { conv: 13, kernel: 3, graph },
        { conv: 20, kernel: 3, stride: 2, graph, bias: true },
        { conv: 7, kernel: 1, graph: directed },
        ...end,
      ]),
    ],
    [
      'relational convolution, many channels',
      chain(plane(16, 3, 3), [
        { conv: 60, kernel: 3 },
        { conv: 75, kernel: 3, graph: randomGraph(random, 3, 1) },
        ...end,
      ]),
    ],
    [
      'wide dense convolution',
      chain(plane(30, 3, 3), [{ conv: 70, kernel: 3 }, { conv: 41, kernel: 1, stride: 2 }, ...end]),
    ],
    [
      'stride longer than the window',
      chain(plane(2, 9, 9), [
        { conv: 5, kernel: 3 },
        { conv: 6, kernel: 1, stride: 3 },
        { conv: 4, kernel: 2, stride: 3, padding: 1 },
        ...end,
      ]),
    ],
    [
      'depthwise',
      chain(plane(3, 6, 7), [
        { conv: 11, kernel: 1 },
        { depthwise: 3 },
        { depthwise: 5, stride: 2 },
        { depthwise: 3, stride: 2, padding: 0 },
        ...end,
      ]),
    ],
    ['batch norm over planes', chain(plane(3, 5, 4), [{ conv: 6, kernel: 3 }, 'bn', ...end])],
    [
      'batch norm with relu over planes',
      chain(plane(3, 5, 7), [{ conv: 6, kernel: 3 }, 'bn', 'relu', { conv: 5, kernel: 1 }, ...end]),
    ],
    [
      'batch norm with swish',
      chain(plane(3, 5, 7), [
        { conv: 6, kernel: 3 },
        'bn',
        { act: 'swish' },
        { conv: 5, kernel: 1 },
        ...end,
      ]),
    ],
    [
      'batch norm with residual and relu',
      chain(plane(4, 4, 5), [
        { conv: 6, kernel: 1 },
        { sum: [[], [{ conv: 6, kernel: 3 }, 'bn']] },
        'relu',
        ...end,
      ]),
    ],
    [
      'batch norm with residual',
      chain(plane(4, 4, 5), [
        { conv: 6, kernel: 1 },
        { sum: [[{ conv: 6, kernel: 3 }, 'bn'], []] },
        { conv: 3, kernel: 1 },
        ...end,
      ]),
    ],
    [
      'residual with projection',
      chain(plane(4, 6, 5), [
        { conv: 6, kernel: 1 },
        {
          sum: [
            [{ conv: 8, kernel: 1, stride: 2 }, 'bn'],
            [{ conv: 8, kernel: 3, stride: 2 }, 'bn', 'relu', { conv: 8, kernel: 3 }, 'bn'],
          ],
        },
        'relu',
        ...end,
      ]),
    ],
    [
      'residual of the input',
      chain(plane(4, 3, 3), [{ sum: [[], [{ conv: 4, kernel: 3 }, 'bn']] }, 'relu', ...end]),
    ],
    [
      'a layer added to itself',
      chain(plane(4, 3, 3), [{ conv: 4, kernel: 3 }, { sum: [[], []] }, { act: 'swish' }, ...end]),
    ],
    [
      'batch norm whose output two read',
      chain(plane(4, 3, 3), [
        { conv: 4, kernel: 3 },
        'bn',
        { sum: [['relu'], [{ act: 'swish' }]] },
        ...end,
      ]),
    ],
    [
      'sums of sums',
      chain(plane(4, 3, 3), [
        { conv: 4, kernel: 3 },
        { sum: [[{ sum: [['relu'], []] }], [{ act: 'gelu' }]] },
        ...end,
      ]),
    ],
    [
      'activations',
      chain(plane(2, 3, 4), [
        { conv: 5, kernel: 1 },
        { act: 'swish' },
        { conv: 4, kernel: 1 },
        { act: 'gelu' },
        { conv: 4, kernel: 1 },
        { act: 'sigmoid' },
        ...end,
      ]),
    ],
    [
      'stairs',
      chain(plane(2, 3, 4), [
        { conv: 5, kernel: 1 },
        'bn',
        { act: 'stairs-4' },
        { conv: 4, kernel: 1 },
        'bn',
        { act: 'stairs-16' },
        { conv: 4, kernel: 1 },
        { act: 'stairs-2' },
        { conv: 4, kernel: 1 },
        { act: 'stairs-8' },
        ...end,
      ]),
    ],
    [
      'max pool',
      chain(plane(2, 7, 6), [
        { conv: 5, kernel: 1 },
        { pool: 'max', kernel: 3, stride: 2, padding: 1 },
        { pool: 'max', kernel: 2, stride: 1, padding: 0 },
        ...end,
      ]),
    ],
    [
      'max pool of equal values',
      chain(plane(2, 7, 6), [
        { conv: 5, kernel: 1 },
        'relu',
        { pool: 'max', kernel: 3, stride: 1, padding: 1 },
        ...end,
      ]),
    ],
    [
      'average pool',
      chain(plane(2, 7, 6), [
        { conv: 5, kernel: 1 },
        { pool: 'average', kernel: 3, stride: 2, padding: 1 },
        { pool: 'average', kernel: 2, stride: 2, padding: 0 },
        ...end,
      ]),
    ],
    [
      'squeeze and gate',
      chain(plane(3, 4, 4), [
        { conv: 6, kernel: 3 },
        {
          gate: [
            'globalPool',
            { conv: 2, kernel: 1, bias: true },
            { act: 'swish' },
            { conv: 6, kernel: 1, bias: true },
            { act: 'sigmoid' },
          ],
        },
        ...end,
      ]),
    ],
    ['position', chain(plane(3, 2, 3), [{ conv: 4, kernel: 1 }, 'position', ...end])],
    [
      'layer norm',
      chain(plane(3, 2, 3), [{ conv: 7, kernel: 1 }, 'layerNorm', { conv: 4, kernel: 1 }, ...end]),
    ],
    ['attention', chain(plane(3, 2, 3), [{ conv: 7, kernel: 1 }, { attention: 2 }, ...end])],
  ];
  for (const [operation, network] of cases) {
    it.each([
      [16, 16],
      [5, 5],
      [37, 37],
      [48, 33],
      [16, 3],
    ])(`${operation}, batch %i with %i samples`, async (batch, count) => {
      await expectAgreement(backend, network, batch, count, batch * 100 + count);
    });
  }
}

/**
 * A NaN in one sample comes out in its logits, and in no other sample's: a run that diverged must
 * stay visible.
 */
export function backendNaN(backend: Backend): void {
  const plane: Shape = { channels: 3, height: 4, width: 5 };
  const cases: readonly [string, Link[]][] = [
    ['conv', [{ conv: 4, kernel: 3 }]],
    ['depthwise', [{ depthwise: 3 }]],
    ['batch norm', ['bn']],
    ['batch norm and relu', ['bn', 'relu']],
    ['batch norm and swish', ['bn', { act: 'swish' }]],
    ['batch norm, residual and relu', [{ sum: [['bn'], []] }, 'relu']],
    ['layer norm', ['layerNorm']],
    ...(
      ['relu', 'swish', 'sigmoid', 'gelu', 'stairs-2', 'stairs-4', 'stairs-8', 'stairs-16'] as const
    ).map((name): [string, Link[]] => [name, [{ act: name }]]),
    ['max pool', [{ pool: 'max', kernel: 3, stride: 2, padding: 1 }]],
    ['average pool', [{ pool: 'average', kernel: 3, stride: 2, padding: 1 }]],
    ['sum', [{ sum: [[], []] }]],
    ['gate', [{ gate: ['globalPool', { act: 'sigmoid' }] }]],
    ['position', ['position']],
    ['attention', [{ conv: 3, kernel: 1 }, { attention: 1 }]],
  ];
  it.each(cases)('%s', async (name, links) => {
    const random = new RandomStream('NaN', name);
    const program = compile(chain(plane, [...links, 'globalPool', { linear: 2, bias: true }]), {
      batch: 5,
    });
    const [actual] = await pair(backend, program, random);
    const batch = randomBatch(program, 5, random);
    // The last pixel of each channel of sample 2, at which a window may begin or end.
    const samples = batch.samples.map((value, i) =>
      Math.floor(i / 60) === 2 && i % 20 === 19 ? NaN : value,
    );
    actual.input(batch.samples, batch.labels, 5);
    actual.dispatch('evaluate');
    const clean = Array.from(await actual.logits());
    actual.input(samples, batch.labels, 5);
    actual.dispatch('evaluate');
    expect(Array.from(await actual.logits())).toEqual(
      clean.map((value, i) => (Math.floor(i / 2) === 2 ? NaN : value)),
    );
    expect((await actual.metrics()).loss).toBeNaN();
  });
}

/** Whole networks; and what speaks of whole dispatches: smoothing, accumulation, threads. */
export function backendConvolutional(backend: Backend): void {
  it.each(Array.from({ length: LONG ? 16 : 8 }, (_, seed) => seed))(
    'convolutional case %i agrees with the reference',
    { tags: ['long'] },
    async (seed) => {
      const random = new RandomStream('convolutional', seed);
      const batch = 4 + random.below(40);
      await expectAgreement(
        backend,
        raggedConvolutional(random),
        batch,
        3 + random.below(batch - 2),
        seed,
      );
    },
  );

  it.each(Array.from({ length: 8 }, (_, seed) => seed))(
    'transformer case %i agrees with the reference',
    async (seed) => {
      const random = new RandomStream('transformer', seed);
      const batch = 4 + random.below(30);
      await expectAgreement(
        backend,
        raggedTransformer(random),
        batch,
        3 + random.below(batch - 2),
        seed,
      );
    },
  );

  it.each([0, 1, 2])('label smoothing agrees with the reference (case %i)', async (seed) => {
    const random = new RandomStream('smoothing', seed);
    const program = compile(raggedConvolutional(random), { batch: 12, labelSmoothing: 0.1 });
    const [actual, wanted] = await pair(backend, program, random);
    loadBatch([actual, wanted], randomBatch(program, 11, random));
    for (const phase of ['evaluate', 'forward', 'backward'] as const) {
      for (const one of [actual, wanted]) one.dispatch(phase);
      await expectSameResults(actual, wanted, TOLERANCES[backend.info.precision]);
    }
    await expectSameNumbers(actual, wanted, ['grad'], TOLERANCES[backend.info.precision]);
  });

  it.each([raggedConvolutional, raggedTransformer, raggedPerceptron])(
    'two batches accumulated are the sum of both (%o)',
    async (network) => {
      const random = new RandomStream('accumulate');
      const program = compile(network(random), { batch: 9 });
      const [apart, together] = [await backend.prepare(program), await backend.prepare(program)];
      randomise([apart, together], random);
      const batches = [randomBatch(program, 9, random), randomBatch(program, 7, random)];
      const learnable = program.parameters.filter((parameter) => parameter.learnable);
      const sums = learnable.map(({ shape }) => new Float64Array(elements(shape)));
      for (const [i, batch] of batches.entries()) {
        loadBatch([apart, together], batch);
        for (const one of [apart, together]) one.dispatch('forward');
        apart.dispatch('backward');
        together.dispatch('backward', undefined, { accumulate: i > 0 });
        for (const [k, { name }] of learnable.entries())
          (await apart.read(name, 'grad')).forEach((value, at) => (sums[k][at] += value));
      }
      const tolerance = TOLERANCES[backend.info.precision];
      for (const [k, { name }] of learnable.entries())
        expectClose(await together.read(name, 'grad'), sums[k], tolerance, name);
      together.dispatch('update', { ...HYPER, gradientScale: 0.5 });
      for (const { name } of learnable)
        expect(
          (await together.read(name, 'momentum')).some((value) => value !== 0),
          name,
        ).toBe(true);
    },
  );

  it.each([raggedConvolutional, raggedTransformer, raggedPerceptron])(
    'two and three threads give the bits of one (%o)',
    async (network) => {
      const random = new RandomStream('threads');
      const program = compile(network(random), { batch: 20 });
      const all = await Promise.all(
        [1, 2, 3].map((threads) => backend.prepare(program, { threads })),
      );
      randomise(all, random);
      for (const count of [20, 11]) {
        loadBatch(all, randomBatch(program, count, random));
        for (const one of all) one.dispatch('step', HYPER);
        for (const one of all) one.dispatch('evaluate');
        for (const one of all.slice(1)) {
          await expectIdentical(one, all[0], ['value', 'momentum']);
          expect(await one.logits()).toEqual(await all[0].logits());
        }
      }
    },
  );
}

/** Networks that nobody would think of. */
export function backendDags(backend: Backend): void {
  it.each(Array.from({ length: LONG ? 60 : 24 }, (_, seed) => seed))(
    'case %i agrees with the reference',
    { tags: ['long'] },
    async (seed) => {
      const random = new RandomStream('dags', seed);
      const batch = 4 + random.below(40);
      await expectAgreement(
        backend,
        raggedDag(random, 3 + random.below(20)),
        batch,
        3 + random.below(batch - 2),
        seed,
      );
    },
  );

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'case %i: threads, phases by themselves and broken batches before leave the bits as they are',
    async (seed) => {
      const random = new RandomStream('dag bits', seed);
      const program = compile(raggedDag(random, 6 + seed), { batch: 21 });
      const [plain, threaded, phased, used] = await Promise.all(
        [1, 3, 1, 2].map((threads) => backend.prepare(program, { threads })),
      );
      const all = [plain, threaded, phased, used];
      randomise([used], random);
      const broken = randomBatch(program, 21, random);
      loadBatch([used], {
        ...broken,
        samples: broken.samples.map((value, i) => (i % 3 === 0 ? NaN : 1e30 * value)),
      });
      used.dispatch('step', HYPER);
      randomise(all, random, true);
      loadBatch(all, randomBatch(program, 13, random));
      for (const one of [plain, threaded, used]) one.dispatch('step', HYPER);
      for (const phase of ['forward', 'backward', 'update'] as const) phased.dispatch(phase, HYPER);
      for (const one of all.slice(1)) {
        await expectIdentical(one, plain, ['value', 'momentum']);
        expect(await one.logits()).toEqual(await plain.logits());
        expect(await one.metrics()).toEqual(await plain.metrics());
      }
    },
  );
}
