import { mean } from '../../../stats/descriptive.js';
import { freshExpectation, type FreshExpectation } from '../../fresh-expectation.js';
import {
  advantage,
  type Advantage,
  betterThanBaseline,
  type BetterThanBaseline,
  heldOut,
  type HeldOut,
} from '../honest.js';
import { choiceTable, lastTable, seedDesignOf, type TaskTables } from '../input.js';
import { levelOf, type PaperBest } from '../paper.js';
import type { RankingRule } from '../presenter.js';

/** The best graph beside the baseline; of tasks that have both. */
export interface BaselineFact {
  readonly task: TaskTables;
  readonly best: PaperBest;
  readonly gain: Advantage;
  readonly held: HeldOut | null;
  /** What fresh seeds may be expected to show of it; null where the noise is not known. */
  readonly expected: FreshExpectation | null;
  readonly better: BetterThanBaseline | null;
}

/** The best graph of every task beside its baseline. */
export function baselineFacts(tasks: readonly TaskTables[], rule: RankingRule): BaselineFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const best = bestOf(task, rule);
    if (!best?.baseline || table.baseline === null) return [];
    return [
      {
        task,
        best,
        gain: advantage(table, table.baseline, best.row, seedDesignOf(task)),
        held: heldOut(table, choiceTable(task)),
        expected: freshExpectation(table, best.row.graph, seedDesignOf(task)),
        better: betterThanBaseline(table, seedDesignOf(task)),
      },
    ];
  });
}

/** The graph that is chosen, with its test errors. */
function bestOf(task: TaskTables, rule: RankingRule): PaperBest | null {
  const table = lastTable(task);
  const chosen = rule.best(choiceTable(task));
  if (task.choice === undefined || chosen === null) return chosen;
  const row = table.graphs.find(({ graph }) => graph === chosen.row.graph);
  if (row === undefined) return null;
  const { baseline } = table;
  return { baseline: chosen.baseline && baseline && levelOf(baseline), best: levelOf(row), row };
}

/**
 * Graphs and seeds from which on a share of an advantage says something: among fewer its base is
 * mostly noise.
 */
const SHARE_GRAPHS = 10;
const SHARE_SEEDS = 3;

/**
 * Share of the chosen graphs' advantage that is left on held-out seeds, %, mean over tasks; 0 where
 * none is. Null without a task whose advantage is above 0 and comes of graphs and seeds enough.
 */
export function shareKept(facts: readonly BaselineFact[]): number | null {
  const shares = facts.flatMap(({ held }) => {
    if (held === null || held.chosen <= 0 || held.graphs < SHARE_GRAPHS) return [];
    return held.seeds[0] + held.seeds[1] < SHARE_SEEDS ? [] : [held.reported / held.chosen];
  });
  return shares.length === 0 ? null : Math.max(0, 100 * mean(shares));
}
