import type { Palette, Rgb } from '../draw/colours.js';
import type { Raster } from '../draw/raster.js';
import { type Axis, axisOver, meansOver, smoothed } from './curve-scale.js';

/** A course to draw: of every update, and after every epoch. */
export interface Course {
  readonly updates: readonly number[];
  readonly epochs: readonly number[];
  /** Updates of an epoch. */
  readonly steps: number;
}

/** Where the curves lie in their picture, in pixels of the page. */
export const FRAME = { left: 46, right: 10, top: 10, bottom: 26 } as const;

/** Most points of a curve: more than there are pixels. */
const MOST_POINTS = 700;

interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The course of the updates, smoothed over about a fifth of an epoch. */
function updatesLine({ updates, steps }: Course): Line {
  const length = Math.max(1, Math.ceil(updates.length / MOST_POINTS));
  const y = smoothed(meansOver(updates, length), steps / 5 / length);
  const x = y.map((_, i) => Math.min(updates.length, (i + 1) * length) / steps);
  return { x, y };
}

/** The axis that holds all of some courses; of none that of a percentage. */
export function valuesAxis(courses: readonly Course[]): Axis {
  const values = courses.flatMap((course) => [...updatesLine(course).y, ...course.epochs]);
  if (values.length === 0) return axisOver(0, 1);
  return axisOver(Math.min(...values), Math.max(...values));
}

/** Draws courses: thin lines for updates, strong ones with marks for what was after an epoch. */
export function drawCourses(
  raster: Raster,
  courses: readonly Course[],
  axis: Axis,
  epochs: number,
  palette: Palette,
  ratio: number,
): void {
  const { left, right, top, bottom } = FRAME;
  const [width, height] = [
    raster.width / ratio - left - right,
    raster.height / ratio - top - bottom,
  ];
  const toX = (epoch: number): number => ratio * (left + (epoch / epochs) * width);
  const toY = (value: number): number =>
    ratio * (top + (1 - (value - axis.least) / (axis.most - axis.least)) * height);
  raster.clear(palette.paper);
  for (const tick of axis.ticks)
    raster.line(toX(0), toY(tick), toX(epochs), toY(tick), ratio, 0.16);
  raster.ink(palette.edge);
  for (const [at, course] of courses.entries()) {
    const colour = at === 0 ? palette.accent : palette.warm;
    const { x, y } = updatesLine(course);
    const after = { x: course.epochs.map((_, i) => i + 1), y: course.epochs };
    strokeLine(raster, { x: x.map(toX), y: y.map(toY) }, ratio, 0.8, colour);
    const test = { x: after.x.map(toX), y: after.y.map(toY) };
    strokeLine(raster, test, 2 * ratio, 2, colour);
    if (epochs <= 60) marks(raster, test, at === 0, ratio, colour);
  }
}

function strokeLine(
  raster: Raster,
  { x, y }: Line,
  width: number,
  strength: number,
  colour: Rgb,
): void {
  for (let i = 1; i < x.length; i++)
    raster.line(x[i - 1] ?? 0, y[i - 1] ?? 0, x[i] ?? 0, y[i] ?? 0, width, strength);
  raster.ink(colour);
}

/** Discs for the one, squares for the other: they are told apart without their colours. */
function marks(raster: Raster, { x, y }: Line, round: boolean, ratio: number, colour: Rgb): void {
  for (const [i, at] of x.entries()) {
    const high = y[i] ?? 0;
    const side = Math.round(6 * ratio);
    if (round) raster.disc(at, high, 3.5 * ratio, colour);
    else
      raster.block(
        Math.max(0, Math.round(at - side / 2)),
        Math.max(0, Math.round(high - side / 2)),
        side,
        side,
        colour,
      );
  }
}
