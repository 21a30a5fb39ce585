import { reliability } from '../honest.js';
import { type EpochTable, lastTable, seedDesignOf, type TaskTables } from '../input.js';
import { commonCells, commonGraphs, correlationOf, subsetPairs } from '../paper.js';
import type { Presenter } from '../presenter.js';
import { subsetCurve, type SubsetPoint } from '../subset-curve.js';
import type { ErrorTable } from '../types.js';
import { ceilingOf, correlate, type Correlation, MOST_OF_CURVES } from './correlation.js';

/** The claimed epoch's order of graphs against the last one's; of tasks that have both. */
export interface ClaimFact extends Correlation {
  readonly task: TaskTables;
  readonly early: EpochTable;
}

/** The claimed epoch of every task that has it. */
export function claimFacts(
  tasks: readonly TaskTables[],
  claimedEpoch: Presenter['claimedEpoch'],
  resamples: number,
): ClaimFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const early = task.tables.find((each) => each.epoch === claimedEpoch(task));
    if (early === undefined || early.epoch >= table.epoch) return [];
    const found = correlate(commonGraphs(early, table), `${task.name} early`, resamples);
    return found === null ? [] : [{ task, early, ...found }];
  });
}

/** An epoch's order of graphs against the last one's. */
export interface EpochFact extends Correlation {
  readonly epoch: number;
  /**
   * As of `PairFact`, of graphs' means. Both epochs are of the same trainings, so r may lie above
   * it.
   */
  readonly ceiling: number | null;
}

/** A task's epochs but the last; those without r are left out. */
export interface EarlyFact {
  readonly task: TaskTables;
  readonly last: number;
  readonly epochs: readonly EpochFact[];
  readonly claimed: number;
}

interface EarlyOptions {
  readonly claimedEpoch: Presenter['claimedEpoch'];
  /** The claimed epochs as they are known already. */
  readonly claims: readonly ClaimFact[];
  readonly resamples: number;
}

/** All epochs of every task that has more than one. */
export function earlyFacts(
  tasks: readonly TaskTables[],
  { claimedEpoch, claims, resamples }: EarlyOptions,
): EarlyFact[] {
  const most = Math.min(resamples, MOST_OF_CURVES);
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const claim = claims.find((fact) => fact.task === task);
    const own = reliability(table, seedDesignOf(task))?.ofMeans ?? null;
    const epochs = task.tables.slice(0, -1).flatMap((each) => {
      const known = each === claim?.early ? claim : null;
      const found =
        known ?? correlate(commonGraphs(each, table), `${task.name} epoch ${each.epoch}`, most);
      if (found === null) return [];
      const ceiling = ceilingOf(reliability(each, seedDesignOf(task))?.ofMeans ?? null, own);
      return [{ epoch: each.epoch, r: found.r, interval: found.interval, ceiling }];
    });
    return epochs.length === 0
      ? []
      : [{ task, last: table.epoch, epochs, claimed: claimedEpoch(task) }];
  });
}

/** The few graphs that stand for all against all; of tasks with more than twice as many. */
export interface ChosenFact extends Correlation {
  readonly task: TaskTables;
  /** Of the few, and of all. */
  readonly graphs: readonly [number, number];
  /** r with the graphs that are not among the few; null where it is not known. */
  readonly rest: number | null;
}

/** The few graphs against all, of every task that has both. */
export function chosenFacts(
  tasks: readonly TaskTables[],
  subset: ReadonlySet<string>,
  resamples: number,
): ChosenFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const chosen = new Set(
      table.graphs.filter((row) => subset.has(row.graph)).map((row) => row.graph),
    );
    if (chosen.size === 0 || table.graphs.length <= 2 * chosen.size) return [];
    const found = correlate(subsetPairs(table, chosen), `${task.name} subset`, resamples);
    if (found === null) return [];
    const part = (keep: boolean): ErrorTable => {
      const graphs = table.graphs.filter((row) => chosen.has(row.graph) === keep);
      return { ...table, baseline: null, graphs };
    };
    const rest = correlationOf(commonCells(part(true), part(false)));
    return [{ task, graphs: [chosen.size, table.graphs.length], ...found, rest }];
  });
}

/**
 * Whether few graphs give the map of all; of tasks with at least twice as many graphs as cells that
 * they lie in.
 */
export interface SubsetFact {
  readonly task: TaskTables;
  readonly table: ErrorTable;
  readonly curve: readonly SubsetPoint[];
}

/**
 * Random subsets of every task with enough graphs; the numbers of chosen graphs are tried as well.
 */
export function subsetFacts(
  tasks: readonly TaskTables[],
  chosen: readonly ChosenFact[],
  resamples: number,
): SubsetFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const sizes = chosen.filter((fact) => fact.task === task).map((fact) => fact.graphs[0]);
    const curve = subsetCurve(table, Math.min(resamples, MOST_OF_CURVES), sizes);
    const all = curve.at(-1);
    return all === undefined || all.graphs < 2 * all.cells ? [] : [{ task, table, curve }];
  });
}
