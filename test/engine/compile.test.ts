import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError, UserError } from '../../src/core/errors.js';
import { compile } from '../../src/engine/compile.js';
import type { Call, Program } from '../../src/engine/types.js';
import { RandomStream } from '../../src/core/random/index.js';
import { architectures, baselineNetwork, parametersOf } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { raggedDag } from './dags.js';
import { chain, raggedConvolutional, raggedTransformer, vector, type Link } from './networks.js';

const SMALL = chain(vector(4), [
  { linear: 6 },
  'bn',
  'relu',
  { linear: 5 },
  'bn',
  'relu',
  { linear: 3, bias: true },
]);

type Touched = readonly (number | null)[];

/**
 * What each call reads and writes, written down apart from the compiler's own table. What it adds
 * to is both.
 */
function touches(call: Call): { reads: Touched; writes: Touched } {
  const both = (
    reads: Touched,
    writes: Touched,
    sums: Touched = [],
  ): { reads: Touched; writes: Touched } => ({
    reads: [...reads, ...sums],
    writes: [...writes, ...sums],
  });
  const into = (reads: Touched, { dx, accumulate }: { dx: number; accumulate: boolean }) =>
    accumulate ? both(reads, [], [dx]) : both(reads, [dx]);
  switch (call.op) {
    case 'linear':
    case 'conv':
    case 'depthwise':
    case 'layerNorm':
    case 'activation':
    case 'maxPool':
    case 'averagePool':
    case 'globalPool':
    case 'positionalEmbedding':
      return both([call.x], [call.y]);
    case 'batchNormEval':
      return both([call.x, call.residual], [call.y]);
    case 'batchNormTrain':
      return both([call.x, call.residual], [call.savedMean, call.savedInvStd, call.y]);
    case 'batchNormStatistics':
      return both([call.x, call.residual], [call.y, call.savedMean, call.savedInvStd, call.sums]);
    case 'batchNormGrad': {
      const reads = [
        call.x,
        call.activation === 'relu' ? call.y : null,
        call.dy,
        call.savedMean,
        call.savedInvStd,
      ];
      return call.accumulate
        ? both(reads, [call.dx], [call.dresidual])
        : both(reads, [call.dx, call.dresidual]);
    }
    case 'linearInputGrad':
    case 'convInputGrad':
    case 'depthwiseInputGrad':
    case 'addGrad':
      return into([call.dy], call);
    case 'linearWeightGrad':
    case 'convWeightGrad':
    case 'depthwiseWeightGrad':
      return both([call.x, call.dy], []);
    case 'layerNormGrad':
      return both([call.x, call.dy], [call.dx]);
    case 'activationGrad':
      return both(
        [['relu', 'sigmoid'].includes(call.function) ? call.y : call.x, call.dy],
        [call.dx],
      );
    case 'maxPoolGrad':
      return both([call.x, call.y, call.dy], [call.dx]);
    case 'averagePoolGrad':
    case 'globalPoolGrad':
      return both([call.dy], [call.dx]);
    case 'add':
      return both([call.a, call.b], [call.y]);
    case 'channelScale':
      return both([call.x, call.s], [call.y]);
    case 'channelScaleGrad':
      return both([call.x, call.s, call.dy], [call.dx, call.ds]);
    case 'positionalEmbeddingWeightGrad':
      return both([call.dy], []);
    case 'attention':
      return both([call.q, call.k, call.v], [call.y]);
    case 'attentionGrad':
      return both([call.q, call.k, call.v, call.dy], [call.dq, call.dk, call.dv]);
    case 'softmaxLoss':
      return both([call.logits], [call.dlogits]);
    case 'update':
      return both([], []);
    default:
      return call satisfies never;
  }
}

/**
 * Runs a program with labels instead of numbers: every piece of storage remembers which buffer was
 * last written to it, and whoever reads a buffer must find its own label there. Neither lifetimes
 * nor the planner are involved.
 */
function expectSoundStorage(program: Program): void {
  const held = new Map<string, number>();
  const place = (id: number): string => {
    const { perBatch, slot } = program.buffers[id];
    return perBatch ? `slot ${slot}` : `own ${id}`;
  };
  const find = (id: number, when: string): void =>
    expect(held.get(place(id)), `${program.buffers[id].name} ${when}`).toBe(id);
  const run = (calls: readonly Call[]): void => {
    for (const call of calls) {
      const { reads, writes } = touches(call);
      for (const id of reads) if (id !== null) find(id, `at ${call.op}`);
      for (const id of writes) {
        if (id === null) continue;
        for (const other of reads)
          if (other !== null && other !== id)
            expect(place(other), `${call.op} works in place`).not.toBe(place(id));
        held.set(place(id), id);
      }
    }
  };
  held.set(place(program.input), program.input);
  // The batch stays loaded: any order of whole phases must work, logits and input intact after
  // each.
  const step = [...program.forward, ...program.backward];
  for (const phase of [
    step,
    program.evaluate,
    program.evaluate,
    step,
    program.forward,
    program.evaluate,
    step,
  ]) {
    run(phase);
    find(program.logits, 'after a phase');
    find(program.input, 'after a phase');
  }
  program.buffers.forEach(({ name, rows, perBatch, slot }) => {
    if (perBatch) expect(program.slots[slot], name).toBeGreaterThanOrEqual(rows);
    else expect(slot, name).toBe(-1);
  });
}

