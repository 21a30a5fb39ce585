import { invariant, unknownName, UserError } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import { elements } from '../../core/tensor.js';
import { isProbe } from '../passes/probe.js';
import type {
  DispatchOptions,
  ImageBatch,
  ParamId,
  Phase,
  PrepareOptions,
  Program,
  StepSettings,
} from '../types.js';

/*
 * What every backend checks of its callers, in one place so that all of them say the same.
 */

const INFERENCE = 'a program compiled for inference only evaluates';
const FOR_TRAINING = 'compile the network without "inference" to train it';

/** Id of a parameter by name. Throws a `UserError` listing the valid names. */
export function parameterId(program: Program, name: string, learnable: boolean): ParamId {
  if (learnable && program.inference)
    throw new UserError(`${INFERENCE}, it has no gradients and momenta; ${FOR_TRAINING}`);
  const id = program.parameters.findIndex(
    (parameter) => parameter.name === name && (parameter.learnable || !learnable),
  );
  if (id >= 0) return id;
  const valid = program.parameters
    .filter((parameter) => parameter.learnable || !learnable)
    .map((parameter) => parameter.name);
  throw unknownName(learnable ? 'learnable parameter' : 'parameter', name, valid);
}

/** Throws unless a program differs from another one in masks alone. */
export function checkRewired(program: Program, next: Program): void {
  const told = ({ parameters, batch, inference }: Program): string =>
    [
      batch,
      inference,
      ...parameters
        .filter((parameter) => !isProbe(parameter))
        .map(({ name, shape, mask }) => `${name} ${shape.join('x')} ${mask === null}`),
    ].join(' ');
  invariant(
    told(program) === told(next),
    'an executable is rewired to a program of the same batch and parameters, masks alone differing',
  );
}

/** The most threads of one model: as many as native/threads.h has. */
export const MAX_THREADS = 64;

/**
 * The threads asked for. Throws a `UserError` unless that is a number that can be, whether or not
 * the backend uses them.
 */
export function checkThreads({ threads = 1 }: PrepareOptions): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return threads;
  throw new UserError(`a model runs on 1 to ${MAX_THREADS} threads, got ${threads}`);
}

/** Throws a `UserError` unless `values` holds as many numbers as the parameter's shape. */
export function checkLength(program: Program, id: ParamId, values: ArrayLike<number>): void {
  const { name, shape } = program.parameters[id];
  if (values.length !== elements(shape)) {
    throw new UserError(
      `parameter "${name}" of shape [${shape.join(', ')}] takes ${elements(shape)} ` +
        `numbers, got ${values.length}`,
    );
  }
}

/**
 * Throws a `UserError` unless the samples and labels are those of `count` samples that fit the
 * program.
 */
export function checkInput(
  program: Program,
  samples: ArrayLike<number>,
  labels: ArrayLike<number>,
  count: number,
): void {
  checkCount(program, count);
  const size = features(program.network.input);
  if (samples.length !== count * size) {
    throw new UserError(
      `${count} samples of ${size} features are ${count * size} numbers, got ${samples.length}`,
    );
  }
  if (labels.length !== count)
    throw new UserError(`${count} samples need ${count} labels, got ${labels.length}`);
  for (let i = 0; i < count; i++) checkLabel(program, labels[i]);
}

/**
 * Throws a `UserError` unless the images fit the program's input, and every index, label and
 * transform is there.
 */
export function checkImages(program: Program, batch: ImageBatch): void {
  checkCount(program, batch.count);
  const { channels, height, width } = batch.shape;
  const wanted = program.network.input;
  if (channels !== wanted.channels || height !== wanted.height || width !== wanted.width) {
    throw new UserError(
      `the network takes images of ${wanted.channels}x${wanted.height}x${wanted.width}, ` +
        `got ${channels}x${height}x${width}`,
    );
  }
  const { count, indices, images, labels, mean, std, flip, shiftX, shiftY } = batch;
  if (mean.length !== channels || std.length !== channels) {
    throw new UserError(
      `normalising ${channels} channels takes ${channels} means and deviations, got ` +
        `${mean.length} and ${std.length}`,
    );
  }
  const lists = [indices, ...[flip, shiftX, shiftY].filter((list) => list !== null)];
  const short = lists.find((list) => list.length < count);
  if (short !== undefined)
    throw new UserError(
      `a batch of ${count} images needs ${count} indices and transforms, got ${short.length}`,
    );
  const held = Math.min(labels.length, Math.floor(images.length / features(batch.shape)));
  for (let i = 0; i < count; i++) {
    const index = indices[i];
    if (index < 0 || index >= held)
      throw new UserError(`an image index must be from 0 to ${held - 1}, got ${index}`);
    checkLabel(program, labels[index]);
  }
}

function checkCount(program: Program, count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > program.batch) {
    throw new UserError(
      `a program compiled for batch ${program.batch} takes 1 to ${program.batch} samples ` +
        `at a time, got ${count}`,
    );
  }
}

