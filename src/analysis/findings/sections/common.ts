import { fixed } from '../../text.js';
import type { Section } from './types.js';

/** A computed number beside its published figure, which is undefined where the paper gives none. */
export interface Check {
  readonly ours: number;
  readonly published: number | undefined;
  /** Published decimals. */
  readonly digits: number;
}

/**
 * How many published figures came out as published, to their last decimal, of those that there are.
 */
export function agreementOf(checks: readonly Check[]): Pick<Section, 'agreeing' | 'checked'> {
  const known = checks.filter(({ published }) => published !== undefined);
  return { agreeing: known.filter(agrees).length, checked: known.length };
}

/** Whether both differ by no more than half a unit of the last published decimal, and rounding. */
function agrees({ ours, published, digits }: Check): boolean {
  return published !== undefined && Math.abs(ours - published) <= 0.5 * 10 ** -digits + 1e-9;
}

/** A section that checks no published figure. */
export const UNCHECKED: Pick<Section, 'agreeing' | 'checked'> = { agreeing: 0, checked: 0 };

/** One column of a section's table. */
export interface Column<Fact> {
  readonly title: string;
  readonly cell: (fact: Fact) => string;
}

/** Titles and cells, a row a fact. */
export function tableOf<Fact>(
  columns: readonly Column<Fact>[],
  facts: readonly Fact[],
): Pick<Section, 'columns' | 'rows'> {
  return {
    columns: columns.map(({ title }) => title),
    rows: facts.map((fact) => columns.map(({ cell }) => cell(fact))),
  };
}

/** `[0.12, 0.34]`; `too few` where there is no interval. */
export function interval(range: readonly [number, number] | null | undefined, digits = 2): string {
  return range ? `[${fixed(range[0], digits)}, ${fixed(range[1], digits)}]` : 'too few';
}