describe('compile', () => {
  it(
    'orders the calls: layers forward, reversed backward, input gradient before weight ' +
      'gradient',
    () => {
      const program = compile(SMALL, { batch: 8 });
      const ops = (calls: readonly Call[]): string[] => calls.map((call) => call.op);
      expect(ops(program.forward)).toEqual([
        'linear',
        'batchNormTrain',
        'linear',
        'batchNormTrain',
        'linear',
        'softmaxLoss',
      ]);
      expect(ops(program.evaluate)).toEqual([
        'linear',
        'batchNormEval',
        'linear',
        'batchNormEval',
        'linear',
        'softmaxLoss',
      ]);
      expect(ops(program.backward)).toEqual([
        'linearInputGrad',
        'linearWeightGrad',
        'batchNormGrad',
        'linearInputGrad',
        'linearWeightGrad',
        'batchNormGrad',
        'linearWeightGrad',
      ]);
      expect(
        program.update.map((call) => call.op === 'update' && program.parameters[call.param].name),
      ).toEqual(
        parametersOf(SMALL)
          .filter((parameter) => parameter.learnable)
          .map((parameter) => parameter.name),
      );
    },
  );

  it('takes the ReLU into the batch norm only where it follows directly', () => {
    const program = compile(
      chain(vector(4), [
        { linear: 6 },
        'relu',
        'bn',
        { linear: 5 },
        'bn',
        'relu',
        { linear: 3 },
        'bn',
      ]),
      { batch: 4 },
    );
    const norms = program.forward.flatMap((call) =>
      call.op === 'batchNormTrain' ? [call.activation] : [],
    );
    expect(norms).toEqual([null, 'relu', null]);
    expect(program.forward.filter((call) => call.op === 'activation').length).toBe(1);
    expect(program.buffers.map((buffer) => buffer.name)).not.toContain('bn4');
  });

  it('takes a residual and the ReLU after it into the batch norm', () => {
    const plane = { channels: 3, height: 4, width: 4 };
    const block: Link[] = [
      { conv: 5, kernel: 1 },
      { sum: [[], [{ conv: 5, kernel: 3 }, 'bn']] },
      'relu',
      { sum: [[], [{ conv: 5, kernel: 3 }, 'bn']] },
      { act: 'swish' },
    ];
    const program = compile(chain(plane, [...block, 'globalPool', { linear: 2 }]), { batch: 4 });
    const norms = program.forward.flatMap((call) =>
      call.op === 'batchNormTrain' ? [[call.residual !== null, call.activation]] : [],
    );
    // A swish needs its own input again in the backward pass, which with a residual is stored
    // nowhere.
    expect(norms).toEqual([
      [true, 'relu'],
      [true, null],
    ]);
    expect(program.forward.map((call) => call.op)).toEqual([
      'conv',
      'conv',
      'batchNormTrain',
      'conv',
      'batchNormTrain',
      'activation',
      'globalPool',
      'linear',
      'softmaxLoss',
    ]);
  });

  describe('takes into a batch norm only what alone reads it', () => {
    const plane = { channels: 3, height: 4, width: 4 };
    const forwardOf = (links: Link[]): string[] =>
      compile(chain(plane, [...links, 'globalPool', { linear: 2 }]), { batch: 4 })
        .forward.slice(0, -3)
        .map((call) => {
          if (call.op !== 'batchNormTrain') return call.op;
          return [
            'norm',
            ...(call.residual === null ? [] : ['residual']),
            ...(call.activation === null ? [] : [call.activation]),
          ].join(' ');
        });
    const conv: Link = { conv: 3, kernel: 3 };
    it.each<[string, Link[], string[]]>([
      ['swish', [conv, 'bn', { act: 'swish' }], ['conv', 'norm swish']],
      ['not gelu', [conv, 'bn', { act: 'gelu' }], ['conv', 'norm', 'activation']],
      ['not sigmoid', [conv, 'bn', { act: 'sigmoid' }], ['conv', 'norm', 'activation']],
      ['one of two activations', [conv, 'bn', 'relu', 'relu'], ['conv', 'norm relu', 'activation']],
      [
        'not what one of two readers makes',
        [conv, 'bn', { sum: [['relu'], ['relu']] }],
        ['conv', 'norm', 'activation', 'activation', 'add'],
      ],
      [
        'not itself added to itself',
        [conv, 'bn', { sum: [[], []] }, 'relu'],
        ['conv', 'norm', 'add', 'activation'],
      ],
      [
        'not a sum that follows an activation',
        [conv, { sum: [['bn', 'relu'], []] }],
        ['conv', 'norm relu', 'add'],
      ],
      [
        'the sum whose activation two read',
        [conv, { sum: [['bn'], []] }, { sum: [['relu'], []] }],
        ['conv', 'norm residual', 'activation', 'add'],
      ],
      // The sum goes into the first of two norms, at the place of the sum, where the second one is
      // there to be read.
      [
        'one of two norms that meet',
        [conv, { sum: [['bn'], [conv, 'bn']] }, 'relu'],
        ['conv', 'conv', 'norm', 'norm residual relu'],
      ],
      [
        "a residual that is the norm's own input",
        [conv, { sum: [['bn'], []] }, 'relu'],
        ['conv', 'norm residual relu'],
      ],
      [
        'one residual of two',
        [conv, { sum: [[{ sum: [['bn'], []] }], []] }, 'relu'],
        ['conv', 'norm residual', 'add', 'activation'],
      ],
    ])('%s', (_, links, calls) => expect(forwardOf(links)).toEqual(calls));

    it('and not the last layer', () => {
      expect(
        compile(chain(vector(3), [{ linear: 4 }, 'bn']), { batch: 2 }).forward.map(
          (call) => call.op,
        ),
      ).toEqual(['linear', 'batchNormTrain', 'softmaxLoss']);
    });
  });

  it('adds up the gradients of one layer given to a call several times', () => {
    const { layers, ...rest } = chain({ channels: 3, height: 2, width: 2 }, [
      { conv: 4, kernel: 1 },
      { attention: 2 },
      'globalPool',
      { linear: 2 },
    ]);
    // Queries, keys and values are the first convolution's output itself.
    const own = layers.flatMap((layer) =>
      layer.kind === 'conv' && layer.id !== 'conv0'
        ? []
        : [layer.kind === 'attention' ? { ...layer, inputs: ['conv0', 'conv0', 'conv0'] } : layer],
    );
    const program = compile({ ...rest, layers: own }, { batch: 2 });
    const [grad, first, second] = program.backward.slice(-4);
    expect([grad.op, first.op, second.op]).toEqual(['attentionGrad', 'addGrad', 'addGrad']);
    if (grad.op !== 'attentionGrad' || first.op !== 'addGrad' || second.op !== 'addGrad') return;
    expect([first, second].map(({ dy, dx, accumulate }) => [dy, dx, accumulate])).toEqual([
      [grad.dk, grad.dq, true],
      [grad.dv, grad.dq, true],
    ]);
    expect(program.backward.at(-1)).toMatchObject({ op: 'convWeightGrad', dy: grad.dq });
  });

  it('adds up the gradients of a layer that several read', () => {
    const plane = { channels: 3, height: 4, width: 4 };
    const program = compile(
      chain(plane, [
        { conv: 4, kernel: 1 },
        { sum: [[{ conv: 6, kernel: 1 }], [{ conv: 6, kernel: 3 }]] },
        'globalPool',
        { linear: 2 },
      ]),
      { batch: 4 },
    );
    const grads = program.backward.flatMap((call) => (call.op === 'convInputGrad' ? [call] : []));
    expect(grads.map((call) => call.accumulate)).toEqual([false, true]);
    expect(new Set(grads.map((call) => call.dx)).size).toBe(1);
  });

  it('takes the gradient of the loss in training only', () => {
    const program = compile(SMALL, { batch: 8 });
    const losses = [program.forward, program.evaluate].map((calls) => calls.at(-1)!);
    expect(losses.map((call) => call.op === 'softmaxLoss' && call.dlogits === null)).toEqual([
      false,
      true,
    ]);
  });

  it("takes no gradient at the network's input", () => {
    const program = compile(chain(vector(4), ['relu', { linear: 3 }]), { batch: 2 });
    expect(program.backward.map((call) => call.op)).toEqual(['linearWeightGrad']);
  });

  it('names every buffer and parameter once', () => {
    const program = compile(baselineNetwork('mlp'), { batch: 8 });
    for (const list of [program.buffers, program.parameters]) {
      const names = list.map((item) => item.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('shares storage: gradients of the perceptron take two slots more than its activations', () => {
    const program = compile(baselineNetwork('mlp'), { batch: 8 });
    expectSoundStorage(program);
    const rows = program.slots.reduce((sum, slot) => sum + slot, 0);
    const unshared = program.buffers.reduce(
      (sum, buffer) => sum + (buffer.perBatch ? buffer.rows : 0),
      0,
    );
    // Input 3072, eight activations of 512, logits and their gradient, two gradients of 512 alive
    // at a time.
    expect(rows).toBeLessThanOrEqual(3072 + 8 * 512 + 2 * 10 + 2 * 512);
    expect(unshared).toBeGreaterThan(rows);
  });

  it('never lets two live buffers share storage (any chain of layers)', () => {
    const link: fc.Arbitrary<Link> = fc.oneof(
      fc.record({ linear: fc.integer({ min: 1, max: 40 }), bias: fc.boolean() }),
      fc.constantFrom<Link>('bn', 'relu'),
    );
    const links = fc.array(link, { maxLength: 14 });
    fc.assert(
      fc.property(links, fc.integer({ min: 1, max: 40 }), links, (before, width, after) => {
        const program = compile(chain(vector(5), [...before, { linear: width }, ...after]), {
          batch: 3,
        });
        expectSoundStorage(program);
      }),
    );
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'never lets two live buffers share storage (network with branches %i)',
    (seed) => {
      const random = new RandomStream('storage', seed);
      expectSoundStorage(
        compile((seed % 2 === 0 ? raggedConvolutional : raggedTransformer)(random), { batch: 3 }),
      );
    },
  );

  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'never lets two live buffers share storage (random network %i)',
    (seed) => {
      expectSoundStorage(
        compile(raggedDag(new RandomStream('dag storage', seed), 3 + (seed % 25)), { batch: 3 }),
      );
    },
  );

  it.each(architectures.map(({ name }) => name))(
    'never lets two live buffers share storage (%s)',
    (name) => {
      expectSoundStorage(compile(baselineNetwork(name), { batch: 3 }));
    },
  );

  it.each([0, -1, 1.5, NaN, Infinity])('refuses batch %s', (batch) => {
    expect(() => compile(SMALL, { batch })).toThrow(UserError);
    expect(() => compile(SMALL, { batch })).toThrow(`a whole number of at least 1, got ${batch}`);
  });

  describe('refuses networks it cannot run, rather than be wrong', () => {
    const broken = (change: (layers: Network['layers']) => Network['layers']): (() => Program) => {
      return () => compile({ ...SMALL, layers: change(SMALL.layers) }, { batch: 2 });
    };
    const rewired = (index: number, input: string): (() => Program) => {
      return broken((layers) =>
        layers.map((layer, i) => (i === index ? { ...layer, inputs: [input] } : layer)),
      );
    };
    it('an output that nobody reads', () => {
      const branched = chain(vector(4), [
        { linear: 4 },
        { linear: 4 },
        { linear: 4 },
        { linear: 2 },
      ]);
      const layers = branched.layers.map((layer, i) =>
        i === 3 ? { ...layer, inputs: ['linear0'] } : layer,
      );
      expect(() => compile({ ...branched, layers }, { batch: 2 })).toThrow(
        /^internal: the output of "linear1" is read by nobody/,
      );
    });
    it('the wrong number of inputs, planes that do not fit', () => {
      expect(
        broken((layers) =>
          layers.map((layer, i) => (i === 1 ? { ...layer, inputs: ['input', 'input'] } : layer)),
        ),
      ).toThrow('takes 1 inputs, has 2');
      const conv = chain({ channels: 2, height: 5, width: 5 }, [
        { conv: 3, kernel: 3 },
        'globalPool',
        { linear: 2 },
      ]);
      const wrong = conv.layers.map((layer) =>
        layer.kind === 'conv' ? { ...layer, window: { ...layer.window, stride: 2 } } : layer,
      );
      expect(() => compile({ ...conv, layers: wrong }, { batch: 2 })).toThrow(
        'declares planes of 5x5, gives 3x3',
      );
    });
    it('layers out of order, unknown or twice', () => {
      expect(rewired(1, 'relu2')).toThrow('which is not before it');
      expect(broken((layers) => [...layers.slice(0, 4), ...layers.slice(1)])).toThrow(
        'occurs twice',
      );
      expect(broken((layers) => layers.slice(1))).toThrow('must be its input');
    });
    it('shapes that do not fit', () => {
      expect(rewired(4, 'input')).toThrow(InternalError);
      expect(rewired(4, 'input')).toThrow('layer "linear3" takes 6 features, is given 4');
      expect(broken((layers) => layers.slice(0, -1))).toThrow('gives 5 logits for 3 classes');
    });
    it('nothing to learn', () => {
      expect(() => compile(chain(vector(3), ['relu']), { batch: 2 })).toThrow(
        'the network has nothing to learn',
      );
    });
  });
});
