import type { Shape } from '../core/shape.js';

/**
 * Where the bytes of images stand in an array: byte of image i, channel c, row y, column x = start
 * + i image + c channel + y row + x column.
 */
export interface ImageLayout {
  readonly shape: Shape;
  readonly start: number;
  readonly image: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** What arrays of images are, for messages. */
export const IMAGES_RULE =
  'bytes (uint8) of the sizes count x height x width, or with 1 or 3 channels as count x ' +
  'channels x height x width or count x height x width x channels';

/**
 * The layout of `N x H x W`, `N x C x H x W` or `N x H x W x C` images, C being 1 or 3; null for
 * other sizes, and where both of the latter could be meant.
 *
 * @param start byte of the first number
 * @param order `by-row`: the last dimension is the fastest, as in C; `by-column`: the first, as in
 * Fortran
 */
export function layoutOf(
  sizes: readonly number[],
  start: number,
  order: 'by-row' | 'by-column',
): ImageLayout | null {
  if (sizes.length < 3 || sizes.length > 4 || sizes.some((size) => size < 1)) return null;
  const strides = order === 'by-row' ? stridesOf([...sizes].reverse()).reverse() : stridesOf(sizes);
  const [, a, b, c] = sizes;
  const [image, sa, sb, sc] = strides;
  if (sizes.length === 3)
    return {
      shape: { channels: 1, height: a, width: b },
      start,
      image,
      channel: 0,
      row: sa,
      column: sb,
    };
  if (isChannels(a) === isChannels(c)) return null;
  return isChannels(a)
    ? {
        shape: { channels: a, height: b, width: c },
        start,
        image,
        channel: sa,
        row: sb,
        column: sc,
      }
    : {
        shape: { channels: c, height: a, width: b },
        start,
        image,
        channel: sc,
        row: sa,
        column: sb,
      };
}

/** Steps of the dimensions, the fastest first. */
function stridesOf(sizes: readonly number[]): number[] {
  let step = 1;
  return sizes.map((size) => {
    const own = step;
    step *= size;
    return own;
  });
}

const isChannels = (size: number): boolean => size === 1 || size === 3;

/** Copies the first `count` images of an array into `target`, planar one after the other. */
export function copyImages(
  bytes: Uint8Array,
  layout: ImageLayout,
  target: Uint8Array,
  count: number,
): void {
  const { start, image, channel, row, column } = layout;
  const { channels, height, width } = layout.shape;
  const size = channels * height * width;
  if (isPlanar(layout)) {
    target.set(bytes.subarray(start, start + count * size));
    return;
  }
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        let from = start + i * image + c * channel + y * row;
        for (let x = 0; x < width; x++, from += column) target[at++] = bytes[from];
      }
    }
  }
}

function isPlanar({
  shape: { channels, height, width },
  image,
  channel,
  row,
  column,
}: ImageLayout): boolean {
  return (
    column === 1 &&
    row === width &&
    (channels === 1 || channel === height * width) &&
    image === channels * height * width
  );
}
