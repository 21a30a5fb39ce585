import type { RandomStream } from '../../core/random/stream.js';
import type { CropKind } from '../../data/types.js';
import type { Picture } from './picture.js';
import type { PixelView, Target } from './resample.js';

/** Sides in pixels. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of a picture, in pixels. */
export interface Crop extends Sides {
  readonly left: number;
  readonly top: number;
}

/** What is read of a picture and what is made of it. */
export interface Cut {
  readonly view: PixelView;
  readonly target: Target;
}

/** Share of the picture's area, ratio of width to height, and number of tries of a random crop. */
const LEAST_AREA = 0.08;
const LEAST_RATIO = 3 / 4;
const MOST_RATIO = 4 / 3;
const TRIES = 10;

/** Evaluation keeps so much of the scaled picture's shorter side: 224 of 256. */
const KEPT = 224 / 256;

/**
 * A random part of a picture: its area uniform from 8 % to all of the picture's, its ratio of sides
 * uniform from 3/4 to 4/3, width and height exchanged with probability 1/2, its place uniform. Null
 * where ten tries do not fit (Szegedy and others, Going Deeper with Convolutions, 2015; the numbers
 * are those of graph2nn).
 */
export function drawCrop({ width, height }: Sides, random: RandomStream): Crop | null {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = (LEAST_AREA + random.uniform() * (1 - LEAST_AREA)) * width * height;
    const ratio = LEAST_RATIO + random.uniform() * (MOST_RATIO - LEAST_RATIO);
    const long = Math.max(1, Math.round(Math.sqrt(area * ratio)));
    const short = Math.max(1, Math.round(Math.sqrt(area / ratio)));
    const [w, h] = random.below(2) === 1 ? [short, long] : [long, short];
    if (w > width || h > height) continue;
    return {
      width: w,
      height: h,
      left: random.below(width - w + 1),
      top: random.below(height - h + 1),
    };
  }
  return null;
}

/** The cut of a part of a picture, all of it scaled to the square of `size`. */
export function cutPart(picture: Picture, { left, top, width, height }: Crop, size: number): Cut {
  const stride = 3 * picture.width;
  return {
    view: { bytes: picture.bytes, start: top * stride + 3 * left, stride, width, height },
    target: { width: size, height: size, left: 0, top: 0, size },
  };
}

/** The middle square of `size` of a picture whose shorter side is scaled to `shorter` pixels. */
export function cutMiddle(picture: Picture, shorter: number, size: number): Cut {
  const least = Math.min(picture.width, picture.height);
  const width = Math.max(shorter, Math.floor((picture.width / least) * shorter));
  const height = Math.max(shorter, Math.floor((picture.height / least) * shorter));
  return {
    view: {
      bytes: picture.bytes,
      start: 0,
      stride: 3 * picture.width,
      width: picture.width,
      height: picture.height,
    },
    target: {
      width,
      height,
      left: Math.ceil((width - size) / 2),
      top: Math.ceil((height - size) / 2),
      size,
    },
  };
}

/**
 * The cut of a picture for evaluation: the middle of it, of `resized` with a margin as of 256 to
 * 224 pixels.
 */
export function cutForEvaluation(picture: Picture, crop: CropKind, size: number): Cut {
  return cutMiddle(picture, crop === 'resized' ? Math.round(size / KEPT) : size, size);
}

/**
 * The cut of a picture for training. `shift` draws nothing here: its shifts are part of the batch.
 */
export function cutForTraining(
  picture: Picture,
  crop: CropKind,
  size: number,
  random: () => RandomStream,
): Cut {
  if (crop === 'shift') return cutMiddle(picture, size, size);
  const part = drawCrop(picture, random());
  return part === null ? cutMiddle(picture, size, size) : cutPart(picture, part, size);
}
