import { type Command, InvalidArgumentError } from 'commander';
import { must } from '../../../core/errors.js';
import type { Tensor } from '../../../core/tensor.js';
import type { Dataset } from '../../../data/types.js';
import { selectBackend } from '../../../engine/backends/registry.js';
import { compile } from '../../../engine/compile.js';
import type { Executable } from '../../../engine/types.js';
import { readWeights, writeWeights } from '../../../engine/weights.js';
import type { Network, StairLevels } from '../../../network/types.js';
import { STAIR_LEVELS } from '../../../network/types.js';
import { stairNetwork, unitThresholds } from '../../../spikes/tune.js';
import { evaluateSplit } from '../../../train-files/evaluate.js';
import { train } from '../../../train-files/trainer.js';
import {
  loadWeightsInto,
  readWeightsFile,
  weightsFacts,
} from '../../../train-files/weights-file.js';
import { networkOfWeights } from '../../../train-files/weights-network.js';
import type { EpochRecord, TrainSettings } from '../../../train/types.js';
import { realNumber, wholeNumber } from '../../arguments.js';
import { type CliContext, outJson } from '../../context.js';
import { formatTable } from '../../format.js';
import { addDataOptions, type DataFlags, dataForWeights } from '../evaluate/data.js';
import { checkFiles, saveWeights } from '../train/files.js';
import { settingsOf } from '../train/settings.js';
import { calibrationImages } from './images.js';
import { spikeError } from './measure.js';
import '../../../graph-files/register.js';
import '../../../engine-native/register.js';

interface TuneFlags extends DataFlags {
  readonly levels: StairLevels;
  readonly epochs: number;
  readonly rate: number;
  readonly batch: number;
  readonly weightDecay: number;
  readonly augment: boolean;
  readonly seed: number;
  readonly calibrate: number;
  readonly save: string;
  readonly json?: boolean;
}

const HELP = `
FILE holds weights of an mlp or a cnn (plexus train --save). Its ReLUs become stairs of so many levels up
to the threshold of each layer, and training goes on through them, gradients straight through the steps
(Bu et al. 2022), the rate falling to 0 update by update. What is saved is an ordinary network with
ReLUs whose thresholds are all 1: plexus spike run knows it, and takes them instead of choosing its own.

Told are test errors in %: of the weights as they came, of their spikes in as many steps (qcfs, thresholds
chosen by calibration), of the stairs that were trained, and of their spikes. Part of what is gained is
the further training: plexus train --load FILE shows how much. With --json one object: {file, levels,
graph, widths, data, images, settings, seed, float, calibrated, stairs, tuned, weights}.

Example:
  $ plexus spike tune best.safetensors --levels 4 --save tuned.safetensors`;

/** Adds `plexus spike tune` to `plexus spike`. */
export function registerSpikeTune(spike: Command, context: CliContext): void {
  const command = spike
    .command('tune')
    .description('Train a network on with activations of a few levels, for spikes in few steps.')
    .argument('<file>', 'weights (safetensors) or a checkpoint')
    .option(
      '--levels <count>',
      `levels, and steps of the spikes: ${STAIR_LEVELS.join(', ')}`,
      stairLevels,
      4,
    )
    .option('--epochs <count>', 'passes over the training images', wholeNumber(1, 100_000), 1)
    .option('--rate <number>', 'learning rate at the start', realNumber, 0.01)
    .option('--batch <count>', 'images an update', wholeNumber(2, 65_536), 128)
    .option('--weight-decay <number>', 'weight decay', realNumber, 0.0005)
    .option('--no-augment', 'train on the images as they are')
    .option('--seed <number>', 'seed of order and augmentation', wholeNumber(0), 1)
    .option(
      '--calibrate <count>',
      'training images that thresholds are chosen by',
      wholeNumber(1, 65_536),
      256,
    )
    .requiredOption('--save <file>', 'write the weights to this file (.safetensors)');
  addDataOptions(command)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((file: string, flags: TuneFlags) => tune(context, file, flags));
}

function stairLevels(text: string): StairLevels {
  const found = STAIR_LEVELS.find((levels) => String(levels) === text);
  if (found === undefined)
    throw new InvalidArgumentError(`expected one of ${STAIR_LEVELS.join(', ')}.`);
  return found;
}

