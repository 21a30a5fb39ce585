/**
 * Pixels that are read: interleaved RGB; a rectangle of a larger image where `stride` is more than
 * `3 * width`.
 */
export interface PixelView {
  readonly bytes: Uint8Array;
  /** First byte of the rectangle, and bytes from one row to the next. */
  readonly start: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What is made of a view: it is scaled to `width x height`, of which the square of `size` at (left,
 * top) is kept.
 */
export interface Target {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** Fixed point of the weights, and a half in it: as Pillow has them. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/**
 * Weights of one axis: output i is the sum over k < counts[i] of weights[i * most + k] times input
 * first[i] + k.
 */
interface Axis {
  readonly most: number;
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
}

/**
 * Weights that scale `from` pixels to `to`, of which the `size` from `offset` on are made: a
 * triangle as wide as two pixels of the larger of both grids (bilinear, with antialiasing where it
 * shrinks).
 */
function axisOf(from: number, to: number, offset: number, size: number): Axis {
  const scale = from / to;
  const support = Math.max(1, scale);
  const most = Math.ceil(support) * 2 + 1;
  const axis = {
    most,
    first: new Int32Array(size),
    counts: new Int32Array(size),
    weights: new Int32Array(size * most),
  };
  const real = new Float64Array(most);
  for (let i = 0; i < size; i++) {
    const centre = (offset + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first;
    let total = 0;
    for (let k = 0; k < count; k++) {
      real[k] = Math.max(0, 1 - Math.abs((k + first - centre + 0.5) / support));
      total += real[k];
    }
    axis.first[i] = first;
    axis.counts[i] = count;
    for (let k = 0; k < count; k++)
      axis.weights[i * most + k] = Math.trunc(0.5 + (real[k] / total) * (1 << PRECISION));
  }
  return axis;
}

/** Scales pictures; keeps its working memory, so one is used for many. */
export interface Resampler {
  /**
   * Writes the target's square, planar (channel, row, column; `3 * size * size` bytes). The bytes
   * are those of Pillow's `Image.resize` with `BILINEAR` (Pillow 9.4; also torchvision's Resize and
   * RandomResizedCrop of Pillow images).
   */
  resample(view: PixelView, target: Target, out: Uint8Array): void;
}

/** A resampler with its own working memory. */
export function createResampler(): Resampler {
  let middle = new Uint8Array(0);
  return {
    resample(view, target, out) {
      const { width, height, left, top, size } = target;
      if (view.width === width && view.height === height) return copyPlanar(view, target, out);
      const across = axisOf(view.width, width, left, size);
      const down = axisOf(view.height, height, top, size);
      const firstRow = down.first[0];
      const rows = down.first[size - 1] + down.counts[size - 1] - firstRow;
      if (middle.length < rows * size * 3) middle = new Uint8Array(rows * size * 3);
      scaleRows(view, across, firstRow, rows, size, middle);
      scaleColumns(middle, down, firstRow, rows, size, out);
    },
  };
}

/** The square as it is: no scaling is needed. */
function copyPlanar(
  { bytes, start, stride }: PixelView,
  { left, top, size }: Target,
  out: Uint8Array,
): void {
  const plane = size * size;
  for (let y = 0, to = 0; y < size; y++) {
    let from = start + (top + y) * stride + 3 * left;
    for (let x = 0; x < size; x++, to++, from += 3) {
      out[to] = bytes[from];
      out[plane + to] = bytes[from + 1];
      out[2 * plane + to] = bytes[from + 2];
    }
  }
}

/** Scales rows `firstRow .. firstRow + rows` across; `middle` is three planes of `rows x size`. */
function scaleRows(
  { bytes, start, stride }: PixelView,
  { most, first, counts, weights }: Axis,
  firstRow: number,
  rows: number,
  size: number,
  middle: Uint8Array,
): void {
  const plane = rows * size;
  for (let y = 0, to = 0; y < rows; y++) {
    const row = start + (firstRow + y) * stride;
    for (let x = 0; x < size; x++, to++) {
      let from = row + 3 * first[x];
      const begin = x * most;
      const end = begin + counts[x];
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = begin; k < end; k++, from += 3) {
        const weight = weights[k];
        red = (red + Math.imul(bytes[from], weight)) | 0;
        green = (green + Math.imul(bytes[from + 1], weight)) | 0;
        blue = (blue + Math.imul(bytes[from + 2], weight)) | 0;
      }
      // Weights are not negative and sum to one, give or take their rounding: no value is below 0,
      // few are above 255.
      middle[to] = Math.min(255, red >> PRECISION);
      middle[plane + to] = Math.min(255, green >> PRECISION);
      middle[2 * plane + to] = Math.min(255, blue >> PRECISION);
    }
  }
}

/** Scales the three planes of `middle` down to `size` rows each. */
function scaleColumns(
  middle: Uint8Array,
  { most, first, counts, weights }: Axis,
  firstRow: number,
  rows: number,
  size: number,
  out: Uint8Array,
): void {
  for (let channel = 0, to = 0; channel < 3; channel++) {
    for (let y = 0; y < size; y++, to += size) {
      const row: RowSum = {
        from: (channel * rows + first[y] - firstRow) * size,
        size,
        taps: weights.subarray(y * most, y * most + counts[y]),
      };
      // Little or no shrinking has few taps, and with their weights at hand goes twice as fast.
      if (row.taps.length <= 4) sumFourRows(middle, row, out, to);
      else sumRows(middle, row, out, to);
    }
  }
}

/** A row that is the weighted sum of `taps.length` rows of `size` bytes from `from` on. */
interface RowSum {
  readonly from: number;
  readonly size: number;
  readonly taps: Int32Array;
}

function sumRows(
  middle: Uint8Array,
  { from, size, taps }: RowSum,
  out: Uint8Array,
  to: number,
): void {
  for (let x = 0; x < size; x++) {
    let sum = HALF;
    for (let k = 0, at = from + x; k < taps.length; k++, at += size)
      sum = (sum + Math.imul(middle[at], taps[k])) | 0;
    out[to + x] = Math.min(255, sum >> PRECISION);
  }
}

function sumFourRows(
  middle: Uint8Array,
  { from, size, taps }: RowSum,
  out: Uint8Array,
  to: number,
): void {
  const count = taps.length;
  const a = taps[0];
  const [b, c, d] = [1, 2, 3].map((k) => (k < count ? taps[k] : 0));
  // Rows that do not count are read from the first, which exists.
  const [toB, toC, toD] = [1, 2, 3].map((k) => (k < count ? k * size : 0));
  for (let at = from, end = from + size; at < end; at++, to++) {
    const sum =
      (HALF +
        Math.imul(middle[at], a) +
        Math.imul(middle[at + toB], b) +
        Math.imul(middle[at + toC], c) +
        Math.imul(middle[at + toD], d)) |
      0;
    out[to] = Math.min(255, sum >> PRECISION);
  }
}
