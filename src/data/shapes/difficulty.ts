/**
 * How hard the built-in data set is: every range its pictures are drawn from, in one place. Lengths
 * are fractions of the image's side, light is in byte units. A change of any number here makes
 * another data set: the golden hash of its first pictures must then be renewed, and with it the
 * constants of `normalisation`.
 */
export const difficulty = {
  /** Radius of the disc that holds the shape. */
  radius: [0.26, 0.4],
  /** Largest distance of the shape's centre from the image's, in x and in y. */
  offset: 0.09,
  /** Tangent of half the largest rotation, either way: 0.24 is 27 degrees. */
  turn: 0.24,
  /** Largest lengthening of one axis against the other. */
  stretch: 0.15,
  /** Mean light of the two ends of the background's gradient. */
  background: [40, 130],
  /** How much lighter than the background's mean the shape is. */
  contrast: [40, 110],
  /** How far a colour's channels stray from its light. */
  chroma: 110,
  /** Most strokes, blobs and cut pieces of shapes behind the shape. */
  distractors: 4,
  /** Light of a distractor, against the background's mean. */
  distractorContrast: [-60, 80],
  /**
   * Probability that a bar of clutter covers a part of the shape, and the bar's half thickness in
   * shape radii.
   */
  occlusion: 0.5,
  occluder: [0.1, 0.22],
  /** Standard deviation of the noise of every pixel and channel. */
  noise: 14,
} as const;

/**
 * Means and standard deviations per channel of the drawn bytes at the default size, measured once
 * and rounded.
 */
export const normalisation = { mean: [98, 98, 98], std: [44.5, 44.5, 44.5] } as const;
