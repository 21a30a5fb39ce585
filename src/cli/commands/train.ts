import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.js';
import { withFileErrors } from '../../core/fs.js';
import { loadDataset, type DataSpec, type Dataset } from '../../data/index.js';
import { readWeights, selectBackend, writeWeights, type Backend, type BackendName, type Executable } from '../../engine/index.js';
import { formatGraphSpec, parseGraphSpec } from '../../graph/index.js';
import { readSafetensorsFile, writeSafetensorsFile } from '../../interop/index.js';
import { architecture, architectures, designNetwork, layerSpecs, type Design } from '../../network/index.js';
import { checkGraphFiles } from '../../study/index.js';
import { checkTrainable, defaultTrainSettings, train, TrainingFailed, trainSettings, type EpochRecord, type TrainOutcome, type TrainSettings } from '../../train/index.js';
import { realNumber, wholeNumber } from '../arguments.js';
import { CommandFailed, outJson, type CliContext, type RegisterCommand } from '../context.js';
import { formatCount, formatDuration, formatReal, formatTable } from '../format.js';
import { formatLeft, timeLeft } from '../progress.js';

interface TrainOptions {
  readonly arch: string;
  readonly graph: string;
  readonly data: DataSpec['name'];
  readonly trainImages?: number;
  readonly testImages?: number;
  readonly size?: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  readonly backend: BackendName | 'auto';
  readonly augment: boolean;
  readonly dataDir?: string;
  readonly load?: string;
  readonly save?: string;
  readonly json?: boolean;
}

/** What is trained, checked and ready. */
interface Job {
  readonly options: TrainOptions;
  readonly settings: TrainSettings;
  readonly graph: string;
  readonly dataset: Dataset;
  readonly design: Design;
  readonly backend: Backend;
}

const HELP = `
The width is matched to the multiply-adds of the dense baseline, as in a study. Errors are in %: training errors are taken
while the epoch is trained (augmented, weights moving), test errors over the whole test split after it.

With --json every epoch is one line on standard output, {epoch, learningRate, trainLoss, trainError, testLoss,
testError}, and the last line is {arch, graph, nodes, edges, clustering, pathLength, widths, macs, params, data, backend,
seed, epochs, error, seconds, weights}: error is the last epoch's test error, weights the file of --save or null.

Example:
  $ plexus train --graph ws-flex:n=64,k=8,p=0.1,seed=3 --data shapes --epochs 5`;

/** `plexus train`: one network. */
export const registerTrain: RegisterCommand = (program, context) => {
  const { epochs, batch, learningRate } = defaultTrainSettings;
  program
    .command('train')
    .description('train one network and print its error after every epoch')
    .requiredOption('--graph <spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1,seed=3')
    .option('--arch <name>', `architecture: ${architectures.map((arch) => arch.name).join(', ')}`, architectures[0].name)
    .option('--data <name>', 'data set: auto (CIFAR-10 where it is found, else shapes), cifar10, shapes', 'auto')
    .option('--train-images <count>', 'use only the first so many training images', wholeNumber(0))
    .option('--test-images <count>', 'use only the first so many test images', wholeNumber(0))
    .option('--size <pixels>', 'side of the images of shapes', wholeNumber(0))
    .option('--epochs <count>', 'passes over the training images', realNumber, epochs)
    .option('--batch <count>', 'images in a batch', realNumber, batch)
    .option('--rate <number>', 'learning rate at the start; it falls as a cosine', realNumber, learningRate)
    .option('--seed <number>', 'seed of starting weights, order and augmentation', wholeNumber(0), 1)
    .option('--backend <name>', 'auto, cpu, wasm or reference (float64, very slow)', 'auto')
    .option('--no-augment', 'train on the images as they are')
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--load <file>', 'start from these weights (safetensors) instead of random ones')
    .option('--save <file>', 'write the trained weights (safetensors)')
    .option('--json', 'print one JSON object for each epoch and one at the end')
    .addHelpText('after', HELP)
    .action((options: TrainOptions) => run(context, options));
};

async function run(context: CliContext, options: TrainOptions): Promise<void> {
  const job = await prepare(context, options);
  const { design, dataset, settings, backend } = job;
  const { network, cost } = design;
  const { name, description } = backend.info;
  context.note(`${network.arch} on ${job.graph}: width ${network.widths.join(', ')}, ${formatCount(cost.macs)} MACs, ${formatCount(cost.params)} params`);
  context.note(`data ${dataset.identity}; ${name} (${description})`);
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 1000;
  const onEpoch = (record: EpochRecord): void => {
    context.note(epochLine(record, settings.epochs, elapsed()));
    if (options.json) outJson(context, record);
  };
  const onStart = (executable: Executable): void => {
    if (options.load !== undefined) writeWeights(executable, readSafetensorsFile(options.load), true);
  };
  const outcome = await trained(() => train({ network, dataset, settings, seed: options.seed, backend, onStart, onEpoch, signal: context.signal }));
  const seconds = elapsed();
  if (options.save !== undefined) writeSafetensorsFile(options.save, readWeights(outcome.executable), { plexus: JSON.stringify({ arch: network.arch, graph: job.graph, widths: network.widths, seed: options.seed }) });
  outcome.executable.dispose();
  finish(context, job, outcome, seconds);
}

