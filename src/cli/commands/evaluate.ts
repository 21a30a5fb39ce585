import { type Command, Option } from 'commander';
import { selectBackend } from '../../engine/backends/registry.js';
import { compile } from '../../engine/compile.js';
import { type Stem, STEMS } from '../../network/architectures/architecture.js';
import { evaluateSplit, type SplitName } from '../../train-files/evaluate.js';
import { loadWeightsInto, readWeightsFile } from '../../train-files/weights-file.js';
import { networkOfWeights } from '../../train-files/weights-network.js';
import { widthList, wholeNumber } from '../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { addDataOptions, type DataFlags, dataForWeights } from './evaluate/data.js';
import { evaluationOf, evaluationText } from './evaluate/output.js';
import '../../graph-files/register.js';
import '../../engine-native/register.js';

interface EvaluateOptions extends DataFlags {
  readonly arch?: string;
  readonly graph?: string;
  readonly stem?: Stem;
  readonly width?: number[];
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
    .argument('<file>', 'weights (safetensors) or a checkpoint');
  addDataOptions(command).addOption(
    new Option('--split <name>', 'images to evaluate')
      .choices(['test', 'validation', 'train'])
      .default('test'),
  );
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
  const dataset = await dataForWeights(context, file, options);
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
