import { setImmediate } from 'node:timers/promises';
import { Interrupted, UserError } from '../core/errors.js';
import { evaluationBatches, trainingBatches, type BatchPlan } from '../data/index.js';
import type { Dataset, ImageSplit } from '../data/types.js';
import { compile, initialise, selectBackend } from '../engine/index.js';
import type { Backend, BackendInfo, Executable, Hyper, Metrics } from '../engine/types.js';
import type { Network } from '../network/types.js';
import { learningRateAt } from './schedule.js';
import type { EpochRecord, TrainSettings } from './types.js';

/** Training that cannot go on: the numbers are no longer finite. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

export interface TrainOptions {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  /** Starting weights depend on it alone, order and augmentation on it and the epoch. */
  readonly seed: number;
  /** Default: the one that the settings name. */
  readonly backend?: Backend;
  /** Called once, after the weights are drawn and before the first step: to load others. */
  readonly onStart?: (executable: Executable) => void;
  readonly onEpoch?: (record: EpochRecord) => void;
  /** After every training step: 0-based epoch and batch, and the number of batches in an epoch. */
  readonly onBatch?: (epoch: number, batch: number, batches: number) => void;
  readonly signal?: AbortSignal;
  /** Takes a line when `auto` has to make do with a slower backend. */
  readonly note?: (line: string) => void;
}

export interface TrainOutcome {
  readonly epochs: readonly EpochRecord[];
  /** Holds the trained weights; the caller disposes of it. */
  readonly executable: Executable;
  readonly backend: BackendInfo;
}

/** How long the loop runs before it lets signals and messages through, in ms. */
const SLICE_MS = 20;

/**
 * Trains a network from its seed and evaluates it on the whole test split after every epoch. A training epoch drops the
 * last short batch; evaluation keeps it, uses running statistics and no augmentation. The outcome depends on (network,
 * data set, settings, seed, backend) only.
 *
 * @throws UserError when the data set does not fit the network or is smaller than a batch
 * @throws TrainingFailed when a loss is not finite
 * @throws Interrupted when `signal` aborts
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { network, dataset, settings, seed } = options;
  checkTrainable(dataset, settings);
  checkFits(network, dataset);
  const backend = options.backend ?? selectBackend(settings.backend, options.note);
  const executable = backend.prepare(compile(network, { batch: settings.batch }));
  try {
    initialise(executable, seed);
    options.onStart?.(executable);
    const epochs = await trainEpochs(executable, options);
    return { epochs, executable, backend: backend.info };
  } catch (error) {
    executable.dispose();
    throw error;
  }
}

/** Throws a `UserError` when a data set is too small to be trained on with these settings. */
export function checkTrainable(dataset: Dataset, settings: Pick<TrainSettings, 'batch'>): void {
  const { train: images, test } = dataset;
  if (images.count < settings.batch) {
    throw new UserError(`the training split must fill at least one batch of ${settings.batch} images, it has ${images.count}; lower the batch size or use more images`);
  }
  if (test.count < 1) throw new UserError('the test split is empty; use at least one test image');
}

function checkFits(network: Network, dataset: Dataset): void {
  const { input, classes } = network;
  const { channels, height, width } = dataset.shape;
  if (input.channels !== channels || input.height !== height || input.width !== width) {
    throw new UserError(`the network takes images of ${input.channels}x${input.height}x${input.width}, the data set has ${channels}x${height}x${width}; design the network for the data set`);
  }
  if (classes !== dataset.classes.length) throw new UserError(`the network has ${classes} classes, the data set ${dataset.classes.length}; design the network for the data set`);
}

async function trainEpochs(executable: Executable, options: TrainOptions): Promise<EpochRecord[]> {
  const { dataset, settings, seed, signal } = options;
  const augmentation = settings.augment ? dataset.augmentation : null;
  const batches = trainingBatches({ images: dataset.train.count, batch: settings.batch, seed, augmentation });
  const breathe = breather(signal);
  const records: EpochRecord[] = [];
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const learningRate = learningRateAt(settings, epoch);
    const hyper: Hyper = { learningRate, momentum: settings.momentum, weightDecay: settings.weightDecay };
    const tally = createTally();
    let batch = 0;
    for (const plan of batches.epoch(epoch)) {
      executable.inputImages(imageBatch(dataset, dataset.train, plan));
      executable.dispatch('step', hyper);
      const metrics = executable.metrics();
      if (!Number.isFinite(metrics.loss)) throw diverged(`the training loss is ${metrics.loss} in epoch ${epoch + 1}, batch ${batch + 1} of ${batches.perEpoch}`, learningRate);
      tally.add(metrics, plan.count);
      options.onBatch?.(epoch, batch, batches.perEpoch);
      batch++;
      await breathe();
    }
    const test = await evaluateSplit(executable, dataset, breathe);
    if (!Number.isFinite(test.loss)) throw diverged(`the test loss is ${test.loss} after epoch ${epoch + 1}`, learningRate);
    const trained = tally.means();
    const record = { epoch: epoch + 1, learningRate, trainLoss: trained.loss, trainError: trained.error, testLoss: test.loss, testError: test.error };
    records.push(record);
    options.onEpoch?.(record);
  }
  return records;
}

function diverged(what: string, learningRate: number): TrainingFailed {
  return new TrainingFailed(`diverged: ${what} (learning rate ${learningRate})`);
}

async function evaluateSplit(executable: Executable, dataset: Dataset, breathe: () => Promise<void>): Promise<Means> {
  const tally = createTally();
  for (const plan of evaluationBatches(dataset.test.count, executable.program.batch)) {
    executable.inputImages(imageBatch(dataset, dataset.test, plan));
    executable.dispatch('evaluate');
    tally.add(executable.metrics(), plan.count);
    await breathe();
  }
  return tally.means();
}

function imageBatch({ shape, mean, std }: Dataset, { images, labels }: ImageSplit, plan: BatchPlan) {
  return { shape, images, labels, mean, std, ...plan };
}

/** Mean loss and error in % over samples. */
interface Means {
  readonly loss: number;
  readonly error: number;
}

interface Tally {
  /** Adds a batch of `count` samples. */
  add(metrics: Metrics, count: number): void;
  means(): Means;
}

function createTally(): Tally {
  let [loss, correct, samples] = [0, 0, 0];
  return {
    add(metrics, count) {
      loss += metrics.loss * count;
      correct += metrics.correct;
      samples += count;
    },
    means: () => ({ loss: loss / samples, error: (100 * (samples - correct)) / samples }),
  };
}

/** Lets the event loop run now and then (signals, messages to a parent), and throws `Interrupted` after an abort. */
function breather(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  const pause = async (): Promise<void> => {
    await setImmediate();
    last = performance.now();
    throwIfAborted(signal);
  };
  const done = Promise.resolve();
  throwIfAborted(signal);
  return () => (performance.now() - last < SLICE_MS ? done : pause());
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted('training stopped');
}
