import { must } from '../../src/core/errors.js';
import { nextTurn } from '../../src/core/next-turn.js';
import type { BatchSource } from '../../src/data/batch-source.js';
import type { KernelExecutable } from '../../src/engine/backends/cpu/index.js';
import { evaluateBatches, predictedClass } from '../../src/train/evaluate.js';
import type { Look } from './messages.js';
import { addChannels, nodeMeans, nodeNorms, roundsOf } from './rounds.js';

/** Looks at a network over all test pictures; changes nothing of it. */
export async function lookAt(
  executable: KernelExecutable,
  source: BatchSource,
  now: Pick<Look, 'epoch' | 'update'>,
): Promise<Look> {
  const { program } = executable;
  const { classes } = program.network;
  const rounds = roundsOf(program).map((round) => ({
    ...round,
    sums: new Float64Array(round.mask.output.channels),
  }));
  const predicted = new Uint16Array(source.testImages);
  const sureness = new Float32Array(source.testImages);
  let done = 0;
  const { confusion } = await evaluateBatches(
    executable,
    source.test(),
    classes,
    nextTurn,
    ({ count }, logits) => {
      for (let i = 0; i < count; i++, done++) {
        const best = predictedClass(logits, i, classes);
        predicted[done] = best;
        sureness[done] = softmaxOf(logits.subarray(i * classes, (i + 1) * classes), best);
      }
      for (const { output, sums } of rounds) addChannels(executable.readBuffer(output), sums);
    },
  );
  const looked = rounds.map(async ({ id, mask, weight, output, sums }) => {
    const { height, width } = must(program.buffers[output]).shape;
    const { name } = must(program.parameters[weight]);
    return {
      id,
      activation: nodeMeans(mask, sums, done * height * width),
      norm: nodeNorms(mask, await executable.read(name)),
    };
  });
  return { ...now, confusion, predicted, sureness, rounds: await Promise.all(looked) };
}

/** The share of one class in the softmax. */
function softmaxOf(logits: Float32Array | Float64Array, which: number): number {
  const top = must(logits[which]);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return 1 / sum;
}
