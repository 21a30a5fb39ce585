import { must, UserError } from '../core/errors.js';
import type { GraphSpec } from '../graph/types.js';
import { graphMeasuresFor } from '../network/design.js';
import { searchPolicy } from '../search/policies.js';
import { Search, type TrainingState } from '../search/search.js';
import type { Candidate } from '../search/types.js';
import { choiceError } from './choice.js';
import type { SearchOutcome, SearchSpec, StudySpec, Trial, TrialRecord } from './types.js';
import { type Agenda, type AgendaStep, doneOf, type KnownTrials, needsRun } from './work.js';

/** A graph that a search may choose, and its place in the spec's list. */
interface PlacedCandidate {
  readonly at: number;
  readonly candidate: Candidate;
}

/**
 * The agenda of a search: the baseline's trials, and what the policy chooses. It decides everything
 * anew from the records, and the same.
 *
 * @param graphOf the graph of a line of the spec
 * @throws UserError when there is no graph to choose from
 */
export function searchAgenda(
  spec: StudySpec,
  search: SearchSpec,
  { trials, latest }: KnownTrials,
  graphOf: (line: string) => GraphSpec,
): Agenda {
  const { epochs } = spec.train;
  const places = candidatesOf(spec, graphOf);
  const engine = engineOf(spec, search, places);
  const round = spec.graphs.length + 1;
  const baselines = spec.seeds
    .slice(0, search.baseline)
    .map((_, place) => must(trials[place * round]));
  const trialOf = (candidate: number, seed: number): Trial =>
    must(trials[seed * round + 1 + must(places[candidate]).at]);
  const next = (records: readonly TrialRecord[]): AgendaStep => {
    const known = latest(records);
    const stateOf = ({ index }: Trial): TrainingState | null => trainingState(known.get(index));
    const step = engine.advance(
      (candidate, seed) => stateOf(trialOf(candidate, seed)),
      (seed) => stateOf(must(baselines[seed])),
    );
    const missing = baselines.filter(({ index }) => needsRun(known.get(index)));
    return {
      jobs: [
        ...missing.map((trial) => ({ trial, until: epochs })),
        ...step.runs.map(({ candidate, seed, until }) => ({
          trial: trialOf(candidate, seed),
          until,
        })),
      ],
      alive: step.alive.map(({ candidate, seed }) => trialOf(candidate, seed)),
    };
  };
  return {
    next,
    progress: (records) => ({
      total: search.trainings + search.baseline,
      done: doneOf(spec, latest(records)),
    }),
    outcome: (records) => {
      const ended = next(records).jobs.length === 0;
      return foundBy(engine, { spec, search, places, ended });
    },
  };
}

function engineOf(spec: StudySpec, search: SearchSpec, places: readonly PlacedCandidate[]): Search {
  return new Search(
    searchPolicy(search.policy, { seed: search.seed }),
    places.map(({ candidate }) => candidate),
    {
      trainings: search.trainings,
      epochs: spec.train.epochs,
      seeds: spec.seeds.length,
      together: search.together,
      halving: search.halving || null,
      paired: search.paired === true ? { baseline: search.baseline } : undefined,
    },
  );
}

/** What a search is told of a training. */
function trainingState(record: TrialRecord | undefined): TrainingState | null {
  return record === undefined
    ? null
    : {
        errors: record.epochs.map(choiceError),
        failed: record.status === 'failed',
      };
}

/** What a search was told. */
interface Told {
  readonly spec: StudySpec;
  readonly search: SearchSpec;
  readonly places: readonly PlacedCandidate[];
  readonly ended: boolean;
}

/** What a search has come to with the records that it was told last. */
function foundBy(engine: Search, { spec, search, places, ended }: Told): SearchOutcome {
  const { graphs, seeds, train } = spec;
  const graphAt = (candidate: number): string => must(graphs[must(places[candidate]).at]);
  const best = engine.recommend();
  return {
    rules: search,
    candidates: places.length,
    unconnected: graphs.length - places.length,
    spent: engine.epochsSpent / train.epochs,
    ended,
    trainings: engine.trainings().map(({ candidate, seed, ...rest }) => ({
      graph: graphAt(candidate),
      seed: must(seeds[seed]),
      ...rest,
    })),
    recommended: best && { graph: graphAt(best.candidate), mean: best.mean, sd: best.sd },
  };
}

/** The connected graphs of a study as candidates. */
function candidatesOf(
  spec: StudySpec,
  graphOf: (line: string) => GraphSpec,
): readonly PlacedCandidate[] {
  const found = spec.graphs.flatMap((line, at) => {
    const { clustering, pathLength, averageDegree, nodes } = graphMeasuresFor(
      graphOf(line),
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
