import { lastTable, type TaskTables } from '../input.js';
import type { RankingRule } from '../presenter.js';
import {
  commonDraws,
  edgeIntervals,
  type CommonDraws,
  type RectangleDraws,
  type RectangleIntervals,
} from '../rectangle.js';
import { intersection, measuredRows } from '../rows.js';
import type { Rectangle } from '../types.js';

/** A task's sweet spot, and the resamples of that of cells. */
export interface SweetSpotFact {
  readonly task: TaskTables;
  /** By the presenter's rule. */
  readonly rectangle: Rectangle;
  /** Whether it may be called a sweet spot. */
  readonly called: boolean;
  /** That of cells, whose edges are drawn anew; by the rule of Plexus the same. */
  readonly cells: Rectangle;
  /** Null without two seeds. */
  readonly draws: RectangleDraws | null;
  /** Null without draws, and with fewer than eight graphs, whose resamples repeat each other. */
  readonly intervals: RectangleIntervals | null;
}

const FEWEST_GRAPHS = 8;

/** The sweet spot of every task in which a graph was measured. */
export function sweetSpotFacts(
  tasks: readonly TaskTables[],
  rule: RankingRule,
  resamples: number,
): SweetSpotFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const [rectangle, cells] = [rule.sweetSpot(table), rule.cellRectangle(table)];
    if (rectangle === null || cells === null) return [];
    const draws = rule.draws(table, resamples);
    const few = measuredRows(table).length < FEWEST_GRAPHS;
    return [
      { task, rectangle, called: task.baselineBeaten !== false, cells, draws, intervals: draws === null || few ? null : edgeIntervals(draws) },
    ];
  });
}

/**
 * What the sweet spots share: of the tasks with two seeds, where there are any; nothing can be tested in the
 * others.
 */
export interface CommonFact {
  /** Of the rectangles by the presenter's rule. */
  readonly rectangle: Rectangle | null;
  /** Null where no task has two seeds. */
  readonly draws: CommonDraws | null;
  readonly tasks: number;
}

/** Null where no sweet spot was found. */
export function commonFact(facts: readonly SweetSpotFact[]): CommonFact | null {
  const found = facts.filter((fact) => fact.called);
  if (found.length === 0) return null;
  const tested = found.filter((fact) => fact.draws !== null);
  const shown = tested.length === 0 ? found : tested;
  const draws = tested.flatMap((fact) => fact.draws ?? []);
  return {
    rectangle: intersection(shown.map((fact) => fact.rectangle)),
    draws: draws.length === 0 ? null : commonDraws(draws),
    tasks: shown.length,
  };
}
