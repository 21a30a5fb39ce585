import type { Spot } from './cloud.js';

/** From C and L to pixels of the plane, and back. */
export interface PlaneScale {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The largest L that is shown. */
  readonly most: number;
}

/** L of the paper's plane ends at 4.5; of graphs beyond it at the next of these. */
const ENDS = [4.6, 6.5, 9, 13, 20, 33, 60, 120, 250, 500, 1000, 2500, 7000];

export function planeScale(width: number, height: number, pathLength: number | null): PlaneScale {
  const most = ENDS.find((end) => (pathLength ?? 1) <= end) ?? 7000;
  return { width, height, left: 40, right: width - 14, top: 12, bottom: height - 38, most };
}

export function toX({ left, right }: PlaneScale, clustering: number): number {
  return left + clustering * (right - left);
}

export function toY({ top, bottom, most }: PlaneScale, pathLength: number): number {
  return bottom - ((pathLength - 1) / (most - 1)) * (bottom - top);
}

/** The place under a pixel, within the plane. */
export function placeAt(scale: PlaneScale, x: number, y: number): Spot {
  const { left, right, top, bottom, most } = scale;
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  return {
    clustering: within((x - left) / (right - left)),
    pathLength: 1 + within((bottom - y) / (bottom - top)) * (most - 1),
  };
}

/** Round values of L for the axis, at most seven. */
export function lengthTicks({ most }: PlaneScale): number[] {
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find(
    (each) => (most - 1) / each <= 7.5,
  );
  const width = step ?? 1000;
  const ticks: number[] = [];
  for (let tick = 1; tick <= most; tick = Math.floor(tick / width) * width + width)
    ticks.push(tick);
  return ticks;
}
