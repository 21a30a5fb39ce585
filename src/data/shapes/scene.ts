import type { RandomStream } from '../../core/random/stream.js';
import { difficulty } from './difficulty.js';
import { type Outline, outlines, stroke } from './outlines.js';

/** Red, green and blue in byte units, unclipped. */
type Colour = readonly [number, number, number];
type Range = readonly [number, number];

/** A square picture being painted: three planes of `size * size` numbers in byte units. */
export interface Canvas {
  readonly size: number;
  readonly planes: Float64Array;
}

/**
 * Where and how large something is drawn: pixels for the place, the cosine and sine of its
 * rotation.
 */
interface Pose {
  readonly x: number;
  readonly y: number;
  /** Pixels per unit of the outline. */
  readonly radius: number;
  readonly cosine: number;
  readonly sine: number;
  /** Lengthening of the outline's own x axis (and shortening of y). */
  readonly stretch: number;
}

export function makeCanvas(size: number): Canvas {
  return { size, planes: new Float64Array(3 * size * size) };
}

function within(random: RandomStream, [low, high]: Range): number {
  return low + (high - low) * random.uniform();
}

/** Uniform in [-limit, limit). */
function around(random: RandomStream, limit: number): number {
  return limit * (2 * random.uniform() - 1);
}

/** A colour of the given mean light and a random tint. */
function tinted(random: RandomStream, light: number): Colour {
  const r = random.uniform();
  const g = random.uniform();
  const b = random.uniform();
  const mean = (r + g + b) / 3;
  return [
    light + difficulty.chroma * (r - mean),
    light + difficulty.chroma * (g - mean),
    light + difficulty.chroma * (b - mean),
  ];
}

/**
 * A rotation from the tangent of half its angle: exact arithmetic where `Math.cos` may differ
 * between engines.
 */
function rotation(halfTangent: number): { cosine: number; sine: number } {
  const square = halfTangent * halfTangent;
  return { cosine: (1 - square) / (1 + square), sine: (2 * halfTangent) / (1 + square) };
}

/**
 * Fills the canvas with a linear gradient between two colours; returns the mean light of the two.
 */
function paintBackground({ size, planes }: Canvas, random: RandomStream): number {
  const lights = [
    within(random, difficulty.background),
    within(random, difficulty.background),
  ] as const;
  const from = tinted(random, lights[0]);
  const to = tinted(random, lights[1]);
  const { cosine, sine } = rotation(around(random, 1));
  const area = size * size;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const along =
        0.5 + ((column + 0.5) / size - 0.5) * cosine + ((row + 0.5) / size - 0.5) * sine;
      const pixel = row * size + column;
      for (let c = 0; c < 3; c++) planes[c * area + pixel] = from[c] + (to[c] - from[c]) * along;
    }
  }
  return (lights[0] + lights[1]) / 2;
}

/**
 * Paints an outline over the canvas; a pixel is covered by its centre's distance to the edge
 * (anti-aliasing).
 */
function paint(
  { size, planes }: Canvas,
  distance: Outline['distance'],
  pose: Pose,
  colour: Colour,
): void {
  const { x, y, radius, cosine, sine, stretch } = pose;
  const area = size * size;
  const reach = radius * stretch + 1;
  const firstRow = Math.max(0, Math.floor(y - reach));
  const lastRow = Math.min(size - 1, Math.ceil(y + reach));
  const firstColumn = Math.max(0, Math.floor(x - reach));
  const lastColumn = Math.min(size - 1, Math.ceil(x + reach));
  for (let row = firstRow; row <= lastRow; row++) {
    const dy = (row + 0.5 - y) / radius;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const dx = (column + 0.5 - x) / radius;
      const far =
        distance((dx * cosine + dy * sine) / stretch, (dy * cosine - dx * sine) * stretch) * radius;
      const cover = Math.min(1, 0.5 - far);
      if (cover <= 0) continue;
      const pixel = row * size + column;
      for (let c = 0; c < 3; c++) {
        const at = c * area + pixel;
        planes[at] = planes[at] + (colour[c] - planes[at]) * cover;
      }
    }
  }
}

