import { InvalidArgumentError } from 'commander';
import { printable } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { BUDGET_RULE, isBudget } from '../network/budget.js';
import { FIGURE_FORMATS, type FigureFormat } from '../figures/files.js';

/** Reads an option's value as a whole number from `lowest` to `highest`. */
export function wholeNumber(
  lowest: number,
  highest: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  const range = `from ${lowest} to ${highest === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : highest}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest)
      throw new InvalidArgumentError(`expected a whole number ${range}.`);
    return value;
  };
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Reads an option's value as a time, `90s`, `55m` or `2.5h`, in seconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('expected a time, as 90s, 55m or 2.5h.');
  return Number(number) * SECONDS[unit as keyof typeof SECONDS];
}

/** Reads an option's value as a whole number from 0, or as `auto`. */
export function countOrAuto(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number of images, or auto.');
}

/** Reads an option's value as widths, separated by commas. */
export function widthList(text: string): number[] {
  return text.split(',').map(wholeNumber(1));
}

/** Reads an option's value as finite numbers, separated by commas. */
export function numberList(text: string): number[] {
  return text.split(',').map(realNumber);
}

/** Reads an option's value as the shape of a sample, `3x32x32`. */
export function sampleShape(text: string): Shape {
  const [, channels, height, width] = /^(\d+)x(\d+)x(\d+)$/.exec(text) ?? [];
  if (channels === undefined || height === undefined || width === undefined)
    throw new InvalidArgumentError('expected CHANNELSxHEIGHTxWIDTH, e.g. 3x32x32.');
  return { channels: Number(channels), height: Number(height), width: Number(width) };
}

/** Reads an option's value as a budget. */
export function budgetNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && isBudget(value)) return value;
  throw new InvalidArgumentError(`expected ${BUDGET_RULE}.`);
}

/** Reads an option's value as a finite number. */
export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('expected a number.');
  return value;
}

/**
 * Reads an option's value as formats of figures, separated by commas; each once, in the order
 * given.
 */
export function figureFormats(text: string): FigureFormat[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const formats = names.map((name) => {
    const format = FIGURE_FORMATS.find((each) => each === name);
    if (format === undefined)
      throw new InvalidArgumentError(
        'expected formats of figures separated by commas, from ' +
          `${FIGURE_FORMATS.join(', ')}; ` +
          `${name === '' ? 'one is empty' : `"${printable(name)}" is none of them`}.`,
      );
    return format;
  });
  return [...new Set(formats)];
}
