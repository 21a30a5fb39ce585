import { UserError } from '../../core/errors.js';

/**
 * The sizes of a family that has few of them: the parameter's values in ascending order, with the
 * nodes of each.
 */
export interface Sizes {
  readonly family: string;
  /** The rule in words, e.g. `2^d nodes`. */
  readonly rule: string;
  readonly values: readonly number[];
  /** Number of nodes for a value of the parameter; rises with it. */
  readonly nodesOf: (this: void, value: number) => number;
}

/**
 * The value for which the family has exactly `nodes` nodes. Throws a `UserError` that names the
 * sizes next to it.
 */
export function valueOfSize({ family, rule, values, nodesOf }: Sizes, nodes: number): number {
  const exact = values.find((value) => nodesOf(value) === nodes);
  if (exact !== undefined) return exact;
  const below = values.findLast((value) => nodesOf(value) < nodes);
  const above = values.find((value) => nodesOf(value) > nodes);
  const nearest = [below, above].flatMap((value) => (value === undefined ? [] : [nodesOf(value)]));
  throw new UserError(
    `a graph of the family ${family} has ${rule}, but ${nodes} are needed; the nearest ` +
      `are ${nearest.join(' and ')}, or choose another graph`,
  );
}

/** The value for which the family has about `nodes` nodes. */
export function valueNearSize({ values, nodesOf }: Sizes, nodes: number): number {
  const distance = (value: number): number => Math.abs(nodesOf(value) - nodes);
  return values.reduce(
    (best, value) => (distance(value) < distance(best) ? value : best),
    values[0],
  );
}

/** Integers from `first` to `last`. */
export function integers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Whether an integer is a prime number (by trial division; 20,000 needs 140 of them). */
export function isPrime(value: number): boolean {
  if (value < 2) return false;
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) return false;
  }
  return true;
}
