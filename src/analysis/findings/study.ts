import type { StudySpec, TrialRecord } from '../../study/types.js';
import { errorsAfter, resultTable } from '../result-table.js';
import type { TaskTables } from './sections.js';

/** A study's result table as the findings ask it: a table of errors for each epoch. */
export function tablesOf(
  { spec, records }: { readonly spec: StudySpec; readonly records: readonly TrialRecord[] },
  name = spec.name,
): TaskTables {
  const table = resultTable({ spec, records, name });
  return {
    name,
    arch: spec.arch,
    tables: table.epochs.map((epoch) => ({ ...errorsAfter(table, epoch), epoch })),
  };
}
