import { formatTable } from '../format.js';
import { shareNames } from './shares.js';
import { trialPartNames, type TrialTimes } from './trial.js';

/** What every part is. */
export const trialDefinitions: Readonly<Record<(typeof trialPartNames)[number], string>> = {
  'start of a worker': 'a thread with its modules loaded and the data in hand; once for its trials',
  data: 'images drawn or read; once for a study',
  'graph and network': 'graph from its spec, widths that match the budget, program compiled',
  memory: 'tables planned, memory taken',
  'initial weights': 'drawn and put where the kernels have them; momenta 0',
  images: 'training images normalised, mirrored and shifted into batches',
  'training steps': 'forward, loss, backward, update',
  'statistics of norms': 'precise batch norm: training images once more before an evaluation',
  evaluation: 'the test images, after every epoch',
  checkpoint: 'one of them: weights and momenta read, written and flushed',
  rest: 'the loop: order of the images, losses, messages',
};

/** Parts that are no share of a single trial. */
const APART: ReadonlySet<string> = new Set(['start of a worker', 'data', 'checkpoint']);

const percent = (share: number): string => (100 * share).toFixed(1);

/** The result as lines for people. */
export function trialReport(times: TrialTimes): string[] {
  const { arch, graph, epochs, trainImages, testImages, backend, seconds, parts, steps } = times;
  const rows = trialPartNames.map((name) => [
    name,
    parts[name].toFixed(3),
    APART.has(name) ? '' : percent(parts[name] / seconds),
    trialDefinitions[name],
  ]);
  const stepShare = parts['training steps'] / seconds;
  const most = Math.min(parts.checkpoint / times.checkpointEvery, 1);
  return [
    `one trial, ${arch} on ${graph}, ${epochs} epochs of ${trainImages} training and ` +
      `${testImages} test images (shapes), ${backend.name} (${backend.description}), one thread: ` +
      `${seconds.toFixed(2)} s`,
    formatTable(
      [
        { title: 'part' },
        { title: 's', align: 'right' },
        { title: '% of the trial', align: 'right' },
        { title: 'what it is' },
      ],
      rows,
    ),
    '',
    `A study keeps a trial every ${times.checkpointEvery} s at most: ${percent(most)} % of its time.`,
    '',
    `${steps} training steps, ${((1000 * parts['training steps']) / steps).toFixed(2)} ms each; ` +
      'where their time goes (of a step by itself, best of many):',
    formatTable(
      [
        { title: 'part' },
        { title: '% of a step', align: 'right' },
        { title: '% of the trial', align: 'right' },
      ],
      shareNames
        .filter((name) => times.shares[name] > 0)
        .map((name) => [
          name,
          percent(times.shares[name]),
          percent(times.shares[name] * stepShare),
        ]),
    ),
  ];
}
