import { oncePerInput } from './facts.js';
import { lastTable } from './sections/common.js';
import type { TaskTables } from './sections/types.js';
import { matchedPairs, PERMUTATIONS, strata, type MatchedPairs, type Strata } from './strata.js';
import { surfaceOf, type SurfaceFit } from './surface.js';

/** The surface of a task's errors; of tasks with graphs enough. */
export interface SurfaceFact {
  readonly task: TaskTables;
  readonly surface: SurfaceFit;
}

export const surfaceFacts = oncePerInput(({ tasks }): SurfaceFact[] => tasks.flatMap((task) => {
  const surface = surfaceOf(lastTable(task));
  return surface === null ? [] : [{ task, surface }];
}));

/** A task's graphs compared at equal density; of tasks with graphs enough. */
export interface StrataFact {
  readonly task: TaskTables;
  readonly strata: Strata;
  /** Null with too few pairs of equal density. */
  readonly pairs: MatchedPairs | null;
}

/** Bootstrap resamples of the pairs' mean: more change nothing that is shown. */
const MOST_RESAMPLES = 2000;

export const strataFacts = oncePerInput(({ tasks, resamples }): StrataFact[] => tasks.flatMap((task) => {
  const table = lastTable(task);
  const found = strata(table, { permutations: Math.min(PERMUTATIONS, resamples) });
  const surface = surfaceOf(table);
  if (found === null) return [];
  return [{ task, strata: found, pairs: surface === null ? null : matchedPairs(surface, { name: table.name, resamples: Math.min(MOST_RESAMPLES, resamples) }) }];
}));
