import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { loadDataset } from '../../../data-files/load.js';
import { specOfIdentity } from '../../../data/identity.js';
import { dataNames, dataSources } from '../../../data/registry.js';
import { withoutGaps } from '../../../data/spec.js';
import type { Dataset, DataSpec } from '../../../data/types.js';
import type { WeightsFile } from '../../../train-files/weights-file.js';
import { countOrAuto, wholeNumber } from '../../arguments.js';
import type { CliContext } from '../../context.js';

/** Which data set, where it is not that of the training. */
export interface DataFlags {
  readonly data?: string;
  readonly dataPath?: string;
  readonly dataDir?: string;
  readonly trainImages?: number;
  readonly testImages?: number;
  readonly validation?: number | 'auto';
  readonly size?: number;
}

/** Adds the options that name a data set for trained weights. */
export function addDataOptions(command: Command): Command {
  return command
    .option('--data <name>', `data set: ${dataNames().join(', ')} (default: that of the training)`)
    .option('--data-path <path>', 'files of a data set of your own')
    .option('--train-images <count>', 'use only the first so many training images', wholeNumber(0))
    .option('--test-images <count>', 'use only the first so many test images', wholeNumber(0))
    .option(
      '--validation <count>',
      'hold so many training images out, as in the training',
      countOrAuto,
    )
    .option('--size <pixels>', 'side of the images', wholeNumber(0))
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)');
}

/**
 * The data set that trained weights are shown, as their network takes it.
 *
 * @throws UserError where it is not known, or does not fit
 */
export async function dataForWeights(
  context: CliContext,
  file: WeightsFile,
  flags: DataFlags,
): Promise<Dataset> {
  const note = (line: string): void => context.note(line);
  const loaded = await loadDataset(dataOf(file, flags), {
    env: context.env,
    signal: context.signal,
    note,
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
  });
  for (const line of loaded.warnings) note(`warning: ${line}`);
  return normalisedFor(file, loaded, note);
}

/** The data set that is asked for, else the one that the weights were trained on. */
function dataOf({ facts, path: file }: WeightsFile, options: DataFlags): DataSpec {
  const { data, dataPath: path, trainImages: train, testImages: test, validation, size } = options;
  const given = withoutGaps({ name: data ?? 'auto', path, train, test, validation, size });
  if (data !== undefined) return given;
  if (facts.data === undefined)
    throw new UserError(
      `${file} does not say what it was trained on; name a data set with --data, one of ` +
        dataNames().join(', '),
    );
  const trained = specOfIdentity(facts.data);
  // A format of one's own files, whose normalisation the file tells as well.
  if (dataSources.some(({ name }) => name === trained.name))
    return { ...trained, ...given, name: trained.name };
  throw new UserError(
    `${file} was trained on ${trained.name}, which is no data set here; name one with --data`,
  );
}

/** The data set as the network takes it: with the normalisation that it was trained with. */
function normalisedFor(
  { facts, path }: WeightsFile,
  dataset: Dataset,
  note: (line: string) => void,
): Dataset {
  const { channels, height, width } = dataset.shape;
  const has = [channels, height, width].join('x');
  if (facts.input !== undefined && facts.input.join('x') !== has)
    throw new UserError(
      `the network of ${path} takes images of ${facts.input.join('x')}, ${dataset.name} has ${has}; ` +
        'give another data set, or its --size',
    );
  if (facts.classes !== undefined && facts.classes !== dataset.classes.length)
    throw new UserError(
      `the network of ${path} tells ${facts.classes} classes apart, ${dataset.name} has ` +
        `${dataset.classes.length}; give another data set`,
    );
  if (facts.classNames !== undefined && facts.classNames.join() !== dataset.classes.join())
    note(
      `warning: the classes of ${dataset.name} have other names than those of the training; ` +
        'they are taken one for one in their order',
    );
  if (facts.data !== undefined && facts.data !== dataset.identity)
    note(`note: the weights were trained on ${facts.data}, this is ${dataset.identity}`);
  const { mean, std } = facts;
  return mean?.length === channels && std?.length === channels
    ? { ...dataset, mean, std }
    : dataset;
}
