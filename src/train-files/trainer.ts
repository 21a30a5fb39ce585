import { UserError } from '../core/errors.js';
import type { BatchSource } from '../data/batch-source.js';
import { openSource } from '../data-files/source.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/backends/registry.js';
import { initialise } from '../engine/initialise.js';
import { inPrecision } from '../engine/precision.js';
import type { Backend, BackendInfo, Executable, Program } from '../engine/types.js';
import { parametersOf } from '../network/parameters.js';
import type { Network } from '../network/types.js';
import {
  type Checkpoint,
  checkSameTraining,
  checkWhole,
  EmptyCheckpoint,
  identityOf,
  otherKernels,
  readCheckpoint,
  restore,
  type TrainIdentity,
} from './checkpoint.js';
import { type CheckpointOptions, createCheckpointWriter } from './checkpoint-writer.js';
import { checkTraining, programOf } from '../train/begin.js';
import { trainEpochs } from '../train/loop.js';
import { checkRewirable, courseOf, networkWith, rewireOf } from '../train/rewiring.js';
import { FROM_THE_START, type TrainState } from '../train/state.js';
import { checkMemory } from './memory.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import '../engine-native/register.js';

/** One training: network, data, settings, seed, and who is told of it. */
export interface TrainOptions {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  /** Starting weights depend on it alone, order and augmentation on it and the epoch. */
  readonly seed: number;
  /** A backend, or a name; default: the one that the settings name. */
  readonly backend?: Backend | string | undefined;
  /**
   * Called once, after the weights are drawn and before the first step: to load others; what it
   * returns is awaited. Not when a checkpoint is taken up.
   */
  readonly onStart?: ((executable: Executable) => unknown) | undefined;
  /** Called instead, when a checkpoint is taken up, with how far it is. */
  readonly onResume?: ((state: TrainState) => void) | undefined;
  /**
   * After every epoch of this run; the executable has the weights of then. What it returns is
   * awaited.
   */
  readonly onEpoch?: ((record: EpochRecord, executable: Executable) => unknown) | undefined;
  /** After every training step: 0-based epoch and batch, and the number of batches in an epoch. */
  readonly onBatch?: ((epoch: number, batch: number, batches: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Keeps the training in a file. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /**
   * Leaves off after so many epochs, kept where a checkpoint is, to go on from there some time.
   * Default: all that the settings say.
   */
  readonly until?: number | undefined;
  /**
   * Takes a line when something is done otherwise than asked: a slower backend, a checkpoint that
   * cannot be used.
   */
  readonly note?: ((line: string) => void) | undefined;
  /**
   * Takes what the data set warns of (images that cannot be read), once each, after the epoch in
   * which it happened.
   */
  readonly onWarning?: ((line: string) => void) | undefined;
}

/** What a training came to; `executable` holds the weights until it is disposed of. */
export interface TrainOutcome {
  /** Of all epochs, those before a checkpoint included. */
  readonly epochs: readonly EpochRecord[];
  /** Holds the trained weights; the caller disposes of it. */
  readonly executable: Executable;
  readonly backend: BackendInfo;
  /**
   * Why the checkpoint that was asked for could not be written when it was last tried; null where it
   * could, or none was asked for.
   */
  readonly checkpointProblem: string | null;
}

/**
 * Trains a network from its seed and evaluates it on the whole test split after every epoch. A
 * training epoch drops the last short batch; evaluation keeps it, uses running statistics and no
 * augmentation. The outcome depends on (network, data set, settings, seed, backend) only: not on
 * interruptions, where a checkpoint is kept, nor on the number of threads.
 *
 * @throws UserError when the data set does not fit the network or is smaller than a batch, a
 * setting breaks a rule, the
 *   memory does not suffice, or the checkpoint is of another training
 * @throws TrainingFailed when a loss is not finite
 * @throws Interrupted when `signal` aborts
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { network, settings } = options;
  checkTraining(options);
  const backend = selectBackend(options.backend ?? settings.backend, options.note);
  const info = inPrecision(backend.info, settings.precision);
  const keeping = keepingOf(options, info);
  const program = programOf(network, settings);
  checkMemory(program, backend.info);
  checkCourse(options, program, backend);
  noteThreads(settings, backend.info, options.note);
  const executable = await backend.prepare(program, { threads: settings.threads });
  try {
    const from = await start(executable, keeping?.found ?? null, options);
    const course = courseOf(executable, options);
    const writer =
      keeping &&
      createCheckpointWriter(
        keeping.options,
        { executable, identity: keeping.identity, backend: info, epochs: settings.epochs },
        options.note,
      );
    const epochs = await withSource(options, (source, onEpoch) =>
      trainEpochs({
        executable,
        source,
        settings,
        from,
        writer,
        course,
        until: options.until,
        onEpoch,
        onBatch: options.onBatch,
        signal: options.signal,
      }),
    );
    return {
      epochs,
      executable,
      backend: info,
      checkpointProblem: writer?.problem() ?? null,
    };
  } catch (error) {
    executable.dispose();
    throw error;
  }
}

/** Says of graphs that cannot be rewired, or a backend that cannot, before anything is trained. */
function checkCourse(
  { network, settings }: TrainOptions,
  program: Program,
  { info }: Backend,
): void {
  const rewire = rewireOf(network, settings);
  if (rewire === null) return;
  checkRewirable(network, rewire);
  if (rewire.rule !== 'rigl') return;
  checkMemory(programOf(program.network, settings, true), info);
}

function noteThreads(
  { threads }: TrainSettings,
  { name, threads: most }: BackendInfo,
  note: TrainOptions['note'],
): void {
  if (threads > most)
    note?.(
      `note: the ${name} backend uses ${most === 1 ? 'one thread' : `${most} threads`}, not ${threads}`,
    );
}

/** How a training is kept. */
interface Keeping {
  readonly options: CheckpointOptions;
  readonly identity: TrainIdentity;
  /** The checkpoint to go on from; null where there is none, or none is wanted. */
  readonly found: Checkpoint | null;
}

function keepingOf(
  { checkpoint, network, dataset, settings, seed, note }: TrainOptions,
  backend: BackendInfo,
): Keeping | null {
  if (checkpoint === undefined) return null;
  const identity = identityOf(network, settings, seed, dataset.identity, backend);
  return {
    options: checkpoint,
    identity,
    found: checkpoint.resume
      ? usableCheckpoint(checkpoint, network, identity, backend, note)
      : null,
  };
}

function usableCheckpoint(
  { file, unfit }: CheckpointOptions,
  network: Network,
  identity: TrainIdentity,
  backend: BackendInfo,
  note: TrainOptions['note'],
): Checkpoint | null {
  try {
    const found = readCheckpoint(file);
    if (found === null) return null;
    checkSameTraining(found, identity);
    const { graphs } = found.state;
    checkWhole(found, parametersOf(graphs ? networkWith(network, graphs) : network));
    if (otherKernels(found, backend))
      note?.(
        `note: ${file} was made with ${found.madeWith} and goes on with ${backend.name} ` +
          `(${backend.description}); numbers may differ in their last bits`,
      );
    return found;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (unfit !== 'restart' && !(error instanceof EmptyCheckpoint)) throw error;
    note?.(`note: training starts from the beginning: ${error.message}`);
    return null;
  }
}

async function start(
  executable: Executable,
  checkpoint: Checkpoint | null,
  { network, seed, settings, onStart, onResume }: TrainOptions,
): Promise<TrainState> {
  if (checkpoint !== null) {
    const { graphs } = checkpoint.state;
    if (graphs) executable.rewire?.(programOf(networkWith(network, graphs), settings));
    restore(executable, checkpoint);
    onResume?.(checkpoint.state);
    return checkpoint.state;
  }
  initialise(executable, seed, settings.start);
  await onStart?.(executable);
  return FROM_THE_START;
}

type Train = (
  source: BatchSource,
  onEpoch: NonNullable<TrainOptions['onEpoch']>,
) => Promise<readonly EpochRecord[]>;

/** Opens the data set for the training and closes it after; passes its warnings on. */
async function withSource(
  { dataset, settings, seed, onEpoch, onWarning }: TrainOptions,
  work: Train,
): Promise<readonly EpochRecord[]> {
  const source = openSource(dataset, { batch: settings.batch, seed, augment: settings.augment });
  // Whoever loaded the data set has shown these.
  const told = new Set(dataset.warnings);
  const warn = (): void => {
    for (const line of source.warnings()) {
      if (!told.has(line)) onWarning?.(line);
      told.add(line);
    }
  };
  try {
    return await work(source, (record, executable) => {
      warn();
      return onEpoch?.(record, executable);
    });
  } finally {
    warn();
    await source.close();
  }
}
