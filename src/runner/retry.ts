import { UserError } from '../core/errors.js';
import { hostname } from 'node:os';
import { readLog } from '../store/log.js';
import { readStudy } from '../store/directory.js';
import { directoryFiles } from '../store/shared-files.js';
import { LOG_FOLDER, sharedLogReader, workerLog } from '../store/shared-log.js';
import { StudyNews } from '../store/worker-log.js';
import { workerName } from '../store/worker-name.js';

/**
 * Asks for trials of a study that failed to be run again, by whoever works at it now or later: what
 * was recorded of them stays in the logs and counts no more.
 *
 * @param which numbers of trials; empty: all that failed
 * @returns the trials
 * @throws UserError for a number of no trial, or of one that did not fail, and where the failure
 * stands in the study's own log, which has no clock to say what came after it: a run of the study
 * tries those again
 */
export async function retryTrials(
  directory: string,
  which: readonly number[],
): Promise<readonly number[]> {
  const study = readStudy(directory);
  const { train } = study.spec;
  const failed = study.records.filter(({ status }) => status === 'failed');
  const numbers = new Set(failed.map(({ index }) => index));
  for (const index of which)
    if (!numbers.has(index))
      throw new UserError(
        `a trial to be run again must have failed, but ${index} of ${directory} has not; ` +
          (failed.length === 0 ? 'none has' : `failed are ${[...numbers].join(', ')}`),
      );
  const trials = which.length === 0 ? [...numbers] : [...which];
  if (trials.length === 0) return [];
  const own = readLog(study.paths.log, study.trials, train).records;
  const there = own.filter(({ index, status }) => status === 'failed' && trials.includes(index));
  if (there.length > 0)
    throw new UserError(
      `trials to be run again by workers must have failed on workers, but ` +
        `${there.map(({ index }) => index).join(', ')} failed in a run of the whole study; run ` +
        `them again with: plexus study run ${directory} --retry-failed`,
    );
  const files = directoryFiles(directory);
  const news = new StudyNews(study.trials, train.precision, own);
  await files.makeFolder(LOG_FOLDER);
  await sharedLogReader(files, news).refresh();
  await workerLog(files, workerName(hostname()), news).write({ kind: 'retry', trials });
  return trials;
}
