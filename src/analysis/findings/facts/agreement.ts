import { cellReliability } from '../honest.js';
import { lastTable, seedDesignOf, type TaskTables } from '../input.js';
import { commonCells } from '../paper.js';
import { ceilingOf, correlate, type Correlation, type Pairs } from './correlation.js';

/** How two tasks agree on cells. */
export interface PairFact extends Correlation {
  readonly one: TaskTables;
  readonly two: TaskTables;
  readonly pairs: Pairs & { readonly baseline: number | null };
  /** The r of perfect agreement given seed noise; null with one seed. */
  readonly ceiling: number | null;
}

/** Every pair of tasks that has three cells in common. */
export function pairFacts(tasks: readonly TaskTables[], resamples: number): PairFact[] {
  return tasks.flatMap((one, i) =>
    tasks.slice(i + 1).flatMap((two) => {
      const [a, b] = [lastTable(one), lastTable(two)];
      const pairs = commonCells(a, b);
      const found = correlate(pairs, `${one.name} ${two.name}`, resamples);
      if (found === null) return [];
      return [
        {
          one,
          two,
          pairs,
          ...found,
          ceiling: ceilingOf(
            cellReliability(a, seedDesignOf(one)),
            cellReliability(b, seedDesignOf(two)),
          ),
        },
      ];
    }),
  );
}
