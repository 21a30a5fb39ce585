import {
  createFindings,
  studyPresenter,
  type ErrorTable,
  type Findings,
  type FindingsInput,
  type SeedDesign,
} from '../../src/analysis/index.js';

interface Options extends Partial<Omit<FindingsInput, 'tasks'>> {
  /** Of every table; default: that of a study. */
  readonly seedDesign?: SeedDesign;
}

/**
 * Findings of studies that were made up: a task for each table, after its own epoch or the first.
 */
export function findingsOf(tables: readonly ErrorTable[], options: Options = {}): Findings {
  const { seedDesign, ...more } = options;
  const tasks = tables.map((table) => {
    const { name, arch } = table;
    const task = { name, arch, tables: [{ epoch: 1, ...table }] };
    return seedDesign === undefined ? task : { ...task, seedDesign };
  });
  return createFindings(
    { tasks, subset: new Set(), resamples: 100, replays: 5, ...more },
    studyPresenter,
  );
}
