import { Option } from 'commander';
import { must } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import { type GivenImage, givenImages } from '../../data-files/given/images.js';
import { defaultCrop } from '../../data-files/folder/load.js';
import { specOfIdentity } from '../../data/identity.js';
import type { Normalisation } from '../../data/normalise.js';
import type { CropKind } from '../../data/types.js';
import { type Classification, type Classifier, createClassifier } from '../../engine/classifier.js';
import { knownNormalisation } from '../../interop/export/facts.js';
import type { TrainedNetwork } from '../../interop/export/types.js';
import { wholeNumber } from '../arguments.js';
import { type CliContext, CommandFailed, outJson, type RegisterCommand } from '../context.js';
import { addNetworkOptions } from './export.js';
import { type NetworkFlags, trainedNetwork } from './export/source.js';
import '../../graph-files/register.js';
import '../../engine-native/register.js';

interface PredictFlags extends NetworkFlags {
  readonly top: number;
  readonly batch: number;
  readonly crop?: CropKind;
  readonly backend: string;
  readonly json?: boolean;
}

const HELP = `
FILE holds weights (plexus train --save) or is a checkpoint. IMAGES are pictures (.jpg, .png, .webp),
folders of them, or arrays of bytes (.npz, .npy; of an .npz the array images, x, or a split's). A picture is
scaled and its middle taken, as in evaluation; the file of weights tells how images are normalised.

A line for each image: its name, then classes with their probabilities, most probable first. They are
the softmax of the logits; how well they are calibrated nobody promises. With --json a line is
{image, class, label, probability, probabilities}, probabilities in the order of the classes, and of
an image that cannot be read {image, problem}.

Exit status 1: some images could not be read; the others are told.

Examples:
  $ plexus predict best.safetensors cat.jpg
  $ plexus predict best.safetensors photos --json`;

/** `plexus predict`: what a trained network takes images for. */
export const registerPredict: RegisterCommand = (program, context) => {
  const command = program
    .command('predict')
    .description('Tell the classes of images, with probabilities.')
    .argument('<file>', 'weights (safetensors) or a checkpoint')
    .argument('<images...>', 'pictures, folders of pictures, .npz or .npy files')
    .option('--top <count>', 'classes that are told of each image', wholeNumber(1), 3)
    .option(
      '--batch <count>',
      'images at a time; no class depends on it',
      wholeNumber(1, 65_536),
      1,
    )
    .addOption(
      new Option(
        '--crop <kind>',
        'part of a picture: the middle (shift), or with a margin as of 256 to 224 pixels (resized) ' +
          '(default: as in the training)',
      ).choices(['resized', 'shift']),
    )
    .option(
      '--backend <name>',
      'auto, cpu, wasm-relaxed, wasm or reference (float64, very slow)',
      'auto',
    );
  addNetworkOptions(command);
  command
    .option('--json', 'print one JSON object for each image')
    .addHelpText('after', HELP)
    .action((file: string, images: string[], flags: PredictFlags) =>
      predict(context, file, images, flags),
    );
};

async function predict(
  context: CliContext,
  path: string,
  paths: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  const model = await trainedNetwork(context, { kind: 'weights', path }, flags);
  const normalisation = knownNormalisation(model);
  const { network, origin } = model;
  const trainedOn = origin.data === null ? null : specOfIdentity(origin.data);
  const crop = flags.crop ?? trainedOn?.crop ?? defaultCrop(network.input.width);
  const classifier = await createClassifier(network, model.weights, {
    batch: flags.batch,
    backend: flags.backend,
    note: (line) => context.note(line),
  });
  let [told, unread] = [0, 0];
  try {
    for await (const images of batches(givenImages(paths, network.input, crop), flags.batch)) {
      context.signal.throwIfAborted();
      const found = await classified(classifier, images, normalisation);
      for (const [image, classes] of found) tell(context, model, flags, image, classes);
      told += found.length;
      unread += found.filter(([, classes]) => classes === null).length;
    }
  } finally {
    classifier.dispose();
  }
  if (unread > 0) throw new CommandFailed(`${unread} of ${told} images could not be read`);
}

async function* batches(
  images: AsyncIterable<GivenImage>,
  size: number,
): AsyncGenerator<readonly GivenImage[]> {
  let batch: GivenImage[] = [];
  for await (const image of images) {
    batch.push(image);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

type Told = readonly [GivenImage, Classification | null];

/** Images with what the network takes them for; null of one that could not be read. */
async function classified(
  classifier: Classifier,
  images: readonly GivenImage[],
  { mean, std }: Normalisation,
): Promise<Told[]> {
  const { input } = classifier.network;
  const size = features(input);
  const plane = input.height * input.width;
  const readable = images.flatMap((image) => ('bytes' in image ? [image.bytes] : []));
  const samples = new Float32Array(size * readable.length);
  readable.forEach((bytes, image) =>
    bytes.forEach((byte, at) => {
      const channel = Math.floor(at / plane);
      samples[image * size + at] = (byte - must(mean[channel])) / must(std[channel]);
    }),
  );
  const found = samples.length === 0 ? [] : await classifier.classify(samples);
  let next = 0;
  return images.map((image) => [image, 'bytes' in image ? must(found[next++]) : null]);
}

function tell(
  context: CliContext,
  { network, classNames }: TrainedNetwork,
  { top, json }: PredictFlags,
  image: GivenImage,
  classes: Classification | null,
): void {
  const nameOf = (label: number): string => classNames?.[label] ?? String(label);
  if (classes === null || 'problem' in image) {
    const problem = 'problem' in image ? image.problem : '';
    if (json) outJson(context, { image: image.name, problem });
    else context.note(`${image.name}: cannot be read (${problem})`);
    return;
  }
  const { label, probabilities } = classes;
  if (json)
    return outJson(context, {
      image: image.name,
      class: nameOf(label),
      label,
      probability: probabilities[label],
      probabilities: [...probabilities],
    });
  const best = Array.from({ length: network.classes }, (_, each) => each)
    .toSorted((a, b) => must(probabilities[b]) - must(probabilities[a]))
    .slice(0, top);
  const parts = best.map((each) => `${nameOf(each)} ${percent(must(probabilities[each]))}`);
  context.out(`${image.name}: ${parts.join(', ')}`);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
