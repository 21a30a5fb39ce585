import { must } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
import { pairedDifference } from '../stats/block-comparisons.js';
import { mean } from '../stats/descriptive.js';
import { graphLabel, graphNames } from '../study/names.js';
import { seedsOfComparison } from '../study/predictions.js';
import type {
  ComparePrediction,
  CorrelationPrediction,
  Prediction,
  Registration,
  SearchOutcome,
  StudySpec,
  TextPrediction,
  TrialRecord,
} from '../study/types.js';
import { fidelityOf, publishedErrors } from './fidelity.js';
import type { Interval } from './paired.js';
import { testPairs } from './prediction-pairs.js';
import {
  type Cell,
  type MeasuredSide,
  measureSide,
  missingOfSide,
  notEnded,
  type PredictionGround,
  sidePhrase,
} from './prediction-sides.js';
import { errorsAfter, inTrialOrder, resultTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';
import { fixed, plural, pValue, signed } from './text.js';

/**
 * What came of a prediction. `not shown`: what was measured falls short of it. `the opposite`: the
 * same test says so of the other direction. `open`: trials are missing, or it cannot be told; `why`
 * says what.
 */
export type OutcomeOfPrediction =
  'as predicted' | 'not shown' | 'the opposite' | 'open' | 'judged by people';

/** A registered prediction beside its outcome. */
export interface PredictionOutcome {
  readonly prediction: Prediction;
  readonly outcome: OutcomeOfPrediction;
  /**
   * Of a comparison: mean error of `than` minus that of `below`, points. Of a correlation: r. Null
   * where it is not known.
   */
  readonly value: number | null;
  readonly interval: Interval | null;
  /**
   * Coverage of `interval`, 0 to 1. Of a paired t test at level a it is 1 - 2 a, so that the
   * interval lies above `by` exactly where the outcome is as predicted; else 0.95.
   */
  readonly coverage: number | null;
  /**
   * Of a comparison: seeds with which both sides were trained. Of a correlation: graphs. Of pairs:
   * pairs.
   */
  readonly n: number;
  /**
   * What a comparison is the mean of, `than` minus `below` in points: a difference for each seed, of
   * pairs for each pair. None of what has no differences, or none yet.
   */
  readonly differences: readonly number[];
  /** One-sided, of the registered test; null where there is none. */
  readonly p: number | null;
  /** Why it is open; null of all else. */
  readonly why: string | null;
  readonly sentence: string;
}

/** What the predictions of a study are judged by. */
export interface PredictionInput {
  readonly spec: StudySpec;
  /** The study's log, in any order. */
  readonly records: readonly TrialRecord[];
  readonly search: SearchOutcome | null;
  /** Null: nothing was registered. */
  readonly registration: Pick<Registration, 'predictions'> | null;
}

/**
 * The registered predictions in their order, each with its outcome. A function of the set of
 * records alone.
 */
export function predictionOutcomes({
  spec,
  records,
  search,
  registration,
}: PredictionInput): PredictionOutcome[] {
  const ground = { spec, records: inTrialOrder(records), search };
  return (registration?.predictions ?? []).map((prediction) => {
    const { text, ...found } = findingOf(prediction, ground);
    return { prediction, ...found, sentence: `${prediction.name}, ${found.outcome}: ${text}` };
  });
}

/** An outcome before its sentence is put together. */
type Finding = Omit<PredictionOutcome, 'prediction' | 'sentence'> & { readonly text: string };

const NOTHING = {
  value: null,
  interval: null,
  coverage: null,
  n: 0,
  differences: [],
  p: null,
  why: null,
} as const;

function findingOf(prediction: Prediction, ground: PredictionGround): Finding {
  if (prediction.kind === 'text')
    return { ...NOTHING, outcome: 'judged by people', text: prediction.text };
  const why = waitingFor(prediction, ground);
  if (why !== null) return open(why);
  if (prediction.kind === 'pairs') return testPairs(prediction, ground);
  return prediction.kind === 'compare'
    ? comparisonFinding(prediction, ground)
    : correlationFinding(prediction, ground);
}

function open(why: string, known: Partial<Finding> = {}): Finding {
  return { ...NOTHING, ...known, outcome: 'open', why, text: `${why}.` };
}

/** What has to end before the prediction may be judged; null where all has. */
function waitingFor(
  prediction: Exclude<Prediction, TextPrediction>,
  ground: PredictionGround,
): string | null {
  const { spec, search } = ground;
  if (spec.search !== undefined && search?.ended !== true) return 'the search has not ended';
  const missing = new Map(
    cellsOf(prediction, ground).map((cell) => [`${cell.graph} ${cell.seed}`, cell]),
  );
  const [first] = missing.values();
  if (first === undefined) return null;
  const verb = missing.size === 1 ? 'has' : 'have';
  return (
    `${plural(missing.size, 'trial')} that it needs ${verb} not ended (first: ` +
    `${graphLabel(graphNames(spec), first.graph)}, seed ${first.seed})`
  );
}

function cellsOf(
  prediction: Exclude<Prediction, TextPrediction>,
  ground: PredictionGround,
): Cell[] {
  const { spec } = ground;
  if (prediction.kind === 'pairs')
    return notEnded(ground, [...prediction.below, ...prediction.than], spec.seeds);
  if (prediction.kind === 'compare') {
    const seeds = seedsOfComparison(spec, prediction);
    return [prediction.below, prediction.than].flatMap((side) =>
      missingOfSide(side, seeds, ground),
    );
  }
  if (spec.search !== undefined) return [];
  const published = publishedErrors(prediction.with);
  return notEnded(
    ground,
    spec.graphs.filter((graph) => published.has(graph)),
    spec.seeds,
  );
}

function comparisonFinding(prediction: ComparePrediction, ground: PredictionGround): Finding {
  const { spec } = ground;
  const seeds = seedsOfComparison(spec, prediction);
  const [below, than] = mapTuple([prediction.below, prediction.than], (side) =>
    measureSide(side, seeds, ground),
  );
  for (const [side, { graphs }] of [
    [prediction.below, below],
    [prediction.than, than],
  ] as const) {
    if (graphs.length === 0)
      return open(
        `${sidePhrase(side, ground)} cannot be told: no graph of it has the complete trials`,
      );
  }
  const tested =
    prediction.test === 'mean' ? byMean(prediction, below, than) : byTest(prediction, below, than);
  if (tested.outcome === 'open') return open(tested.why ?? '', tested);
  const text = comparisonText(prediction, tested, ground, seeds !== spec.seeds);
  return {
    ...tested,
    text: `${text}${leftPhrase([...below.left, ...than.left])}${flattered(prediction, ground, seeds)}`,
  };
}

type Tested = Omit<Finding, 'text'>;

/** The differences that both sides have, seed by seed. */
function differencesOf(below: MeasuredSide, than: MeasuredSide): number[] {
  return below.errors.flatMap((error, at) => {
    const other = must(than.errors[at]);
    return error === null || other === null ? [] : [other - error];
  });
}

/** The means alone, in either direction. */
function byMean({ by }: ComparePrediction, below: MeasuredSide, than: MeasuredSide): Tested {
  const differences = differencesOf(below, than);
  if (differences.length === 0) return open('no seed has a complete trial on both sides');
  const value = mean(differences);
  const interval = pairedDifference(than.errors, below.errors, CONFIDENCE_LEVEL)?.interval ?? null;
  const outcome = value > by ? 'as predicted' : value < 0 ? 'the opposite' : 'not shown';
  return {
    ...NOTHING,
    outcome,
    value,
    interval,
    coverage: interval && CONFIDENCE_LEVEL,
    n: differences.length,
    differences,
  };
}

/**
 * Student's paired t test over seeds, one-sided: than - below > by. The opposite is than - below <
 * 0 by the same test at the same level.
 */
function byTest(
  { by, level = 0.05 }: ComparePrediction,
  below: MeasuredSide,
  than: MeasuredSide,
): Tested {
  const differences = differencesOf(below, than);
  const n = differences.length;
  const coverage = 1 - 2 * level;
  const shifted = than.errors.map((error) => (error === null ? null : error - by));
  const plain = pairedDifference(than.errors, below.errors, coverage);
  const test = pairedDifference(shifted, below.errors, coverage);
  if (plain === null || test === null) {
    return open(untestable(n), { n, differences, value: n === 0 ? null : mean(differences) });
  }
  const outcome =
    test.p < level ? 'as predicted' : 1 - plain.p < level ? 'the opposite' : 'not shown';
  return {
    ...NOTHING,
    outcome,
    value: plain.difference,
    interval: plain.interval,
    coverage,
    n,
    differences,
    p: test.p,
  };
}

function untestable(n: number): string {
  if (n < 2)
    return (
      'the test needs two seeds with complete trials on both sides, there ' +
      (n === 1 ? 'is one' : 'is none')
    );
  return `all ${n} differences are equal, so nothing tells how they would vary`;
}

/** `the best graph lies 1.20 points below the baseline (predicted: more than 0.50; ...).` */
function comparisonText(
  { below, than, by, level }: ComparePrediction,
  { value, interval, coverage, n, p }: Tested,
  ground: PredictionGround,
  fresh: boolean,
): string {
  const amount = value ?? 0;
  const place = amount >= 0 ? 'below' : 'above';
  const facts = [
    by === 0 ? 'predicted: below' : `predicted: more than ${fixed(by, 2)} below`,
    // As all that is told of differences: negative is below.
    ...intervalFacts(interval && [-interval[1], -interval[0]], coverage),
    plural(n, fresh ? 'fresh seed' : 'seed'),
    p === null ? 'by the means alone' : `one-sided paired t test, p ${pValue(p)}, level ${level}`,
  ];
  return (
    `${sidePhrase(below, ground)} lies ${fixed(Math.abs(amount), 2)} points ${place} ` +
    `${sidePhrase(than, ground)} (${facts.join('; ')}).`
  );
}

function intervalFacts(interval: Interval | null, coverage: number | null): string[] {
  if (interval === null || coverage === null) return [];
  return [
    `${coveragePhrase(coverage)} interval ${signed(interval[0], 2)} to ${signed(interval[1], 2)}`,
  ];
}

/** `90 %`; `99.8 %` is never rounded to all. */
export function coveragePhrase(coverage: number): string {
  return `${Number((100 * coverage).toFixed(4))}\u00a0%`;
}

function leftPhrase(left: readonly string[]): string {
  if (left.length === 0) return '';
  const count = new Set(left).size;
  return (
    ` Without ${plural(count, 'graph')} that ${count === 1 ? 'lacks' : 'lack'} a complete ` +
    'trial with one of the seeds.'
  );
}

/** The lowest of many, compared over the seeds that chose it. */
function flattered(
  { below, than }: ComparePrediction,
  { spec }: PredictionGround,
  seeds: readonly number[],
): string {
  if (seeds !== spec.seeds || (below !== 'best' && than !== 'best')) return '';
  return ' These seeds also chose the best graph, which flatters it.';
}

/** Of fewer pairs there is no correlation. */
const LEAST_PUBLISHED = 3;

/** r alone decides: at least `atLeast`; the opposite is a negative one where none was predicted. */
function correlationFinding(
  { with: of, atLeast }: CorrelationPrediction,
  { spec, records }: PredictionGround,
): Finding {
  const fidelity = fidelityOf(
    errorsAfter(resultTable({ spec, records })),
    LEAST_PUBLISHED,
    publishedErrors(of),
  );
  if (fidelity === null)
    return open('fewer than three published graphs have different mean errors');
  const {
    graphs: n,
    plain: { r, interval },
  } = fidelity;
  const outcome =
    r >= atLeast ? 'as predicted' : r < 0 && atLeast >= 0 ? 'the opposite' : 'not shown';
  const coverage = interval && CONFIDENCE_LEVEL;
  const facts = [
    `predicted: at least ${fixed(atLeast, 2)}`,
    ...intervalFacts(interval, coverage),
    plural(n, 'graph'),
  ];
  const ofWhom = of === 'published' ? '' : ` of ${of.slice('published-'.length)}`;
  const text =
    `the mean errors correlate with the published ones${ofWhom} at r ${fixed(r, 2)} ` +
    `(${facts.join('; ')}).`;
  return { ...NOTHING, outcome, value: r, interval, coverage, n, text };
}
