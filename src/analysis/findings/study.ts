import type { StudySpec, TrialRecord } from '../../study/types.js';
import { choiceErrors, errorsAfter, resultTable } from '../result-table.js';
import type { TaskTables } from './sections.js';

/**
 * A study's result table as the findings ask it: a table of test errors for each epoch, and of those
 * that are chosen by where these are others.
 */
export function tablesOf(
  { spec, records }: { readonly spec: StudySpec; readonly records: readonly TrialRecord[] },
  name = spec.name,
): TaskTables {
  const table = resultTable({ spec, records, name });
  return {
    name,
    arch: spec.arch,
    tables: table.epochs.map((epoch) => ({ ...errorsAfter(table, epoch), epoch })),
    ...(table.chosenOn === 'validation' && { choice: choiceErrors(table) }),
  };
}
