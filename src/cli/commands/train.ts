import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { Interrupted, must, UserError } from '../../core/errors.js';
import { loadDataset } from '../../data-files/load.js';
import { dataNames } from '../../data/registry.js';
import { dataNamesWith } from '../../data/spec.js';
import type { DataSpec } from '../../data/types.js';
import { selectBackend } from '../../engine/backends/registry.js';
import { REWIRE_RULES } from '../../graph/rewire-settings.js';
import { formatGraphSpec, parseGraphSpec } from '../../graph/spec.js';
import { type Stem, STEMS } from '../../network/architectures/architecture.js';
import { architecture, architectures } from '../../network/architectures/registry.js';
import { designNetwork } from '../../network/design.js';
import { layerSpecs } from '../../network/relational.js';
import { rewireProblem } from '../../network/rewire-pairs.js';
import { roundGraphs } from '../../network/rewired.js';
import { stemOf } from '../../network/task.js';
import type { Network } from '../../network/types.js';
import { choiceError } from '../../study/choice.js';
import { checkGraphFiles } from '../../store/graph-files.js';
import { TrainingFailed } from '../../train/loop.js';
import { checkTrainable } from '../../train/begin.js';
import { rewireOf } from '../../train/rewiring.js';
import {
  train,
  type TrainOptions as Training,
  type TrainOutcome,
} from '../../train-files/trainer.js';
import type { EpochRecord, TrainSettings } from '../../train/types.js';
import { budgetNumber, countOrAuto, realNumber, widthList, wholeNumber } from '../arguments.js';
import { type CliContext, CommandFailed, outJson, type RegisterCommand } from '../context.js';
import { formatCount } from '../format.js';
import {
  bestOf,
  checkFiles,
  checkpointOf,
  type FileOptions,
  loadWeights,
  noteResumed,
  saveCurves,
  saveWeights,
} from './train/files.js';
import { type GivenNetwork, networkOf } from './train/loaded.js';
import { epochLine, factsOf, finish, type Job, trainedFacts } from './train/output.js';
import { type SettingOptions, settingsOf } from './train/settings.js';
import '../../graph-files/register.js';
import '../../engine-native/register.js';

interface TrainOptions extends SettingOptions, FileOptions {
  readonly arch: string;
  readonly stem: 'auto' | Stem;
  readonly graph: string;
  readonly width?: number[] | undefined;
  readonly budget?: number | undefined;
  readonly data: DataSpec['name'];
  readonly dataPath?: string | undefined;
  readonly trainImages?: number | undefined;
  readonly testImages?: number | undefined;
  readonly validation?: number | 'auto' | undefined;
  readonly size?: number | undefined;
  readonly seed: number;
  readonly dataDir?: string | undefined;
  readonly json?: boolean | undefined;
}

const HELP = `
The width is matched to the multiply-adds of the dense baseline, as in a study; --budget matches
another cost, --width fixes the width. Settings that are not given are those with which the
architecture was published. Errors are in %: training errors are taken while the
epoch is trained (augmented, weights moving), test errors over the whole test split after it.

--checkpoint keeps everything that the training is in one file; stopped or killed, the same command
with --resume goes on and comes to the very same numbers. --save-best chooses its epoch on the test
split, where its error then flatters it, or, with --validation, on training images held out for that,
the same ones for every seed.

With --json every epoch is one line on standard output, {epoch, learningRate, trainLoss, trainError,
trainError5, testLoss, testError, testError5}, with --validation also {validationLoss,
validationError, validationError5}, and the last line is {arch, stem, graph, nodes,
edges, clustering, pathLength, widths, macs, params, data, backend, seed, train, epochs, error,
error5, best, seconds, weights, bestWeights, checkpoint, curves}: error is the last epoch's test
error, best the epoch with the lowest one (chosen on its validation error, where there is one),
train the settings, the last four the files or null.

Example:
  $ plexus train --graph ws-flex:n=64,k=8,p=0.1,seed=3 --data shapes --epochs 5`;

