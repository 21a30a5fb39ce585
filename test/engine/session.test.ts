import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import { backends, createSession, type Session, type Tensor } from '../../src/public/engine.js';
import { expectClose } from './agreement.js';
import { chain, randomBatch, randomGraph, vector } from './networks.js';

const random = new RandomStream('session');
const network = chain(vector(6), [
  { linear: 12 },
  'bn',
  'relu',
  { linear: 14, graph: randomGraph(random, 5, 0.5) },
  'bn',
  'relu',
  { linear: 3, bias: true },
]);

async function session(): Promise<Session> {
  const made = await createSession(network, { backend: 'reference', batch: 8 });
  made.initialise(1);
  return made;
}

const batch = randomBatch((await session()).program, 8, random);

describe('Session', () => {
  for (const { name, backend } of backends()) {
    if (backend === null) continue;
    it(`${name}: learns a small batch by heart`, async () => {
      const made = await createSession(network, { backend: name, batch: 8, weightDecay: 0 });
      made.initialise(2);
      const first = await made.step(batch.samples, batch.labels, 0.1);
      for (let i = 0; i < 60; i++) await made.step(batch.samples, batch.labels, 0.1);
      const last = await made.evaluate(batch.samples, batch.labels);
      expect(first.loss).toBeGreaterThan(0.9);
      expect(last.correct).toBe(8);
      expect(last.logits.length).toBe(8 * 3);
      expect(await made.logits()).toEqual(last.logits);
      expect(made.backend.name).toBe(name);
    });
  }

  it('takes momentum 0.9 and weight decay 5e-4 unless told', async () => {
    const made = (settings: object): Promise<Session> =>
      createSession(network, { backend: 'reference', batch: 8, ...settings });
    const after = async (one: Session): Promise<Map<string, Tensor>> => {
      one.initialise(1);
      for (let i = 0; i < 3; i++) await one.step(batch.samples, batch.labels, 0.1);
      return one.weights();
    };
    const plain = await after(await made({}));
    expect(await after(await made({ momentum: 0.9, weightDecay: 5e-4 }))).toEqual(plain);
    expect(await after(await made({ momentum: 0.8 }))).not.toEqual(plain);
    expect(await after(await made({ weightDecay: 1e-4 }))).not.toEqual(plain);
  });

  it('gives gradients without an update', async () => {
    const made = await session();
    const before = await made.weights();
    const gradients = await made.gradients(batch.samples, batch.labels);
    expect([...gradients.keys()]).toEqual(
      made.program.parameters.filter((one) => one.learnable).map((one) => one.name),
    );
    expect(gradients.get('linear3.weight')!.shape).toEqual([14, 12]);
    for (const name of gradients.keys())
      expect((await made.weights()).get(name), name).toEqual(before.get(name));
    // A first step moves by rate (1 + momentum) (gradient + decay w).
    made.load(before);
    await made.step(batch.samples, batch.labels, 0.1);
    const wanted = before
      .get('linear6.bias')!
      .data.map((w, i) => w - 0.1 * 1.9 * (gradients.get('linear6.bias')!.data[i] + 5e-4 * w));
    expectClose(
      (await made.weights()).get('linear6.bias')!.data,
      wanted,
      { atol: 1e-14, rtol: 0 },
      'bias',
    );
  });

  it('carries weights and running statistics to another session', async () => {
    const [from, to] = [await session(), await session()];
    for (let i = 0; i < 3; i++) await from.step(batch.samples, batch.labels, 0.1);
    expect(await to.evaluate(batch.samples, batch.labels)).not.toEqual(
      await from.evaluate(batch.samples, batch.labels),
    );
    to.load(await from.weights());
    expect(await to.evaluate(batch.samples, batch.labels)).toEqual(
      await from.evaluate(batch.samples, batch.labels),
    );
    to.initialise(9);
    to.load(Object.fromEntries(await from.weights()));
    expect(await to.weights()).toEqual(await from.weights());
  });

  it('takes batches up to its size', async () => {
    const made = await session();
    expect((await made.evaluate(batch.samples.subarray(0, 6), [0])).logits.length).toBe(3);
    await expect(made.evaluate(new Float32Array(54), [])).rejects.toThrow(
      'takes 1 to 8 samples at a time, got 9',
    );
    await expect(made.step(new Float32Array(7), [0], 0.1)).rejects.toThrow(
      'samples of 6 features come in multiples of 6 numbers, got 7',
    );
    made.dispose();
    await expect(made.step(batch.samples, batch.labels, 0.1)).rejects.toThrow(UserError);
  });
});

describe('Session.load', () => {
  it('names what is missing and what is unexpected, and changes nothing', async () => {
    const made = await session();
    const before = await made.weights();
    const weights = await made.weights();
    weights.delete('bn1.running_var');
    weights.set('extra', { shape: [1], data: Float32Array.of(1) });
    weights.set('linear0.weight', { shape: [12, 6], data: new Float64Array(72).fill(3) });
    expect(() => made.load(weights)).toThrow(UserError);
    expect(() => made.load(weights)).toThrow(
      'missing bn1.running_var; unexpected extra; load with strict = false to take what fits',
    );
    expect(await made.weights()).toEqual(before);
    made.load(weights, false);
    expect((await made.weights()).get('linear0.weight')!.data[5]).toBe(3);
  });

  it('refuses another shape, even where the count is right, and changes nothing', async () => {
    const made = await session();
    const before = await made.weights();
    const changed = (name: string, tensor: Tensor): Map<string, Tensor> =>
      new Map([
        ...before,
        ['linear0.weight', { shape: [12, 6], data: new Float64Array(72) }],
        [name, tensor],
      ]);
    const transposed = changed('linear3.weight', { shape: [12, 14], data: new Float64Array(168) });
    expect(() => made.load(transposed)).toThrow(
      'parameter "linear3.weight" has shape [14, 12], the weights given have [12, 14]',
    );
    const short = changed('linear3.weight', { shape: [14, 12], data: new Float64Array(167) });
    expect(() => made.load(short, false)).toThrow('of shape [14, 12] needs 168 numbers, holds 167');
    expect(await made.weights()).toEqual(before);
  });

  it("ignores PyTorch's batch counters and weights of absent blocks", async () => {
    const made = await session();
    const weights = await made.weights();
    const full = weights.get('linear3.weight')!;
    const filled = { shape: full.shape, data: full.data.map((value) => (value === 0 ? 7 : value)) };
    made.load(
      new Map([
        ...weights,
        ['bn1.num_batches_tracked', { shape: [], data: Float32Array.of(5) }],
        ['linear3.weight', filled],
      ]),
    );
    expect(await made.weights()).toEqual(weights);
    expect(filled.data.includes(7)).toBe(true);
  });
});
