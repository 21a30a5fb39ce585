import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { jsonOrNull } from '../core/json.js';
import { readSafetensors, readSafetensorsMetadata } from '../core/safetensors.js';
import type { Tensor } from '../core/tensor.js';
import type { Dataset } from '../data/types.js';
import type { Executable } from '../engine/types.js';
import { writeWeights } from '../engine/weights.js';
import { sequenceOf } from '../graph/sequence.js';
import { formatGraphSpec, parseGraphSpec } from '../graph/spec.js';
import type { Network } from '../network/types.js';
import { readBytes } from '../platform/fs.js';
import { packageVersion } from '../platform/version.js';
import { type Checkpoint, checkpointOf, checkWhole, isCheckpoint, restore } from './checkpoint.js';

/** The metadata's key. */
export const WEIGHTS_KEY = 'plexus';

/** What weights say of the network that they are of, and of what it takes. */
export interface WeightsFacts {
  readonly arch: string;
  readonly stem: string | null;
  /** Spec line; null where the graph was no spec. */
  readonly graph: string | null;
  readonly widths: readonly number[];
  /** Channels, height and width of an image. */
  readonly input: readonly number[];
  readonly classes: number;
  readonly classNames: readonly string[];
  /** Per channel, in byte units (0..255): a pixel enters the network as (byte - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Identity of the data set that they were trained on. */
  readonly data: string;
  /** Images of its test split, which errors are of. */
  readonly testImages: number;
  /** Of Plexus. */
  readonly version: string;
}

/** What to write beside the weights of a network that was trained on a data set. */
export function weightsFacts(
  { arch, graph, widths, input, classes }: Network,
  stem: string | null,
  dataset: Dataset,
): WeightsFacts {
  return {
    arch,
    stem,
    graph: graph && formatGraphSpec(graph),
    widths,
    input: [input.channels, input.height, input.width],
    classes,
    classNames: dataset.classes,
    mean: dataset.mean,
    std: dataset.std,
    data: dataset.identity,
    testImages: dataset.test.count,
    version: packageVersion(),
  };
}

const numbers = z.array(z.number());
/** The trial of a study that weights are of. */
const studySchema = z.object({
  name: z.string(),
  hash: z.string(),
  trial: z.int(),
  errors: z.array(z.number()),
  fresh: z.boolean(),
});
/** Files of older versions have some of it, those of other programs nothing. */
const factsSchema = z
  .object({
    arch: z.string(),
    stem: z.string().nullable(),
    graph: z.string().nullable(),
    widths: numbers,
    input: numbers.length(3),
    classes: z.int(),
    classNames: z.array(z.string()),
    mean: numbers,
    std: numbers,
    data: z.string(),
    testImages: z.int(),
    version: z.string(),
    seed: z.int(),
    epoch: z.int(),
    validationError: z.number(),
    testError: z.number(),
    study: studySchema,
    spikeLevels: z.int(),
  })
  .partial();

const identitySchema = z.object({
  network: z.object({ arch: z.string(), graph: z.string().nullable(), widths: numbers }),
  data: z.string(),
});

