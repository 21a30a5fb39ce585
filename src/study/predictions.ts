import { z } from 'zod';
import { expandGraphSpecs } from '../graph/sets/reference.js';
import { formatGraphSpec } from '../graph/spec.js';
import { confirmSeeds } from './confirm.js';
import { at, placed, type Source } from './source.js';
import type {
  ComparePrediction,
  CorrelationPrediction,
  PairsPrediction,
  Prediction,
  Region,
  Side,
  StudySpec,
} from './types.js';

const NAME_RULE = { error: 'a name of letters, digits, dots, dashes and underscores, at most 80' };
const TEXT_RULE = { error: 'a text of 1 to 2000 characters' };
const SIDE_RULE = {
  error:
    'baseline, best, all, a graph or a list of graphs of the study, ' +
    'or a region such as {clustering: [0.3, 0.6], pathLength: [1.8, 2.8]}',
};
const BY_RULE = { error: 'a number of percentage points from 0 to 100' };
const WITHIN_RULE = { error: 'a number of percentage points above 0, at most 100' };
const GRAPHS_RULE = { error: 'a list of graphs of the study, two or more' };
const LEVEL_RULE = { error: 'a probability above 0 and below 0.5, such as 0.05' };
const CORRELATION_RULE = { error: 'a correlation above -1 and below 1' };
/** What the paper published mean errors of ws-flex:set=52 of: the MLP, and architectures by name. */
const PUBLISHED = [
  'published',
  'published-cnn',
  'published-resnet34',
  'published-resnet34-sep',
  'published-resnet50',
] as const satisfies readonly CorrelationPrediction['with'][];
const PUBLISHED_RULE = {
  error: `one of ${PUBLISHED.join(', ')}: the paper's mean errors of ws-flex:set=52`,
};
const LIST_RULE = { error: 'a list of predictions, at least one' };
const TESTS = ['paired-t', 'mean'] as const satisfies readonly ComparePrediction['test'][];
const WORDS = ['baseline', 'best', 'all'] as const satisfies readonly Side[];

const text = z.string(TEXT_RULE).min(1, TEXT_RULE).max(2000, TEXT_RULE);
const range = z.tuple([z.number(), z.number()]).optional();
const region = z.strictObject({ clustering: range, pathLength: range });
const side = z.union([z.string(), z.array(z.string()).min(1), region], SIDE_RULE);
const graphList = z.array(z.string(GRAPHS_RULE), GRAPHS_RULE).min(2, GRAPHS_RULE);
const common = {
  name: z.string(NAME_RULE).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, NAME_RULE),
  why: text.optional(),
};

const KINDS = {
  compare: z.strictObject({
    ...common,
    kind: z.literal('compare'),
    below: side,
    than: side,
    by: z.number(BY_RULE).min(0, BY_RULE).max(100, BY_RULE).default(0),
    test: z.enum(TESTS, { error: `one of ${TESTS.join(', ')}` }).default('paired-t'),
    level: z.number(LEVEL_RULE).gt(0, LEVEL_RULE).lt(0.5, LEVEL_RULE).optional(),
  }),
  correlation: z.strictObject({
    ...common,
    kind: z.literal('correlation'),
    with: z.enum(PUBLISHED, PUBLISHED_RULE),
    atLeast: z.number(CORRELATION_RULE).gt(-1, CORRELATION_RULE).lt(1, CORRELATION_RULE),
  }),
  pairs: z.strictObject({
    ...common,
    kind: z.literal('pairs'),
    below: graphList,
    than: graphList,
    by: z.number(BY_RULE).min(0, BY_RULE).max(100, BY_RULE).optional(),
    within: z.number(WITHIN_RULE).gt(0, WITHIN_RULE).max(100, WITHIN_RULE).optional(),
    level: z.number(LEVEL_RULE).gt(0, LEVEL_RULE).lt(0.5, LEVEL_RULE).default(0.05),
  }),
  text: z.strictObject({ ...common, kind: z.literal('text'), text }),
} as const;

const EXAMPLE = '{name: best-beats-dense, kind: compare, below: best, than: baseline}';

