import { invariant, UserError } from '../core/errors.js';
import { graphMeasuresFor } from '../network/design.js';
import { searchPolicy } from '../search/policies.js';
import { Search, type TrainingState } from '../search/search.js';
import type { Candidate } from '../search/types.js';
import {
  chosenForConfirmation,
  confirmationProgress,
  confirmedGraphs,
  isConfirming,
} from './confirm.js';
import { graphOfStudy } from './graph-files.js';
import type {
  SearchOutcome,
  SearchSpec,
  StudyJob,
  StudySpec,
  Trial,
  TrialRecord,
} from './types.js';

/** What is to be run next. */
export interface AgendaStep {
  /** In any order; the next step follows from their outcomes. Empty: the study has ended. */
  readonly jobs: readonly StudyJob[];
  /** Trials that may have to go on later: their checkpoints are kept. */
  readonly alive: readonly Trial[];
  /** Of a step that confirms: the graphs that were chosen for it. */
  readonly confirms?: readonly string[];
}

/** Work in whole trainings' worth. */
export interface Progress {
  /** What the study asks for, as far as it is known. */
  readonly total: number;
  /** What of it is recorded. */
  readonly done: number;
}

/** What of a study is to be done, as its records come in. */
export interface Agenda {
  next(records: readonly TrialRecord[]): AgendaStep;
  progress(records: readonly TrialRecord[]): Progress;
  /** What a search has come to with those records; null of a study that trains everything. */
  outcome(records: readonly TrialRecord[]): SearchOutcome | null;
}

const needsRun = (record: TrialRecord | undefined): boolean =>
  record === undefined || record.status === 'stopped';

/**
 * The agenda of a study: every trial once; of a search, the baseline's trials and what the policy
 * chooses. When these have ended, the trials that confirm.
 *
 * @param directory the study's, which holds the files of its graphs
 * @param retried records of trials that failed and are to be run again: they count as none
 * @throws UserError when a search has no graph to choose from
 */
export function agendaOf(
  spec: StudySpec,
  trials: readonly Trial[],
  directory: string,
  retried: ReadonlySet<TrialRecord> = new Set(),
): Agenda {
  const latest: Latest = (records) =>
    new Map(
      records.filter((record) => !retried.has(record)).map((record) => [record.index, record]),
    );
  const own =
    spec.search === undefined
      ? everything(spec, trials, latest)
      : searching(spec, spec.search, { trials, directory, latest });
  return spec.confirm === undefined ? own : confirming(own, spec, { trials, latest });
}

type Latest = (records: readonly TrialRecord[]) => ReadonlyMap<number, TrialRecord>;

/**
 * The record of a trial that went on after it was stopped. One that fails before it has taken up
 * its checkpoint has fewer epochs than it had: those of before stay, because a search decided by
 * them.
 */
export function continued(record: TrialRecord, before: TrialRecord | undefined): TrialRecord {
  if (
    record.status !== 'failed' ||
    before?.status !== 'stopped' ||
    record.epochs.length >= before.epochs.length
  )
    return record;
  return { ...record, facts: before.facts, epochs: before.epochs };
}

interface Ground {
  readonly trials: readonly Trial[];
  readonly latest: Latest;
}

function everything(spec: StudySpec, trials: readonly Trial[], latest: Latest): Agenda {
  const own = trials.filter((trial) => !isConfirming(spec, trial));
  return {
    progress: (records) => ({ total: own.length, done: doneOf(spec, latest(records)) }),
    outcome: () => null,
    next: (records) => ({ jobs: jobsOf(spec, own, latest(records)), alive: [] }),
  };
}

/** Those trials that are to be run, each to its end. */
function jobsOf(
  { train }: StudySpec,
  trials: readonly Trial[],
  known: ReadonlyMap<number, TrialRecord>,
): StudyJob[] {
  return trials
    .filter(({ index }) => needsRun(known.get(index)))
    .map((trial) => ({ trial, until: train.epochs }));
}

