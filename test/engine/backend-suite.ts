import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { denseMask, designNetwork } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { LONG } from '../long.js';
import { expectClose, expectIdentical, expectSameNumbers, expectSameResults } from './agreement.js';
import { backendBf16 } from './backend-bf16.js';
import { backendErrors } from './backend-errors.js';
import { backendImages } from './backend-images.js';
import { backendInference } from './backend-inference.js';
import { expectAgreement, HYPER, pair, TOLERANCES } from './backend-pair.js';
import { backendConvolutional, backendDags, backendNaN, backendPlanes } from './backend-planes.js';
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

/** What every backend must do: each operation, and whole programs, as the reference does them. */
export function backendSuite(name: string, backend: Backend): void {
  describe(`backend ${name} (${backend.info.description})`, () => {
    describe('operations', () => backendOperations(backend));
    describe('operations on planes', () => backendPlanes(backend));
    describe('ragged convolutional networks and transformers', () => backendConvolutional(backend));
    describe('NaN stays visible', () => backendNaN(backend));
    describe('random networks', () => backendDags(backend));
    describe('ragged relational perceptrons', () => backendPerceptrons(backend));
    describe('buffers and padding', () => backendPadding(backend));
    describe('products in bf16', () => backendBf16(backend));
    describe('statistics', () => backendStatistics(backend));
    describe('parameters', () => backendParameters(backend));
    describe('programs that only evaluate', () => backendInference(backend));
    describe('images', () => backendImages(backend));
    describe('mistakes', () => backendErrors(backend));
  });
}

function backendOperations(backend: Backend): void {
  const random = new RandomStream('operations');
  const graph = randomGraph(random, 5, 0.5);
  const directed = randomGraph(random, 7, 0.3, true);
  const lonely = randomGraph(random, 6, 0);
  const cases: readonly [string, Network][] = [
    ['linear', chain(vector(7), [{ linear: 3 }])],
    ['linear with bias', chain(vector(33), [{ linear: 10, bias: true }])],
    ['linear, one feature', chain(vector(1), [{ linear: 2, bias: true }])],
    ['relational linear', chain(vector(13), [{ linear: 17, graph, bias: true }])],
    ['relational linear, directed', chain(vector(40), [{ linear: 23, graph: directed }])],
    ['relational linear without neighbours', chain(vector(14), [{ linear: 9, graph: lonely }])],
    [
      'input gradient',
      chain(vector(9), [{ linear: 19, bias: true }, { linear: 21 }, { linear: 5 }]),
    ],
    [
      'relational input gradient',
      chain(vector(11), [
        { linear: 15 },
        { linear: 29, graph: directed },
        { linear: 18, graph },
        { linear: 4 },
      ]),
    ],
    ['relu', chain(vector(8), [{ linear: 12, bias: true }, 'relu', { linear: 4 }])],
    [
      'relu on the input and at the end',
      chain(vector(8), ['relu', { linear: 12, bias: true }, 'relu']),
    ],
    ['batch norm', chain(vector(6), [{ linear: 5 }, 'bn', { linear: 3 }])],
    ['batch norm on the input and at the end', chain(vector(6), ['bn', { linear: 5 }, 'bn'])],
    ['batch norm with relu', chain(vector(6), [{ linear: 19 }, 'bn', 'relu', { linear: 3 }])],
  ];
  for (const [operation, network] of cases) {
    it.each([
      [16, 16],
      [5, 5],
      [37, 37],
      [64, 41],
      [16, 3],
    ])(`${operation}, batch %i with %i samples`, async (batch, count) => {
      await expectAgreement(backend, network, batch, count, batch * 100 + count);
    });
  }
  it('one sample, without batch norm', () => expectAgreement(backend, cases[6][1], 1, 1, 1));

  it(
    'softmax loss: the label is among five where fewer than five logits come before it, ' +
      'equal ones by class',
    async () => {
      const program = compile(chain(vector(1), [{ linear: 7, bias: true }]), { batch: 16 });
      const executable = await backend.prepare(program);
      const correct5 = async (
        logits: readonly number[],
        labels: readonly number[],
      ): Promise<number> => {
        executable.upload('linear0.bias', logits);
        executable.input(
          labels.map(() => 1),
          labels,
          labels.length,
        );
        executable.dispatch('evaluate');
        return (await executable.metrics()).correct5;
      };
      const each = (logits: readonly number[]): Promise<number[]> =>
        Promise.all(logits.map((_, label) => correct5(logits, [label])));
      expect(await each([1, 1, 1, 1, 1, 1, 1])).toEqual([1, 1, 1, 1, 1, 0, 0]);
      expect(await each([7, 1, 6, 2, 5, 3, 4])).toEqual([1, 0, 1, 0, 1, 1, 1]);
      expect(await each([2, 0, 2, 1, 1, 1, 1])).toEqual([1, 0, 1, 1, 1, 1, 0]);
      expect(await correct5([7, 1, 6, 2, 5, 3, 4], [0, 1, 1, 3, 4, 6])).toBe(3);
    },
  );

  it('softmax loss: large logits stay finite, the first of equal logits counts', async () => {
    const program = compile(chain(vector(1), [{ linear: 3, bias: true }]), { batch: 4 });
    const executable = await backend.prepare(program);
    executable.upload('linear0.weight', [0, 0, 0]);
    executable.upload('linear0.bias', [5000, 5000, -5000]);
    executable.input([1, 1, 1], [0, 1, 2], 3);
    executable.dispatch('evaluate');
    expect((await executable.metrics()).correct).toBe(1);
    expectClose(
      [(await executable.metrics()).loss],
      [Math.log(2) + 10000 / 3],
      { atol: 0, rtol: 1e-6 },
      'loss',
    );
  });
}

