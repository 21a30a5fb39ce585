/**
 * The paper's plane has C from 0 to 1 and L from 1 to 4.5; a distance in it is in parts of its
 * side.
 */
const PATH_LENGTH_SIDE = 3.5;

/**
 * Distance of two places in the plane, both axes in parts of the paper's ranges: C by 1, L by 3.5.
 */
export function planeDistance(
  a: Readonly<Record<'clustering' | 'pathLength', number>>,
  b: Readonly<Record<'clustering' | 'pathLength', number>>,
): number {
  return Math.hypot(a.clustering - b.clustering, (a.pathLength - b.pathLength) / PATH_LENGTH_SIDE);
}