/** `plexus train`: one network. */
export const registerTrain: RegisterCommand = (program, context) => {
  const command = program
    .command('train')
    .description('train one network and print its error after every epoch')
    .option('--graph <spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1 (default: that of --load)')
    .option(
      '--arch <name>',
      `architecture: ${architectures.map((arch) => arch.name).join(', ')}`,
      must(architectures[0]).name,
    )
    .addOption(
      new Option(
        '--stem <name>',
        'start of a convolutional network: for large images or for small ones',
      )
        .choices(['auto', ...STEMS])
        .default('auto', 'by the size of the images'),
    )
    .option(
      '--width <widths>',
      'fix the width (several: separated by commas, one for each stage) instead of matching the ' +
        'budget',
      widthList,
    )
    .option(
      '--budget <share>',
      "share of the dense baseline's multiply-adds to match, such as 0.25, or their number " +
        '(default: 1)',
      budgetNumber,
    )
    .option(
      '--data <name>',
      `data set: ${dataNames().join(', ')}; auto is CIFAR-10 where it is found, else shapes`,
      'auto',
    )
    .option('--data-path <path>', `files of --data ${namesWith('path')} (see: plexus data list)`)
    .option('--train-images <count>', 'use only the first so many training images', wholeNumber(0))
    .option('--test-images <count>', 'use only the first so many test images', wholeNumber(0))
    .option(
      '--validation <count>',
      'hold so many training images out of training, to choose on (auto: a tenth)',
      countOrAuto,
    )
    .option('--size <pixels>', `side of the images of ${namesWith('size')}`, wholeNumber(0))
    .option(
      '--seed <number>',
      'seed of starting weights, order and augmentation',
      wholeNumber(0),
      1,
    )
    .option('--no-augment', 'train on the images as they are')
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--json', 'print one JSON object for each epoch and one at the end')
    .addHelpText('after', HELP)
    .action((options: GivenNetwork<TrainOptions>) => run(context, networkOf(options, command)));
  addSettings(command);
  addRewiring(command);
  addFiles(command);
};

/** `a, b, c`: the data sets that take a key. */
const namesWith = (key: 'path' | 'size'): string => dataNamesWith(key).join(', ');

/** Without defaults: these are the architecture's. */
function addSettings(command: Command): void {
  command
    .option('--epochs <count>', 'passes over the training images', realNumber)
    .option('--batch <count>', 'images of an update', realNumber)
    .option('--rate <number>', 'learning rate at the start', realNumber)
    .option('--momentum <number>', 'Nesterov momentum', realNumber)
    .option('--weight-decay <number>', 'weight decay of every parameter', realNumber)
    .option(
      '--schedule <name>',
      'cosine (the rate falls to 0, epoch by epoch), cosine-steps (update by update) or constant',
    )
    .option(
      '--start <name>',
      'published (as in the code of the paper) or fan-in (weights scaled by the number ' +
        'of inputs that exist)',
    )
    .option(
      '--warmup <epochs>',
      'epochs over which the rate rises from 0 (default: none)',
      realNumber,
    )
    .option(
      '--label-smoothing <share>',
      'share of every label that is spread over all classes (default: 0)',
      realNumber,
    )
    .option(
      '--accumulate <parts>',
      'parts that a batch is cut into, to save memory; batch norm sees one at a time (default: 1)',
      realNumber,
    )
    .option(
      '--precise-bn <images>',
      'training images that batch norms are measured over before each evaluation; 0: none',
      realNumber,
    )
    .option(
      '--precision <name>',
      'float32, or bf16: products of training read rounded numbers (default: float32)',
    )
    .option(
      '--backend <name>',
      'auto, cpu, wasm-relaxed, wasm or reference (float64, very slow)',
      'auto',
    )
    .option(
      '--threads <count>',
      'threads inside the kernels; the numbers do not depend on it',
      realNumber,
      1,
    );
}

function addRewiring(command: Command): void {
  command
    .option(
      '--rewire <rule>',
      `rewire the graph on the way: ${REWIRE_RULES.join(', ')} (the pairs that are joined: random, of ` +
        'the largest gradient, with most common neighbours)',
    )
    .option('--rewire-every <updates>', 'updates between two rewirings (default: 100)', realNumber)
    .option(
      '--rewire-fraction <share>',
      'share of the pairs that the first rewiring drops; falls to 0 (default: 0.3)',
      realNumber,
    )
    .option(
      '--rewire-until <share>',
      'share of the training after which the graph stays (default: 0.75)',
      realNumber,
    )
    .option(
      '--rewire-graphs <name>',
      'layer (each relational layer has a graph of its own) or shared (default: layer)',
    );
}

function addFiles(command: Command): void {
  command
    .option('--load <file>', 'start from these weights (safetensors) instead of random ones')
    .option('--lenient', 'of --load take what fits by name and shape, and tell what was left')
    .option('--save <file>', 'write the trained weights, those after the last epoch (safetensors)')
    .option(
      '--save-best <file>',
      'write the weights of the epoch with the lowest test (or validation) error, as soon as ' +
        'there are better ones',
    )
    .option('--checkpoint <file>', 'keep the training in this file, to go on after an interruption')
    .option(
      '--every <epochs>',
      'write the checkpoint after every so many epochs (default: 1)',
      wholeNumber(1),
    )
    .option('--resume', 'go on from the checkpoint, where there is one')
    .option('--curves <file>', 'draw the learning curves (.svg, .png or .pdf)');
}

