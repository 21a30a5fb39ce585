import type { ImageBatch } from '../../core/image-batch.js';
import { RandomStream } from '../../core/random/stream.js';
import { features, type Shape } from '../../core/shape.js';
import { trainingBatches } from '../../data/batches.js';
import type { KernelBackend, KernelExecutable } from '../../engine/backends/cpu/index.js';
import { compile } from '../../engine/compile.js';
import { initialise } from '../../engine/initialise.js';
import { formatGraphSpec } from '../../graph/spec.js';
import { costOf } from '../../network/cost.js';
import { baselineNetwork, matchBudget } from '../../network/design.js';
import type { Task } from '../../network/task.js';
import type { Network } from '../../network/types.js';
import { BATCH, type DensityCase } from './cases.js';
import { stepFlops } from './flops.js';
import { type StepShares, stepShares } from './shares.js';
import { runAll, type SectionOptions } from './ops.js';
import { type Contestant, medianRatio, timeInTurn, type Timing } from './timing.js';

/** One training step of one network. */
export interface StepResult {
  /** Null: the dense baseline. */
  readonly graph: string | null;
  readonly density: number | null;
  readonly width: number;
  /** Multiply-adds of a forward pass of one sample. */
  readonly macs: number;
  /** Useful arithmetic of the step, a multiply-add counted as 2. */
  readonly flops: number;
  /** The batch lies ready. */
  readonly loaded: StepTime;
  /** Byte images are normalised and augmented into the batch first. */
  readonly images: StepTime;
  /** Where the time of the loaded step goes. */
  readonly shares: StepShares;
}

export interface StepTime {
  /** Best of many, and the median of the rounds. */
  readonly milliseconds: number;
  readonly median: number;
  /** Of the best. */
  readonly gflops: number;
  /** The best divided by the dense baseline's of the same kind. */
  readonly ratioToDense: number;
  /** Time divided by the dense baseline's of the same kind in the same round, median. */
  readonly medianRatioToDense: number;
}

/** What a step's time is when the dense baseline's, of the same kind, is `dense`. */
export function stepTime(timing: Timing, dense: Timing, flops: number): StepTime {
  return {
    milliseconds: timing.best,
    median: timing.median,
    gflops: flops / timing.best / 1e6,
    ratioToDense: timing.best / dense.best,
    medianRatioToDense: medianRatio(timing.rounds, dense.rounds),
  };
}

/** A network to train, and where it comes from. */
export interface StepCase {
  readonly graph: string | null;
  readonly density: number | null;
  readonly network: Network;
}

/** Enough images that a batch of them does not lie in the first caches. */
const IMAGES = 4096;
const HYPER = { learningRate: 1e-3, momentum: 0.9, weightDecay: 5e-4 };

/**
 * The dense baseline (of the five-layer perceptron), then one of the same budget for each graph.
 */
export function stepCases(
  cases: readonly DensityCase[],
  arch = 'mlp',
  task: Task = {},
): StepCase[] {
  const matched = cases.map(({ density, graph }) => ({
    graph: formatGraphSpec(graph),
    density,
    network: matchBudget(arch, graph, task),
  }));
  return [{ graph: null, density: null, network: baselineNetwork(arch, task) }, ...matched];
}

/**
 * Times whole training steps (forward, backward, update) of the networks in turn; the first is what
 * the others are compared with.
 */
export async function measureSteps(
  backend: KernelBackend,
  cases: readonly StepCase[],
  { seconds, signal }: SectionOptions,
): Promise<StepResult[]> {
  const executables = await Promise.all(cases.map(({ network }) => startedStep(backend, network)));
  try {
    const batches = imageBatches(cases[0].network.input);
    const contestants = executables.flatMap((executable) => [
      loadedStep(executable),
      imageStep(executable, batches),
    ]);
    const timings = await timeInTurn(contestants, {
      seconds,
      repeats: 2,
      ...(signal && { signal }),
    });
    return cases.map(({ graph, density, network }, i) => {
      const flops = stepFlops(executables[i].program);
      const timeOf = (kind: 0 | 1): StepTime =>
        stepTime(timings[2 * i + kind], timings[kind], flops);
      return {
        graph,
        density,
        width: network.widths[0],
        macs: costOf(network).macs,
        flops,
        loaded: timeOf(0),
        images: timeOf(1),
        shares: stepShares(executables[i], timings[2 * i]),
      };
    });
  } finally {
    for (const executable of executables) executable.dispose();
  }
}

/** An executable ready for steps: random weights, a random batch (of 128 unless said) loaded. */
export async function startedStep(
  backend: KernelBackend,
  network: Network,
  { batch = BATCH, threads = 1 }: { readonly batch?: number; readonly threads?: number } = {},
): Promise<KernelExecutable> {
  const executable = await backend.prepare(compile(network, { batch }), { threads });
  initialise(executable, 1);
  const random = new RandomStream('bench', 'samples');
  const samples = Float32Array.from({ length: batch * features(network.input) }, () =>
    random.normal(),
  );
  executable.input(
    samples,
    Uint8Array.from({ length: batch }, (_, i) => i % network.classes),
    batch,
  );
  return executable;
}

const stepParts = (executable: KernelExecutable): (() => void)[] =>
  executable.parts('step', HYPER).map(({ run }) => run);

/** Steps over the batch that is loaded. */
export function loadedStep(executable: KernelExecutable): Contestant {
  const parts = stepParts(executable);
  return { settle: () => runAll(parts), parts };
}

/**
 * A step in one piece: between its commands threads meet and go on, while every piece of a run wakes
 * them anew.
 */
export function wholeStep(executable: KernelExecutable): () => void {
  return () => executable.dispatch('step', HYPER);
}

function imageStep(executable: KernelExecutable, batches: Iterator<ImageBatch, never>): Contestant {
  const load = (): void => executable.inputImages(batches.next().value);
  load();
  const parts = [load, ...stepParts(executable)];
  return { settle: () => runAll(parts), parts };
}

/** Batches of random pictures without end, mirrored and shifted as in training. */
export function* imageBatches(shape: Shape): Generator<ImageBatch, never> {
  const random = new RandomStream('bench', 'images');
  const images = new Uint8Array(
    Uint32Array.from({ length: (IMAGES * features(shape)) / 4 }, () => random.uint32()).buffer,
  );
  const labels = Uint8Array.from({ length: IMAGES }, (_, i) => i % 10);
  const perChannel = (value: number): number[] =>
    Array.from({ length: shape.channels }, () => value);
  const plans = trainingBatches({
    images: IMAGES,
    batch: BATCH,
    seed: 1,
    augmentation: { flip: true, pad: 4 },
  });
  for (let epoch = 0; ; epoch++) {
    for (const plan of plans.epoch(epoch))
      yield { shape, images, labels, mean: perChannel(127.5), std: perChannel(74), ...plan };
  }
}
