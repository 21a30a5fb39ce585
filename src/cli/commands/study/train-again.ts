import { resolve } from 'node:path';
import { Interrupted } from '../../../core/errors.js';
import { loadDataset } from '../../../data-files/load.js';
import type { Dataset } from '../../../data/types.js';
import { selectBackend } from '../../../engine/backends/registry.js';
import type { Executable } from '../../../engine/types.js';
import { runJob } from '../../../executors/job.js';
import type { Design } from '../../../network/design.js';
import { noteBackend } from '../../../runner/plan.js';
import { checkSameData, type Study } from '../../../store/directory.js';
import { checkGraphFiles } from '../../../store/graph-files.js';
import { movedData } from '../../../store/moved-data.js';
import { portableJob } from '../../../study/executor.js';
import type { Trial, TrialRecord } from '../../../study/types.js';
import { checkTrainable } from '../../../train/begin.js';
import type { EpochRecord } from '../../../train/types.js';
import type { CliContext } from '../../context.js';

interface Again {
  /** Stop after so many epochs; default: all. */
  readonly until?: number | undefined;
  readonly dataDir?: string | undefined;
  /** The data set of the study, where it was loaded before; default: it is loaded. */
  readonly dataset?: Dataset | undefined;
  /** Takes the network when it is trained, before it is freed. */
  readonly onTrained?: (design: Design, executable: Executable, data: Dataset) => Promise<void>;
}

/**
 * Trains a trial of a study by itself, as it was or will be trained in the study; nothing is read
 * from its log or written into its directory.
 */
export async function trainAgain(
  context: CliContext,
  { spec, state, paths }: Study,
  trial: Trial,
  { until, dataDir, dataset: loaded, onTrained }: Again,
): Promise<TrialRecord> {
  checkGraphFiles([trial.graph], paths.directory);
  const note = (line: string): void => context.note(line);
  const { env, signal } = context;
  const { epochs } = spec.train;
  const data = movedData(spec.data, { dataDir, env });
  const dataset = loaded ?? (await loadDataset(data, { dataDir, env, signal, note }));
  checkSameData(state, dataset.identity, paths);
  checkTrainable(dataset, spec.train);
  const backend = selectBackend(spec.train.backend, note);
  noteBackend(state, backend, note);
  const job = portableJob(spec, {
    trial,
    until: until ?? epochs,
    identity: dataset.identity,
    backend: backend.info.name,
    directory: resolve(paths.directory),
    checkpoint: null,
  });
  return runJob(
    job,
    dataset,
    (message) => {
      if (message.kind === 'note') note(message.text);
      if (message.kind === 'warning') note(`warning: ${message.text}`);
      if (message.kind === 'epoch') note(epochLine(message.record, epochs));
    },
    signal,
    undefined,
    onTrained && ((design, executable) => onTrained(design, executable, dataset)),
  ).catch((error: unknown) => {
    throw error instanceof Interrupted ? new Interrupted('nothing of the trial is kept') : error;
  });
}

function epochLine({ epoch, validationError, testError }: EpochRecord, epochs: number): string {
  const held = validationError === undefined ? '' : `, validation ${validationError.toFixed(2)} %`;
  return `epoch ${epoch} of ${epochs}: ${testError.toFixed(2)} %${held}`;
}