async function run(context: CliContext, options: TrainOptions): Promise<void> {
  const job = await prepare(context, options);
  const { design, dataset, settings, backend } = job;
  const { network, stem, cost } = design;
  const { name, description } = backend.info;
  context.note(
    `${network.arch}${stem === null ? '' : ` (${stem} stem)`} on ${job.graph}: width ` +
      `${network.widths.join(', ')}, ${formatCount(cost.macs)} MACs, ` +
      `${formatCount(cost.params)} params`,
  );
  context.note(`data ${dataset.identity}; ${name} (${description})`);
  for (const line of dataset.warnings) context.note(`warning: ${line}`);
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 1000;
  context.saving?.(options.checkpoint !== undefined);
  const outcome = await trained(options, () =>
    train({
      network,
      dataset,
      settings,
      seed: options.seed,
      backend,
      ...reactions(context, job, elapsed),
      signal: context.signal,
    }),
  );
  context.saving?.(false);
  const seconds = elapsed();
  if (options.save !== undefined)
    await saveWeights(
      options.save,
      outcome.executable,
      trainedFacts(job, outcome.executable),
      outcome.epochs.at(-1)!,
    );
  outcome.executable.dispose();
  if (options.curves !== undefined)
    await saveCurves(options.curves, `${network.arch} on ${job.graph}`, outcome.epochs);
  finish(context, job, outcome, seconds);
}

/** What is done while the training runs. */
function reactions(context: CliContext, job: Job, elapsed: () => number): Partial<Training> {
  const { options, settings, design } = job;
  const checkpoint = checkpointOf(options, factsOf(job));
  const { load, lenient = false, saveBest, json } = options;
  let before = 0;
  let best: EpochRecord | null = null;
  return {
    ...(checkpoint && { checkpoint }),
    onStart: (executable) => {
      if (checkpoint?.resume === true && !existsSync(checkpoint.file))
        context.note(`note: ${checkpoint.file} does not exist yet; the training begins`);
      if (load !== undefined) loadWeights(executable, load, lenient, (line) => context.note(line));
    },
    onResume: ({ epoch, step, records }) => {
      [before, best] = [epoch, bestOf(records)];
      noteResumed(context, checkpoint?.file ?? '', epoch, step);
    },
    onEpoch: async (record, executable) => {
      context.note(
        epochLine(record, {
          epochs: settings.epochs,
          classes: design.network.classes,
          before,
          elapsed: elapsed(),
        }),
      );
      if (json) outJson(context, record);
      if (best && choiceError(best) <= choiceError(record)) return;
      best = record;
      if (saveBest !== undefined)
        await saveWeights(saveBest, executable, trainedFacts(job, executable), record);
    },
    note: (line) => context.note(line),
    onWarning: (line) => context.note(`warning: ${line}`),
  };
}

/** Settings, data, network and backend from the options. Nothing is written. */
async function prepare(context: CliContext, options: TrainOptions): Promise<Job> {
  // Said before the training, not after it.
  checkFiles(options);
  const settings = settingsOf(options.arch, options);
  const graph = parseGraphSpec(options.graph);
  const arch = architecture(options.arch);
  const stem = options.stem === 'auto' ? {} : { stem: options.stem };
  // Said before the data set is drawn or read.
  stemOf(arch, stem);
  layerSpecs(graph, arch);
  checkGraphFiles([formatGraphSpec(graph)], '.');
  const data = dataSpec(options);
  const backend = selectBackend(settings.backend, (line) => context.note(line));
  const dataset = await loadDataset(data, {
    env: context.env,
    signal: context.signal,
    note: (line) => context.note(line),
    ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
  });
  checkTrainable(dataset, settings);
  const design = designNetwork({
    arch: options.arch,
    graph,
    input: dataset.shape,
    classes: dataset.classes.length,
    ...stem,
    widths: options.width,
    budget: options.budget,
  });
  refuseComplete(design.network, settings);
  return { options, settings, graph: formatGraphSpec(graph), dataset, design, backend };
}

/** A complete graph stays as it is: in a study as the baseline, here by mistake. */
function refuseComplete(network: Network, settings: TrainSettings): void {
  if (rewireOf(network, settings) === null) return;
  if (roundGraphs(network).some((graph) => rewireProblem(graph) !== 'complete')) return;
  throw new UserError(
    'a graph is rewired by joining pairs of nodes that are not joined, but the complete graph has none; ' +
      'take a sparser graph, or leave out --rewire',
  );
}

function dataSpec({
  data: name,
  dataPath: path,
  trainImages,
  testImages,
  validation,
  size,
}: TrainOptions): DataSpec {
  return { name, path, train: trainImages, test: testImages, validation, size };
}

async function trained(
  { checkpoint }: FileOptions,
  work: () => Promise<TrainOutcome>,
): Promise<TrainOutcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TrainingFailed)
      throw new CommandFailed(`${error.message}; lower --rate`, { cause: error });
    if (error instanceof Interrupted && checkpoint !== undefined)
      throw new Interrupted(`${error.message}; go on with the same command and --resume`);
    throw error;
  }
}
