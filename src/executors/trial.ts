import { resolve } from 'node:path';
import { Interrupted, messageOf, UserError } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import type { Backend, Executable } from '../engine/types.js';
import { parseGraphSpecIn } from '../graph/spec.js';
import { type Design, designNetwork } from '../network/design.js';
import type { Network } from '../network/types.js';
import { train, type TrainOptions } from '../train-files/trainer.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { endedRecord, trialFacts } from '../study/record.js';
import type { StudySpec, Trial, TrialFacts, TrialRecord } from '../study/types.js';
import '../graph-files/register.js';

/** One trial to be trained in this thread. */
export interface TrialJob {
  readonly trial: Trial;
  readonly arch: string;
  /** Default: `auto`. */
  readonly stem?: StudySpec['stem'] | undefined;
  readonly budget?: StudySpec['budget'] | undefined;
  readonly width?: StudySpec['width'] | undefined;
  /** The study's directory, which holds the files of its graphs; default: the current one. */
  readonly directory?: string | undefined;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly backend: Backend;
  /** Epochs after which the trial is left off as stopped; default: all. */
  readonly until?: number | undefined;
  /** Keeps the training in a file, so often at most, and goes on from it where it is there. */
  readonly checkpoint?:
    | {
        readonly file: string;
        readonly seconds: number;
        /** The file for the last one when `signal` aborts; default: `file`. */
        readonly stopFile?: () => string;
      }
    | undefined;
  /** Called for every epoch, first for those of a checkpoint that is taken up. */
  readonly onEpoch?: ((record: EpochRecord) => void) | undefined;
  /**
   * Called once when a checkpoint is taken up, with the part of the training that it holds, 0..1.
   */
  readonly onResume?: ((fraction: number) => void) | undefined;
  /** Part of the training done, 0..1; called often. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Called with the network of a training that came to its end, before it is freed. */
  readonly onTrained?: ((design: Design, executable: Executable) => Promise<void>) | undefined;
  /** Takes a line when something is done otherwise than usual. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** Takes a line when something is wrong with the data that was got over. */
  readonly onWarning?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one trial: graph, network under the budget, training. Whatever goes wrong is a failed record
 * with its reason and the epochs that were finished; only `Interrupted` is thrown, with its cause
 * where the training could not be kept. All of the record but `seconds` depends on the job alone.
 */
export async function runTrial(job: TrialJob): Promise<TrialRecord> {
  const { settings } = job;
  const trial = {
    ...job.trial,
    ...(settings.precision === 'bf16' && { precision: settings.precision }),
  };
  const begun = performance.now();
  let before = 0;
  const seconds = (): number => Math.round(performance.now() - begun + 1000 * before) / 1000;
  const epochs: EpochRecord[] = [];
  let facts: TrialFacts | null = null;
  const onEpoch = (record: EpochRecord): void => {
    epochs.push(record);
    job.onEpoch?.(record);
  };
  try {
    const design = designOf(job);
    facts = trialFacts(design);
    const outcome = await train({
      ...trainingOf(job, design.network),
      onBatch: (epoch, batch, batches) =>
        job.onProgress?.((epoch + (batch + 1) / batches) / settings.epochs),
      onEpoch,
      onResume: (state) => {
        before = state.seconds;
        job.onResume?.(
          (state.epoch + state.step / Math.floor(job.dataset.train.count / settings.batch)) /
            settings.epochs,
        );
        state.records.forEach(onEpoch);
      },
    });
    await job.onTrained?.(design, outcome.executable);
    outcome.executable.dispose();
    return endedRecord(trial, facts, epochs, settings.epochs, seconds());
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (job.signal?.aborted === true && error instanceof UserError)
      throw new Interrupted(error.message, { cause: error });
    return {
      ...trial,
      status: 'failed',
      reason: messageOf(error),
      facts,
      epochs,
      seconds: seconds(),
    };
  }
}

function designOf({
  trial,
  arch,
  stem = 'auto',
  budget,
  width,
  directory = '.',
  dataset,
}: TrialJob): Design {
  return designNetwork({
    arch,
    graph: parseGraphSpecIn(resolve(directory), trial.graph),
    input: dataset.shape,
    classes: dataset.classes.length,
    stem: stem === 'auto' ? undefined : stem,
    budget,
    widths: width,
  });
}

/**
 * What of a training the job decides. A checkpoint that cannot be used costs time, not the trial.
 */
function trainingOf(
  { trial, dataset, settings, backend, until, checkpoint, onNote, onWarning, signal }: TrialJob,
  network: Network,
): TrainOptions {
  return {
    network,
    dataset,
    settings,
    seed: trial.seed,
    backend,
    checkpoint: checkpoint && {
      file: checkpoint.file,
      stopFile: checkpoint.stopFile,
      leastSeconds: checkpoint.seconds,
      resume: true,
      last: false,
      unfit: 'restart',
    },
    until,
    note: onNote,
    onWarning,
    signal,
  };
}
