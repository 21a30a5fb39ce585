/**
 * Numbers with a shape, row-major (the last axis contiguous). What weights travel in between rooms
 * and files.
 */
export interface Tensor {
  /** Sizes of the axes, outermost first, e.g. `[out, in]` of a linear weight. */
  readonly shape: readonly number[];
  /** As many numbers as the product of `shape`. */
  readonly data: Float32Array | Float64Array;
}

/** Numbers in a tensor of that shape: the product of its axes, 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
