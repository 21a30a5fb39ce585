import { existsSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.js';
import { valueDifferences } from '../core/differences.js';
import { UserError } from '../core/errors.js';
import { foreignWeights } from '../core/foreign-weights.js';
import {
  DamagedSafetensors,
  readSafetensors,
  readSafetensorsMetadata,
} from '../core/safetensors.js';
import type { Tensor } from '../core/tensor.js';
import { packExisting, unpackExisting } from '../engine/packed.js';
import type { BackendInfo, Executable } from '../engine/types.js';
import { formatGraphSpec } from '../graph/spec.js';
import { existingNumbers } from '../network/parameters.js';
import type { BlockMask, Network, ParameterInfo } from '../network/types.js';
import { readBytes } from '../platform/fs.js';
import { sha256Hex } from '../platform/hash.js';
import { writeSafetensorsFile } from '../platform/safetensors-files.js';
import { packageVersion } from '../platform/version.js';
import { jsonOrNull } from '../core/json.js';
import { checkSums, withChecksums } from './checkpoint-sums.js';
import type { TrainState } from '../train/state.js';
import type { TrainSettings } from '../train/types.js';

/** Version of the file's metadata. */
const FORMAT = 1;
/** The metadata's key. */
const KEY = 'plexus-checkpoint';
/** What the names of momenta begin with; weights and statistics have their own. */
const MOMENTUM = 'momentum:';

/** What a training is: two with equal identities go the same way. */
export interface TrainIdentity {
  /**
   * All but the number of threads, which changes nothing, and the backend, which stands below as it
   * was settled; the precision where it is not float32, which it was before there was another.
   */
  readonly settings: Omit<TrainSettings, 'threads' | 'backend' | 'precision'> & {
    readonly precision?: 'bf16';
  };
  readonly seed: number;
  readonly network: {
    readonly arch: string;
    readonly graph: string | null;
    readonly widths: readonly number[];
    readonly layers: string;
  };
  /** The data set's identity. */
  readonly data: string;
  readonly backend: string;
}

/** A checkpoint as it was read. */
export interface Checkpoint {
  readonly file: string;
  readonly identity: unknown;
  /** Name and description of the backend. */
  readonly madeWith: string;
  readonly state: TrainState;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export function identityOf(
  network: Network,
  given: TrainSettings,
  seed: number,
  data: string,
  backend: BackendInfo,
): TrainIdentity {
  const { threads: _, backend: __, precision, ...rest } = given;
  const settings = precision === 'bf16' ? { ...rest, precision } : rest;
  const { arch, graph, widths } = network;
  return {
    settings,
    seed,
    network: { arch, graph: graph && formatGraphSpec(graph), widths, layers: layersHash(network) },
    data,
    backend: backend.name,
  };
}

/** Equal for networks of the same layers over the same graphs. */
function layersHash({ layers, input, classes }: Network): string {
  const plain = layers.map((layer) => ({
    ...layer,
    ...('mask' in layer && { mask: layer.mask && maskHash(layer.mask) }),
  }));
  return sha256Hex(canonicalJson({ input, classes, layers: plain })).slice(0, 16);
}

function maskHash({ graph, input, output }: BlockMask): string {
  return sha256Hex(
    canonicalJson(
      [graph.offsets, graph.targets, input.sizes, output.sizes].map((list) => [...list]),
    ),
  );
}

/**
 * Writes a checkpoint in one step: whoever reads sees the old one or the new. Throws `UserError`s
 * that name the file.
 */
export async function writeCheckpoint(
  file: string,
  executable: Executable,
  identity: TrainIdentity,
  backend: BackendInfo,
  state: TrainState,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { parameters } = executable.program;
  const kept = async (
    name: string,
    parameter: ParameterInfo,
    what: 'value' | 'momentum',
  ): Promise<readonly [string, Tensor]> => {
    const data = packExisting(parameter, await executable.read(parameter.name, what));
    return [name, { shape: keptShape(parameter), data }];
  };
  const values = parameters.map((parameter) => kept(parameter.name, parameter, 'value'));
  const momenta = parameters
    .filter(({ learnable }) => learnable)
    .map((parameter) => kept(MOMENTUM + parameter.name, parameter, 'momentum'));
  const about = {
    format: FORMAT,
    plexus: packageVersion(),
    madeWith: describe(backend),
    identity,
    state,
  };
  const tensors = new Map(await Promise.all([...values, ...momenta]));
  const text = JSON.stringify(about);
  writeSafetensorsFile(file, tensors, withChecksums({ ...metadata, [KEY]: text }, tensors));
}

/** Of a sparse parameter only the numbers that exist are kept, in order. */
function keptShape(parameter: ParameterInfo): readonly number[] {
  return parameter.mask === null ? parameter.shape : [existingNumbers(parameter)];
}

function describe({ name, description }: BackendInfo): string {
  return `${name} (${description})`;
}

const count = z.int().min(0);
const finite = z.number();
const stateSchema = z.object({
  epoch: count,
  step: count,
  tally: z.object({ loss: finite, correct: count, correct5: count, samples: count }),
  records: z.array(
    z.object({
      epoch: count,
      learningRate: finite,
      trainLoss: finite,
      trainError: finite,
      trainError5: finite.nullable(),
      validationLoss: finite.optional(),
      validationError: finite.optional(),
      validationError5: finite.optional(),
      testLoss: finite,
      testError: finite,
      testError5: finite.nullable(),
      graphs: z.array(z.object({ clustering: finite, pathLength: finite.nullable() })).optional(),
    }),
  ),
  seconds: finite,
  graphs: z.array(z.string()).optional(),
}) satisfies z.ZodType<TrainState>;
const aboutSchema = z.object({
  format: z.literal(FORMAT),
  madeWith: z.string(),
  identity: z.unknown(),
  state: stateSchema,
});

/** A checkpoint without a byte in it: it was begun, and nothing can be lost by writing over it. */
export class EmptyCheckpoint extends UserError {}

/**
 * Reads a checkpoint; null where there is no file.
 *
 * @throws EmptyCheckpoint for an empty file
 * @throws UserError for a file that is damaged, no checkpoint, or one of another format
 */
export function readCheckpoint(file: string): Checkpoint | null {
  return existsSync(file) ? checkpointOf(file, readBytes(file)) : null;
}

/** The checkpoint that a file's bytes are. Throws as `readCheckpoint` does. */
export function checkpointOf(file: string, bytes: Uint8Array): Checkpoint {
  if (bytes.length === 0)
    throw new EmptyCheckpoint(`${file}: the file is empty; remove it to begin anew`);
  try {
    const metadata = readSafetensorsMetadata(bytes);
    const about = parseAbout(metadata.get(KEY));
    const tensors = readSafetensors(bytes);
    checkSums(metadata, tensors);
    return {
      file,
      identity: about.identity,
      madeWith: about.madeWith,
      state: about.state,
      tensors,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `${file}: ${error.message}`;
    if (foreignWeights(bytes) !== null) throw new UserError(message, { cause: error });
    // One cannot get a checkpoint again.
    if (error instanceof DamagedSafetensors)
      throw new UserError(`${file}: ${error.what}; remove it to begin anew`, { cause: error });
    throw new UserError(message, { cause: error });
  }
}

function parseAbout(text: string | undefined): z.output<typeof aboutSchema> {
  if (text === undefined)
    throw new UserError(
      'a checkpoint must tell of its training, but this file holds numbers alone; start ' +
        'from them with --load, or name another file',
    );
  const value = jsonOrNull(text);
  const parsed = aboutSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const found =
    typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof found === 'number' && found !== FORMAT)
    throw new UserError(
      `it is a checkpoint of format ${found}, this plexus reads format ${FORMAT}; use ` +
        'the version that wrote it, or remove it and train from the start',
    );
  throw new UserError(
    'the checkpoint is damaged ' +
      `(${parsed.error.issues[0]?.path.join('.') || 'no object'}); remove it and train ` +
      'from the start',
  );
}

/** Throws a `UserError` that tells what differs unless a checkpoint is of this very training. */
export function checkSameTraining({ file, identity }: Checkpoint, wanted: TrainIdentity): void {
  const differences = valueDifferences(identity, JSON.parse(JSON.stringify(wanted)));
  if (differences.length === 0) return;
  const shown = differences.slice(0, 4).join(', ');
  throw new UserError(
    `a training goes on only as it began, but ${file} is of another one: ${shown}; ` +
      'change that back, or train from the start with another checkpoint file',
  );
}

/** Whether a checkpoint was made by other kernels, whose last bits may differ. */
export function otherKernels({ madeWith }: Checkpoint, backend: BackendInfo): boolean {
  return madeWith !== describe(backend);
}

/**
 * Throws a `UserError` unless a checkpoint holds all numbers of a network with these parameters.
 */
export function checkWhole(
  { file, tensors }: Checkpoint,
  parameters: readonly ParameterInfo[],
): void {
  for (const parameter of parameters) {
    const { name, learnable } = parameter;
    const shape = keptShape(parameter);
    for (const key of learnable ? [name, MOMENTUM + name] : [name]) {
      if (tensors.get(key)?.shape.join() === shape.join()) continue;
      throw new UserError(
        `${file} is damaged: it must hold ${key} of shape [${shape.join(', ')}]; remove ` +
          'it and train from the start',
      );
    }
  }
}

/** Puts weights, statistics and momenta back. The checkpoint is whole. */
export function restore(executable: Executable, { tensors }: Checkpoint): void {
  for (const parameter of executable.program.parameters) {
    const { name, learnable } = parameter;
    executable.upload(name, unpackExisting(parameter, tensors.get(name)!.data));
    if (learnable && !executable.program.inference)
      executable.uploadMomentum(
        name,
        unpackExisting(parameter, tensors.get(MOMENTUM + name)!.data),
      );
  }
}

/** Whether a file's metadata say that it is a checkpoint. */
export function isCheckpoint(metadata: ReadonlyMap<string, string>): boolean {
  return metadata.has(KEY);
}
