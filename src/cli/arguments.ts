import { InvalidArgumentError } from 'commander';

/** Reads an option's value as a whole number from `lowest` to `highest`. */
export function wholeNumber(lowest: number, highest: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = `from ${lowest} to ${highest === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : highest}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest) throw new InvalidArgumentError(`expected a whole number ${range}.`);
    return value;
  };
}

/** Reads an option's value as a finite number. */
export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number.');
  return value;
}
