import { fixed } from '../../text.js';
import type { ErrorTable } from '../types.js';
import type { TaskTables } from './types.js';

/** Counts comparisons of a computed with a published number at the published number of decimals. */
export class Agreement {
  agreeing = 0;
  checked = 0;
  constructor(private readonly published: boolean) {}
  /** The published number as text, after it was compared with ours. */
  of(ours: number, published: number | undefined, digits: number): string {
    if (published === undefined || !this.published) return '–';
    this.checked += 1;
    // Half a unit of the last published decimal, and rounding.
    if (Math.abs(ours - published) <= 0.5 * 10 ** -digits + 1e-9) this.agreeing += 1;
    return fixed(published, digits);
  }
}

/** What a task is called: by its architecture among the paper's own. */
export const nameOf = (task: TaskTables, published: boolean): string => (published ? task.arch : task.name);

/** A task's table after its last epoch. */
export const lastTable = (task: TaskTables): ErrorTable & { readonly epoch: number } => task.tables[task.tables.length - 1];

export const interval = (range: readonly [number, number] | null | undefined, digits = 2): string => (range ? `[${fixed(range[0], digits)}, ${fixed(range[1], digits)}]` : 'too few');