const predictionSchema = z.discriminatedUnion(
  'kind',
  [KINDS.compare, KINDS.correlation, KINDS.pairs, KINDS.text],
  {
    error: ({ code }) =>
      code === 'invalid_union'
        ? `one of ${Object.keys(KINDS).join(', ')}`
        : `a mapping such as ${EXAMPLE}`,
  },
);

/** The predictions of a study as they are written. */
export const predictionsSchema = z.array(predictionSchema, LIST_RULE).min(1, LIST_RULE);

type Given = z.output<typeof predictionSchema>;
type GivenPairs = Extract<Given, { kind: 'pairs' }>;
type GivenComparison = Extract<Given, { kind: 'compare' }>;

/** The keys that a prediction of this kind may have, or with a longer path a region in it. */
export function predictionKeys(path: readonly PropertyKey[], kind: unknown): readonly string[] {
  if (path.length > 2) return Object.keys(region.shape);
  const known = Object.entries(KINDS).find(([name]) => name === kind);
  return known === undefined ? ['name', 'kind'] : Object.keys(known[1].shape);
}

/** What predictions are about: the rest of the spec, complete. */
interface Ground {
  readonly spec: StudySpec;
  readonly source: Source;
}

/** Ground and place of one prediction. */
interface Place extends Ground {
  readonly index: number;
}

/**
 * The predictions checked against the study, their graphs in canonical form; undefined where there
 * are none.
 */
export function predictionsIn(
  given: readonly Given[] | undefined,
  ground: Ground,
): readonly Prediction[] | undefined {
  return given?.map((prediction, index) => {
    const place = { ...ground, index };
    const before = given.findIndex(({ name }) => name === prediction.name);
    if (before < index)
      throw wrong(
        place,
        'name',
        `every prediction must have its own name; ${prediction.name} is that of number ` +
          `${before + 1} already`,
      );
    if (prediction.kind === 'compare') return comparisonIn(prediction, place);
    if (prediction.kind === 'pairs') return pairsIn(prediction, place);
    if (prediction.kind === 'correlation') checkCorrelation(prediction, place);
    return prediction;
  });
}

function wrong({ source, index }: Place, key: string, message: string): Error {
  return placed(source, ['predictions', index, key], message);
}

function comparisonIn(given: GivenComparison, place: Place): ComparePrediction {
  const sides = {
    below: sideIn(given.below, 'below', place),
    than: sideIn(given.than, 'than', place),
  };
  if (JSON.stringify(sides.below) === JSON.stringify(sides.than)) {
    throw wrong(
      place,
      'than',
      `below and than must differ; both are ${JSON.stringify(sides.than)}; compare with ` +
        'something else',
    );
  }
  if (given.test === 'mean') {
    if (given.level === undefined) return { ...given, ...sides };
    throw wrong(
      place,
      'level',
      `level is of the test paired-t; got ${given.level}; leave it out with mean, which ` +
        'tests nothing',
    );
  }
  const seeds = seedsOfComparison(place.spec, sides).length;
  if (seeds >= 2) return { ...given, ...sides, level: given.level ?? 0.05 };
  throw wrong(
    place,
    'test',
    `the test paired-t needs at least 2 seeds; these sides are compared over ${seeds}; ` +
      'raise seeds, or use test: mean',
  );
}

function pairsIn(given: GivenPairs, place: Place): PairsPrediction {
  const [below, than] = [
    graphsIn(given.below, 'below', place),
    graphsIn(given.than, 'than', place),
  ];
  if (below.length !== than.length)
    throw wrong(
      place,
      'than',
      `below and than must list as many graphs, the first of one with the first of the other; ` +
        `they have ${below.length} and ${than.length}; list the partner of each`,
    );
  const own = below.find((graph, index) => graph === than[index]);
  if (own !== undefined)
    throw wrong(
      place,
      'than',
      `the graphs of a pair must differ; ${own} is paired with itself; list another partner`,
    );
  if (given.by !== undefined && given.within !== undefined)
    throw wrong(
      place,
      'within',
      `a pair is predicted to differ by more than by or by less than within; got by: ${given.by} ` +
        `and within: ${given.within}; leave one out`,
    );
  if (place.spec.search !== undefined)
    throw wrong(
      place,
      'kind',
      'pairs must have every graph trained, but a search chooses what it trains; leave search out',
    );
  return { ...given, below, than };
}

