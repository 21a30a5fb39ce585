import { resultsTable, summarise, type StudySummary } from '../analysis/index.js';
import { writeFileAtomic, writeJsonAtomic } from '../core/fs.js';
import type { Study } from '../study/index.js';

/** Writes everything that is derived from a study's log into its directory: table, summary, figures, report. */
export async function writeStudyReports({ spec, records, state, paths }: Study): Promise<StudySummary> {
  const summary = summarise({ spec, records, dataIdentity: state.data });
  writeFileAtomic(paths.table, resultsTable(records));
  writeJsonAtomic(paths.summary, summary);
  return summary;
}
