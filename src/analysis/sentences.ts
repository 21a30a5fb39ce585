import { NORMAL_95 } from '../stats/normal.js';
import { courseSentence, rulesOf } from './courses.js';
import { labelOf } from './graph-results.js';
import type { NullTest } from './null-tests.js';
import type { Comparison, Interval } from './paired.js';
import { SWEET_LEVEL } from './settings.js';
import { fixed, meanStd, percent, plural, pValue, signed, span } from './text.js';
import type { GraphResult, StudySummary } from './types.js';

/** What the baseline is called: a complete graph is a dense network. */
function baselineName({ baseline }: Pick<StudySummary, 'baseline'>): string {
  return baseline?.density === 1 ? 'the dense baseline' : 'the baseline';
}

/** `95 % interval −2.1 to −0.4`. */
export function intervalPhrase(interval: Interval | null, digits = 2): string | null {
  return interval === null
    ? null
    : `95\u00a0% interval ${signed(interval[0], digits)} to ${signed(interval[1], digits)}`;
}

/** `1.40 points below`; a difference is never shown with a sign and a word for it. */
export function apart(difference: number): string {
  if (fixed(Math.abs(difference), 2) === '0.00') return 'level with';
  return `${fixed(Math.abs(difference), 2)} points ${difference < 0 ? 'below' : 'above'}`;
}

/** Below this density a graph is called sparse. */
const SPARSE = 0.5;

function winners({ verdict, graphs }: StudySummary): string {
  const named = graphs.filter(({ spec }) => verdict.graphs.includes(spec));
  return named.length > 0 && named.every(({ density }) => (density ?? 1) < SPARSE)
    ? 'Sparse'
    : 'Relational graphs';
}

/** The first line of all that a study says: who wins, by how much, how sure that is. */
export function verdictSentence(summary: StudySummary): string {
  const { verdict, baseline, confirmation, chosenOn } = summary;
  const { winner, by, difference, interval, seeds } = verdict;
  const dense = baseline?.density === 1;
  if (winner === 'untold' || difference === null) return untoldSentence(summary);
  const amount = fixed(Math.abs(difference), 2);
  const choices = summary.comparison?.choices ?? 0;
  const loser = dense ? 'dense' : 'the baseline';
  const sure = intervalPhrase(interval) ?? 'no interval';
  const whom =
    by === 'fresh'
      ? freshPhrase(confirmation?.chosen?.length ?? 0, seeds)
      : choices === 1
        ? 'the only graph'
        : `the lowest of ${plural(choices, 'graph')}` +
          (chosenOn === 'validation' ? ' by validation error' : '');
  const how =
    by === 'fresh' || choices === 1
      ? 'paired by seed'
      : 'paired by seed, allowing for the choice of the lowest';
  if (winner === 'graphs') {
    const verb = winners(summary) === 'Sparse' ? 'beats' : 'beat';
    return (
      `${winners(summary)} ${verb} ${loser} by ${amount} points of test error: ${whom} ` +
      `(${sure}, ${how}).`
    );
  }
  if (winner === 'baseline')
    return (
      `${dense ? 'Dense' : 'The baseline'} wins by ${amount} points of test error: ${whom} ` +
      `(${sure}, paired by seed).`
    );
  return (
    `No difference shown between ${loser} and ` +
    `${by === 'fresh' ? 'the graphs that were chosen' : 'the best graph'}: ${whom}, ` +
    `${apart(difference)} it (${sure}, ${how}).`
  );
}

function freshPhrase(graphs: number, seeds: number): string {
  return (
    `${graphs === 1 ? 'the graph' : `the ${graphs} graphs`} that the first seeds chose, on ` +
    plural(seeds, 'fresh seed')
  );
}

/** Why the noise of a difference is not known. */
const unknownNoise = (seeds: number): string =>
  seeds < 2
    ? 'without two training seeds that both have'
    : `from ${plural(seeds, 'seed')} between which no difference varies: nothing tells the noise`;

