import type { Study } from '../../study/directory.js';
import { errorsAfter, resultTable } from '../result-table.js';
import type { TaskTables } from './sections.js';

/** A study's result table as the findings ask it: a table of errors for each epoch. */
export function tablesOf(
  { spec, records }: Pick<Study, 'spec' | 'records'>,
  name = spec.name,
): TaskTables {
  const table = resultTable({ spec, records, name });
  return {
    name,
    arch: spec.arch,
    tables: table.epochs.map((epoch) => ({ ...errorsAfter(table, epoch), epoch })),
  };
}
