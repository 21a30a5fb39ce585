import type { Shape } from '../core/shape.js';

/**
 * One split of an image data set: how many images, and the class of each. Over shared memory: every
 * worker reads one copy.
 */
export interface Split {
  readonly count: number;
  /** `count` class indices; 16 bits where there are more than 256 classes. */
  readonly labels: Uint8Array | Uint16Array;
}

/** A split whose images all have the network's size and are in memory, as bytes. */
export interface ImageSplit extends Split {
  /** `count * features(shape)` bytes; image after image, each planar: channel, row, column. */
  readonly images: Uint8Array;
}

/**
 * Image files by number. Names are packed: a million of them is posted to a worker without a copy.
 */
export interface PackedFiles {
  /** What the names are relative to. */
  readonly directory: string;
  /** All names in UTF-8, one after the other, with slashes. */
  readonly names: Uint8Array;
  /** Where each name ends in `names`. */
  readonly ends: Float64Array;
}

/**
 * Decoded images of different sizes. An image that could not be read has the place of the one that
 * stands in for it.
 */
export interface DecodedPictures {
  /** Bytes of the images, interleaved RGB row by row, in pieces of shared memory. */
  readonly chunks: readonly Uint8Array[];
  /** For each image its piece, its first byte in that, and its size in pixels. */
  readonly chunk: Uint16Array;
  readonly offset: Float64Array;
  readonly width: Uint32Array;
  readonly height: Uint32Array;
}

/**
 * A split whose images are made while it is trained on: cropped and scaled from files or from their
 * decoded bytes.
 */
export interface PictureSplit extends Split {
  readonly files: PackedFiles;
  /** Null: every image is decoded anew whenever it is wanted. */
  readonly decoded: DecodedPictures | null;
}

/** Random changes made to a training image. */
export interface Augmentation {
  /** Mirrored left-right with probability 1/2. */
  readonly flip: boolean;
  /**
   * Zero-padded by this many pixels (zero after normalisation) and cropped back at a uniform offset
   * 0..2*pad.
   */
  readonly pad: number;
}

/**
 * How the square image of a network is cut from a picture. `resized`: a random part of it, scaled;
 * in evaluation the middle of the scaled picture. `shift`: the middle of the scaled picture, in
 * training shifted by some pixels.
 */
export type CropKind = 'resized' | 'shift';

/** Changes made to a picture on its way into the network. */
export interface PictureChanges extends Augmentation {
  /** `pad` is 0 for `resized`. */
  readonly crop: CropKind;
  /**
   * Strength of the changes of brightness, contrast and saturation: each is multiplied by 1 -
   * jitter to 1 + jitter.
   */
  readonly jitter: number;
  /** Standard deviation of the shift along the principal components of the colours of ImageNet. */
  readonly lighting: number;
}

interface DatasetFacts {
  /** As in `DataSpec`, but never `auto`. */
  readonly name: string;
  /**
   * What exactly this is: the name with every parameter (size, seed, counts) and a hash of the
   * bytes.
   */
  readonly identity: string;
  readonly classes: readonly string[];
  readonly shape: Shape;
  /** Per channel, in byte units (0..255): a pixel enters the network as (byte - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** What went wrong while it was loaded and was got over, such as images that cannot be read. */
  readonly warnings: readonly string[];
}

/** A data set whose images all have the network's size and are in memory. */
export interface MemoryDataset extends DatasetFacts {
  readonly train: ImageSplit;
  /** Held out of the training images, to choose on; absent: none. */
  readonly validation?: ImageSplit | undefined;
  readonly test: ImageSplit;
  readonly augmentation: Augmentation;
  readonly pictures: null;
}

/**
 * A data set whose images are cropped, and where they do not fit into memory decoded, while it is
 * trained on.
 */
export interface PictureDataset extends DatasetFacts {
  readonly train: PictureSplit;
  readonly validation?: PictureSplit | undefined;
  readonly test: PictureSplit;
  readonly pictures: PictureChanges;
}

/**
 * An image data set. Plain data: it can be posted to a worker, which then shares the bytes.
 * `openSource` gives the batches of either kind.
 */
export type Dataset = MemoryDataset | PictureDataset;

/**
 * What `loadDataset` gives for data sets of which it is known before they are loaded. A file of a
 * data set adds its own name.
 */
export interface KindOfData {
  readonly shapes: MemoryDataset;
}

/**
 * Which data set, as a study's spec or the command line names it. What is absent has the data set's
 * default.
 */
export interface DataSpec {
  /** One of the registered data sets, or `auto`: CIFAR-10 where it is found, else shapes. */
  readonly name: string;
  /** Of one's own files: their directory or file. */
  readonly path?: string | undefined;
  /**
   * Use only so many images of a split: the first ones; of a folder the first ones of every class
   * in equal shares.
   */
  readonly train?: number | undefined;
  readonly test?: number | undefined;
  /**
   * Images held out of the training images, to choose on: how many; 0 or absent: none; `auto`: a
   * tenth, where that is 100 or more.
   */
  readonly validation?: number | 'auto' | undefined;
  /** Side of the square image in pixels. */
  readonly size?: number | undefined;
  /** Seed of the drawing. */
  readonly seed?: number | undefined;
  /** How the image is cut from the picture. */
  readonly crop?: CropKind | undefined;
  /** Whether training images are mirrored at random. */
  readonly flip?: boolean | undefined;
  /** See `PictureChanges`. */
  readonly jitter?: number | undefined;
  readonly lighting?: number | undefined;
  /** Mean and deviation of ImageNet, or those of the training images. */
  readonly normalise?: NormaliseKind | undefined;
}

/**
 * Mean and spread by which channels are normalised: ImageNet's, or computed from the training images.
 */
export type NormaliseKind = 'imagenet' | 'computed';
