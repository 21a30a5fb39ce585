import { Interrupted } from '../core/errors.js';
import { nextTurn } from '../core/next-turn.js';
import type { BatchSource, LoadedBatch } from '../data/batch-source.js';
import type { Executable, ImageBatch, StepSettings } from '../engine/types.js';
import { createLateMetrics, type LateMetrics } from './late-metrics.js';
import { createMeter, type Means, type Meter } from './meter.js';
import { microBatches } from './micro-batches.js';
import { preciseBatchNorm } from './precise-batch-norm.js';
import { learningRateAt } from './schedule.js';
import type { CheckpointWriter, TrainState } from './state.js';
import type { GraphCourse } from './rewiring.js';
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
  readonly writer: CheckpointWriter | null;
  /** Where graphs are rewired on the way. */
  readonly course?: GraphCourse | null | undefined;
  /** Epochs after which the training is left off; default: all of the settings. */
  readonly until?: number | undefined;
  readonly onEpoch?: ((record: EpochRecord, executable: Executable) => unknown) | undefined;
  readonly onBatch?: ((epoch: number, batch: number, batches: number) => void) | undefined;
  /**
   * After every update, once it is known what became of it. The training waits for what it returns:
   * so it can be watched, and held.
   */
  readonly onStep?: ((step: StepRecord) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What one update found of its batch, before it changed the weights. */
export interface StepRecord {
  /** 0-based, as `step`. */
  readonly epoch: number;
  readonly step: number;
  /** Updates of an epoch. */
  readonly steps: number;
  /** Mean loss of the batch, nats. */
  readonly loss: number;
  /** Of the batch, in %. */
  readonly error: number;
}

/** A loop on its way. */
interface Run extends LoopOptions {
  /** The state as of now, once all that was issued is done. */
  readonly state: () => Promise<TrainState>;
  readonly late: LateMetrics;
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
  meter: Meter;
  /** Of the update under way alone, for those who watch. */
  update: Meter;
  readonly records: EpochRecord[];
}

/** How long the loop runs before it lets signals and messages through, in ms. */
const SLICE_MS = 20;

/** Batches that may be on their way while the next one is issued. */
const AHEAD = 2;

/**
 * Trains and evaluates epoch after epoch, from a state to the end.
 *
 * @returns the records of all epochs, those of the state included
 * @throws TrainingFailed when a loss is not finite
 * @throws Interrupted when the signal aborts; with a writer the state is written first
 */
export async function trainEpochs(options: LoopOptions): Promise<readonly EpochRecord[]> {
  const run = begin(options);
  const { at, settings, writer } = run;
  if (options.signal?.aborted) throw new Interrupted('training stopped');
  const until = Math.min(options.until ?? settings.epochs, settings.epochs);
  while (at.epoch < until) {
    await trainEpoch(run);
    await settleNorms(run);
    const record = recordOf(run, await evaluate(run));
    at.records.push(record);
    [at.epoch, at.step, at.meter] = [at.epoch + 1, 0, createMeter()];
    // Before the state is kept: what is done about a record is done, or it is done again after an
    // interruption.
    await options.onEpoch?.(record, run.executable);
    await writer?.epoch(await run.state());
  }
  if (until < settings.epochs) await writer?.leave(await run.state());
  return at.records;
}

function begin(options: LoopOptions): Run {
  const { from, signal, writer, course } = options;
  const begun = performance.now();
  const at: Position = {
    epoch: from.epoch,
    step: from.step,
    meter: createMeter(from.tally),
    update: createMeter(),
    records: [...from.records],
  };
  const late = createLateMetrics();
  const state = async (): Promise<TrainState> => {
    await late.settle(0);
    return {
      epoch: at.epoch,
      step: at.step,
      tally: at.meter.state(),
      records: [...at.records],
      seconds: from.seconds + (performance.now() - begun) / 1000,
      ...(course && { graphs: course.state() }),
    };
  };
  let last = performance.now();
  const pause = async (): Promise<void> => {
    await nextTurn();
    last = performance.now();
    if (!signal?.aborted) return;
    const file = await writer?.stop(await state());
    throw new Interrupted(
      file === undefined ? 'training stopped' : `training stopped; ${file} holds all of it so far`,
    );
  };
  const done = Promise.resolve();
  return {
    ...options,
    at,
    late,
    state,
    breathe: () => (performance.now() - last < SLICE_MS ? done : pause()),
  };
}

async function trainEpoch(run: Run): Promise<void> {
  const { source, settings, at, writer, late, course } = run;
  const { momentum, weightDecay, accumulate } = settings;
  for await (const batch of source.train(at.epoch, at.step)) {
    const learningRate = learningRateAt(settings, at.epoch, (at.step + 1) / source.perEpoch);
    const step: StepSettings = { learningRate, momentum, weightDecay };
    if (accumulate === 1) trainBatch(run, batch, step);
    else trainPieces(run, batch, { ...step, gradientScale: 1 / accumulate });
    at.step++;
    await course?.after(at.epoch * source.perEpoch + at.step, batch);
    run.onBatch?.(at.epoch, at.step - 1, source.perEpoch);
    if (run.onStep === undefined) await late.settle(AHEAD);
    else await tellStep(run, run.onStep);
    await writer?.step(run.state);
    await run.breathe();
  }
  await late.settle(0);
}

async function tellStep(
  { at, late, source }: Run,
  onStep: NonNullable<LoopOptions['onStep']>,
): Promise<void> {
  await late.settle(0);
  const { loss, error } = at.update.means();
  at.update = createMeter();
  await onStep({ epoch: at.epoch, step: at.step - 1, steps: source.perEpoch, loss, error });
}

/** One update in one step, which backends fuse. */
function trainBatch(run: Run, batch: LoadedBatch, step: StepSettings): void {
  run.executable.inputImages(batch);
  run.executable.dispatch('step', step);
  count(run, batch.count, step);
}

/** One update from the gradients of several micro-batches. */
function trainPieces(run: Run, batch: LoadedBatch, step: StepSettings): void {
  const { executable } = run;
  let accumulate = false;
  for (const piece of microBatches(batch, executable.program.batch)) {
    executable.inputImages(piece);
    executable.dispatch('forward');
    executable.dispatch('backward', undefined, { accumulate });
    count(run, piece.count, step);
    accumulate = true;
  }
  executable.dispatch('update', step);
}

/** What became of the batch is learnt while later ones are under way. */
function count(
  { executable, source, at, late }: Run,
  samples: number,
  { learningRate }: StepSettings,
): void {
  const place = `epoch ${at.epoch + 1}, batch ${at.step + 1} of ${source.perEpoch}`;
  late.expect(executable.metrics(), (metrics) => {
    if (!Number.isFinite(metrics.loss))
      throw diverged(`the training loss is ${metrics.loss} in ${place}`, learningRate);
    at.meter.add(metrics, samples);
    at.update.add(metrics, samples);
  });
}

function diverged(what: string, learningRate: number): TrainingFailed {
  return new TrainingFailed(`diverged: ${what} (learning rate ${learningRate})`);
}

/**
 * Takes the statistics of batch norms over training images, as the official code does before it
 * evaluates.
 */
async function settleNorms(run: Run): Promise<void> {
  const { executable, settings } = run;
  if (settings.preciseBatchNorm === 0 || executable.program.statistics.length === 0) return;
  await preciseBatchNorm(executable, statisticsBatches(run));
}

/**
 * The first batches of an order of their own: that of epoch `epochs + epoch`, which training never
 * reaches. As many of them as the samples fill, at least one, at most all there are.
 */
async function* statisticsBatches({
  executable,
  source,
  settings,
  at,
  breathe,
}: Run): AsyncGenerator<ImageBatch, void> {
  const { batch } = executable.program;
  const wanted = Math.max(1, Math.floor(settings.preciseBatchNorm / batch));
  let done = 0;
  for await (const loaded of source.train(settings.epochs + at.epoch)) {
    for (const piece of microBatches(loaded, batch)) {
      yield piece;
      await breathe();
      if (++done === wanted) return;
    }
  }
}

/** What an evaluation gave; `validation` is null where no images are held out. */
interface Evaluated {
  readonly validation: Means | null;
  readonly test: Means;
}

async function evaluate(run: Run): Promise<Evaluated> {
  const { source } = run;
  const validation =
    source.validationImages === 0 ? null : await evaluateSplit(run, source.validation());
  return { validation, test: await evaluateSplit(run, source.test()) };
}

async function evaluateSplit(
  { executable, breathe, late }: Run,
  batches: AsyncIterable<LoadedBatch>,
): Promise<Means> {
  const meter = createMeter();
  for await (const batch of batches) {
    for (const piece of microBatches(batch, executable.program.batch)) {
      executable.inputImages(piece);
      executable.dispatch('evaluate');
      late.expect(executable.metrics(), (metrics) => meter.add(metrics, piece.count));
      await late.settle(AHEAD);
      await breathe();
    }
  }
  await late.settle(0);
  return meter.means();
}

function recordOf({ at, settings, course }: Run, { validation, test }: Evaluated): EpochRecord {
  const learningRate = learningRateAt(settings, at.epoch);
  for (const [split, means] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (means !== null && !Number.isFinite(means.loss))
      throw diverged(
        `the ${split} loss is ${means.loss} after epoch ${at.epoch + 1}`,
        learningRate,
      );
  }
  const trained = at.meter.means();
  return {
    epoch: at.epoch + 1,
    learningRate,
    trainLoss: trained.loss,
    trainError: trained.error,
    trainError5: trained.error5,
    ...(validation && {
      validationLoss: validation.loss,
      validationError: validation.error,
      validationError5: validation.error5,
    }),
    testLoss: test.loss,
    testError: test.error,
    testError5: test.error5,
    ...(course && { graphs: course.places() }),
  };
}