function backendPerceptrons(backend: Backend): void {
  it.each(Array.from({ length: 24 }, (_, seed) => seed))(
    'case %i agrees with the reference',
    async (seed) => {
      const random = new RandomStream('perceptron', seed);
      const batch = 6 + random.below(80);
      const count = 5 + random.below(batch - 4);
      await expectAgreement(backend, raggedPerceptron(random), batch, count, seed);
    },
  );

  it("trains the paper's perceptron as the reference does", { tags: ['long'] }, async () => {
    const graph = parseGraphSpec('ws-flex:n=64,k=8,p=0.2,seed=3');
    const task = { input: { channels: 3, height: 8, width: 8 }, classes: 10 };
    // The paper's width; in the short form behind the first layer about two channels a node.
    const widths = LONG ? undefined : [130];
    const { network } = designNetwork({ arch: 'mlp', graph, widths, ...task });
    const random = new RandomStream('paper');
    const program = compile(network, { batch: 20 });
    const [actual, wanted] = await pair(backend, program, random);
    for (let step = 0; step < 3; step++) {
      loadBatch([actual, wanted], randomBatch(program, 20, random));
      for (const one of [actual, wanted]) one.dispatch('step', HYPER);
    }
    await expectSameResults(actual, wanted, TOLERANCES[backend.info.precision]);
    await expectSameNumbers(
      actual,
      wanted,
      ['value', 'momentum'],
      TOLERANCES[backend.info.precision],
    );
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'step = forward, backward, update, bit for bit (case %i)',
    async (seed) => {
      const random = new RandomStream('fused', seed);
      const network = seed < 4 ? raggedPerceptron(random) : raggedConvolutional(random);
      const program = compile(network, { batch: 21 + random.below(20) });
      const both: [Executable, Executable] = [
        await backend.prepare(program),
        await backend.prepare(program),
      ];
      randomise(both, random);
      for (const count of [program.batch, 19]) {
        loadBatch(both, randomBatch(program, count, random));
        both[0].dispatch('step', HYPER);
        for (const phase of ['forward', 'backward', 'update'] as const)
          both[1].dispatch(phase, HYPER);
        await expectIdentical(both[0], both[1], ['value', 'momentum']);
        expect(await both[0].metrics()).toEqual(await both[1].metrics());
        expect(await both[0].logits()).toEqual(await both[1].logits());
      }
    },
  );
}

function backendPadding(backend: Backend): void {
  it.each([raggedPerceptron, raggedConvolutional, raggedTransformer])(
    'what earlier, larger, broken batches left behind has no influence (%o)',
    async (network) => {
      const random = new RandomStream('padding');
      const program = compile(network(random), { batch: 40 });
      const [used, fresh] = [await backend.prepare(program), await backend.prepare(program)];
      randomise([used], random);
      const broken = randomBatch(program, 40, random);
      loadBatch([used], {
        ...broken,
        samples: broken.samples.map((value, i) => (i % 3 === 0 ? NaN : 1e30 * value)),
      });
      used.dispatch('step', HYPER);
      used.dispatch('evaluate');
      randomise([used, fresh], random);
      loadBatch([used, fresh], randomBatch(program, 7, random));
      for (const one of [used, fresh]) {
        one.dispatch('evaluate');
        one.dispatch('forward');
        one.dispatch('backward');
      }
      await expectIdentical(used, fresh, ['value', 'grad', 'momentum']);
      expect(await used.logits()).toEqual(await fresh.logits());
      expect(Number.isFinite((await used.metrics()).loss)).toBe(true);
    },
  );

  it('the columns of a program that hold no sample change nothing beyond rounding', async () => {
    const random = new RandomStream('columns');
    const network = raggedPerceptron(random);
    const [wide, narrow] = await Promise.all(
      [64, 11].map((batch) => backend.prepare(compile(network, { batch }))),
    );
    randomise([wide, narrow], random);
    loadBatch([wide, narrow], randomBatch(narrow.program, 11, random));
    for (const one of [wide, narrow]) one.dispatch('step', HYPER);
    await expectSameNumbers(
      wide,
      narrow,
      ['value', 'momentum'],
      TOLERANCES[backend.info.precision],
    );
    expect((await wide.logits()).length).toBe(11 * network.classes);
  });

  it('a batch stays loaded over all phases; evaluation leaves parameters as they are', async () => {
    const random = new RandomStream('phases');
    const program = compile(raggedPerceptron(random), { batch: 24 });
    const [once, often] = [await backend.prepare(program), await backend.prepare(program)];
    randomise([once, often], random);
    loadBatch([once, often], randomBatch(program, 24, random));
    for (let i = 0; i < 3; i++) often.dispatch('evaluate');
    for (const one of [once, often]) {
      one.dispatch('step', HYPER);
      one.dispatch('evaluate');
    }
    await expectIdentical(often, once, ['value', 'momentum']);
    expect(await often.metrics()).toEqual(await once.metrics());
  });

  it('executables of one program share nothing', async () => {
    const random = new RandomStream('apart');
    const program = compile(raggedPerceptron(random), { batch: 16 });
    const [alone, beside, other] = [
      await backend.prepare(program),
      await backend.prepare(program),
      await backend.prepare(program),
    ];
    randomise([alone, beside], random);
    randomise([other], random);
    const [mine, theirs] = [randomBatch(program, 16, random), randomBatch(program, 9, random)];
    loadBatch([alone, beside], mine);
    alone.dispatch('forward');
    alone.dispatch('backward');
    beside.dispatch('forward');
    loadBatch([other], theirs);
    other.dispatch('step', HYPER);
    beside.dispatch('backward');
    await expectIdentical(beside, alone, ['value', 'grad', 'momentum']);
  });
}

/** The phase of precise batch norm. */
function backendStatistics(backend: Backend): void {
  it.each([raggedPerceptron, raggedConvolutional])(
    'of several batches agree with the reference, whatever they were before (%o)',
    async (network) => {
      const random = new RandomStream('statistics');
      const program = compile(network(random), { batch: 12 });
      const [actual, wanted] = await pair(backend, program, random);
      for (const counts of [[12, 12, 7], [9]]) {
        for (const [i, count] of counts.entries()) {
          loadBatch([actual, wanted], randomBatch(program, count, random));
          for (const one of [actual, wanted])
            one.dispatch('statistics', undefined, { accumulate: i > 0 });
        }
        const tolerance = TOLERANCES[backend.info.precision];
        await expectSameNumbers(actual, wanted, ['value', 'momentum'], tolerance);
        // Statistics of small batches are far from where they started.
        for (const one of [actual, wanted]) one.dispatch('evaluate');
        await expectSameResults(actual, wanted, tolerance);
      }
    },
  );

  it('are, bit for bit, sums in double precision of what one batch moves statistics from 0 to', async () => {
    const random = new RandomStream('statistics', 'host');
    const program = compile(raggedConvolutional(random), { batch: 10 });
    const [inside, outside] = [await backend.prepare(program), await backend.prepare(program)];
    randomise([inside, outside], random);
    const norms = program.network.layers.flatMap((layer) =>
      layer.kind === 'batchNorm' ? [{ ...layer, sums: [] as number[][] }] : [],
    );
    for (const i of [0, 1, 2]) {
      loadBatch([inside, outside], randomBatch(program, 10 - i, random));
      inside.dispatch('statistics', undefined, { accumulate: i > 0 });
      for (const { id, output } of norms)
        for (const name of ['mean', 'var'])
          outside.upload(`${id}.running_${name}`, new Float32Array(output.channels));
      outside.dispatch('forward');
      for (const { id, momentum, sums } of norms) {
        const means = await outside.read(`${id}.running_mean`);
        const variances = await outside.read(`${id}.running_var`);
        means.forEach((moved, channel) => {
          const mean = moved / momentum;
          const sum = (sums[channel] ??= [0, 0]);
          sum[0] += mean;
          sum[1] += variances[channel] / momentum + mean * mean;
        });
      }
    }
    const rounded = (x: number): number =>
      backend.info.precision === 'float32' ? Math.fround(x) : x;
    for (const { id, sums } of norms) {
      const centres = sums.map(([mean]) => mean / 3);
      const spreads = sums.map(([, square], i) =>
        Math.max(0, square / 3 - centres[i] * centres[i]),
      );
      expect([...(await inside.read(`${id}.running_mean`))]).toEqual(centres.map(rounded));
      expect([...(await inside.read(`${id}.running_var`))]).toEqual(spreads.map(rounded));
    }
  });

  it('give the same bits on any number of threads, and after other batches', async () => {
    const random = new RandomStream('statistics', 'bits');
    const program = compile(raggedConvolutional(random), { batch: 10 });
    const all = await Promise.all(
      [1, 2, 3].map((threads) => backend.prepare(program, { threads })),
    );
    randomise(all, random);
    loadBatch(all.slice(1), randomBatch(program, 10, random));
    for (const one of all.slice(1)) one.dispatch('statistics');
    for (const accumulate of [false, true, true]) {
      loadBatch(all, randomBatch(program, 8, random));
      for (const one of all) one.dispatch('statistics', undefined, { accumulate });
    }
    for (const one of all.slice(1)) await expectIdentical(one, all[0], ['value', 'momentum']);
  });
}

function backendParameters(backend: Backend): void {
  it('reads what was uploaded; entries of absent blocks are ignored and read 0', async () => {
    const random = new RandomStream('round trip');
    const program = compile(raggedPerceptron(random), { batch: 8 });
    const executable = await backend.prepare(program);
    for (const { name, shape, mask, learnable } of program.parameters) {
      const given = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        random.normal(),
      );
      const exists = mask === null ? null : denseMask(mask);
      const kept = Array.from(given, (value, i) =>
        exists === null || exists[i] === 1 ? value : 0,
      );
      executable.upload(name, given);
      expect(Array.from(await executable.read(name)), name).toEqual(kept);
      if (!learnable) continue;
      executable.uploadMomentum(name, given);
      expect(Array.from(await executable.read(name, 'momentum')), name).toEqual(kept);
    }
  });

  it('absent entries stay 0 through training, gradients included', async () => {
    const random = new RandomStream('absent');
    const network = chain(vector(10), [
      { linear: 20 },
      { linear: 22, graph: randomGraph(random, 6, 0.3) },
      { linear: 3 },
    ]);
    const program = compile(network, { batch: 8 });
    const executable = await backend.prepare(program);
    randomise([executable], random);
    loadBatch([executable], randomBatch(program, 8, random));
    for (const phase of ['forward', 'backward', 'update'] as const)
      executable.dispatch(phase, HYPER);
    const { name, mask } = program.parameters.find((parameter) => parameter.mask !== null)!;
    const exists = denseMask(mask!);
    for (const what of ['value', 'grad', 'momentum'] as const) {
      const numbers = await executable.read(name, what);
      expect(
        numbers.some((value, i) => exists[i] === 0 && value !== 0),
        what,
      ).toBe(false);
      expect(
        numbers.some((value) => value !== 0),
        what,
      ).toBe(true);
    }
  });

  it('what read() returns is a copy', async () => {
    const executable = await backend.prepare(
      compile(chain(vector(2), [{ linear: 2 }]), { batch: 2 }),
    );
    executable.upload('linear0.weight', [1, 2, 3, 4]);
    (await executable.read('linear0.weight')).fill(9);
    expect(Array.from(await executable.read('linear0.weight'))).toEqual([1, 2, 3, 4]);
  });
}
