import {
  PUBLISHED_MLP,
  PUBLISHED_MLP_BASELINE,
  type SummaryInput,
} from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import {
  buildGraph,
  expandGraphSpecs,
  formatGraphSpec,
  graphSpec,
  measure,
} from '../../src/graph/index.js';
import { chosenForConfirmation, isConfirming, trialsOf } from '../../src/public/study.js';
import type { StudySpec, Trial, TrialFacts, TrialRecord } from '../../src/study/types.js';
import { defaultTrainSettings } from '../../src/train/index.js';

/** A made-up study whose errors are U-shaped over C and L: errors are drawn, nothing is trained. */
export interface Model {
  readonly graphs: number;
  readonly seeds: number;
  readonly epochs: number;
  /** Standard deviation of what is left of an error beside its graph and its seed, points. */
  readonly noise: number;
  /** Standard deviation of what a seed does to the errors of all graphs alike, points. */
  readonly seedShift: number;
  /** 0: all graphs are equally good. */
  readonly depth: number;
}

export const PLAUSIBLE: Model = {
  graphs: 52,
  seeds: 3,
  epochs: 3,
  noise: 0.35,
  seedShift: 0.8,
  depth: 1,
};

export const BASELINE = 'complete:n=64';

/** WS-flex graphs of 64 nodes spread over degree and rewiring, hence over the (C, L) plane. */
export function specLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / 13) % 4;
    const p = [0.01, 0.07, 0.25, 0.8][row] ?? 0;
    // Sparse rings without shortcuts have long paths: start where L is inside the plane.
    const k = Math.round(([7.5, 5.5, 4.2, 3.8][row] ?? 8) * 100 + 75 * (i % 13) ** 1.5) / 100;
    return formatGraphSpec(graphSpec('ws-flex', { n: 64, k, p, seed: i }));
  });
}

const measured = new Map<string, TrialFacts>();

function factsOf(line: string): TrialFacts {
  const known = measured.get(line);
  if (known !== undefined) return known;
  const [family = '', params = ''] = line.split(':');
  const values = Object.fromEntries(
    params.split(',').map((item) => [item.split('=')[0] ?? '', Number(item.split('=')[1])]),
  );
  const { nodes, edges, clustering, pathLength, density } = measure(
    buildGraph(graphSpec(family, values)),
  );
  const width = Math.round(512 / Math.sqrt((density * 63 + 1) / 64));
  const facts = {
    nodes,
    edges,
    clustering,
    pathLength,
    widths: [width],
    macs: 2_364_416 + 11 * (edges % 97),
    params: 2_370_000 + edges,
  };
  measured.set(line, facts);
  return facts;
}

function trueError(facts: TrialFacts, depth: number): number {
  return (
    41 + depth * (7 * (facts.clustering - 0.48) ** 2 + 0.8 * ((facts.pathLength ?? 4) - 2.2) ** 2)
  );
}

/** What a made-up study says of one training, in %. */
interface MadeErrors {
  readonly test: number;
  readonly train: number;
  /** On training images that are held out; absent: there are none. */
  readonly validation?: number;
}

/** A study to make up; the baseline is the complete graph of 64 nodes. */
export interface MadeStudy {
  readonly graphs: readonly string[];
  readonly seeds: readonly number[];
  readonly epochs?: number;
  /** Errors after the last epoch. */
  readonly errors: (graph: string, seed: number, facts: TrialFacts) => MadeErrors;
  /** Fresh seeds, and how many graphs are trained with them beside the baseline. */
  readonly confirm?: { readonly seeds: readonly number[]; readonly graphs: number };
}

type Study = Pick<SummaryInput, 'spec' | 'records' | 'dataIdentity'>;

/** A finished study of made-up errors, its log in trial order. */
export function madeStudy({ graphs, seeds, epochs = 1, errors, confirm }: MadeStudy): Study {
  const spec: StudySpec = {
    plexus: 1,
    name: 'quick',
    arch: 'mlp',
    stem: 'auto',
    data: { name: 'shapes' },
    baseline: BASELINE,
    graphs,
    seeds,
    ...(confirm !== undefined && { confirm }),
    train: { ...defaultTrainSettings, epochs },
  };
  const record = (trial: Trial): TrialRecord => {
    const facts = factsOf(trial.graph);
    const end = errors(trial.graph, trial.seed, facts);
    return {
      ...trial,
      status: 'complete',
      facts,
      epochs: courseTo(end, epochs),
      error: end.test,
      seconds: 1 + trial.index / 7,
    };
  };
  const own = trialsOf(spec)
    .filter((trial) => !isConfirming(spec, trial))
    .map(record);
  const chosen = new Set([BASELINE, ...(chosenForConfirmation(spec, own) ?? [])]);
  const fresh = trialsOf(spec)
    .filter((trial) => isConfirming(spec, trial) && chosen.has(trial.graph))
    .map(record);
  const dataIdentity = 'shapes:size=32,seed=1,train=10000,test=2000 sha256:0123456789ab';
  return { spec, records: [...own, ...fresh], dataIdentity };
}

function courseTo({ test, train, validation }: MadeErrors, epochs: number): TrialRecord['epochs'] {
  return Array.from({ length: epochs }, (_, e) => {
    const above = 14 * (1 / (e + 1) - 1 / epochs);
    const [trainError, testError] = [train + above, test + above];
    return {
      epoch: e + 1,
      learningRate: 0.1,
      trainLoss: 1.2 + above / 20,
      trainError,
      trainError5: trainError / 8,
      ...(validation !== undefined && {
        validationLoss: 1.15 + above / 20,
        validationError: validation + above,
        validationError5: (validation + above) / 8,
      }),
      testLoss: 1.15 + above / 20,
      testError,
      testError5: testError / 8,
    };
  });
}

/**
 * A finished study of that model: error = graph + seed + noise, the training error some six points
 * lower.
 */
export function syntheticStudy(model: Model = PLAUSIBLE): Study {
  const round = (value: number): number => Math.round(100 * value) / 100;
  return madeStudy({
    graphs: specLines(model.graphs),
    seeds: Array.from({ length: model.seeds }, (_, i) => i + 1),
    epochs: model.epochs,
    errors: (graph, seed, facts) => {
      const noise = new RandomStream('synthetic', graph, seed);
      const shift = model.seedShift * new RandomStream('synthetic seed', seed).normal();
      const test = trueError(facts, model.depth) + shift + model.noise * noise.normal();
      return { test: round(test), train: round(test - 6 + 0.2 * noise.normal()) };
    },
  });
}

/**
 * A study of the published set of 52 graphs with two seeds: the published surface so many times as
 * high, and a little noise.
 */
export function publishedStudy(scale: number): Study {
  const surface = new Map(PUBLISHED_MLP.map(([graph, , , , value]) => [graph, value]));
  return madeStudy({
    graphs: expandGraphSpecs('ws-flex:set=52', '.').map(formatGraphSpec),
    seeds: [1, 2],
    errors: (graph, seed) => {
      const noise = new RandomStream('published', graph, seed).normal();
      const test =
        40 + scale * ((surface.get(graph) ?? PUBLISHED_MLP_BASELINE) - 33) + 0.05 * noise;
      return { test, train: test - 6 };
    },
  });
}

/** The record as a failed one. */
export function failed(record: TrialRecord, reason: string): TrialRecord {
  const { index, role, graph, seed, facts, seconds } = record;
  return { index, role, graph, seed, status: 'failed', reason, facts, epochs: [], seconds };
}
