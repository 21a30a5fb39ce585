import type { RandomStream } from '../../core/random/stream.js';

/**
 * Eigenvalues and eigenvectors (one a column; rows red, green, blue) of ImageNet's colours, for
 * pixels from 0 to 1 (Krizhevsky and others, ImageNet Classification with Deep Convolutional Neural
 * Networks, 2012; numbers of fb.resnet.torch and graph2nn).
 */
const EIGENVALUES = [0.2175, 0.0188, 0.0045] as const;
const EIGENVECTORS = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
] as const;

/** Shares of red, green and blue in grey (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114] as const;

export interface ColourStrengths {
  readonly jitter: number;
  readonly lighting: number;
}

/**
 * What is drawn for one picture: factors of brightness, contrast and saturation, and a shift of
 * every channel in byte units.
 */
export interface ColourChange {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly shift: readonly [number, number, number];
}

/** Draws a picture's change; nothing is drawn for a strength of 0. */
export function drawColours(
  { jitter, lighting }: ColourStrengths,
  random: RandomStream,
): ColourChange {
  const factor = (): number => (jitter === 0 ? 1 : 1 + jitter * (2 * random.uniform() - 1));
  const [brightness, contrast, saturation] = [factor(), factor(), factor()];
  const along = EIGENVALUES.map((value) =>
    lighting === 0 ? 0 : 255 * lighting * value * random.normal(),
  );
  const shiftOf = (row: readonly number[]): number =>
    row.reduce((sum, part, i) => sum + part * along[i], 0);
  return {
    brightness,
    contrast,
    saturation,
    shift: [shiftOf(EIGENVECTORS[0]), shiftOf(EIGENVECTORS[1]), shiftOf(EIGENVECTORS[2])],
  };
}

/**
 * Changes a planar RGB image in place: first its brightness, then its contrast (towards the mean of
 * its grey), then its saturation (towards the pixel's own grey), then the shift. All of that is one
 * affine map of a pixel, rounded to a byte once.
 */
export function changeColours(image: Uint8Array, change: ColourChange): void {
  const { brightness, contrast, saturation, shift } = change;
  const plane = image.length / 3;
  const level = contrast === 1 ? 0 : (1 - contrast) * brightness * meanGrey(image, plane);
  const offsets = shift.map((value) => value + level);
  if (saturation === 1) {
    for (let c = 0; c < 3; c++)
      mapPlane(image, c * plane, plane, contrast * brightness, offsets[c]);
    return;
  }
  const own = contrast * brightness * saturation;
  const grey = GREY.map((share) => contrast * brightness * (1 - saturation) * share);
  const [red, green, blue] = offsets;
  for (let i = 0; i < plane; i++) {
    const [r, g, b] = [image[i], image[plane + i], image[2 * plane + i]];
    const common = grey[0] * r + grey[1] * g + grey[2] * b;
    image[i] = toByte(own * r + common + red);
    image[plane + i] = toByte(own * g + common + green);
    image[2 * plane + i] = toByte(own * b + common + blue);
  }
}

/** Every byte of a plane becomes `factor * byte + offset`, by a table. */
function mapPlane(
  image: Uint8Array,
  start: number,
  plane: number,
  factor: number,
  offset: number,
): void {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => toByte(factor * byte + offset));
  for (let i = start; i < start + plane; i++) image[i] = table[image[i]];
}

/** The nearest byte. */
function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

function meanGrey(image: Uint8Array, plane: number): number {
  const sums = [0, 0, 0];
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let i = c * plane; i < (c + 1) * plane; i++) sum += image[i];
    sums[c] = sum;
  }
  return (GREY[0] * sums[0] + GREY[1] * sums[1] + GREY[2] * sums[2]) / plane;
}
