import { RandomStream } from '../core/random/stream.js';
import { normalisation } from './shapes/difficulty.js';
import { outlines } from './shapes/outlines.js';
import { develop, makeCanvas, paintScene } from './shapes/scene.js';
import type { Augmentation, ImageSplit } from './types.js';

/** Class names of the built-in data set, in the order of their labels. */
export const shapeClasses: readonly string[] = outlines.map((outline) => outline.name);

/** What is drawn where a spec says nothing: images per split, side in pixels, seed. */
export const shapeDefaults = { train: 10_000, test: 2_000, size: 32, seed: 1 } as const;

/**
 * Below 16 pixels a person cannot tell the classes; the others keep a slip of the finger from
 * filling the memory.
 */
export const shapeLimits = { leastSize: 16, mostSize: 512, images: 1_000_000 } as const;

/** Per channel, in byte units. */
export const shapeNormalisation = normalisation;

/** Mirrored, and shifted by up to an eighth of the side (4 of 32 pixels, as CIFAR-10 is). */
export function shapeAugmentation(size: number): Augmentation {
  return { flip: true, pad: Math.round(size / 8) };
}

/**
 * Draws the first `count` pictures of a split of the built-in data set: `size x size` pixels,
 * planar RGB. Picture i depends on (seed, split, size, i) only, not on how many are drawn; its
 * label is i modulo 10.
 */
export function drawShapes(
  split: 'train' | 'test',
  count: number,
  size: number,
  seed: number,
): ImageSplit {
  const bytes = 3 * size * size;
  const images = new Uint8Array(new SharedArrayBuffer(count * bytes));
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  const canvas = makeCanvas(size);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream('shapes', seed, split, i);
    labels[i] = i % outlines.length;
    paintScene(canvas, labels[i], random);
    develop(canvas, random, images, i * bytes);
  }
  return { count, images, labels };
}
