import { readStudy, type Study } from '../store/directory.js';
import { damagedLines } from '../store/log.js';
import type { CliContext } from './context.js';

/** `readStudy` for a command that only reads: what of the log is damaged is told. */
export function readStudyWithNotes(context: CliContext, directory: string): Study {
  const study = readStudy(directory);
  if (study.damaged.length > 0)
    context.note(
      `warning: ${damagedLines(study)} of ${study.paths.log} cannot be read (damaged) and ` +
        `count${study.damaged.length === 1 ? 's' : ''} as not there; plexus study run ${directory} ` +
        'keeps them aside and trains what is missing',
    );
  for (const line of sharedWarnings(study)) context.note(line);
  return study;
}

/** What is wrong with the logs of a study's workers, a line each. */
export function sharedWarnings({ shared }: Study): string[] {
  if (shared === null) return [];
  const differing = shared.news.conflicts().map(({ trial, workers }) => {
    const by = workers.map((name) => (name === '' ? "the study's own log" : name));
    return (
      `warning: trial ${trial} came out differently in two trainings: by ${by.join(' and by ')}; ` +
      'the first counts; different processors or versions of Plexus are the usual reason (see the ' +
      'logs)'
    );
  });
  const damaged = shared.damaged.map(
    ({ file, line }) =>
      `warning: line ${line} of log/${file} is damaged and left out; its trial, if it was a ` +
      'record, runs again',
  );
  return [...differing, ...damaged];
}
