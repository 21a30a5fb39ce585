import { invariant } from '../core/errors.js';
import type { GraphSpec } from '../graph/types.js';
import {
  chosenForConfirmation,
  confirmationProgress,
  confirmedGraphs,
  isConfirming,
} from './confirm.js';
import { searchAgenda } from './search-agenda.js';
import type { StudySpec, Trial, TrialRecord } from './types.js';
import { type Agenda, doneOf, jobsOf, type KnownTrials } from './work.js';

/** What an agenda is made from besides the records. */
export interface AgendaOptions {
  /** The graph of a line of the spec, wherever its file lies. */
  readonly graphOf: (line: string) => GraphSpec;
  /** Records of trials that failed and are to be run again: they count as none. Default: none. */
  readonly retried?: ReadonlySet<TrialRecord>;
}

/**
 * The agenda of a study: every trial once; of a search, the baseline's trials and what the policy
 * chooses. When these have ended, the trials that confirm.
 *
 * @throws UserError when a search has no graph to choose from
 */
export function agendaOf(
  spec: StudySpec,
  trials: readonly Trial[],
  { graphOf, retried = new Set() }: AgendaOptions,
): Agenda {
  const known: KnownTrials = {
    trials,
    latest: (records) =>
      new Map(
        records.filter((record) => !retried.has(record)).map((record) => [record.index, record]),
      ),
  };
  const own =
    spec.search === undefined
      ? everything(spec, known)
      : searchAgenda(spec, spec.search, known, graphOf);
  return spec.confirm === undefined ? own : confirming(own, spec, known);
}

function everything(spec: StudySpec, { trials, latest }: KnownTrials): Agenda {
  const own = trials.filter((trial) => !isConfirming(spec, trial));
  return {
    progress: (records) => ({ total: own.length, done: doneOf(spec, latest(records)) }),
    outcome: () => null,
    next: (records) => ({ jobs: jobsOf(spec, own, latest(records)), alive: [] }),
  };
}

/** The agenda with the trials that confirm after it. What they come to, `own` is never told. */
function confirming(own: Agenda, spec: StudySpec, { trials, latest }: KnownTrials): Agenda {
  const fresh = trials.filter((trial) => isConfirming(spec, trial));
  return {
    outcome: (records) => own.outcome(records),
    progress: (records) => {
      const { total, done } = own.progress(records);
      const confirmation = confirmationProgress(
        spec,
        [...latest(records).values()],
        own.outcome(records),
      )!;
      return { total: total + confirmation.total, done: done + confirmation.ended };
    },
    next: (records) => {
      const step = own.next(records);
      if (step.jobs.length > 0) return step;
      const known = latest(records);
      const confirms = chosenForConfirmation(spec, [...known.values()], own.outcome(records));
      invariant(
        confirms !== null,
        'a study whose own trials have ended does not know what to confirm',
      );
      const wanted = confirmedGraphs(spec, confirms);
      return {
        jobs: jobsOf(
          spec,
          fresh.filter(({ graph }) => wanted.has(graph)),
          known,
        ),
        alive: [],
        confirms,
      };
    },
  };
}
