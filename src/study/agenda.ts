import { UserError } from '../core/errors.js';
import { graphMeasuresFor } from '../network/index.js';
import { Search, searchPolicy, type Candidate, type SearchTraining } from '../search/index.js';
import { graphOfStudy } from './graph-files.js';
import type { SearchSpec, StudyJob, StudySpec, Trial, TrialRecord } from './types.js';

/** What is to be run next. */
export interface AgendaStep {
  /** In any order; the next step follows from their outcomes. Empty: the study has ended. */
  readonly jobs: readonly StudyJob[];
  /** Trials that may have to go on later: their checkpoints are kept. */
  readonly alive: readonly Trial[];
}

/** What of a study is to be done, as its records come in. */
export interface Agenda {
  next(records: readonly TrialRecord[]): AgendaStep;
  /** Whole trainings' worth of work that the study asks for. */
  readonly total: number;
  /** What a search has come to with those records; null of a study that trains everything. */
  outcome(records: readonly TrialRecord[]): SearchOutcome | null;
}

/** What a search found. */
export interface SearchOutcome {
  readonly rules: SearchSpec;
  /** Graphs that it could choose from, and graphs that are not connected, which it could not. */
  readonly candidates: number;
  readonly unconnected: number;
  /** Whole trainings' worth of the budget that was spent. */
  readonly spent: number;
  /** It has ended: what is left of the budget is less than a whole training, or every graph was trained with every seed. */
  readonly ended: boolean;
  /** In the order in which they were chosen. */
  readonly trainings: readonly (Omit<SearchTraining, 'candidate' | 'seed'> & { readonly graph: string; readonly seed: number })[];
  /** The best graph among those with a complete training, as the policy believes; null where there is none yet. */
  readonly recommended: RecommendedGraph | null;
}

/** A graph with what is believed of the error to expect of it with a fresh seed, without the seed's noise, %. */
export interface RecommendedGraph {
  readonly graph: string;
  readonly mean: number;
  /** Standard deviation of that belief; null of a policy without a model. */
  readonly sd: number | null;
}

const needsRun = (record: TrialRecord | undefined): boolean => record === undefined || record.status === 'stopped';

/**
 * The agenda of a study: every trial once; of a search, the baseline's trials and what the policy chooses.
 *
 * @param directory the study's, which holds the files of its graphs
 * @param retried records of trials that failed and are to be run again: they count as none
 * @throws UserError when a search has no graph to choose from
 */
export function agendaOf(spec: StudySpec, trials: readonly Trial[], directory: string, retried: ReadonlySet<TrialRecord> = new Set()): Agenda {
  const latest: Latest = (records) => new Map(records.filter((record) => !retried.has(record)).map((record) => [record.index, record]));
  return spec.search === undefined ? everything(spec, trials, latest) : searching(spec, spec.search, { trials, directory, latest });
}

type Latest = (records: readonly TrialRecord[]) => ReadonlyMap<number, TrialRecord>;

/**
 * The record of a trial that went on after it was stopped. One that fails before it has taken up its checkpoint has fewer epochs
 * than it had: those of before stay, because a search decided by them.
 */
export function continued(record: TrialRecord, before: TrialRecord | undefined): TrialRecord {
  if (record.status !== 'failed' || before?.status !== 'stopped' || record.epochs.length >= before.epochs.length) return record;
  return { ...record, facts: before.facts, epochs: before.epochs };
}

function everything({ train }: StudySpec, trials: readonly Trial[], latest: Latest): Agenda {
  return {
    total: trials.length,
    outcome: () => null,
    next: (records) => {
      const known = latest(records);
      const pending = trials.filter(({ index }) => needsRun(known.get(index)));
      return { jobs: pending.map((trial) => ({ trial, until: train.epochs })), alive: [] };
    },
  };
}

interface Ground {
  readonly trials: readonly Trial[];
  readonly directory: string;
  readonly latest: Latest;
}

function searching(spec: StudySpec, search: SearchSpec, { trials, directory, latest }: Ground): Agenda {
  const { epochs } = spec.train;
  const places = candidatesOf(spec, directory);
  const rules = { trainings: search.trainings, epochs, seeds: spec.seeds.length, together: search.together, halving: search.halving || null };
  const engine = new Search(searchPolicy(search.policy, { seed: search.seed }), places.map(({ candidate }) => candidate), rules);
  const round = spec.graphs.length + 1;
  const trialOf = ({ candidate, seed }: { readonly candidate: number; readonly seed: number }): Trial => trials[seed * round + 1 + places[candidate].at];
  const baselines = spec.seeds.slice(0, search.baseline).map((_, place) => trials[place * round]);
  const advance = (records: readonly TrialRecord[]): AgendaStep => {
    const known = latest(records);
    const step = engine.advance((candidate, seed) => {
      const record = known.get(trialOf({ candidate, seed }).index);
      return record === undefined ? null : { errors: record.epochs.map(({ testError }) => testError), failed: record.status === 'failed' };
    });
    const missing = baselines.filter(({ index }) => needsRun(known.get(index)));
    const jobs = step.runs.map((run) => ({ trial: trialOf(run), until: run.until }));
    return { jobs: [...missing.map((trial) => ({ trial, until: epochs })), ...jobs], alive: step.alive.map(trialOf) };
  };
  return {
    total: search.trainings + search.baseline,
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
        trainings: engine.trainings().map(({ candidate, seed, ...rest }) => ({ graph: spec.graphs[places[candidate].at], seed: spec.seeds[seed], ...rest })),
        recommended: best && { graph: spec.graphs[places[best.candidate].at], mean: best.mean, sd: best.sd },
      };
    },
  };
}

/** The connected graphs of a study as candidates, each with its place in the spec's list. */
function candidatesOf(spec: StudySpec, directory: string): { readonly at: number; readonly candidate: Candidate }[] {
  const found = spec.graphs.flatMap((line, at) => {
    const { clustering, pathLength, averageDegree, nodes } = graphMeasuresFor(graphOfStudy(line, directory), spec.arch);
    return pathLength === null ? [] : [{ at, candidate: { clustering, pathLength, density: averageDegree / nodes } }];
  });
  if (found.length === 0) throw new UserError(`a search needs a connected graph to choose, none of the ${spec.graphs.length} of this study is; list others under graphs`);
  return found;
}