/** A file of weights as it was read. */
export interface WeightsFile {
  readonly path: string;
  /** What the file says of itself. */
  readonly facts: z.output<typeof factsSchema>;
  /** Null of weights alone. */
  readonly checkpoint: Checkpoint | null;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Reads a file of weights, or the weights of a checkpoint.
 *
 * @throws UserError that names the file where it is neither, or damaged
 */
export function readWeightsFile(path: string): WeightsFile {
  const bytes = readBytes(path);
  try {
    const metadata = readSafetensorsMetadata(bytes);
    const checkpoint = isCheckpoint(metadata) ? checkpointOf(path, bytes) : null;
    const facts = {
      ...(checkpoint && checkpointFacts(checkpoint)),
      ...factsOf(metadata.get(WEIGHTS_KEY)),
      ...(checkpoint && rewiredFacts(checkpoint)),
    };
    return { path, facts, checkpoint, tensors: checkpoint?.tensors ?? readSafetensors(bytes) };
  } catch (error) {
    if (!(error instanceof UserError) || error.message.startsWith(path)) throw error;
    throw new UserError(`${path}: ${error.message}`, { cause: error });
  }
}

/** Another program's metadata under that name say nothing. */
function factsOf(text: string | undefined): WeightsFile['facts'] {
  return factsSchema.safeParse(jsonOrNull(text ?? '{}')).data ?? {};
}

/** A checkpoint's graphs where they were rewired. */
function rewiredFacts(checkpoint: Checkpoint): Pick<WeightsFile['facts'], 'graph'> {
  const { graphs } = checkpoint.state;
  if (graphs === undefined) return {};
  const began = checkpointFacts(checkpoint).graph ?? null;
  const from = began === null ? null : parseGraphSpec(began);
  return { graph: formatGraphSpec(sequenceOf(from, graphs.map(parseGraphSpec))) };
}

function checkpointFacts({ identity, state }: Checkpoint): WeightsFile['facts'] {
  const known = identitySchema.safeParse(identity).data;
  return known === undefined ? {} : { ...known.network, data: known.data, epoch: state.epoch };
}

/** PyTorch's batch norms carry this counter; nothing here depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;
/** Names that a message lists. */
const LISTED = 5;

/**
 * Writes the weights of a file into a network. A prefix that all names have and the network's have
 * not, such as the `module.` of PyTorch's DataParallel, is taken off. Of a checkpoint momenta are
 * restored too.
 *
 * @param note takes a line where something was done to the names
 * @throws UserError for names or shapes that do not fit, and for numbers that are not finite
 */
export function loadWeightsInto(
  executable: Executable,
  { path, tensors, checkpoint }: Pick<WeightsFile, 'path' | 'tensors' | 'checkpoint'>,
  note: (line: string) => void,
): void {
  if (checkpoint !== null) {
    checkWhole(checkpoint, executable.program.parameters);
    restore(executable, checkpoint);
    return;
  }
  const named = ownNames(executable, { path, tensors }, note);
  checkNames(
    path,
    [...named.keys()],
    executable.program.parameters.map(({ name }) => name),
  );
  checkFinite(path, named);
  try {
    writeWeights(executable, named, true);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message}; ${OTHER_NETWORK}`, { cause: error });
  }
}

/**
 * Writes what of a file's weights fits into a network, by name and shape, and notes what was left.
 * What the file does not have stays as it is.
 *
 * @throws UserError where nothing fits, and for numbers that are not finite
 */
export function loadFittingWeights(
  executable: Executable,
  file: Pick<WeightsFile, 'path' | 'tensors'>,
  note: (line: string) => void,
): void {
  const named = ownNames(executable, file, note);
  const { parameters } = executable.program;
  const fitting = new Map(
    parameters.flatMap(({ name, shape }) => {
      const tensor = named.get(name);
      return tensor?.shape.join() === shape.join() ? [[name, tensor] as const] : [];
    }),
  );
  if (fitting.size === 0)
    throw new UserError(
      `${file.path}: no tensor has the name and the shape of one of the network's ` +
        `(${listed(parameters.map(({ name }) => name))}); ${OTHER_NETWORK}`,
    );
  checkFinite(file.path, fitting);
  writeWeights(executable, fitting, false);
  const left = [...named.keys()].filter((name) => !fitting.has(name));
  const own = parameters.map(({ name }) => name).filter((name) => !fitting.has(name));
  note(`note: ${fitting.size} of ${named.size} tensors of ${file.path} were taken`);
  if (left.length > 0) note(`note: left in the file (another name or shape): ${left.join(', ')}`);
  if (own.length > 0) note(`note: not from the file: ${own.join(', ')}`);
}

/** The tensors of a file by the network's names: without a prefix that all of them have. */
function ownNames(
  executable: Executable,
  { path, tensors }: Pick<WeightsFile, 'path' | 'tensors'>,
  note: (line: string) => void,
): Map<string, Tensor> {
  const wanted = executable.program.parameters.map(({ name }) => name);
  const given = new Map([...tensors].filter(([name]) => !IGNORED.test(name)));
  const prefix = commonPrefix([...given.keys()], wanted);
  if (prefix !== '')
    note(
      `note: the names in ${path} begin with "${prefix}"` +
        `${prefix === 'module.' ? ', as of PyTorch’s DataParallel' : ''}; taken without it`,
    );
  return new Map([...given].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

const OTHER_NETWORK =
  'the weights are of another network; give the architecture, graph and width that they were ' +
  'trained with';

/** The beginning, up to a dot, without which all names are those that are wanted; else nothing. */
function commonPrefix(given: readonly string[], wanted: readonly string[]): string {
  const known = new Set(wanted);
  if (given.some((name) => known.has(name))) return '';
  const [prefix = ''] = given.flatMap((name) => {
    const last = wanted.find((each) => name.endsWith(`.${each}`));
    return last === undefined ? [] : [name.slice(0, -last.length)];
  });
  return given.every((name) => name.startsWith(prefix)) ? prefix : '';
}

function checkNames(path: string, given: readonly string[], wanted: readonly string[]): void {
  const [has, wants] = [new Set(given), new Set(wanted)];
  const missing = wanted.filter((name) => !has.has(name));
  const unexpected = given.filter((name) => !wants.has(name));
  if (missing.length === 0 && unexpected.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`missing ${listed(missing)}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${listed(unexpected)}`] : []),
  ];
  const remedy =
    missing.length === 0 ? 'remove from the file what the network does not have' : OTHER_NETWORK;
  throw new UserError(
    `${path}: these weights do not fit the network: ${parts.join('; ')}; ${remedy}`,
  );
}

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return names.slice(0, LISTED).join(', ') + more;
}

function checkFinite(path: string, tensors: ReadonlyMap<string, Tensor>): void {
  for (const [name, { data }] of tensors) {
    const bad = data.findIndex((value: number) => !Number.isFinite(value));
    if (bad === -1) continue;
    const count = data.length - data.filter((value: number) => Number.isFinite(value)).length;
    throw new UserError(
      `${path}: weights must be finite numbers; tensor "${name}" holds ${data[bad]} at place ` +
        `${bad} (${count} of its ${data.length} numbers are not finite): the training that wrote ` +
        'it diverged, or the file is damaged; take weights of an earlier epoch',
    );
  }
}
