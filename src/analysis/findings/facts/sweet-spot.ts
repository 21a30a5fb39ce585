import { choiceTable, type TaskTables } from '../input.js';
import type { RankingRule } from '../presenter.js';
import {
  commonDraws,
  type CommonDraws,
  edgeIntervals,
  type RectangleDraws,
  type RectangleIntervals,
} from '../rectangle.js';
import { intersection, measuredRows } from '../rows.js';
import type { Rectangle } from '../types.js';

/** A task's sweet spot, and the resamples of that of cells. */
export interface SweetSpotFact {
  readonly task: TaskTables;
  /** By the presenter's rule; null where nothing can be tested. */
  readonly rectangle: Rectangle | null;
  /** Whether it may be called a sweet spot. */
  readonly called: boolean;
  /** The sweet spot of cells, of which the resamples are; null as `rectangle`. */
  readonly cells: Rectangle | null;
  /** Null without two seeds. */
  readonly draws: RectangleDraws | null;
  /** Null without draws, and with fewer than eight graphs, whose resamples repeat each other. */
  readonly intervals: RectangleIntervals | null;
}

/** One that could be tested. */
export type TestedSweetSpot = SweetSpotFact & {
  readonly rectangle: Rectangle;
  readonly cells: Rectangle;
  readonly draws: RectangleDraws;
};

/** Whether a sweet spot was found and tested by drawing others. */
export function isTested(fact: SweetSpotFact): fact is TestedSweetSpot {
  return fact.rectangle !== null && fact.cells !== null && fact.draws !== null;
}

const FEWEST_GRAPHS = 8;

/** The sweet spot of every task in which a graph was measured. */
export function sweetSpotFacts(
  tasks: readonly TaskTables[],
  rule: RankingRule,
  resamples: number,
): SweetSpotFact[] {
  return tasks.flatMap((task) => {
    const table = choiceTable(task);
    if (measuredRows(table).length === 0) return [];
    const [rectangle, cells] = [rule.sweetSpot(table), rule.cellRectangle(table)];
    const draws = rule.draws(table, resamples);
    const few = measuredRows(table).length < FEWEST_GRAPHS;
    return [
      {
        task,
        rectangle,
        called: task.baselineBeaten !== false,
        cells,
        draws,
        intervals: draws === null || few ? null : edgeIntervals(draws),
      },
    ];
  });
}

/**
 * What the sweet spots share: of the tasks with two seeds, where there are any; nothing can be
 * tested in the others.
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
  const tested = found.filter(isTested);
  const shown = tested.length === 0 ? found : tested;
  const draws = tested.map((fact) => fact.draws);
  return {
    rectangle: intersection(shown.flatMap((fact) => fact.rectangle ?? [])),
    draws: draws.length === 0 ? null : commonDraws(draws),
    tasks: shown.length,
  };
}