async function tune(context: CliContext, path: string, flags: TuneFlags): Promise<void> {
  checkFiles({ save: flags.save });
  const note = (line: string): void => context.note(line);
  const file = readWeightsFile(path);
  const dataset = await dataForWeights(context, file, flags);
  const { network, stem } = networkOfWeights(file, {
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  const settings = settingsOf(network.arch, {
    ...flags,
    schedule: 'cosine-steps',
    threads: 1,
    backend: 'auto',
  });
  const before = await asItCame(network, dataset, context, (executable) =>
    loadWeightsInto(executable, file, note),
  );
  const tuned = await trainStairs({ network, dataset, weights: before.weights, settings }, flags, {
    note,
    signal: context.signal,
  });
  await saveWeights(
    flags.save,
    tuned.executable,
    { ...weightsFacts(network, stem, dataset), seed: flags.seed, spikeLevels: flags.levels },
    tuned.record,
  );
  const weights = await readWeights(tuned.executable);
  tuned.executable.dispose();
  const [calibrated, spikes] = [
    await spikesOf({ network, dataset, weights: before.weights }, flags, false, context),
    await spikesOf({ network, dataset, weights }, flags, true, context),
  ];
  const errors = {
    float: before.error,
    calibrated,
    stairs: tuned.record.testError,
    tuned: spikes,
  };
  if (flags.json)
    outJson(context, {
      file: path,
      levels: flags.levels,
      graph: file.facts.graph ?? null,
      widths: network.widths,
      data: dataset.identity,
      images: dataset.test.count,
      settings,
      seed: flags.seed,
      ...errors,
      weights: flags.save,
    });
  else context.out(tableOf(errors, flags.levels, dataset));
}

/** The weights of a file in its network, and what they err. */
async function asItCame(
  network: Network,
  dataset: Dataset,
  context: CliContext,
  load: (executable: Executable) => void,
): Promise<{ readonly weights: Map<string, Tensor>; readonly error: number }> {
  const executable = await selectBackend('auto', (line) => context.note(line)).prepare(
    compile(network, { batch: 128, inference: true }),
  );
  try {
    load(executable);
    const weights = await readWeights(executable);
    const { error } = await evaluateSplit(executable, dataset, 'test', context.signal);
    return { weights, error };
  } finally {
    executable.dispose();
  }
}

interface ToTune {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** Trains the network's stairs on from weights whose thresholds are made 1. */
async function trainStairs(
  { network, dataset, weights, settings }: ToTune & { readonly settings: TrainSettings },
  { levels, calibrate, seed }: TuneFlags,
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<{ readonly executable: Executable; readonly record: EpochRecord }> {
  const images = await calibrationImages(dataset, calibrate);
  const begin = unitThresholds({ network, weights }, images, levels);
  const { executable, epochs } = await train({
    network: stairNetwork(network, levels),
    dataset,
    settings,
    seed,
    signal,
    onStart: (begun) => writeWeights(begun, begin, true),
    onEpoch: ({ epoch, testError }) =>
      note(`epoch ${epoch} of ${settings.epochs}: stairs err ${testError.toFixed(2)} %`),
  });
  return { executable, record: must(epochs.at(-1)) };
}

/** Test error in % of the spikes of a network in as many steps as its stairs have levels. */
const spikesOf = (
  toTune: ToTune,
  { levels, calibrate }: TuneFlags,
  tuned: boolean,
  { signal }: CliContext,
): Promise<number> =>
  spikeError(
    { ...toTune, workers: undefined, signal, onProgress: () => undefined },
    { code: 'qcfs', steps: levels, calibrate, tuned },
  );

function tableOf(
  errors: Readonly<Record<'float' | 'calibrated' | 'stairs' | 'tuned', number>>,
  levels: StairLevels,
  { identity, test }: Dataset,
): string {
  const rows = [
    ['float, as it came', errors.float],
    [`its spikes, qcfs:${levels}`, errors.calibrated],
    [`stairs of ${levels} levels, trained`, errors.stairs],
    [`their spikes, qcfs:${levels}`, errors.tuned],
  ] as const;
  const table = formatTable(
    [{ title: 'network' }, { title: 'error %', align: 'right' }],
    rows.map(([name, error]) => [name, error.toFixed(2)]),
  );
  return `${table}\n\ntest errors on ${test.count} images of ${identity}`;
}
