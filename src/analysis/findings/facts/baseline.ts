import { advantage, betterThanBaseline, heldOut, type BetterThanBaseline, type HeldOut } from '../honest.js';
import { lastTable, type TaskTables } from '../input.js';
import type { PaperBest } from '../paper.js';
import type { RankingRule } from '../presenter.js';
import { present } from '../rows.js';
import type { Interval } from './types.js';

/** The best graph beside the baseline; of tasks that have both. */
export interface BaselineFact {
  readonly task: TaskTables;
  readonly best: PaperBest;
  /** Points below the baseline, with Welch's interval. */
  readonly gain: { readonly value: number; readonly interval: Interval | null };
  readonly held: HeldOut | null;
  readonly better: BetterThanBaseline | null;
}

/** The best graph of every task beside its baseline. */
export function baselineFacts(tasks: readonly TaskTables[], rule: RankingRule): BaselineFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const best = rule.best(table);
    if (!best?.baseline || table.baseline === null) return [];
    return [
      {
        task,
        best,
        gain: advantage(present(table.baseline), present(best.row)),
        held: heldOut(table),
        better: betterThanBaseline(table),
      },
    ];
  });
}
