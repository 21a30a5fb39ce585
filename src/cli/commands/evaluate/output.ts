import { must } from '../../../core/errors.js';
import type { Dataset } from '../../../data/types.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Network } from '../../../network/types.js';
import { wilsonInterval } from '../../../stats/proportion.js';
import type { SplitName } from '../../../train-files/evaluate.js';
import type { SplitEvaluation } from '../../../train/evaluate.js';
import type { WeightsFile } from '../../../train-files/weights-file.js';
import { formatCount, formatTable } from '../../format.js';

/** What was evaluated, and what came of it. */
interface Evaluated {
  readonly file: WeightsFile;
  readonly network: Network;
  readonly stem: string | null;
  readonly dataset: Dataset;
  readonly split: SplitName;
  readonly found: SplitEvaluation;
}

/** What `plexus evaluate --json` prints. Errors and intervals in %. */
interface Told {
  readonly file: string;
  readonly checkpoint: boolean;
  /** After which the weights were written; null where the file does not say. */
  readonly epoch: number | null;
  readonly arch: string;
  readonly stem: string | null;
  readonly graph: string | null;
  readonly widths: readonly number[];
  readonly data: string;
  /** Identity of the data set of the training; null where the file does not say. */
  readonly trainedOn: string | null;
  readonly split: SplitName;
  readonly images: number;
  readonly loss: number;
  readonly error: number;
  readonly interval: readonly [number, number];
  readonly error5: number;
  readonly classes: readonly ClassResult[];
  readonly confusion: readonly (readonly number[])[];
}

interface ClassResult {
  readonly name: string;
  readonly images: number;
  readonly wrong: number;
  /** Null of a class without images. */
  readonly error: number | null;
  readonly interval: readonly [number, number] | null;
}

const percent = (count: number, total: number): readonly [number, number] => {
  const [low, high] = wilsonInterval(count, total);
  return [100 * low, 100 * high];
};

export function evaluationOf({ file, network, stem, dataset, split, found }: Evaluated): Told {
  const { images, loss, error, error5, confusion } = found;
  const classes = confusion.map((row, label): ClassResult => {
    const all = row.reduce((sum, count) => sum + count, 0);
    const wrong = all - must(row[label]);
    return {
      name: dataset.classes[label] ?? String(label),
      images: all,
      wrong,
      error: all === 0 ? null : (100 * wrong) / all,
      interval: all === 0 ? null : percent(wrong, all),
    };
  });
  const wrong = classes.reduce((sum, each) => sum + each.wrong, 0);
  return {
    file: file.path,
    checkpoint: file.checkpoint !== null,
    epoch: file.facts.epoch ?? null,
    arch: network.arch,
    stem,
    graph: network.graph && formatGraphSpec(network.graph),
    widths: network.widths,
    data: dataset.identity,
    trainedOn: file.facts.data ?? null,
    split,
    images,
    loss,
    error,
    interval: percent(wrong, images),
    error5,
    classes,
    confusion,
  };
}

/** Up to so many classes the whole table of confusions is shown, beyond that the commonest ones. */
const WHOLE_TABLE = 12;
const COMMONEST = 10;
/** Classes below which the top-5 error is nothing. */
const TOP = 5;

export function evaluationText(told: Told): string {
  const { classes, interval, images } = told;
  const facts = [
    ['graph', told.graph ?? 'none'],
    ['width', told.widths.join(', ')],
    ...(told.epoch === null ? [] : [['epoch', String(told.epoch)]]),
    ['data', told.data],
    ['images', `${formatCount(images)} (${told.split} split)`],
    ['loss', told.loss.toFixed(4)],
    ['error', `${told.error.toFixed(2)} % (95 % interval ${range(interval)}, n ${images})`],
    ...(classes.length > TOP ? [['top-5 error', `${told.error5.toFixed(2)} %`]] : []),
  ];
  return [
    formatTable([{ title: told.arch }, { title: '' }], facts),
    formatTable(
      [
        { title: 'class' },
        ...['n', 'error %', '95 % interval'].map((title) => ({ title, align: 'right' as const })),
      ],
      classes.map(({ name, images: n, error, interval: sure }) => [
        name,
        String(n),
        error === null ? 'none' : error.toFixed(2),
        sure === null ? '' : range(sure),
      ]),
    ),
    classes.length <= WHOLE_TABLE ? confusionTable(told) : commonest(told),
  ].join('\n\n');
}

const range = ([low, high]: readonly [number, number]): string =>
  `${low.toFixed(2)} to ${high.toFixed(2)}`;

function confusionTable({ classes, confusion }: Told): string {
  return formatTable(
    [
      { title: 'is \\ taken for' },
      ...classes.map(({ name }) => ({ title: name, align: 'right' as const })),
    ],
    confusion.map((row, label) => [must(classes[label]).name, ...row.map(String)]),
  );
}

function commonest({ classes, confusion }: Told): string {
  const pairs = confusion.flatMap((row, is) =>
    row.flatMap((count, taken) => (count === 0 || is === taken ? [] : [{ is, taken, count }])),
  );
  const shown = pairs.toSorted((a, b) => b.count - a.count).slice(0, COMMONEST);
  return formatTable(
    [{ title: 'commonest confusions' }, { title: 'taken for' }, { title: 'n', align: 'right' }],
    shown.map(({ is, taken, count }) => [
      must(classes[is]).name,
      must(classes[taken]).name,
      String(count),
    ]),
  );
}
