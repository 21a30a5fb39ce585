import { lastTable, seedDesignOf, type TaskTables } from '../input.js';
import { confound, type Confound } from '../regression.js';
import { matchedPairs, type MatchedPairs, PERMUTATIONS, strata, type Strata } from '../strata.js';
import { surfaceFit, type SurfaceFit } from '../surface.js';

/** Density as an explanation; of tasks with enough graphs. */
export interface DensityFact {
  readonly task: TaskTables;
  readonly confound: Confound;
}

/** Models with and without density of every task with 20 graphs or more. */
export function densityFacts(tasks: readonly TaskTables[]): DensityFact[] {
  return tasks.flatMap((task) => {
    const found = confound(lastTable(task));
    return found === null ? [] : [{ task, confound: found }];
  });
}

/** The surface of a task's errors; of tasks with graphs enough. */
export interface SurfaceFact {
  readonly task: TaskTables;
  readonly surface: SurfaceFit;
}

/** The surface of every task that has one. */
export function surfaceFacts(tasks: readonly TaskTables[]): SurfaceFact[] {
  return tasks.flatMap((task) => {
    const surface = surfaceFit(lastTable(task), { seedDesign: seedDesignOf(task) });
    return surface === null ? [] : [{ task, surface }];
  });
}

/** The surface of one task; null where it has none. */
export function surfaceOfTask(facts: readonly SurfaceFact[], task: TaskTables): SurfaceFit | null {
  return facts.find((fact) => fact.task === task)?.surface ?? null;
}

/** A task's graphs compared at equal density; of tasks with graphs enough. */
export interface StrataFact {
  readonly task: TaskTables;
  readonly strata: Strata;
  /** Null with too few pairs of equal density. */
  readonly pairs: MatchedPairs | null;
}

/** Bootstrap resamples of the pairs' mean: more change nothing that is shown. */
const MOST_RESAMPLES = 2000;

/** Bands of density and matched pairs of every task with graphs enough. */
export function strataFacts(
  tasks: readonly TaskTables[],
  surfaces: readonly SurfaceFact[],
  resamples: number,
): StrataFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const found = strata(table, {
      permutations: Math.min(PERMUTATIONS, resamples),
      seedDesign: seedDesignOf(task),
    });
    if (found === null) return [];
    const surface = surfaceOfTask(surfaces, task);
    const options = { name: table.name, resamples: Math.min(MOST_RESAMPLES, resamples) };
    return [
      { task, strata: found, pairs: surface === null ? null : matchedPairs(surface, options) },
    ];
  });
}
