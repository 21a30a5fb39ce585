import type { ConfirmationProgress } from '../study/confirm.js';
import type { Registration, SearchOutcome } from '../study/types.js';
import type { NullTest } from './null-tests.js';
import type { StudyOutline } from './outline.js';
import type { PredictionOutcome } from './predictions.js';
import type { Failure, TrialCounts } from './types.js';
import type { Verdict } from './verdict.js';

/** A graph with its mean test error after the last epoch, %; null before one is known. */
export interface StatusGraph {
  readonly spec: string;
  /** What its author calls it; null: by its spec. */
  readonly name: string | null;
  readonly error: number | null;
}

/** What became of a registered prediction, for other tools. */
export type StatusPrediction = Pick<PredictionOutcome['prediction'], 'name' | 'kind'> &
  Pick<PredictionOutcome, 'outcome' | 'value' | 'interval' | 'coverage' | 'n' | 'p' | 'why'>;

/** How far a study is, JSON-safe: what `plexus study status --json` prints. */
export interface StudyStatus extends TrialCounts {
  readonly study: string;
  readonly directory: string;
  /** A process runs it now. */
  readonly running: boolean;
  /** Identity of the data set. */
  readonly data: string;
  readonly backend: string;
  readonly baseline: StatusGraph | null;
  readonly best: StatusGraph | null;
  readonly verdict: Verdict;
  readonly nulls?: readonly NullTest[] | undefined;
  readonly failures: readonly Failure[];
  readonly search?:
    | (Pick<SearchOutcome, 'spent' | 'ended' | 'recommended'> & { readonly trainings: number })
    | undefined;
  readonly confirm?: ConfirmationProgress | undefined;
  readonly registration?:
    { readonly when: string; readonly hash: string; readonly predictions: number } | undefined;
  readonly predictions?: readonly StatusPrediction[] | undefined;
}

/** What a status is made of. */
export interface StatusInput {
  readonly summary: StudyOutline;
  readonly search: SearchOutcome | null;
  readonly confirm: ConfirmationProgress | null;
  readonly registration: Registration | null;
  readonly directory: string;
  readonly backend: string;
  readonly running: boolean;
}

/** A study's status; what is said of its workers is put beside it by whoever has seen them. */
export function studyStatus({
  summary,
  search,
  confirm,
  registration,
  directory,
  backend,
  running,
}: StatusInput): StudyStatus {
  const { study, trials, data, failures, baseline, best, verdict, nulls } = summary;
  const result = (graph: typeof best): StatusGraph | null =>
    graph && { spec: graph.spec, name: graph.name, error: graph.mean };
  return {
    study,
    directory,
    ...trials,
    running,
    data,
    backend,
    baseline: result(baseline),
    best: result(best),
    verdict,
    nulls: nulls.length === 0 ? undefined : nulls,
    failures,
    search: search
      ? {
          spent: search.spent,
          trainings: search.rules.trainings,
          ended: search.ended,
          recommended: search.recommended,
        }
      : undefined,
    confirm: confirm ?? undefined,
    registration: registration
      ? {
          when: registration.when,
          hash: registration.hash,
          predictions: registration.predictions.length,
        }
      : undefined,
    predictions: registration ? outcomesOf(summary) : undefined,
  };
}

/** The outcome of each registered prediction, for other tools. */
export function outcomesOf({
  predictions,
}: Pick<StudyOutline, 'predictions'>): readonly StatusPrediction[] {
  return predictions.map(
    ({ prediction: { name, kind }, outcome, value, interval, coverage, n, p, why }) => ({
      name,
      kind,
      outcome,
      value,
      interval,
      coverage,
      n,
      p,
      why,
    }),
  );
}
