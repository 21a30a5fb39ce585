import { type Command, Option } from 'commander';
import { UserError } from '../../core/errors.js';
import { loadDataset } from '../../data-files/load.js';
import { specOfIdentity } from '../../data/identity.js';
import { dataNames, dataSources } from '../../data/registry.js';
import { withoutGaps } from '../../data/spec.js';
import type { Dataset, DataSpec } from '../../data/types.js';
import { selectBackend } from '../../engine/backends/registry.js';
import { compile } from '../../engine/compile.js';
import { type Stem, STEMS } from '../../network/architectures/architecture.js';
import { evaluateSplit, type SplitName } from '../../train-files/evaluate.js';
import {
  loadWeightsInto,
  readWeightsFile,
  type WeightsFile,
} from '../../train-files/weights-file.js';
import { networkOfWeights } from '../../train-files/weights-network.js';
import { countOrAuto, widthList, wholeNumber } from '../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { evaluationOf, evaluationText } from './evaluate/output.js';
import '../../graph-files/register.js';
import '../../engine-native/register.js';

interface EvaluateOptions {
  readonly arch?: string;
  readonly graph?: string;
  readonly stem?: Stem;
  readonly width?: number[];
  readonly data?: string;
  readonly dataPath?: string;
  readonly dataDir?: string;
  readonly trainImages?: number;
  readonly testImages?: number;
  readonly validation?: number | 'auto';
  readonly size?: number;
  readonly split: SplitName;
  readonly batch: number;
  readonly backend: string;
  readonly threads: number;
  readonly json?: boolean;
}

const HELP = `
FILE holds weights (plexus train --save) or is a checkpoint. It says itself which network it is of,
which images that takes and how they are normalised, and which data set it was trained on; files of
older versions or other programs may need --graph, --arch, --stem, --width and --data. Pictures and
arrays of your own need --data-path.

Errors are in % of all images, as they are, with running statistics. The intervals are Wilson's, at
95 %: they cover which images the split happens to hold, not what another training would give. In
the table of confusions a row is what an image is, a column what it is taken for.

With --json one object: {file, checkpoint, epoch, arch, stem, graph, widths, data, trainedOn, split,
images, loss, error, interval, error5, classes: [{name, images, wrong, error, interval}],
confusion}, confusion row by row.

Example:
  $ plexus evaluate best.safetensors
  $ plexus evaluate best.safetensors --data folder --data-path photos --json`;

/** `plexus evaluate`: what trained weights make of a data set. */
export const registerEvaluate: RegisterCommand = (program, context) => {
  const command = program
    .command('evaluate')
    .description('Evaluate trained weights on a data set: error, per class, confusions.')
    .argument('<file>', 'weights (safetensors) or a checkpoint')
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
    .addOption(
      new Option('--split <name>', 'images to evaluate')
        .choices(['test', 'validation', 'train'])
        .default('test'),
    )
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)');
  addNetwork(command);
  command
    .option('--batch <count>', 'images at a time', wholeNumber(1, 65_536), 128)
    .option(
      '--backend <name>',
      'auto, cpu, wasm-relaxed, wasm or reference (float64, very slow)',
      'auto',
    )
    .option('--threads <count>', 'threads inside the kernels', wholeNumber(1, 64), 1)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((file: string, options: EvaluateOptions) => evaluate(context, file, options));
};

function addNetwork(command: Command): void {
  command
    .option('--arch <name>', 'architecture (default: what the file says)')
    .option('--graph <spec>', 'graph spec (default: what the file says)')
    .addOption(
      new Option('--stem <name>', 'stem (default: what the file says, else by the size)').choices(
        STEMS,
      ),
    )
    .option(
      '--width <widths>',
      'widths, separated by commas (default: what the file says)',
      widthList,
    );
}

async function evaluate(
  context: CliContext,
  path: string,
  options: EvaluateOptions,
): Promise<void> {
  const note = (line: string): void => context.note(line);
  const file = readWeightsFile(path);
  const loaded = await loadDataset(dataOf(file, options), {
    env: context.env,
    signal: context.signal,
    note,
    ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
  });
  for (const line of loaded.warnings) note(`warning: ${line}`);
  const dataset = normalisedFor(file, loaded, note);
  const { network, stem } = networkOfWeights(file, {
    arch: options.arch,
    graph: options.graph,
    stem: options.stem,
    widths: options.width,
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  const backend = selectBackend(options.backend, note);
  const executable = await backend.prepare(
    compile(network, { batch: options.batch, inference: true }),
    {
      threads: options.threads,
    },
  );
  try {
    loadWeightsInto(executable, file, note);
    const found = await evaluateSplit(executable, dataset, options.split, context.signal);
    const told = evaluationOf({ file, network, stem, dataset, split: options.split, found });
    if (options.json) outJson(context, told);
    else context.out(evaluationText(told));
  } finally {
    executable.dispose();
  }
}

/** The data set that is asked for, else the one that the weights were trained on. */
function dataOf({ facts, path: file }: WeightsFile, options: EvaluateOptions): DataSpec {
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
