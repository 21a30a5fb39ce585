import { mean } from '../../stats/index.js';
import { fixed, plural, pValue } from '../text.js';
import { interval, nameOf } from './sections/common.js';
import type { FindingsInput, Section, SectionValues } from './sections/types.js';
import { strataFacts, type StrataFact } from './surface-facts.js';

/** Tests are called significant below this. */
const LEVEL = 0.01;
/** A rank correlation in a band is called a direction from here on. */
const DIRECTION = 0.3;

function valuesOf({ task, strata: { graphs, bands, best, effect, permutation, rankClustering, rankPathLength, rankTogether }, pairs }: StrataFact): SectionValues {
  return {
    name: task.name, arch: task.arch, graphs, bands: bands.length, bandsFrom: bands.map((band) => band.density[0]), bandsTo: bands.map((band) => band.density[1]),
    bandsRankClustering: bands.map((band) => band.rankClustering), bandsRankPathLength: bands.map((band) => band.rankPathLength), bandsAdjustedR2: bands.map((band) => band.adjustedR2),
    partialR2: effect.partialR2, f: effect.f, p: effect.p, dof: effect.dof, permutationP: permutation.p, permutations: permutation.count,
    rankClustering, rankPathLength, rankTogether,
    bestBand: bands[best].density, bestClustering: bands[best].lowest.clustering, bestPathLength: bands[best].lowest.pathLength, bestError: bands[best].lowest.fitted,
    pairs: pairs?.pairs ?? null, difference: pairs?.difference ?? null, interval: pairs?.interval ?? null, expected: pairs?.expected ?? null, slope: pairs?.slope ?? null,
    wins: pairs?.wins ?? null, unequal: pairs?.unequal ?? null, signP: pairs?.p ?? null,
  };
}

function rowOf({ task, strata, pairs }: StrataFact, published: boolean): string[] {
  const { effect, permutation, bands, best } = strata;
  const [low, high] = bands[best].density;
  const ofPairs = pairs === null ? ['too few pairs', '–', '–'] :
    [String(pairs.pairs), `${fixed(pairs.difference, 2)} ${interval(pairs.interval)} (${fixed(pairs.expected, 2)})`, `${pairs.wins} of ${pairs.unequal} (p ${pValue(pairs.p)})`];
  return [
    nameOf(task, published), `${strata.graphs} in ${bands.length}`, `${fixed(effect.partialR2, 2)} (F = ${fixed(effect.f, 1)}, p ${pValue(effect.p)})`, `${permutation.p <= 1 / (1 + permutation.count) ? '≤' : '='} ${permutation.p.toFixed(3)}`,
    [strata.rankClustering, strata.rankPathLength, strata.rankTogether].map((r) => fixed(r, 2)).join(', '),
    `C ${fixed(bands[best].lowest.clustering, 2)}, L ${fixed(bands[best].lowest.pathLength, 2)} at d ${fixed(low, 2)}–${fixed(high, 2)}`, ...ofPairs,
  ];
}

function pairsText(facts: readonly StrataFact[]): string {
  const compared = facts.flatMap(({ pairs }) => (pairs === null ? [] : [pairs]));
  if (compared.length === 0) return 'There are fewer than ten pairs of graphs of equal density to compare.';
  const told = compared.filter(({ p, wins, unequal }) => p < LEVEL && wins > unequal / 2).length;
  return `Of two graphs of equal density the one that the surface of C and L expects to be worse is worse more often than chance (sign test, p < ${LEVEL}) in ${told} of ${plural(compared.length, 'comparison')}; a point expected is ${fixed(mean(compared.map(({ slope }) => slope)), 2)} points found on average (1: C and L tell all that was expected of them, 0: nothing).`;
}

function directionText(facts: readonly StrataFact[]): string {
  const turned = facts.filter(({ strata: { bands } }) => (bands[0].rankPathLength ?? 0) > DIRECTION && (bands[bands.length - 1].rankPathLength ?? 0) < -DIRECTION).length;
  const together = facts.flatMap(({ strata }) => strata.rankTogether ?? []);
  const mixed = together.length > 0 && Math.abs(mean(together)) > 0.5 ? ` Within bands C and L move together (rank correlation ${fixed(mean(together), 2)}): which of the two it is cannot be told from these graphs.` : '';
  return `${turned === 0 ? '' : ` In ${turned} the error rises with L among the sparsest graphs and falls with L among the densest: there is no best L for all densities.`}${mixed}`;
}

function verdictOf(facts: readonly StrataFact[], left: number): string {
  const few = 'bands of density need 20 graphs whose errors differ, with C and L that density does not fix';
  if (facts.length === 0) return `Cannot be told: ${few}.`;
  const held = facts.filter(({ strata }) => strata.permutation.p < LEVEL).length;
  const start = held === facts.length ? 'Holds' : held === 0 ? 'Not shown' : 'Holds in part';
  const missing = left === 0 ? '' : ` ${plural(left, 'task')} left out: ${few}.`;
  return `${start}: at equal density C and L explain error in ${held} of ${facts.length} (permutation test, p < ${LEVEL}). ${pairsText(facts)}${directionText(facts)}${missing}`;
}

/**
 * Graphs of equal density. Values: `name`, `arch`, `graphs`, `bands` and of each band in turn `bandsFrom`, `bandsTo` (density),
 * `bandsRankClustering`, `bandsRankPathLength`, `bandsAdjustedR2`; `partialR2`, `f`, `p`, `dof`, `permutationP`, `permutations`; `rankClustering`,
 * `rankPathLength`, `rankTogether`; `bestBand`, `bestClustering`, `bestPathLength`, `bestError`; `pairs`, `difference`, `interval`, `expected`,
 * `slope`, `wins`, `unequal`, `signP`.
 */
export function strataSection(input: FindingsInput): Section {
  const facts = strataFacts(input);
  return {
    title: '9. At equal density',
    claim: 'Not asked by the paper: whether graphs of the same number of edges differ by their C and L.',
    columns: ['architecture', 'graphs in bands', 'C and L given density', 'permutation p', 'rank r of C, L, both', 'lowest', 'pairs', 'difference [95 %] (expected)', 'worse as expected'],
    rows: facts.map((fact) => rowOf(fact, input.published)),
    values: facts.map(valuesOf),
    agreeing: 0,
    checked: 0,
    verdict: verdictOf(facts, input.tasks.length - facts.length),
    definition: 'bands: graphs cut by quantiles of density (d = k / n), one band for 13 graphs, 2 to 8; baseline left out. C and L given density: share of the residual of mean errors about the bands and a line in ln d within each that C, L, C², L², C L take away, with the F test of nested models. permutation p: that F against residuals relabelled within bands (Freedman and Lane 1983), (1 + as large) / (1 + count), 999 of them or the resamples asked for where those are fewer. rank r: Spearman’s correlation within bands, pooled: of C and of L with the error, and of C with L. lowest: graph of the lowest fitted error, with its band. pairs: graphs no farther apart than 5 % in density and no nearer than half a standard deviation in C and L. difference: error of the one that the Gaussian process over C and L expects to be worse less that of the other, points, percentile bootstrap over pairs; the process was fitted without both (ten folds of pairs); expected: by the process. worse as expected: pairs, equal errors left out, exact sign test.',
  };
}
