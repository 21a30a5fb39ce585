import { loadDataset } from '../../../data-files/load.js';
import type { Dataset, DataSpec, Split } from '../../../data/types.js';
import type { DataOptions } from '../../../platform/places.js';
import { type CliContext, outJson } from '../../context.js';
import { formatCount, formatTable } from '../../format.js';

export interface ShowFlags {
  readonly path?: string;
  readonly size?: number;
  readonly trainImages?: number;
  readonly testImages?: number;
  readonly validation?: number | 'auto';
  readonly json?: boolean;
}

/** What `plexus data show` prints; with `--json` as it is. */
interface Shown {
  readonly name: string;
  readonly identity: string;
  readonly classes: readonly string[];
  readonly shape: Dataset['shape'];
  readonly train: SplitFacts;
  /** Held out of the training images; null where none are. */
  readonly validation: SplitFacts | null;
  readonly test: SplitFacts;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** What is changed at random in training images, in words. */
  readonly augmentation: readonly string[];
  /** Where the images are while they are trained on. */
  readonly kept: string;
  readonly warnings: readonly string[];
}

interface SplitFacts {
  readonly images: number;
  /** Images of the class that has the fewest, and of the one that has the most. */
  readonly fewest: number;
  readonly most: number;
}

/** Loads a data set as training would, and says what it is. */
export async function showData(
  name: string,
  flags: ShowFlags,
  options: DataOptions,
  context: CliContext,
): Promise<void> {
  const { path, size, trainImages: train, testImages: test, validation } = flags;
  const spec: DataSpec = { name, path, size, train, test, validation };
  const dataset = await loadDataset(spec, {
    ...options,
    signal: context.signal,
    note: (line) => context.note(line),
  });
  const shown = factsOf(dataset);
  if (flags.json === true) {
    outJson(context, shown);
    return;
  }
  const { shape, classes } = shown;
  context.out(
    formatTable(
      [{ title: shown.name }, { title: '' }],
      [
        ['images', `${shape.channels}x${shape.height}x${shape.width}`],
        ['train', splitText(shown.train)],
        ...(shown.validation === null ? [] : [['validation', splitText(shown.validation)]]),
        ['test', splitText(shown.test)],
        [
          'classes',
          `${formatCount(classes.length)}: ` +
            `${classes.slice(0, SHOWN_CLASSES).join(', ')}${classes.length > SHOWN_CLASSES ? ', ...' : ''}`,
        ],
        ['mean', shown.mean.join(', ')],
        ['deviation', shown.std.join(', ')],
        ['augmentation', shown.augmentation.join(', ') || 'none'],
        ['kept', shown.kept],
        ['identity', shown.identity],
      ],
    ),
  );
  for (const line of shown.warnings) context.note(`warning: ${line}`);
}

const SHOWN_CLASSES = 10;

function factsOf(dataset: Dataset): Shown {
  const { name, identity, classes, shape, train, validation, test, mean, std, warnings } = dataset;
  return {
    name,
    identity,
    classes,
    shape,
    train: splitFacts(train, classes.length),
    validation: validation === undefined ? null : splitFacts(validation, classes.length),
    test: splitFacts(test, classes.length),
    mean,
    std,
    augmentation: changesOf(dataset),
    kept: keptWhere(dataset),
    warnings,
  };
}

function splitFacts({ count, labels }: Split, classes: number): SplitFacts {
  const counts = new Int32Array(classes);
  // A data set's labels are below its number of classes: that is looked at when it is loaded.
  for (const label of labels) counts[label]!++;
  return { images: count, fewest: Math.min(...counts), most: Math.max(...counts) };
}

function splitText({ images, fewest, most }: SplitFacts): string {
  const share =
    fewest === most ? formatCount(most) : `${formatCount(fewest)} to ${formatCount(most)}`;
  return `${formatCount(images)} images, ${share} of each class`;
}

function changesOf(dataset: Dataset): string[] {
  const { flip, pad } = dataset.pictures ?? dataset.augmentation;
  const { crop, jitter, lighting } = dataset.pictures ?? { crop: 'shift', jitter: 0, lighting: 0 };
  return [
    ...(crop === 'resized' ? ['a random part, scaled'] : []),
    ...(pad > 0 ? [`shifted by up to ${pad} pixels`] : []),
    ...(flip ? ['mirrored'] : []),
    ...(jitter > 0 ? [`brightness, contrast and saturation by up to ${jitter}`] : []),
    ...(lighting > 0 ? [`lighting ${lighting}`] : []),
  ];
}

function keptWhere(dataset: Dataset): string {
  if (dataset.pictures === null) return 'in memory';
  return dataset.train.decoded === null
    ? 'decoded while training'
    : 'decoded in memory, cropped while training';
}
