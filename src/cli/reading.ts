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
  return study;
}