/** Whole trainings' worth that the records of the study's own seeds stand for. */
function doneOf(spec: StudySpec, known: ReadonlyMap<number, TrialRecord>): number {
  return [...known.values()].reduce(
    (sum, record) => sum + (isConfirming(spec, record) ? 0 : partOf(record, spec)),
    0,
  );
}

/** Part of a whole training that a record stands for; a trial that failed has ended. */
export function partOf(record: TrialRecord, { train }: StudySpec): number {
  return record.status === 'stopped' ? record.epochs.length / train.epochs : 1;
}

/** The agenda with the trials that confirm after it. What they come to, `own` is never told. */
function confirming(own: Agenda, spec: StudySpec, { trials, latest }: Ground): Agenda {
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

function searching(
  spec: StudySpec,
  search: SearchSpec,
  { trials, directory, latest }: Ground & { readonly directory: string },
): Agenda {
  const { epochs } = spec.train;
  const places = candidatesOf(spec, directory);
  const rules = {
    trainings: search.trainings,
    epochs,
    seeds: spec.seeds.length,
    together: search.together,
    halving: search.halving || null,
    ...(search.paired === true && { paired: { baseline: search.baseline } }),
  };
  const engine = new Search(
    searchPolicy(search.policy, { seed: search.seed }),
    places.map(({ candidate }) => candidate),
    rules,
  );
  const round = spec.graphs.length + 1;
  const trialOf = ({
    candidate,
    seed,
  }: {
    readonly candidate: number;
    readonly seed: number;
  }): Trial => trials[seed * round + 1 + places[candidate].at];
  const baselines = spec.seeds.slice(0, search.baseline).map((_, place) => trials[place * round]);
  const advance = (records: readonly TrialRecord[]): AgendaStep => {
    const known = latest(records);
    const stateOf = ({ index }: Trial): TrainingState | null => {
      const record = known.get(index);
      return record === undefined
        ? null
        : {
            errors: record.epochs.map(({ testError }) => testError),
            failed: record.status === 'failed',
          };
    };
    const step = engine.advance(
      (candidate, seed) => stateOf(trialOf({ candidate, seed })),
      (seed) => stateOf(baselines[seed]),
    );
    const missing = baselines.filter(({ index }) => needsRun(known.get(index)));
    const jobs = step.runs.map((run) => ({ trial: trialOf(run), until: run.until }));
    return {
      jobs: [...missing.map((trial) => ({ trial, until: epochs })), ...jobs],
      alive: step.alive.map(trialOf),
    };
  };
  return {
    progress: (records) => ({
      total: search.trainings + search.baseline,
      done: doneOf(spec, latest(records)),
    }),
    next: advance,
    outcome: (records) => {
      const ended = advance(records).jobs.length === 0;
      const best = engine.recommend();
      return {
        rules: search,
        candidates: places.length,
        unconnected: spec.graphs.length - places.length,
        spent: engine.epochsSpent / epochs,
        ended,
        trainings: engine.trainings().map(({ candidate, seed, ...rest }) => ({
          graph: spec.graphs[places[candidate].at],
          seed: spec.seeds[seed],
          ...rest,
        })),
        recommended: best && {
          graph: spec.graphs[places[best.candidate].at],
          mean: best.mean,
          sd: best.sd,
        },
      };
    },
  };
}

/** The connected graphs of a study as candidates, each with its place in the spec's list. */
function candidatesOf(
  spec: StudySpec,
  directory: string,
): { readonly at: number; readonly candidate: Candidate }[] {
  const found = spec.graphs.flatMap((line, at) => {
    const { clustering, pathLength, averageDegree, nodes } = graphMeasuresFor(
      graphOfStudy(line, directory),
      spec.arch,
    );
    return pathLength === null
      ? []
      : [{ at, candidate: { clustering, pathLength, density: averageDegree / nodes } }];
  });
  if (found.length === 0)
    throw new UserError(
      `a search needs a connected graph to choose, none of the ${spec.graphs.length} of ` +
        'this study is; list others under graphs',
    );
  return found;
}
