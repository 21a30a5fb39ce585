import { setImmediate } from 'node:timers/promises';
import { Interrupted } from '../core/errors.js';
import type { BatchSource, LoadedBatch } from '../data-files/source.js';
import type { Executable, Hyper } from '../engine/types.js';
import type { TrainState } from './checkpoint.js';
import type { Keeper } from './keeper.js';
import { microBatches } from './micro-batches.js';
import { hasBatchNorm, preciseBatchNorm } from './precise-batch-norm.js';
import { learningRateAt } from './schedule.js';
import { createTally, EMPTY_TALLY, type Means, type Tally } from './tally.js';
import type { EpochRecord, TrainSettings } from './types.js';

/** Training that cannot go on: the numbers are no longer finite. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

/** What the loop is given. */
export interface LoopOptions {
  readonly executable: Executable;
  readonly source: BatchSource;
  readonly settings: TrainSettings;
  /** Where to begin. */
  readonly from: TrainState;
  readonly keeper: Keeper | null;
  /** Epochs after which the training is left off; default: all of the settings. */
  readonly until?: number | undefined;
  readonly onEpoch?: ((record: EpochRecord, executable: Executable) => void) | undefined;
  readonly onBatch?: ((epoch: number, batch: number, batches: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A loop on its way. */
interface Run extends LoopOptions {
  /** The state as of now. */
  readonly state: () => TrainState;
  /**
   * Lets the event loop run now and then (signals, messages to a parent); stops the training after
   * an abort.
   */
  readonly breathe: () => Promise<void>;
  readonly at: Position;
}

interface Position {
  epoch: number;
  step: number;
  tally: Tally;
  readonly records: EpochRecord[];
}

/** How long the loop runs before it lets signals and messages through, in ms. */
const SLICE_MS = 20;

/**
 * Trains and evaluates epoch after epoch, from a state to the end.
 *
 * @returns the records of all epochs, those of the state included
 * @throws TrainingFailed when a loss is not finite
 * @throws Interrupted when the signal aborts; with a keeper the state is written first
 */
export async function trainEpochs(options: LoopOptions): Promise<readonly EpochRecord[]> {
  const run = begin(options);
  const { at, settings, keeper } = run;
  if (options.signal?.aborted) throw new Interrupted('training stopped');
  const until = Math.min(options.until ?? settings.epochs, settings.epochs);
  while (at.epoch < until) {
    await trainEpoch(run);
    await settleNorms(run);
    const record = recordOf(run, await evaluateSplit(run));
    at.records.push(record);
    [at.epoch, at.step, at.tally] = [at.epoch + 1, 0, createTally()];
    // Before the state is kept: what is done about a record is done, or it is done again after an
    // interruption.
    options.onEpoch?.(record, run.executable);
    keeper?.epoch(run.state());
  }
  if (until < settings.epochs) keeper?.leave(run.state());
  return at.records;
}

/** The state before the first update. */
export const FROM_THE_START: TrainState = {
  epoch: 0,
  step: 0,
  tally: EMPTY_TALLY,
  records: [],
  seconds: 0,
};

function begin(options: LoopOptions): Run {
  const { from, signal, keeper } = options;
  const begun = performance.now();
  const at: Position = {
    epoch: from.epoch,
    step: from.step,
    tally: createTally(from.tally),
    records: [...from.records],
  };
  const state = (): TrainState => ({
    epoch: at.epoch,
    step: at.step,
    tally: at.tally.state(),
    records: [...at.records],
    seconds: from.seconds + (performance.now() - begun) / 1000,
  });
  let last = performance.now();
  const pause = async (): Promise<void> => {
    await setImmediate();
    last = performance.now();
    if (!signal?.aborted) return;
    keeper?.stop(state());
    throw new Interrupted(
      keeper === null
        ? 'training stopped'
        : `training stopped; ${keeper.file} holds all of it so far`,
    );
  };
  const done = Promise.resolve();
  return {
    ...options,
    at,
    state,
    breathe: () => (performance.now() - last < SLICE_MS ? done : pause()),
  };
}

async function trainEpoch(run: Run): Promise<void> {
  const { source, settings, at, keeper } = run;
  const { momentum, weightDecay, accumulate } = settings;
  for await (const batch of source.train(at.epoch, at.step)) {
    const learningRate = learningRateAt(settings, at.epoch, (at.step + 1) / source.perEpoch);
    const hyper: Hyper = { learningRate, momentum, weightDecay };
    if (accumulate === 1) trainBatch(run, batch, hyper);
    else trainPieces(run, batch, { ...hyper, gradientScale: 1 / accumulate });
    at.step++;
    run.onBatch?.(at.epoch, at.step - 1, source.perEpoch);
    keeper?.step(run.state);
    await run.breathe();
  }
}

/** One update in one step, which backends fuse. */
function trainBatch(run: Run, batch: LoadedBatch, hyper: Hyper): void {
  run.executable.inputImages(batch);
  run.executable.dispatch('step', hyper);
  count(run, batch.count, hyper);
}

/** One update from the gradients of several micro-batches. */
function trainPieces(run: Run, batch: LoadedBatch, hyper: Hyper): void {
  const { executable } = run;
  let accumulate = false;
  for (const piece of microBatches(batch, executable.program.batch)) {
    executable.inputImages(piece);
    executable.dispatch('forward');
    executable.dispatch('backward', undefined, { accumulate });
    count(run, piece.count, hyper);
    accumulate = true;
  }
  executable.dispatch('update', hyper);
}

function count({ executable, source, at }: Run, samples: number, { learningRate }: Hyper): void {
  const metrics = executable.metrics();
  if (!Number.isFinite(metrics.loss))
    throw diverged(
      `the training loss is ${metrics.loss} in epoch ${at.epoch + 1}, batch ` +
        `${at.step + 1} of ${source.perEpoch}`,
      learningRate,
    );
  at.tally.add(metrics, samples);
}

function diverged(what: string, learningRate: number): TrainingFailed {
  return new TrainingFailed(`diverged: ${what} (learning rate ${learningRate})`);
}

/**
 * Takes the statistics of batch norms over training images, as the official code does before it
 * evaluates. The batches are the first of an order of their own: that of epoch `epochs + epoch`,
 * which training never reaches. As many of them as the samples fill, at least one, at most all
 * there are.
 */
async function settleNorms(run: Run): Promise<void> {
  const { executable, source, settings, at } = run;
  const { batch, network } = executable.program;
  if (settings.preciseBatchNorm === 0 || !hasBatchNorm(network)) return;
  const wanted = Math.max(1, Math.floor(settings.preciseBatchNorm / batch));
  const precise = preciseBatchNorm(executable);
  let done = 0;
  walk: for await (const loaded of source.train(settings.epochs + at.epoch)) {
    for (const piece of microBatches(loaded, batch)) {
      precise.add(piece);
      await run.breathe();
      if (++done === wanted) break walk;
    }
  }
  precise.finish();
}

async function evaluateSplit({ executable, source, breathe }: Run): Promise<Means> {
  const tally = createTally();
  for await (const batch of source.test()) {
    for (const piece of microBatches(batch, executable.program.batch)) {
      executable.inputImages(piece);
      executable.dispatch('evaluate');
      tally.add(executable.metrics(), piece.count);
      await breathe();
    }
  }
  return tally.means();
}

function recordOf({ at, settings }: Run, test: Means): EpochRecord {
  const learningRate = learningRateAt(settings, at.epoch);
  if (!Number.isFinite(test.loss))
    throw diverged(`the test loss is ${test.loss} after epoch ${at.epoch + 1}`, learningRate);
  const trained = at.tally.means();
  return {
    epoch: at.epoch + 1,
    learningRate,
    trainLoss: trained.loss,
    trainError: trained.error,
    trainError5: trained.error5,
    testLoss: test.loss,
    testError: test.error,
    testError5: test.error5,
  };
}
