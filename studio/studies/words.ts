import type { StudyEntry, StudyState } from '../../src/analysis/study-entry.js';
import { fixed, signed } from '../../src/analysis/text.js';

export const STATE_NAMES: Readonly<Record<StudyState, string>> = {
  running: 'running',
  workers: 'workers at it',
  stopped: 'stopped',
  complete: 'complete',
  registered: 'registered',
  unreadable: 'cannot be read',
  reading: 'being read',
};

/** `−0.82 [−1.30, −0.35]`: graphs less baseline, points; a dash where it is not known. */
export function differenceText(verdict: StudyEntry['verdict']): string {
  if (verdict === null || verdict.difference === null) return '–';
  const { difference, interval } = verdict;
  const within = interval === null ? '' : ` [${signed(interval[0], 2)}, ${signed(interval[1], 2)}]`;
  return signed(difference, 2) + within;
}

/** `12.30 %`; a dash where it is not known. */
export function percentText(error: number | null | undefined): string {
  return error == null ? '–' : `${fixed(error, 2)} %`;
}

/** `120 of 400, 3 failed`. */
export function trialsText(trials: StudyEntry['trials']): string {
  if (trials === null) return '–';
  const { total, complete, failed, stopped } = trials;
  const more = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped > 0 ? [`${stopped} stopped early`] : []),
  ];
  return [`${complete} of ${total}`, ...more].join(', ');
}

export const DIFFERENCE_MEANING =
  'Mean test error of the best graph less that of the baseline, in points, paired by seed, with its ' +
  '95 % interval that allows for the choice of the best; where fresh seeds confirm it, theirs.';