function somewhere(size: number, radius: number, random: RandomStream): Pose {
  // Any angle: up to 90 degrees either way, then reversed or not.
  const { cosine, sine } = rotation(around(random, 1));
  const sign = random.below(2) === 0 ? 1 : -1;
  return {
    x: random.uniform() * size,
    y: random.uniform() * size,
    radius,
    cosine: sign * cosine,
    sine: sign * sine,
    stretch: 1,
  };
}

type Distractor = (random: RandomStream) => {
  readonly distance: Outline['distance'];
  readonly radius: Range;
};

/** What clutter is made of; radii as fractions of the side. */
const distractors: readonly Distractor[] = [
  // A stroke.
  (random) => ({
    distance: stroke(-0.8, 0, 0.8, 0, within(random, [0.05, 0.2])),
    radius: [0.15, 0.45],
  }),
  // A blob: a shape's roundish, squarish core.
  (random) => ({ distance: outlines[random.below(3)].distance, radius: [0.06, 0.14] }),
  // A piece of any shape, cut off along a line.
  (random) => {
    const whole = outlines[random.below(outlines.length)].distance;
    const cut = within(random, [0.1, 0.5]);
    return { distance: (x, y) => Math.max(whole(x, y), cut - x), radius: [0.2, 0.35] };
  },
];

function paintClutter(canvas: Canvas, light: number, random: RandomStream): void {
  const count = random.below(difficulty.distractors + 1);
  for (let i = 0; i < count; i++) {
    const { distance, radius } = distractors[random.below(distractors.length)](random);
    const pose = somewhere(canvas.size, within(random, radius) * canvas.size, random);
    paint(
      canvas,
      distance,
      pose,
      tinted(random, light + within(random, difficulty.distractorContrast)),
    );
  }
}

function shapePose(size: number, random: RandomStream): Pose {
  const radius = within(random, difficulty.radius) * size;
  const x = (0.5 + around(random, difficulty.offset)) * size;
  const y = (0.5 + around(random, difficulty.offset)) * size;
  const stretch = 1 + difficulty.stretch * random.uniform();
  return { x, y, radius, ...rotation(around(random, difficulty.turn)), stretch };
}

/** A bar over a part of the shape, off its middle so that the rest still tells the class. */
function paintOccluder(canvas: Canvas, shape: Pose, light: number, random: RandomStream): void {
  const { cosine, sine } = rotation(around(random, 1));
  const away = within(random, [0.3, 0.7]) * (random.below(2) === 0 ? 1 : -1);
  const bar = stroke(-0.8, away, 0.8, away, within(random, difficulty.occluder));
  paint(
    canvas,
    bar,
    { ...shape, cosine, sine, stretch: 1 },
    tinted(random, light + within(random, difficulty.distractorContrast)),
  );
}

/**
 * Paints one picture of a class: background, clutter, the shape, and perhaps something before it.
 * No noise yet.
 */
export function paintScene(canvas: Canvas, label: number, random: RandomStream): void {
  const light = paintBackground(canvas, random);
  paintClutter(canvas, light, random);
  const pose = shapePose(canvas.size, random);
  paint(
    canvas,
    outlines[label].distance,
    pose,
    tinted(random, light + within(random, difficulty.contrast)),
  );
  if (random.uniform() < difficulty.occlusion) paintOccluder(canvas, pose, light, random);
}

/** Standard deviation of the sum of two independent uniform bytes: sqrt(2 (256^2 - 1) / 12). */
const TWO_BYTES_STD = Math.sqrt((256 * 256 - 1) / 6);

/**
 * Adds noise (triangular: the sum of two uniform bytes) and rounds to bytes, into `bytes` from
 * `offset`.
 */
export function develop(
  canvas: Canvas,
  random: RandomStream,
  bytes: Uint8Array,
  offset: number,
): void {
  const { planes } = canvas;
  const scale = difficulty.noise / TWO_BYTES_STD;
  let bits = 0;
  for (let i = 0; i < planes.length; i++) {
    bits = i % 2 === 0 ? random.uint32() : bits >>> 16;
    const noise = ((bits & 255) + ((bits >>> 8) & 255) - 255) * scale;
    bytes[offset + i] = Math.min(255, Math.max(0, Math.floor(planes[i] + noise + 0.5)));
  }
}
