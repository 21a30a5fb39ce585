import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError, UserError } from '../../src/core/errors.js';
import { compile } from '../../src/engine/compile.js';
import type { Call, Program } from '../../src/engine/types.js';
import { baselineNetwork, parametersOf } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { chain, vector, type Link } from './networks.js';

const SMALL = chain(vector(4), [{ linear: 6 }, 'bn', 'relu', { linear: 5 }, 'bn', 'relu', { linear: 3, bias: true }]);

/** What each call reads and writes, written down apart from the compiler's own table. */
function touches(call: Call): { reads: (number | null)[]; writes: (number | null)[] } {
  switch (call.op) {
    case 'linear':
    case 'relu':
    case 'batchNormEval':
      return { reads: [call.x], writes: [call.y] };
    case 'batchNormTrain':
      return { reads: [call.x], writes: [call.savedMean, call.savedInvStd, call.y] };
    case 'batchNormGrad':
      return { reads: [call.x, call.y, call.dy, call.savedMean, call.savedInvStd], writes: [call.dx] };
    case 'reluGrad':
      return { reads: [call.y, call.dy], writes: [call.dx] };
    case 'linearInputGrad':
      return { reads: [call.dy], writes: [call.dx] };
    case 'linearWeightGrad':
      return { reads: [call.x, call.dy], writes: [] };
    case 'softmaxLoss':
      return { reads: [call.logits], writes: [call.dlogits] };
    case 'update':
      return { reads: [], writes: [] };
    default:
      return call satisfies never;
  }
}

/**
 * Runs a program with labels instead of numbers: every piece of storage remembers which buffer was last written to it,
 * and whoever reads a buffer must find its own label there. Neither lifetimes nor the planner are involved.
 */
function expectSoundStorage(program: Program): void {
  const held = new Map<string, number>();
  const place = (id: number): string => {
    const { perBatch, slot } = program.buffers[id];
    return perBatch ? `slot ${slot}` : `own ${id}`;
  };
  const find = (id: number, when: string): void => expect(held.get(place(id)), `${program.buffers[id].name} ${when}`).toBe(id);
  const run = (calls: readonly Call[]): void => {
    for (const call of calls) {
      const { reads, writes } = touches(call);
      for (const id of reads) if (id !== null) find(id, `at ${call.op}`);
      for (const id of writes) {
        if (id === null) continue;
        for (const other of reads) if (other !== null) expect(place(other), `${call.op} works in place`).not.toBe(place(id));
        held.set(place(id), id);
      }
    }
  };
  held.set(place(program.input), program.input);
  // The batch stays loaded: any order of whole phases must work, logits and input intact after each.
  const step = [...program.forward, ...program.backward];
  for (const phase of [step, program.evaluate, program.evaluate, step, program.forward, program.evaluate, step]) {
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
  it('orders the calls: layers forward, reversed backward, input gradient before weight gradient', () => {
    const program = compile(SMALL, { batch: 8 });
    const ops = (calls: readonly Call[]): string[] => calls.map((call) => call.op);
    expect(ops(program.forward)).toEqual(['linear', 'batchNormTrain', 'linear', 'batchNormTrain', 'linear', 'softmaxLoss']);
    expect(ops(program.evaluate)).toEqual(['linear', 'batchNormEval', 'linear', 'batchNormEval', 'linear', 'softmaxLoss']);
    expect(ops(program.backward)).toEqual([
      'linearInputGrad',
      'linearWeightGrad',
      'batchNormGrad',
      'linearInputGrad',
      'linearWeightGrad',
      'batchNormGrad',
      'linearWeightGrad',
    ]);
    expect(program.update.map((call) => call.op === 'update' && program.parameters[call.param].name)).toEqual(
      parametersOf(SMALL).filter((parameter) => parameter.learnable).map((parameter) => parameter.name),
    );
  });

  it('takes the ReLU into the batch norm only where it follows directly', () => {
    const program = compile(chain(vector(4), [{ linear: 6 }, 'relu', 'bn', { linear: 5 }, 'bn', 'relu', { linear: 3 }, 'bn']), { batch: 4 });
    const norms = program.forward.flatMap((call) => (call.op === 'batchNormTrain' ? [call.relu] : []));
    expect(norms).toEqual([false, true, false]);
    expect(program.forward.filter((call) => call.op === 'relu').length).toBe(1);
    expect(program.buffers.map((buffer) => buffer.name)).not.toContain('bn4');
  });

  it('takes the gradient of the loss in training only', () => {
    const program = compile(SMALL, { batch: 8 });
    const losses = [program.forward, program.evaluate].map((calls) => calls.at(-1)!);
    expect(losses.map((call) => call.op === 'softmaxLoss' && call.dlogits === null)).toEqual([false, true]);
  });

  it('takes no gradient at the network\'s input', () => {
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
    const unshared = program.buffers.reduce((sum, buffer) => sum + (buffer.perBatch ? buffer.rows : 0), 0);
    // Input 3072, eight activations of 512, logits and their gradient, two gradients of 512 alive at a time.
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
        const program = compile(chain(vector(5), [...before, { linear: width }, ...after]), { batch: 3 });
        expectSoundStorage(program);
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses batch %s', (batch) => {
    expect(() => compile(SMALL, { batch })).toThrow(UserError);
    expect(() => compile(SMALL, { batch })).toThrow(`a whole number of at least 1, got ${batch}`);
  });

  describe('refuses networks it cannot run, rather than be wrong', () => {
    const broken = (change: (layers: Network['layers']) => Network['layers']): (() => Program) => {
      return () => compile({ ...SMALL, layers: change(SMALL.layers) }, { batch: 2 });
    };
    const rewired = (index: number, input: string): (() => Program) => {
      return broken((layers) => layers.map((layer, i) => (i === index ? { ...layer, inputs: [input] } : layer)));
    };
    it('an output read twice, or never', () => {
      const branched = chain(vector(4), [{ linear: 4 }, { linear: 4 }, { linear: 4 }, { linear: 2 }]);
      const layers = branched.layers.map((layer, i) => (i === 3 ? { ...layer, inputs: ['linear0'] } : layer));
      expect(() => compile({ ...branched, layers }, { batch: 2 })).toThrow(/^internal: the output of "linear0" is read 2 times/);
      const dead = layers.map((layer, i) => (i === 2 ? { ...layer, inputs: ['input'] } : layer));
      expect(() => compile({ ...branched, layers: dead }, { batch: 2 })).toThrow(/^internal: the output of "linear1" is read 0 times/);
    });
    it('layers out of order, unknown or twice', () => {
      expect(rewired(1, 'relu2')).toThrow('which is not before it');
      expect(broken((layers) => [...layers.slice(0, 4), ...layers.slice(1)])).toThrow('occurs twice');
      expect(broken((layers) => layers.slice(1))).toThrow('must be its input');
    });
    it('shapes that do not fit', () => {
      expect(rewired(4, 'input')).toThrow(InternalError);
      expect(rewired(4, 'input')).toThrow('layer "linear3" takes 6 features, is given 4');
      expect(broken((layers) => layers.slice(0, -1))).toThrow('gives 5 logits for 3 classes');
    });
    it('nothing to learn', () => {
      expect(() => compile(chain(vector(3), ['relu']), { batch: 2 })).toThrow('the network has nothing to learn');
    });
  });
});