/** Of fewer points there is no correlation to speak of. */
const LEAST_PUBLISHED = 3;

function checkCorrelation({ name }: CorrelationPrediction, place: Place): void {
  const published = new Set(expandGraphSpecs('ws-flex:set=52', null).map(formatGraphSpec));
  const found = place.spec.graphs.filter((graph) => published.has(graph)).length;
  if (found >= LEAST_PUBLISHED) return;
  throw wrong(
    place,
    'with',
    `${name} needs at least ${LEAST_PUBLISHED} graphs with published errors, those of ` +
      'ws-flex:set=52; ' +
      `the study has ${found}; list them under graphs`,
  );
}

function sideIn(given: GivenComparison['below'], key: 'below' | 'than', place: Place): Side {
  if (typeof given === 'object' && !Array.isArray(given)) return regionIn(given, key, place);
  const word = WORDS.find((name) => name === given);
  return word ?? graphsIn([given].flat(), key, place);
}

function graphsIn(lines: readonly string[], key: string, place: Place): readonly string[] {
  const { spec, source, index } = place;
  // A set may hold a graph twice.
  const expanded = (line: string): string[] => {
    const known = spec.names?.find(({ name }) => name === line)?.graph;
    if (known !== undefined) return [known];
    return [...new Set(expandGraphSpecs(line, source.directory).map(formatGraphSpec))];
  };
  const graphs = lines.flatMap((line) =>
    at(source, ['predictions', index, key], () => expanded(line)),
  );
  for (const [before, graph] of graphs.entries()) {
    if (graph === spec.baseline)
      throw wrong(
        place,
        key,
        `${key} must name graphs of the study; ${graph} is the baseline; write ${key}: baseline`,
      );
    if (!spec.graphs.includes(graph))
      throw wrong(
        place,
        key,
        `${key} must name graphs of the study; ${graph} is none of them; list it under graphs`,
      );
    if (graphs.indexOf(graph) < before)
      throw wrong(place, key, `${key} must name every graph once; ${graph} is listed twice`);
  }
  return graphs;
}

function regionIn({ clustering, pathLength }: Region, key: string, place: Place): Region {
  const ranges = Object.entries({ clustering, pathLength }).filter(([, bounds]) => bounds);
  if (ranges.length === 0)
    throw wrong(
      place,
      key,
      'a region must have clustering, pathLength or both; it has neither; give a range ' +
        'such as [0.3, 0.6]',
    );
  const empty = ranges.find(([, bounds]) => bounds && bounds[0] > bounds[1]);
  if (empty === undefined) return { clustering, pathLength };
  throw wrong(
    place,
    key,
    `${empty[0]} must be a range [low, high] with low at most high; got [${empty[1]?.join(', ')}]`,
  );
}

/**
 * The training seeds whose errors decide a comparison. Between `best` and the baseline these are
 * the fresh ones of a study that confirms, since those that chose the best graph flatter it; else
 * the study's own.
 */
export function seedsOfComparison(
  spec: StudySpec,
  { below, than }: Pick<ComparePrediction, 'below' | 'than'>,
): readonly number[] {
  const confirmed = (one: Side): boolean => one === 'best' || one === 'baseline';
  return spec.confirm !== undefined && confirmed(below) && confirmed(than)
    ? confirmSeeds(spec)
    : spec.seeds;
}

/** The predictions with every graph that they name changed by a function. */
export function mapGraphs(
  predictions: readonly Prediction[],
  change: (graph: string) => string,
): readonly Prediction[] {
  const changed = (one: Side): Side => (areGraphs(one) ? one.map(change) : one);
  return predictions.map((each) => {
    if (each.kind === 'compare')
      return { ...each, below: changed(each.below), than: changed(each.than) };
    return each.kind === 'pairs'
      ? { ...each, below: each.below.map(change), than: each.than.map(change) }
      : each;
  });
}

function areGraphs(one: Side): one is readonly string[] {
  return Array.isArray(one);
}
