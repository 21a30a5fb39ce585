import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { backends, createClassifier, createSession } from '../../src/public/engine.js';
import { expectClose } from './agreement.js';
import { chain, randomBatch, randomGraph, vector } from './networks.js';

const random = new RandomStream('classifier');
const network = chain(vector(6), [
  { linear: 30, graph: randomGraph(random, 5, 0.5), bias: true },
  'bn',
  'relu',
  { linear: 4, bias: true },
]);

describe('createClassifier', () => {
  const trained = createSession(network, { backend: 'reference', batch: 11 });

  for (const { name, backend } of backends()) {
    if (backend === null) continue;
    it(`${name}: tells what a session tells, whatever its batch`, async () => {
      const session = await trained;
      session.initialise(3);
      const { samples, labels } = randomBatch(session.program, 11, new RandomStream('samples'));
      const { logits, correct } = await session.evaluate(samples, labels);
      const weights = await session.weights();
      for (const batch of [undefined, 4, 16]) {
        const classifier = await createClassifier(network, weights, {
          backend: name,
          ...(batch !== undefined && { batch }),
        });
        const found = await classifier.classify(samples);
        expect(found.filter(({ label }, i) => label === labels[i]).length).toBe(correct);
        found.forEach(({ probabilities }, i) => {
          const powers = [...logits.subarray(4 * i, 4 * i + 4)].map(Math.exp);
          const sum = powers.reduce((total, power) => total + power, 0);
          const wanted = powers.map((power) => power / sum);
          expectClose(probabilities, wanted, { atol: 1e-5, rtol: 1e-4 }, 'probabilities');
        });
        classifier.dispose();
      }
    });
  }

  it('takes whole samples only', async () => {
    const weights = await (await trained).weights();
    const classifier = await createClassifier(network, weights, { backend: 'reference' });
    await expect(classifier.classify(new Float32Array(7))).rejects.toThrow(
      'samples of 6 features come in multiples of 6 numbers, got 7',
    );
    expect(await classifier.classify(new Float32Array(0))).toEqual([]);
  });

  it('a session for inference refuses to train', async () => {
    const session = await createSession(network, {
      backend: 'reference',
      batch: 2,
      inference: true,
    });
    session.initialise(1);
    await expect(session.step(new Float32Array(12), [0, 1], 0.1)).rejects.toThrow(
      'a program compiled for inference only evaluates, got "step"',
    );
  });
});
