import { invariant } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/backends/registry.js';
import type { PortableJob, TrialMessage } from '../study/executor.js';
import type { TrialRecord } from '../study/types.js';
import { runTrial, type TrialJob } from './trial.js';

/** Least milliseconds between two messages of progress. */
const PROGRESS_MS = 200;

/**
 * Trains a job in this thread, as every executor does in the end.
 *
 * @param dataset what `job.data` names, loaded
 * @param stopFile the file for the checkpoint when `signal` aborts; default: the job's
 * @param onTrained called with the network of a training that came to its end
 * @throws Interrupted when `signal` aborts; its cause is why the training was not kept, where it
 * was not
 */
export function runJob(
  job: PortableJob,
  dataset: Dataset,
  tell: (message: TrialMessage) => void,
  signal?: AbortSignal,
  stopFile?: () => string | null,
  onTrained?: TrialJob['onTrained'],
): Promise<TrialRecord> {
  invariant(
    dataset.identity === job.identity,
    `a trial on ${job.identity} is to be trained on ${dataset.identity}`,
  );
  const { trial, until, arch, stem, budget, width, directory, settings, checkpoint } = job;
  let told = performance.now();
  return runTrial({
    trial,
    until,
    arch,
    stem,
    budget,
    width,
    directory,
    dataset,
    settings,
    backend: selectBackend(job.backend, () => undefined),
    checkpoint: checkpoint
      ? { ...checkpoint, stopFile: () => stopFile?.() ?? checkpoint.file }
      : undefined,
    signal,
    onTrained,
    onResume: (fraction) => tell({ kind: 'resumed', fraction }),
    onNote: (text) => tell({ kind: 'note', text }),
    onWarning: (text) => tell({ kind: 'warning', text }),
    onEpoch: (record) => tell({ kind: 'epoch', record }),
    onProgress: (fraction) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      tell({ kind: 'progress', fraction });
    },
  });
}
