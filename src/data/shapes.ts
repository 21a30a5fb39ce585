import { RandomStream } from '../core/random/stream.js';
import { sharedBytes } from '../core/shared-bytes.js';
import type { DataSource } from './descriptor.js';
import { wholeNumbers } from './keys.js';
import { normalisation } from './shapes/difficulty.js';
import { outlines } from './shapes/outlines.js';
import { develop, makeCanvas, paintScene } from './shapes/scene.js';
import type { Augmentation, DataSpec, ImageSplit, MemoryDataset } from './types.js';

/** Class names of the built-in data set, in the order of their labels. */
export const shapeClasses: readonly string[] = outlines.map((outline) => outline.name);

/** What is drawn where a spec says nothing: images per split, side in pixels, seed. */
export const shapeDefaults = { train: 10_000, test: 2_000, size: 32, seed: 1 } as const;

/**
 * Below 16 pixels a person cannot tell the classes; the others keep a slip of the finger from
 * filling the memory.
 */
export const shapeLimits = { leastSize: 16, mostSize: 512, images: 1_000_000 } as const;

/** Mirrored, and shifted by up to an eighth of the side (4 of 32 pixels, as CIFAR-10 is). */
function shapeAugmentation(size: number): Augmentation {
  return { flip: true, pad: Math.round(size / 8) };
}

/** The built-in data set. */
export const shapes: DataSource = {
  name: 'shapes',
  meaning: 'ten classes of coloured shapes drawn over clutter; built in, any size and number',
  keys: {
    train: wholeNumbers(1, shapeLimits.images),
    test: wholeNumbers(1, shapeLimits.images),
    size: wholeNumbers(shapeLimits.leastSize, shapeLimits.mostSize),
    seed: wholeNumbers(0, Number.MAX_SAFE_INTEGER),
  },
  facts: {
    classes: shapeClasses,
    shape: { channels: 3, height: shapeDefaults.size, width: shapeDefaults.size },
    train: shapeDefaults.train,
    test: shapeDefaults.test,
  },
  settle: (spec) => ({ name: 'shapes', ...drawing(spec) }),
  load: (spec) => {
    const words = drawing(spec);
    return { dataset: shapesDataset(words), words };
  },
};

type Drawing = Record<'train' | 'test' | 'size' | 'seed', number>;

/** The built-in data set with so many pictures, drawn. */
export function shapesDataset({
  train,
  test,
  size,
  seed,
}: Drawing): Omit<MemoryDataset, 'name' | 'identity'> {
  return {
    classes: shapeClasses,
    shape: { channels: 3, height: size, width: size },
    train: drawShapes('train', train, size, seed),
    test: drawShapes('test', test, size, seed),
    ...normalisation,
    augmentation: shapeAugmentation(size),
    pictures: null,
    warnings: [],
  };
}

/** What a spec asks to be drawn. */
function drawing(spec: DataSpec): Drawing {
  return {
    train: spec.train ?? shapeDefaults.train,
    test: spec.test ?? shapeDefaults.test,
    size: spec.size ?? shapeDefaults.size,
    seed: spec.seed ?? shapeDefaults.seed,
  };
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
  const images = sharedBytes(count * bytes);
  const labels = sharedBytes(count);
  const canvas = makeCanvas(size);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream('shapes', seed, split, i);
    const label = i % outlines.length;
    labels[i] = label;
    paintScene(canvas, label, random);
    develop(canvas, random, images, i * bytes);
  }
  return { count, images, labels };
}