/** Settings, data, network and backend from the options. Nothing is written. */
async function prepare(context: CliContext, options: TrainOptions): Promise<Job> {
  const { save } = options;
  // Said before the training, not after it.
  if (save !== undefined) withFileErrors('write', save, () => checkWritable(save));
  const settings = settingsOf(options);
  const graph = parseGraphSpec(options.graph);
  // Said before the data set is drawn or read.
  layerSpecs(graph, architecture(options.arch));
  checkGraphFiles([formatGraphSpec(graph)], '.');
  const data = dataSpec(options);
  const backend = selectBackend(settings.backend, (line) => context.note(line));
  const dataset = await loadDataset(data, { env: context.env, ...(options.dataDir !== undefined && { dataDir: options.dataDir }) });
  checkTrainable(dataset, settings);
  const design = designNetwork({ arch: options.arch, graph, input: dataset.shape, classes: dataset.classes.length });
  return { options, settings, graph: formatGraphSpec(graph), dataset, design, backend };
}

/** Throws the system's error where a file cannot be written; makes none. */
function checkWritable(path: string): void {
  if (!existsSync(path)) accessSync(dirname(path), constants.W_OK);
  else closeSync(openSync(path, 'r+'));
}

function dataSpec({ data: name, trainImages, testImages, size }: TrainOptions): DataSpec {
  return { name, ...(trainImages !== undefined && { train: trainImages }), ...(testImages !== undefined && { test: testImages }), ...(size !== undefined && { size }) };
}

/** The option that sets each setting, for messages. */
const OPTION_OF: Readonly<Record<string, string>> = { learningRate: 'rate' };

function settingsOf({ epochs, batch, rate, augment, backend }: TrainOptions): TrainSettings {
  const parsed = trainSettings.safeParse({ epochs, batch, learningRate: rate, augment, backend });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = OPTION_OF[String(issue.path[0])] ?? String(issue.path[0]);
  throw new UserError(`--${name} must be ${issue.message}; got ${String({ epochs, batch, rate, augment, backend }[name])}`);
}

async function trained(work: () => Promise<TrainOutcome>): Promise<TrainOutcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TrainingFailed) throw new CommandFailed(`${error.message}; lower --rate`, { cause: error });
    throw error;
  }
}

function epochLine(record: EpochRecord, epochs: number, elapsed: number): string {
  const left = record.epoch < epochs ? `, ${formatLeft(timeLeft(record.epoch, epochs, elapsed))}` : '';
  const { epoch, learningRate, trainLoss, trainError, testLoss, testError } = record;
  return `epoch ${epoch}/${epochs}: rate ${learningRate.toPrecision(3)}, train loss ${trainLoss.toFixed(4)} error ${trainError.toFixed(2)} %, test loss ${testLoss.toFixed(4)} error ${testError.toFixed(2)} %${left}`;
}

function finish(context: CliContext, { options, design, dataset, backend, graph }: Job, { epochs }: TrainOutcome, seconds: number): void {
  const { network, cost, measures } = design;
  const last = epochs.at(-1)!;
  if (options.json) {
    const { nodes, edges, clustering, pathLength } = measures;
    outJson(context, {
      arch: network.arch, graph, nodes, edges, clustering, pathLength, widths: network.widths, macs: cost.macs, params: cost.params,
      data: dataset.identity, backend: backend.info.name, seed: options.seed, epochs: epochs.length, error: last.testError, seconds, weights: options.save ?? null,
    });
    return;
  }
  const rows = [
    ['graph', graph],
    ['C, L', `${formatReal(measures.clustering, 4)}, ${formatReal(measures.pathLength, 4)}`],
    ['width', network.widths.join(', ')],
    ['epochs', String(epochs.length)],
    ['train error', `${last.trainError.toFixed(2)} %`],
    ['test error', `${last.testError.toFixed(2)} %`],
    ['time', formatDuration(seconds)],
    ...(options.save === undefined ? [] : [['weights', options.save]]),
  ];
  context.out(formatTable([{ title: network.arch }, { title: '' }], rows));
}
