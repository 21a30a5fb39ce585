import { invariant, must, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { features } from '../core/shape.js';
import type { Augmentation, Dataset, ImageSplit } from './types.js';

/**
 * Which images form a batch and how each is changed. The arrays hold a full batch and are refilled
 * from batch to batch: copy what is to be kept.
 */
export interface BatchPlan {
  /** Indices into the split; the first `count` are valid. */
  readonly indices: Int32Array;
  readonly count: number;
  /** 1 = mirrored left-right. Null (all three): no augmentation. */
  readonly flip: Uint8Array | null;
  /**
   * The output pixel (r, c) reads (r + shiftY, c + shiftX) of the (mirrored) image; outside it is
   * 0.
   */
  readonly shiftY: Int8Array | null;
  readonly shiftX: Int8Array | null;
}

/** How a training run walks through its images. */
export interface TrainingOptions {
  /** Images in the split. */
  readonly images: number;
  readonly batch: number;
  readonly seed: number;
  /** Null: images as they are. */
  readonly augmentation: Augmentation | null;
}

/** The batches of a training, epoch by epoch. */
export interface TrainingBatches {
  /** Batches in an epoch: floor(images / batch); the last short one is dropped. */
  readonly perEpoch: number;
  /**
   * The batches of an epoch (any integer >= 0) from number `from` (0) on, the same plan object each
   * time, refilled.
   */
  epoch(epoch: number, from?: number): Iterable<BatchPlan>;
}

function makePlan(batch: number, augmented: boolean): BatchPlan & { count: number } {
  return {
    indices: new Int32Array(batch),
    count: 0,
    flip: augmented ? new Uint8Array(batch) : null,
    shiftY: augmented ? new Int8Array(batch) : null,
    shiftX: augmented ? new Int8Array(batch) : null,
  };
}

/** Draws the batch's mirrorings and crop offsets. */
function augmentPlan(plan: BatchPlan, { flip, pad }: Augmentation, random: RandomStream): void {
  if (plan.flip === null || plan.shiftY === null || plan.shiftX === null) return;
  for (let i = 0; i < plan.count; i++) {
    plan.flip[i] = flip ? random.below(2) : 0;
    plan.shiftY[i] = random.below(2 * pad + 1) - pad;
    plan.shiftX[i] = random.below(2 * pad + 1) - pad;
  }
}

/** Throws a `UserError` when there are fewer images than a batch needs. */
export function checkBatch(images: number, batch: number): void {
  if (images >= batch) return;
  throw new UserError(
    `a batch of ${batch} needs at least ${batch} training images, there are ${images}; ` +
      'lower the batch size or use more images',
  );
}

/**
 * Batches for training. The order of an epoch depends on (seed, epoch) only, the changes to a
 * batch's images on (seed, epoch, number of the batch). Nothing is allocated per batch but its
 * random stream.
 *
 * Throws a `UserError` when there are fewer images than a batch needs.
 */
export function trainingBatches({
  images,
  batch,
  seed,
  augmentation,
}: TrainingOptions): TrainingBatches {
  checkBatch(images, batch);
  invariant(
    augmentation === null || augmentation.pad <= 127,
    'a shift must fit into a signed byte',
  );
  const perEpoch = Math.floor(images / batch);
  const order = new Int32Array(images);
  const plan = makePlan(batch, augmentation !== null);
  plan.count = batch;
  function* epochBatches(epoch: number, from = 0): Generator<BatchPlan, void> {
    for (let i = 0; i < images; i++) order[i] = i;
    new RandomStream('order', seed, epoch).shuffle(order);
    for (let b = from; b < perEpoch; b++) {
      plan.indices.set(order.subarray(b * batch, (b + 1) * batch));
      if (augmentation !== null)
        augmentPlan(plan, augmentation, new RandomStream('augment', seed, epoch, b));
      yield plan;
    }
  }
  return { perEpoch, epoch: epochBatches };
}

/**
 * Batches for evaluation: every image once, in order, unchanged; the last batch may be short. The
 * same plan object each time, refilled.
 */
export function* evaluationBatches(images: number, batch: number): Generator<BatchPlan, void> {
  const plan = makePlan(batch, false);
  for (let first = 0; first < images; first += batch) {
    plan.count = Math.min(batch, images - first);
    for (let i = 0; i < plan.count; i++) plan.indices[i] = first + i;
    yield plan;
  }
}

/**
 * A batch as the network reads it, in float64: `count x features`, sample after sample, each
 * channel, row, column. The plain reference for the backends' image operation: pixel (r, c) is
 * (byte - mean) / std of the byte at (r + shiftY, c + shiftX) of the image (mirrored where `flip`
 * is 1), or 0 outside it.
 */
export function imageToNumbers(
  dataset: Pick<Dataset, 'shape' | 'mean' | 'std'>,
  split: ImageSplit,
  plan: BatchPlan,
): Float64Array {
  const size = features(dataset.shape);
  const samples = new Float64Array(plan.count * size);
  for (let i = 0; i < plan.count; i++)
    writeSample(dataset, split, plan, i, samples.subarray(i * size, (i + 1) * size));
  return samples;
}

function writeSample(
  { shape, mean, std }: Pick<Dataset, 'shape' | 'mean' | 'std'>,
  split: ImageSplit,
  plan: BatchPlan,
  i: number,
  sample: Float64Array,
): void {
  const { channels, height, width } = shape;
  const which = must(plan.indices[i]);
  const image = split.images.subarray(which * sample.length, (which + 1) * sample.length);
  const shiftY = plan.shiftY?.[i] ?? 0;
  const shiftX = plan.shiftX?.[i] ?? 0;
  const mirrored = plan.flip?.[i] === 1;
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const y = row + shiftY;
        const x = column + shiftX;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        // x and y lie in the image, and there is a mean and deviation for each channel.
        const byte = image[(c * height + y) * width + (mirrored ? width - 1 - x : x)]!;
        sample[(c * height + row) * width + column] = (byte - mean[c]!) / std[c]!;
      }
    }
  }
}
