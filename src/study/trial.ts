import { Interrupted, messageOf } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import type { Backend } from '../engine/types.js';
import { designNetwork, type Design } from '../network/index.js';
import { train } from '../train/trainer.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { graphOfStudy } from './graph-files.js';
import type { Trial, TrialFacts, TrialRecord } from './types.js';

export interface TrialJob {
  readonly trial: Trial;
  readonly arch: string;
  /** The study's directory, which holds the files of its graphs; default: the current one. */
  readonly directory?: string;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly backend: Backend;
  readonly onEpoch?: (record: EpochRecord) => void;
  /** Part of the training done, 0..1; called often. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs one trial: graph, network under the budget, training. Whatever goes wrong is a failed record with its reason and
 * the epochs that were finished; only `Interrupted` is thrown. All of the record but `seconds` depends on the job alone.
 */
export async function runTrial(job: TrialJob): Promise<TrialRecord> {
  const { trial, dataset, settings, backend } = job;
  const begun = performance.now();
  const seconds = (): number => Math.round(performance.now() - begun) / 1000;
  const epochs: EpochRecord[] = [];
  let facts: TrialFacts | null = null;
  try {
    const design = designNetwork({ arch: job.arch, graph: graphOfStudy(trial.graph, job.directory ?? '.'), input: dataset.shape, classes: dataset.classes.length });
    facts = factsOf(design);
    const batches = Math.floor(dataset.train.count / settings.batch) * settings.epochs;
    let batch = 0;
    const outcome = await train({
      network: design.network,
      dataset,
      settings,
      seed: trial.seed,
      backend,
      onBatch: () => job.onProgress?.(++batch / batches),
      onEpoch: (record) => {
        epochs.push(record);
        job.onEpoch?.(record);
      },
      ...(job.signal && { signal: job.signal }),
    });
    outcome.executable.dispose();
    return { ...trial, status: 'complete', facts, epochs, error: epochs.at(-1)!.testError, seconds: seconds() };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { ...trial, status: 'failed', reason: messageOf(error), facts, epochs, seconds: seconds() };
  }
}

function factsOf({ network, cost, measures }: Design): TrialFacts {
  const { nodes, edges, clustering, pathLength } = measures;
  return { nodes, edges, clustering, pathLength, widths: network.widths, macs: cost.macs, params: cost.params };
}
