import { UserError } from '../core/errors.js';
import { features, type Shape } from '../core/shape.js';
import {
  type Architecture,
  type BuildRequest,
  type Stem,
  STEMS,
} from './architectures/architecture.js';
import { PlaneError } from './architectures/draft.js';
import type { Network } from './types.js';

/** One CIFAR image: 3 channels of 32 x 32 pixels. */
export const DEFAULT_INPUT: Shape = { channels: 3, height: 32, width: 32 };
/** Classes of a task that names none: those of CIFAR-10. */
export const DEFAULT_CLASSES = 10;
/**
 * Images whose smaller side has at least as many pixels get the `imagenet` stem unless another is
 * asked for.
 */
const LARGE_SIDE = 128;

/** What a network is for; CIFAR-10 unless said. */
export interface Task {
  /** Shape of one sample; default 3 x 32 x 32. */
  readonly input?: Shape | undefined;
  /** Default 10. */
  readonly classes?: number | undefined;
  /**
   * Default: `imagenet` where the smaller side of the input has at least 128 pixels, else `small`.
   */
  readonly stem?: Stem | undefined;
}

/**
 * The stem that an architecture has for a task; null where it has none to choose from.
 *
 * @throws UserError for a stem that the architecture does not have
 */
export function stemOf(arch: Architecture, { input = DEFAULT_INPUT, stem }: Task): Stem | null {
  if (arch.stems.length === 0) {
    if (stem === undefined) return null;
    throw new UserError(
      `${arch.name} has one stem for all inputs, but stem ${stem} was asked for; leave ` +
        'the stem out',
    );
  }
  if (stem !== undefined && !arch.stems.includes(stem))
    throw new UserError(`${arch.name} has the stems ${arch.stems.join(', ')}; got ${stem}`);
  return stem ?? (Math.min(input.height, input.width) >= LARGE_SIDE ? 'imagenet' : 'small');
}

/**
 * The architecture's network for that request, which is checked first.
 *
 * @throws UserError with rule, value and remedy for an impossible task or widths
 */
export function layOut(arch: Architecture, request: BuildRequest): Network {
  checkTask(request.input, request.classes);
  checkWidths(arch, request.widths);
  try {
    return arch.build(request);
  } catch (error) {
    throw error instanceof PlaneError ? sideError(arch, request, error) : error;
  }
}

function checkTask(input: Shape, classes: number): void {
  const sides = [input.channels, input.height, input.width];
  if (!sides.every(isPositiveInteger) || features(input) > MAX_SIZE) {
    throw new UserError(
      'an input shape is CHANNELSxHEIGHTxWIDTH, positive integers with at most ' +
        `${MAX_SIZE} values in all; got ${sides.join('x')}`,
    );
  }
  if (!Number.isInteger(classes) || classes < 2 || classes > MAX_SIZE)
    throw new UserError(
      `a classifier has an integer number of classes from 2 to ${MAX_SIZE}; got ${classes}`,
    );
}

function checkWidths(arch: Architecture, widths: readonly number[]): void {
  const count = arch.baselineWidths.length;
  if (
    widths.length === count &&
    widths.every((width) => isPositiveInteger(width) && width <= MAX_SIZE)
  )
    return;
  throw new UserError(
    `${arch.name} takes ${count === 1 ? 'one width' : `${count} widths`}, from 1 to ` +
      `${MAX_SIZE} channels; got ${widths.join(',') || 'none'}`,
  );
}

/**
 * How far from a side that does not fit others are tried; both strides and patches have legal sides
 * nearer than that.
 */
const TRIED_SIDES = 32;

/**
 * What to say of an input whose plane does not fit, with the nearest sides that do, and the other
 * stem where it takes this one.
 */
function sideError(arch: Architecture, request: BuildRequest, cause: PlaneError): UserError {
  const { height, width } = request.input;
  const fits = (side: number, stem = request.stem): boolean =>
    side > 0 &&
    canBuild(arch, { ...request, stem, input: { ...request.input, height: side, width: side } });
  const bad = fits(height) ? width : height;
  const below = nearest((away) => bad - away, fits);
  const above = nearest((away) => bad + away, fits);
  const others = STEMS.filter(
    (stem) =>
      stem !== request.stem && arch.stems.includes(stem) && fits(height, stem) && fits(width, stem),
  ).map((stem) => `, or the ${stem} stem`);
  const legal = [below, above].filter((side) => side !== undefined).join(' or ');
  return new UserError(
    `${arch.name}${request.stem === null ? '' : ` with the ${request.stem} stem`} does ` +
      `not take a side of ${bad} pixels (${cause.message}); take ${legal}${others.join('')}`,
    { cause },
  );
}

function nearest(
  at: (away: number) => number,
  fits: (side: number) => boolean,
): number | undefined {
  return Array.from({ length: TRIED_SIDES }, (_, i) => at(i + 1)).find((side) => fits(side));
}

function canBuild(arch: Architecture, request: BuildRequest): boolean {
  try {
    arch.build({ ...request, widths: arch.baselineWidths, relational: null });
    return true;
  } catch (error) {
    if (error instanceof PlaneError) return false;
    throw error;
  }
}

/** Keeps every product of two sides an exact integer in a float64. */
const MAX_SIZE = 2 ** 24;

function isPositiveInteger(x: number): boolean {
  return Number.isInteger(x) && x > 0;
}
