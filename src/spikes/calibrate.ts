import { must, UserError } from '../core/errors.js';
import type { Weighted } from '../engine/fold.js';
import { quantile } from '../stats/descriptive.js';
import { floatForward } from './kernels/float-forward.js';
import { stagesOf } from './stages.js';
import type { SpikeCode, Stage } from './types.js';

/**
 * The percentile of a layer's activations that its threshold is set to: Rueckauer, Lungu, Hu,
 * Pfeiffer and Liu 2017 (Frontiers in Neuroscience 11:682, section 2.3.1), who found 99.9 robust.
 */
export const PERCENTILE = 99.9;

/** Activations of a layer that thresholds are chosen by, at most; every so many-th beyond that. */
const MOST = 200_000;
/** Thresholds that are tried, as even shares of the largest activation. */
const TRIED = 100;

/** What a trained network does on calibration images: its thresholds follow for any code. */
export interface Calibration {
  readonly stages: readonly Stage[];
  /**
   * Of each stage activations that thresholds are chosen by; null of the last, which never fires.
   * Worked out when first asked for, and kept.
   */
  readonly activations: () => readonly (Float64Array | null)[];
}

/**
 * Takes calibration images to a trained network: they run through it once, for all codes.
 *
 * @param images normalised as in training, one after another
 * @throws UserError for layers that events cannot carry, and where there is no image
 */
export function calibrate(weighted: Weighted, images: Float32Array | Float64Array): Calibration {
  const stages = stagesOf(weighted);
  if (images.length === 0)
    throw new UserError('thresholds need calibration images, at least one; got none');
  let known: readonly (Float64Array | null)[] | null = null;
  return { stages, activations: () => (known ??= activationsOf(stages, images)) };
}

function activationsOf(
  stages: readonly Stage[],
  images: Float32Array | Float64Array,
): (Float64Array | null)[] {
  const seen = stages.map((): Float64Array[] => []);
  floatForward(stages, images, (stage, _, activations) => {
    if (must(stages[stage]).fires) must(seen[stage]).push(activations);
  });
  return stages.map(({ fires }, at) => (fires ? sampled(must(seen[at])) : null));
}

/**
 * Thresholds of all stages that fire, from their activations on calibration images. With `rate` the
 * percentile (data-based normalisation: Diehl et al. 2015, Rueckauer et al. 2017); else the one with
 * which activations quantised to so many levels differ least, in mean square, from the float ones.
 *
 * @throws UserError where a layer is silent on all images
 */
export function thresholdsOf(
  { stages, activations }: Calibration,
  code: SpikeCode,
  levels: number,
): number[] {
  return activations().flatMap((values, at) =>
    values === null ? [] : [thresholdOf(must(stages[at]).id, values, code, levels)],
  );
}

function sampled(pieces: readonly Float64Array[]): Float64Array {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const step = Math.ceil(total / MOST);
  const kept = new Float64Array(Math.ceil(total / step));
  let [at, next, base] = [0, 0, 0];
  for (const piece of pieces) {
    for (; next < base + piece.length; next += step) kept[at++] = piece[next - base] ?? 0;
    base += piece.length;
  }
  return kept;
}

function thresholdOf(
  id: string,
  activations: Float64Array,
  code: SpikeCode,
  levels: number,
): number {
  const found =
    code === 'rate' ? quantile(activations, PERCENTILE / 100) : bestThreshold(activations, levels);
  if (found > 0) return found;
  throw new UserError(
    `${id} must be active on some calibration images to get a threshold, but its ` +
      `${code === 'rate' ? `${PERCENTILE}th percentile` : 'largest activation'} is ${found}; ` +
      'take more images, or weights of a training that went well',
  );
}

function bestThreshold(activations: Float64Array, levels: number): number {
  const active = activations.filter((value) => value > 0);
  const most = active.reduce((a, b) => Math.max(a, b), 0);
  let [best, least] = [most, Infinity];
  for (let share = 1; share <= TRIED; share++) {
    const threshold = (most * share) / TRIED;
    let worse = 0;
    for (const x of active) worse += (x - quantised(x, threshold, levels)) ** 2;
    if (worse < least) [best, least] = [threshold, worse];
  }
  return best;
}

/**
 * Quantisation clip-floor-shift (Bu et al. 2022, ICLR, equation 15): the threshold times a whole
 * number of levels, 0 to all of them, shifted by half a level.
 */
export function quantised(x: number, threshold: number, levels: number): number {
  const level = Math.floor((x * levels) / threshold + 0.5);
  return (threshold / levels) * Math.min(levels, Math.max(0, level));
}
