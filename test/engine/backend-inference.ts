import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { features } from '../../src/core/shape.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { wsFlexGraph } from '../../src/graph/index.js';
import type { Network } from '../../src/network/types.js';
import { expectIdentical, expectSameNumbers, expectSameResults } from './agreement.js';
import { HYPER, pair, TOLERANCES } from './backend-pair.js';
import {
  chain,
  loadBatch,
  randomBatch,
  randomGraph,
  randomise,
  raggedConvolutional,
  raggedPerceptron,
  raggedTransformer,
  vector,
} from './networks.js';

/** Every number of samples of every small batch, and one that is not small. */
const BATCHES: readonly [batch: number, counts: readonly number[]][] = [
  [1, [1]],
  [3, [2, 3]],
  [8, [1, 2, 3, 4, 5, 6, 7, 8]],
  [9, [9, 1]],
  [21, [21, 3]],
];

/** Layers whose nodes have about so many channels, the rest of a tile of every kind among them. */
function nodesOf(channels: number): Network {
  const random = new RandomStream('inference', channels);
  const graph = wsFlexGraph(9, 4, 0.3, 1);
  const width = 9 * channels + 4;
  return chain(vector(17), [
    { linear: width, bias: true },
    { linear: width + 5, graph },
    'bn',
    'relu',
    { linear: width, graph: randomGraph(random, 9, 0.4, true), bias: true },
    { linear: 7, bias: true },
  ]);
}

const cases = (): readonly [string, Network][] => {
  const random = new RandomStream('inference');
  return [
    ...[1, 2, 3, 5, 6, 7, 8, 11, 13, 24, 33].map((channels): [string, Network] => [
      `nodes of ${channels} channels`,
      nodesOf(channels),
    ]),
    ['a perceptron', raggedPerceptron(random)],
    ['a convolutional network', raggedConvolutional(random)],
    ['a transformer', raggedTransformer(random)],
    [
      'a plane read as a vector',
      chain({ channels: 4, height: 3, width: 5 }, [{ linear: 19, bias: true }, { linear: 3 }]),
    ],
  ];
};

/** Programs that only evaluate, in batches of every small size. */
export function backendInference(backend: Backend): void {
  const tolerance = TOLERANCES[backend.info.precision];

  it.each(cases())('agree with the reference: %s', async (_, network) => {
    const random = new RandomStream('inference', 'numbers');
    for (const [batch, counts] of BATCHES) {
      const program = compile(network, { batch, inference: true });
      const [actual, wanted] = await pair(backend, program, random);
      await expectSameNumbers(actual, wanted, ['value'], tolerance);
      for (const count of counts) {
        loadBatch([actual, wanted], randomBatch(program, count, random));
        for (const one of [actual, wanted]) one.dispatch('evaluate');
        await expectSameResults(actual, wanted, tolerance);
      }
      for (const one of [actual, wanted]) one.dispose();
    }
  });

  it('of more than 8 samples have the bits of a program that trains', async () => {
    const random = new RandomStream('inference', 'bits');
    for (const network of [nodesOf(24), nodesOf(3), raggedConvolutional(random)]) {
      const trains = compile(network, { batch: 20 });
      const evaluates = compile(network, { batch: 20, inference: true });
      const both: [Executable, Executable] = [
        await backend.prepare(trains),
        await backend.prepare(evaluates),
      ];
      randomise(both, random);
      for (const count of [20, 4]) {
        loadBatch(both, randomBatch(trains, count, random));
        for (const one of both) one.dispatch('evaluate');
        expect(await both[1].logits()).toEqual(await both[0].logits());
        expect(await both[1].metrics()).toEqual(await both[0].metrics());
      }
      await expectIdentical(both[1], both[0], ['value']);
    }
  });

  it('have the same bits on any number of threads', async () => {
    const random = new RandomStream('inference', 'threads');
    const program = compile(nodesOf(13), { batch: 7, inference: true });
    const all = await Promise.all(
      [1, 2, 3].map((threads) => backend.prepare(program, { threads })),
    );
    randomise(all, random);
    for (const count of [7, 1]) {
      loadBatch(all, randomBatch(program, count, random));
      for (const one of all) one.dispatch('evaluate');
      for (const one of all) expect(await one.logits()).toEqual(await all[0].logits());
    }
  });

  it('keep a NaN, and inputs that a node does not read, to themselves', async () => {
    const graph = randomGraph(new RandomStream('apart'), 6, 0);
    const network = chain(vector(20), [{ linear: 15, graph }]);
    const random = new RandomStream('inference', 'NaN');
    for (const batch of [1, 2, 4, 7]) {
      const program = compile(network, { batch, inference: true });
      const [actual, wanted] = await pair(backend, program, random);
      const { samples, labels } = randomBatch(program, batch, random);
      const size = features(network.input);
      // In the last sample the first channel, which one node alone reads, and one in the middle.
      samples[size * (batch - 1)] = NaN;
      samples[size * (batch - 1) + 9] = Infinity;
      loadBatch([actual, wanted], { samples, labels, count: batch });
      for (const one of [actual, wanted]) one.dispatch('evaluate');
      const finite = async (one: Executable): Promise<boolean[]> =>
        [...(await one.logits())].map((logit) => Number.isFinite(logit));
      expect(await finite(actual)).toEqual(await finite(wanted));
      expect((await finite(actual)).includes(true)).toBe(true);
    }
  });

  it('refuse to train', async () => {
    const program = compile(nodesOf(2), { batch: 4, inference: true });
    const executable = await backend.prepare(program);
    const random = new RandomStream('inference', 'refused');
    randomise([executable], random);
    loadBatch([executable], randomBatch(program, 3, random));
    for (const phase of ['forward', 'backward', 'update', 'step', 'statistics'] as const)
      expect(() => executable.dispatch(phase, HYPER)).toThrow(
        `a program compiled for inference only evaluates, got "${phase}"; compile the network ` +
          'without "inference" to train it',
      );
    const { name } = program.parameters[0];
    await expect(executable.read(name, 'grad')).rejects.toThrow('it has no gradients and momenta');
    expect(() => executable.uploadMomentum(name, [])).toThrow('it has no gradients and momenta');
    expect((await executable.read(name)).length).toBeGreaterThan(0);
  });
}