function checkLabel(program: Program, label: number): void {
  const { classes } = program.network;
  if (!Number.isInteger(label) || label < 0 || label >= classes) {
    throw new UserError(`a label must be a whole number from 0 to ${classes - 1}, got ${label}`);
  }
}

/**
 * How far the current batch has come; `checkDispatch` moves it on. A new batch starts it afresh.
 */
export interface Progress {
  /** Valid samples of the current batch; 0 before the first. */
  count: number;
  /** Whether the activations of a training forward pass are there for the backward pass. */
  forwardDone: boolean;
  /** Whether gradients are there for the update. */
  backwardDone: boolean;
  /** Whether `statistics` has run, so that another batch may be added. */
  statisticsDone: boolean;
  /** Whether loss and logits belong to the current batch. */
  resultsReady: boolean;
}

/** The state before any batch. */
export function noProgress(): Progress {
  return {
    count: 0,
    forwardDone: false,
    backwardDone: false,
    statisticsDone: false,
    resultsReady: false,
  };
}

/** Notes that a batch of `count` samples was loaded. */
export function loaded(progress: Progress, count: number): void {
  const { backwardDone, statisticsDone } = progress;
  Object.assign(progress, { ...noProgress(), count, backwardDone, statisticsDone });
}

/**
 * Throws a `UserError` when a phase cannot run now: no batch, a training pass of batch norm over
 * fewer than 2 samples, a backward pass without its forward pass, an update without gradients or
 * settings. Otherwise notes that it ran.
 */
export function checkDispatch(
  program: Program,
  progress: Progress,
  phase: Phase,
  settings: StepSettings | undefined,
  options: DispatchOptions = {},
): void {
  if (program.inference && phase !== 'evaluate')
    throw new UserError(`${INFERENCE}, got "${phase}"; ${FOR_TRAINING}`);
  if (phase !== 'update' && progress.count === 0)
    throw new UserError(`"${phase}" needs a batch; load one with input() first`);
  if (phase === 'forward' || phase === 'step' || phase === 'statistics')
    checkStatistics(program, progress.count);
  if (phase === 'backward' && !progress.forwardDone) {
    throw new UserError(
      '"backward" needs the activations of "forward" over the current batch; dispatch ' +
        'that first (and again after an evaluation)',
    );
  }
  if (options.accumulate === true) checkAccumulate(progress, phase);
  if (phase === 'update' && !progress.backwardDone)
    throw new UserError('"update" needs gradients; dispatch "forward" and "backward" first');
  if (phase === 'update' || phase === 'step') checkSettings(phase, settings);
  noteDispatch(progress, phase);
}

function noteDispatch(progress: Progress, phase: Phase): void {
  // Statistics are taken without a loss, over the activations of the last one.
  if (phase !== 'update') progress.resultsReady = phase !== 'statistics';
  // Every other phase overwrites activations or the weights they came from.
  progress.forwardDone = phase === 'forward';
  if (phase === 'backward') progress.backwardDone = true;
  // A fused step may never store its gradients.
  if (phase === 'step') progress.backwardDone = false;
  if (phase === 'statistics') progress.statisticsDone = true;
}

function checkAccumulate({ backwardDone, statisticsDone }: Progress, phase: Phase): void {
  if ((phase === 'backward' && backwardDone) || (phase === 'statistics' && statisticsDone)) return;
  const first = phase === 'backward' || phase === 'statistics';
  throw new UserError(
    'gradients are added up by "backward" after an earlier "backward", statistics by ' +
      `"statistics" after an earlier one; got accumulate with ${first ? 'the first one' : `"${phase}"`}`,
  );
}

/** Throws a `UserError` unless loss and logits of the current batch exist. */
export function checkResults(progress: Progress): void {
  if (!progress.resultsReady)
    throw new UserError(
      'loss and logits exist after a batch has run; dispatch "evaluate", "forward" or "step" first',
    );
}

function checkStatistics(program: Program, count: number): void {
  if (
    count >= 2 ||
    !program.forward.some((call) => call.op === 'batchNormTrain' && call.plane === 1)
  )
    return;
  throw new UserError(
    'training a network with batch normalisation of vectors takes batches of at least 2 ' +
      'samples, got 1; drop the last short batch',
  );
}

function checkSettings(phase: Phase, settings: StepSettings | undefined): void {
  if (settings === undefined)
    throw new UserError(`"${phase}" needs a learning rate, momentum and weight decay`);
  const { learningRate, momentum, weightDecay, gradientScale = 1 } = settings;
  for (const [name, value] of Object.entries({
    'learning rate': learningRate,
    momentum,
    'weight decay': weightDecay,
    'scale of gradients': gradientScale,
  })) {
    if (!Number.isFinite(value) || value < 0)
      throw new UserError(`the ${name} must be a number of at least 0, got ${value}`);
  }
}