function untoldSentence({ best, baseline, comparison }: StudySummary): string {
  if (best === null) return 'No graph has a complete trial yet.';
  if (baseline?.mean == null)
    return 'The baseline has no complete trial, so nothing can be said against it.';
  const seen =
    comparison === null ? '' : ` (the lowest graph lies ${apart(comparison.difference)} it)`;
  return (
    `Whether graphs beat ${baseline.density === 1 ? 'dense' : 'the baseline'} cannot be ` +
    `told ${unknownNoise(comparison?.seeds ?? 0)}${seen}.`
  );
}

/** Where the low errors lie. It is called a sweet spot only where the baseline is beaten. */
function sweetSpotSentence({ sweetSpot, verdict, location }: StudySummary): string {
  const { clustering, pathLength, cells, occupied, called } = sweetSpot;
  if (clustering === null || pathLength === null)
    return `No region can be told: ${sweetSpot.reason ?? 'nothing was measured'}.`;
  const where = `C ${span(clustering)} and L ${span(pathLength)}`;
  const set =
    occupied === 1
      ? 'the only cell with graphs'
      : cells === occupied
        ? `none of its ${plural(occupied, 'cell')} is significantly worse than the best one`
        : `${cells} of ${occupied} cells are not significantly worse than the best one`;
  if (!called) {
    const why =
      verdict.winner === 'untold'
        ? 'the baseline cannot be compared'
        : 'the baseline is not beaten';
    return `The lowest errors lie within ${where} (${set}); that is no sweet spot, since ${why}.`;
  }
  const unsure =
    location === null || location.p < SWEET_LEVEL
      ? ''
      : ' How sparse a graph is explains as much: where exactly, beyond that, this study ' +
        'cannot tell.';
  return `The sweet spot spans ${where}: ${set}.${unsure}`;
}

/** Whether C and L say more than density alone; null where it cannot be told. */
function locationSentence({ location }: StudySummary): string | null {
  if (location === null) return null;
  const test =
    `F(${location.dof[0]}, ${location.dof[1]}) = ${fixed(location.f, 2)}, p ` + pValue(location.p);
  return location.p < SWEET_LEVEL
    ? `C and L explain ${percent(location.partialR2)} of what density leaves of the ` +
        `graphs’ means (${test}).`
    : `No effect of C and L beside that of density is shown (${test}).`;
}

