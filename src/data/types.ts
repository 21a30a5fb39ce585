import type { Shape } from '../core/shape.js';

/** One split of an image data set, held as bytes over a `SharedArrayBuffer` so that every worker reads one copy. */
export interface ImageSplit {
  readonly count: number;
  /** `count * features(shape)` bytes; image after image, each planar: channel, row, column. */
  readonly images: Uint8Array;
  /** `count` class indices. */
  readonly labels: Uint8Array;
}

/** Random changes made to a training image. */
export interface Augmentation {
  /** Mirrored left-right with probability 1/2. */
  readonly flip: boolean;
  /** Zero-padded by this many pixels (zero after normalisation) and cropped back at a uniform offset 0..2*pad. */
  readonly pad: number;
}

/** An image data set. Plain data: it can be posted to a worker, which then shares the bytes. */
export interface Dataset {
  /** `cifar10` or `shapes`. */
  readonly name: string;
  /** What exactly this is: the name with every parameter (size, seed, counts) and a hash of the bytes. */
  readonly identity: string;
  readonly classes: readonly string[];
  readonly shape: Shape;
  readonly train: ImageSplit;
  readonly test: ImageSplit;
  /** Per channel, in byte units (0..255): a pixel enters the network as (byte - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly augmentation: Augmentation;
}

/** Which data set, as a study's spec or the command line names it. */
export interface DataSpec {
  /** `auto` = CIFAR-10 where it is found, else shapes. */
  readonly name: 'auto' | 'cifar10' | 'shapes';
  /** Use only the first so many images of a split; absent = all (shapes: 10,000 train, 2,000 test by default). */
  readonly train?: number;
  readonly test?: number;
  /** shapes only: side of the square image in pixels (default 32) and seed of the drawing (default 1). */
  readonly size?: number;
  readonly seed?: number;
}
