import { invariant, must } from '../core/errors.js';
import type { Shape } from '../core/shape.js';

/** Per channel, in byte units: a pixel enters the network as (byte - mean) / std. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Mean and deviation of ImageNet's training images (0.485, 0.456, 0.406 and 0.229, 0.224, 0.225 of
 * 255), as torchvision has them.
 */
export const imagenetNormalisation: Normalisation = {
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
};

/** Gathers the mean and the standard deviation of every channel. */
export interface ChannelSums {
  /** Adds images, planar one after the other. */
  add(images: Uint8Array): void;
  /** Rounded to hundredths. A channel that never changes has the deviation 1. */
  normalisation(): Normalisation;
}

/** Sums over images of that shape; all of them are exact integers, so the order does not matter. */
export function channelSums({ channels, height, width }: Shape): ChannelSums {
  const plane = height * width;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let pixels = 0;
  return {
    add(images) {
      invariant(
        images.length % (channels * plane) === 0,
        `${images.length} bytes are no whole images`,
      );
      for (let start = 0, c = 0; start < images.length; start += plane, c = (c + 1) % channels) {
        let [sum, square] = [0, 0];
        for (const byte of images.subarray(start, start + plane)) {
          sum += byte;
          square += byte * byte;
        }
        sums[c] = must(sums[c]) + sum;
        squares[c] = must(squares[c]) + square;
      }
      pixels += images.length / channels;
    },
    normalisation() {
      const means = Array.from(sums, (sum) => sum / pixels);
      const deviations = Array.from(squares, (square, c) =>
        Math.sqrt(Math.max(0, square / pixels - must(means[c]) ** 2)),
      );
      return {
        mean: means.map(hundredths),
        std: deviations.map((deviation) => hundredths(deviation) || 1),
      };
    },
  };
}

function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
