import { fixed, plural } from '../../text.js';
import { pointsAside, sentences } from './common.js';

export const BIOLOGICAL_TITLE = '7. The best graphs look like biological networks';
export const BIOLOGICAL_CLAIM =
  'The best graphs have C and L close to those of brain networks (the paper: those of its ' +
  'networks without, of the brains ' +
  'with directions).';

/** @param margin how far the rule's rectangle falls short of what it stands for */
export function biologicalDefinition(margin: string): string {
  return (
    'C: average clustering (directed: Fagiolo 2007). L: average path length over the pairs that ' +
    'are reachable. k / n: ' +
    'average degree by the nodes (directed: arcs). in sweet spot: within the rectangle of ' +
    'section 2, or how far beyond it' +
    `${margin}. error: of the best graph measured, mean over seeds, %; of networks predicted by ` +
    'the Gaussian process of ' +
    'section 8 over C and L, with the 95 % interval of one graph’s error; ~: not near the graphs ' +
    'of the task, an ' +
    'extrapolation, which is not tested. over best: points. its random graphs: with the same ' +
    'degree of every node ' +
    '(directed: in- and out-degree), by edge swaps; over them: its prediction less the mean of ' +
    'theirs, points; p: ' +
    'two-sided, twice the smaller tail of its rank among them, (1 + those as low or as high) / ' +
    '(1 + all), after Benjamini ' +
    'and Hochberg over all such tests here; the rank takes the surface as given. by the ' +
    'quadratic: the same by the ' +
    'least-squares surface 1, C, L, C², L², C L. No biological network was trained: its error is ' +
    'what graphs of the task’s ' +
    'own family and size with that C and L would have.'
  );
}

/** How many of the networks measured in one way lie in the sweet spots. */
export interface Inside {
  readonly inside: number;
  readonly of: number;
  readonly directed: boolean;
}

/** Where the networks lie. */
export function insideSentence(tasks: number, networks: number, ways: readonly Inside[]): string {
  const texts = ways.map(
    ({ inside, of, directed }) => `${inside} of ${of} ${directed ? 'with' : 'without'} directions`,
  );
  return (
    `In the sweet spots lie, over ${plural(tasks, 'task')} and ` +
    `${plural(networks, 'biological network')}: ` +
    `${texts.join(', ')}.`
  );
}

/** What is predicted for networks among the graphs of a task, and how many lie beyond. */
export interface PredictedErrors {
  readonly places: number;
  readonly among: number;
  /** Points above the best graph, mean of those among the graphs. */
  readonly over: number;
  /** Those below the baseline, of those that have one. */
  readonly below: readonly [number, number];
}

/** What the surfaces predict for the networks. */
export function errorSentence({
  places,
  among,
  over,
  below: [below, compared],
}: PredictedErrors): string {
  if (places === 0) return '';
  if (among === 0) {
    return (
      `All ${places} lie beyond the graphs of their task, so that nothing is predicted but by ` +
      'extrapolation.'
    );
  }
  const outside = places - among;
  const baseline = compared === 0 ? '' : `, below the baseline’s in ${below} of ${compared}`;
  const beyond =
    outside === 0 ? '' : `; ${outside} lie beyond the graphs of their task, where it extrapolates`;
  return (
    `Of ${plural(places, 'place')} the surface predicts for ${among} among the graphs an error ` +
    `${pointsAside(over)} the best graph’s on average${baseline}${beyond}.`
  );
}

export const DEGREES_UNKNOWN =
  'Whether that is more than their degrees give was not tested: none of the networks is at hand.';
export const NO_SURFACE =
  'No surface could be fitted that reaches them, so their errors were not compared.';

/** Shares in the sweet spots, %: of random graphs of the same degrees, and of the networks. */
export function degreesSentence(random: number, networks: number): string {
  return (
    `Of random graphs with the same degrees ${fixed(random, 0)} % lie in the sweet ` +
    'spots, against ' +
    `${fixed(networks, 0)} % of the networks themselves.`
  );
}

/** Outcomes of tests of networks against random graphs of their degrees. */
export interface Outcomes {
  readonly tests: number;
  readonly better: number;
  readonly worse: number;
}

/** What most tests say: 1 that wiring leads towards the optimum, -1 away from it, 0 neither. */
const direction = ({ tests, better, worse }: Outcomes): number =>
  Number(2 * better > tests) - Number(2 * worse > tests);

function meaningOf(outcomes: Outcomes): string {
  const { tests, better, worse } = outcomes;
  if (direction(outcomes) > 0) {
    return `${better === tests ? 'all' : 'most'} are nearer to the optimum than their degrees give`;
  }
  if (direction(outcomes) < 0)
    return 'the wiring of most leads away from the optimum of their degrees';
  return better > worse
    ? 'some are nearer to the optimum than their degrees give, most are not shown to be'
    : 'no more of them are nearer to the optimum than their degrees give than are farther';
}

/**
 * What the tests by the process say, with the differences from random graphs in points, mean and
 * largest.
 */
export function testsSentence(
  outcomes: Outcomes,
  gaps: { readonly mean: number; readonly largest: number },
): string {
  const { better, worse, tests } = outcomes;
  return sentences(
    `Predicted to be better than those: ${better} of ${plural(tests, 'test')}, worse: ${worse} ` +
      '(false discovery rate 5 %); ' +
      `${meaningOf(outcomes)}.`,
    `The differences are ${fixed(gaps.mean, 2)} points on average, at most ` +
      `${fixed(gaps.largest, 2)}.`,
  );
}

/** What the quadratic says beside the process. */
export function quadraticSentence(process: Outcomes, quadratic: Outcomes): string {
  const { better, worse, tests } = quadratic;
  const differs =
    direction(process) === direction(quadratic) ? '' : ': the answer depends on the surface';
  return (
    `By the quadratic surface, which bends less, ${better} of ${plural(tests, 'test')} ` +
    'are better, ' +
    `${worse} worse${differs}.`
  );
}

/** @param missing names of networks whose files are not there */
export function fetchSentence(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  return (
    `Only published numbers, and no test, of ${missing.join(', ')}; fetch them with: ` +
    'plexus data get connectomes.'
  );
}