/** What a search did and which graph it recommends; null of a study that trains everything. */
export function searchSentence(
  summary: Pick<StudySummary, 'search' | 'graphs' | 'baseline' | 'chosenOn'>,
): string | null {
  const { search, graphs, baseline } = summary;
  const validation = summary.chosenOn === 'validation';
  if (search === null) return null;
  const { rules, trainings, recommended, candidates, spent } = search;
  const count = (outcome: string): number =>
    trainings.filter((each) => each.outcome === outcome).length;
  const tried = new Set(trainings.map(({ graph }) => graph)).size;
  const parts = [
    `${count('complete')} complete`,
    ...(count('stopped') > 0 ? [`${count('stopped')} stopped early`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  const budget =
    `${fixed(spent, Number.isInteger(spent) ? 0 : 1)} of ` + plural(rules.trainings, 'training');
  const course =
    `The search (${rules.policy}) spent ${budget} on ${tried} of ` +
    `${plural(candidates, 'graph')}: ${parts.join(', ')}.`;
  if (recommended === null)
    return `${course} No training is complete yet, so no graph is recommended.`;
  const place = graphs.find(({ spec }) => spec === recommended.graph) ?? null;
  const { mean, sd } = recommended;
  // No spread at all says that nothing was measured, not that all is known.
  const belief =
    sd === null || sd === 0
      ? ''
      : ' (95 % of the policy’s belief: ' +
        `${span([mean - NORMAL_95 * sd, mean + NORMAL_95 * sd])})`;
  const expected =
    sd === null ? 'was seen, the lowest mean of those tried' : 'is expected with a fresh seed';
  const where = `(C ${fixed(place?.clustering ?? null, 2)}, L ${fixed(place?.pathLength ?? null, 2)})`;
  const found =
    `${course} It recommends ${place === null ? recommended.graph : labelOf(place)} ${where}, ` +
    `of which ${fixed(mean, 2)} % ${validation ? 'validation' : 'test'} error ${expected}${belief}`;
  const reference = validation ? baseline?.validationMean : baseline?.mean;
  if (baseline == null || reference == null) return `${found}.`;
  const own = validation ? fixed(reference, 2) : meanStd(baseline);
  return (
    `${found}, ${apart(mean - reference)} the baseline’s mean ${own} %.` +
    (validation ? testPhrase(place) : '') +
    pairedPhrase(place)
  );
}

/** The test error of a graph that was chosen by another error. */
function testPhrase(graph: GraphResult | null): string {
  return graph?.mean == null ? '' : ` Its mean test error is ${meanStd(graph)} %.`;
}

function pairedPhrase(graph: GraphResult | null): string {
  const found = graph?.againstBaseline ?? null;
  if (found === null) return '';
  const sure = intervalPhrase(found.interval);
  return (
    ` Seed by seed its trainings lie ${apart(found.difference)} the ` +
    `baseline’s${sure === null ? '' : ` (${sure})`}.`
  );
}

/** A graph beside its null ensemble: by how much it differs, and how rare that is among them. */
export function nullSentence(test: NullTest): string {
  const { of, name, count, counted, asGood, p, difference, interval, seeds } = test;
  const called = name ?? of;
  const nulls = `its ${plural(count, 'null graph')}, which have the same degrees`;
  if (p === null || difference === null)
    return `${called} cannot be compared with ${nulls}: no seed has a complete trial of both yet.`;
  const sure = intervalPhrase(interval);
  const part = counted < count ? ` (${counted} of ${count} so far)` : '';
  return (
    `${called} lies ${apart(difference)} the mean of ${nulls}${part}: ` +
    `${sure === null ? 'no interval' : sure}, paired over ${plural(seeds, 'seed')}; ${asGood} of ` +
    `${plural(counted, 'null graph')} ${asGood === 1 ? 'is' : 'are'} at least as good, p ` +
    `${pValue(p)} (one-sided).`
  );
}

/** How the best graph compares with the baseline: paired by seed, and unpaired beside it. */
function bestSentence(summary: StudySummary): string {
  const { best, baseline, comparison, expected, chosenOn } = summary;
  if (best === null) return 'No graph has a complete trial yet.';
  const by =
    chosenOn === 'validation' ? ` by validation error (${fixed(best.validationMean, 2)} %)` : '';
  const found =
    `The best graph${by}, ${labelOf(best)} (C ${fixed(best.clustering, 2)}, L ` +
    `${fixed(best.pathLength, 2)}), has ${meanStd(best)} % test error`;
  if (baseline === null || comparison === null)
    return `${found}; the baseline has no complete trial to compare with.`;
  return (
    `${found}, ${apart(comparison.difference)} the baseline’s ` +
    `${meanStd(baseline)} %${intervalsPhrase(comparison)}.${expectedPhrase(expected)}`
  );
}

/** What is left of the best graph’s lead when it is trained anew; nothing where it is not known. */
function expectedPhrase(expected: StudySummary['expected']): string {
  if (expected === null || expected.graphs < 2) return '';
  const { difference, interval, graphs } = expected;
  return (
    ` It was chosen as the lowest of ${graphs}; with fresh seeds it is to be expected ` +
    `${apart(difference)} the baseline (${intervalPhrase(interval) ?? 'no interval'}).`
  );
}

/** ` (95 % interval −1.9 to −1.4 paired by seed; unpaired −3.7 to +0.4)`, or nothing. */
function intervalsPhrase({ interval, unpaired }: Comparison): string {
  const paired = intervalPhrase(interval);
  if (paired === null) return ', seed by seed';
  return (
    ` (${paired} paired by ` +
    `seed${unpaired === null ? '' : `; unpaired ${signed(unpaired[0], 2)} to ${signed(unpaired[1], 2)}`})`
  );
}

/** How many graphs lie below the baseline; null where none can be compared. */
function belowSentence({ below, baseline, seeds }: StudySummary): string | null {
  if (below === null) return null;
  const every = seeds > 1 ? `, ${below.onEverySeed} of them on every seed` : '';
  return (
    `${below.onAverage} of ${plural(below.graphs, 'graph')} lie below ` +
    `${baselineName({ baseline })} on average${every}.`
  );
}

/** Whether better graphs fit or generalise better; null where it is not known. */
function mechanismSentence({ mechanism, baseline }: StudySummary): string | null {
  if (mechanism === null) return null;
  const { train, gap, graphs, shown } = mechanism;
  const what = {
    fit: graphs === 1 ? 'fits the training images better' : 'fit the training images better',
    generalisation: 'generalise better',
    both: 'fit the training images better and generalise better',
    neither: 'neither fit the training images better nor generalise better, as far as is shown,',
  }[shown];
  return (
    `${graphs === 1 ? 'The graph' : `The ${graphs} graphs`} of the lowest test error ${what} than ` +
    `${baselineName({ baseline })}: ` +
    `training error ${fixed(train[0], 1)} against ${fixed(train[1], 1)} %, gap to the ` +
    `test error ${fixed(gap[0], 1)} against ${fixed(gap[1], 1)} points.`
  );
}

/** Whether graphs differ by more than seed noise. */
function signalSentence({ signal, seeds }: StudySummary): string {
  if (signal === null)
    return (
      'Whether graphs differ by more than seed noise cannot be told with ' +
      `${plural(seeds, 'seed')} and these trials.`
    );
  const { f, p, dof, unpaired } = signal;
  const test =
    `F(${dof[0]}, ${dof[1]}) ${f === null ? 'infinite' : `= ${fixed(f, 2)}`}, p ` +
    `${pValue(p)}, seeds as blocks; without blocks p ${pValue(unpaired.p)}`;
  const spread =
    `spread between graphs ${fixed(signal.betweenGraphsStd, 2)}, noise ` +
    `${fixed(signal.noiseStd, 2)} points`;
  return p < SWEET_LEVEL
    ? `Graphs differ by more than seed noise (${test}; ${spread}).`
    : `No difference between graphs beyond seed noise is shown (${test}; ${spread}).`;
}

/**
 * How the errors agree with the published ones; null where too few of the graphs were published.
 */
function fidelitySentence({ fidelity }: StudySummary): string | null {
  if (fidelity === null) return null;
  const { graphs, plain, givenDensity } = fidelity;
  const range = (interval: Interval | null): string =>
    interval === null ? '' : ` (95\u00a0% ${span(interval)})`;
  const given =
    givenDensity === null
      ? ''
      : `; given density ${fixed(givenDensity.r, 2)}${range(givenDensity.interval)}`;
  return (
    `Over ${graphs} published graphs the errors correlate with the published ones (MLP, ` +
    `CIFAR-10, 200 epochs) at r ${fixed(plain.r, 2)}${range(plain.interval)}${given}.`
  );
}

/** What a quadratic fit shows, in a few words. */
export function fitPhrase(fit: StudySummary['fits']['clustering']): string {
  if (fit === null) return 'no fit: too few graphs';
  const explained = fit.r2 === null ? 'no variance' : `R² ${fixed(fit.r2, 2)}`;
  const lowest =
    fit.minimum === null ? 'no minimum inside the data' : `lowest at ${fixed(fit.minimum, 2)}`;
  return `${explained}, ${lowest}`;
}

/** All that a study says of itself, most important first: the same in terminal and report. */
export function studySentences(summary: StudySummary): readonly string[] {
  const sentences = [
    verdictSentence(summary),
    searchSentence(summary),
    sweetSpotSentence(summary),
    fidelitySentence(summary),
    ...summary.nulls.map(nullSentence),
    ...rulesOf(summary.courses).map((rule) => courseSentence(rule, summary.courses, summary.arch)),
    [bestSentence(summary), belowSentence(summary)].filter((text) => text !== null).join(' '),
    signalSentence(summary),
    locationSentence(summary),
    mechanismSentence(summary),
  ];
  return sentences.filter((text) => text !== null);
}
