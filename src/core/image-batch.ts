import type { Shape } from './shape.js';

/** A batch of byte images, normalised and augmented on the way into a network. */
export interface ImageBatch {
  readonly shape: Shape;
  /** Image after image, planar: channel, row, column; more images than the batch's may be there. */
  readonly images: Uint8Array;
  /** Of every image in `images`. */
  readonly labels: Uint8Array | Uint16Array;
  /** Which of `images` form the batch; the first `count` are valid. */
  readonly indices: Int32Array;
  /** Valid entries of `indices` (and of the transforms). */
  readonly count: number;
  /** Per channel, in byte units: a pixel enters the network as (byte - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** 1 = mirrored left-right. Null (all three): images as they are. */
  readonly flip: Uint8Array | null;
  /**
   * The output pixel (r, c) reads (r + shiftY, c + shiftX) of the (mirrored) image; outside it is
   * 0.
   */
  readonly shiftY: Int8Array | null;
  readonly shiftX: Int8Array | null;
}
