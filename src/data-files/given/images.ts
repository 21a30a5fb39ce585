import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { must, printable, UserError } from '../../core/errors.js';
import { features, type Shape } from '../../core/shape.js';
import type { CropKind } from '../../data/types.js';
import { withFileErrors } from '../../platform/fs.js';
import type { ImageArray } from '../../data-formats/npz.js';
import { readImageArray } from '../npz.js';
import { cutForEvaluation } from '../folder/crop.js';
import { type Decoder, openDecoder, UnreadablePicture } from '../folder/decoder.js';
import { createResampler, type Resampler } from '../folder/resample.js';

/** An image as a network takes it, or why there is none. */
export type GivenImage =
  | {
      /** File, or array and number. */
      readonly name: string;
      /** Planar: channel, row, column. */
      readonly bytes: Uint8Array;
    }
  | { readonly name: string; readonly problem: string };

/** Files of pictures that are read. */
const PICTURE = /\.(?:jpe?g|png|webp)$/i;
const ARRAYS = /\.np[yz]$/i;

/**
 * The images of files, of folders (with all folders in them, by name) and of arrays (.npz, .npy), one
 * after the other. Pictures are cut and scaled as in evaluation.
 *
 * @throws UserError for a path that leads to no image, and for a shape that such files cannot give
 */
export async function* givenImages(
  paths: readonly string[],
  shape: Shape,
  crop: CropKind,
): AsyncGenerator<GivenImage> {
  const files = paths.flatMap(filesAt);
  const reader = files.every((file) => ARRAYS.test(file)) ? null : await pictures(shape, crop);
  for (const file of files)
    if (ARRAYS.test(file)) yield* imagesOf(file, shape);
    else yield await must(reader ?? undefined)(file);
}

/** The files that a path leads to: itself, or what lies in the folder. */
function filesAt(path: string): string[] {
  if (!existsSync(path)) withFileErrors('read', path, () => statSync(path));
  if (!statSync(path).isDirectory()) {
    if (PICTURE.test(path) || ARRAYS.test(path)) return [path];
    throw new UserError(
      `images are read from .jpg, .jpeg, .png, .webp, .npz and .npy files, not from ` +
        `${printable(path)}; convert it, or correct its ending`,
    );
  }
  const found = withFileErrors('read', path, () =>
    readdirSync(path, { recursive: true, encoding: 'utf8' }),
  )
    .filter((name) => PICTURE.test(name))
    .toSorted()
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
  if (found.length > 0) return found;
  throw new UserError(
    `${path} holds no picture (.jpg, .jpeg, .png or .webp); name the folder that does`,
  );
}

async function pictures(
  shape: Shape,
  crop: CropKind,
): Promise<(file: string) => Promise<GivenImage>> {
  const { channels, height, width } = shape;
  if (height !== width || (channels !== 1 && channels !== 3))
    throw new UserError(
      `pictures are cut to squares of 1 or 3 channels, but the network takes ` +
        `${channels}x${height}x${width}; give its images as an .npz file of bytes`,
    );
  const [decoder, resampler] = [await openDecoder(), createResampler()];
  return async (file) => {
    try {
      return { name: file, bytes: await squareOf(file, { decoder, resampler, shape, crop }) };
    } catch (error) {
      if (!(error instanceof UnreadablePicture)) throw error;
      return { name: file, problem: error.message };
    }
  };
}

interface Tools {
  readonly decoder: Decoder;
  readonly resampler: Resampler;
  readonly shape: Shape;
  readonly crop: CropKind;
}

async function squareOf(
  file: string,
  { decoder, resampler, shape: { channels, width }, crop }: Tools,
): Promise<Uint8Array> {
  const { view, target } = cutForEvaluation(await decoder.decode(file), crop, width);
  const planes = new Uint8Array(3 * width * width);
  resampler.resample(view, target, planes);
  return channels === 3 ? planes : greyOf(planes);
}

/** Luma of ITU-R 601, rounded as Pillow rounds it. */
function greyOf(planes: Uint8Array): Uint8Array {
  const size = planes.length / 3;
  return Uint8Array.from({ length: size }, (_, at) => {
    const [red, green, blue] = [planes[at], planes[size + at], planes[2 * size + at]];
    return (19_595 * must(red) + 38_470 * must(green) + 7471 * must(blue) + 0x8000) >> 16;
  });
}

function* imagesOf(file: string, shape: Shape): Generator<GivenImage> {
  const array: ImageArray = readImageArray(file);
  const { channels, height, width } = array.shape;
  if (channels !== shape.channels || height !== shape.height || width !== shape.width)
    throw new UserError(
      `the network takes images of ${shape.channels}x${shape.height}x${shape.width}, ` +
        `${array.name} in ${file} holds ${channels}x${height}x${width}; scale them`,
    );
  const size = features(shape);
  for (let at = 0; at < array.count; at++)
    yield {
      name: `${file}:${array.name}[${at}]`,
      bytes: array.images.subarray(at * size, (at + 1) * size),
    };
}
