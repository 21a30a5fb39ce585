import { finalChoice } from './choice.js';
import { isConfirming, rankedBySeeds } from './confirm.js';
import type { SearchOutcome, StudySpec, TrialRecord } from './types.js';

type Complete = Extract<TrialRecord, { readonly status: 'complete' }>;

/** What is known of a graph's error. */
export interface KnownErrors {
  /** Final test errors, %, one for each seed. */
  readonly errors: readonly number[];
  /** Whether the seeds are fresh ones, which had no part in the choice of the graph. */
  readonly fresh: boolean;
}

/**
 * The trial that stands for a study: of the graph that it recommends (of a search) or whose mean
 * error over its own seeds is the lowest, the training of the lowest error (`finalChoice`), the
 * first of equals. Null as long as no trial of a graph is complete.
 */
export function bestTrial(
  spec: StudySpec,
  records: readonly TrialRecord[],
  search: SearchOutcome | null,
): Complete | null {
  const own = records.filter((record) => !isConfirming(spec, record));
  const graph = search?.recommended?.graph ?? rankedBySeeds(spec, own)[0];
  return completeOf(records, graph).reduce<Complete | null>(
    (best, record) => (best && finalChoice(best) <= finalChoice(record) ? best : record),
    null,
  );
}

/** The errors of a graph: with the fresh seeds of the confirmation where there are some. */
export function errorsOf(
  spec: StudySpec,
  records: readonly TrialRecord[],
  graph: string,
): KnownErrors {
  const complete = completeOf(records, graph);
  const fresh = complete.filter((record) => isConfirming(spec, record));
  const shown = fresh.length > 0 ? fresh : complete;
  return { errors: shown.map(({ error }) => error), fresh: fresh.length > 0 };
}

function completeOf(records: readonly TrialRecord[], graph: string | undefined): Complete[] {
  return records.filter(
    (record): record is Complete => record.status === 'complete' && record.graph === graph,
  );
}
