import { must } from '../../../core/errors.js';
import { mean } from '../../../stats/descriptive.js';
import { fixed, pValue } from '../../text.js';
import type { StrataFact } from '../facts/surface.js';
import type { Findings } from '../findings.js';
import type { Presenter } from '../presenter.js';
import { sentences } from '../texts/common.js';
import {
  NO_PAIRS,
  pairsSentence,
  STRATA_CLAIM,
  STRATA_DEFINITION,
  STRATA_TITLE,
  STRATA_UNKNOWN,
  strataMissing,
  strataVerdict,
  togetherSentence,
  turnedSentence,
} from '../texts/strata.js';
import { type Column, interval, tableOf, UNCHECKED } from './common.js';
import type { Section, SectionValues } from './types.js';

/** Tests are called significant below this. */
const LEVEL = 0.01;
/** A rank correlation in a band is called a direction from here on. */
const DIRECTION = 0.3;
/** C and L are said to move together from this rank correlation on. */
const TOGETHER = 0.5;

/**
 * Graphs of equal density. Values: `name`, `arch`, `graphs`, `bands` and of each band in turn
 * `bandsFrom`, `bandsTo` (density), `bandsRankClustering`, `bandsRankPathLength`,
 * `bandsAdjustedR2`; `partialR2`, `f`, `p`, `dof`, `permutationP`, `permutations`;
 * `rankClustering`, `rankPathLength`, `rankTogether`; `bestBand`, `bestClustering`,
 * `bestPathLength`, `bestError`; `pairs`, `difference`, `interval`, `expected`, `slope`, `wins`,
 * `unequal`, `signP`.
 */
export function strataSection({ tasks, presenter, strata }: Findings): Section {
  const facts = strata();
  const missing = strataMissing(tasks.length - facts.length);
  return {
    title: STRATA_TITLE,
    claim: STRATA_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(valuesOf),
    ...UNCHECKED,
    verdict: facts.length === 0 ? STRATA_UNKNOWN : sentences(verdictOf(facts), missing),
    definition: STRATA_DEFINITION,
  };
}

function columnsFor({ nameOf, noun }: Presenter): Column<StrataFact>[] {
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    {
      title: 'graphs in bands',
      cell: ({ strata }) => `${strata.graphs} in ${strata.bands.length}`,
    },
    { title: 'C and L given density', cell: effectCell },
    { title: 'permutation p', cell: permutationCell },
    { title: 'rank r of C, L, both', cell: rankCell },
    { title: 'lowest', cell: lowestCell },
    {
      title: 'pairs',
      cell: ({ pairs }) => (pairs === null ? 'too few pairs' : String(pairs.pairs)),
    },
    { title: 'difference [95 %] (expected)', cell: differenceCell },
    { title: 'worse as expected', cell: winsCell },
  ];
}

function effectCell({ strata: { effect } }: StrataFact): string {
  return `${fixed(effect.partialR2, 2)} (F = ${fixed(effect.f, 1)}, p ${pValue(effect.p)})`;
}

function permutationCell({ strata: { permutation } }: StrataFact): string {
  const { p, count } = permutation;
  return `${p <= 1 / (1 + count) ? '≤' : '='} ${p.toFixed(3)}`;
}

function rankCell({
  strata: { rankClustering, rankPathLength, rankTogether },
}: StrataFact): string {
  return [rankClustering, rankPathLength, rankTogether].map((r) => fixed(r, 2)).join(', ');
}

function lowestCell({ strata: { bands, best } }: StrataFact): string {
  const { density, lowest } = must(bands[best]);
  const at = `d ${fixed(density[0], 2)}–${fixed(density[1], 2)}`;
  return `C ${fixed(lowest.clustering, 2)}, L ${fixed(lowest.pathLength, 2)} at ${at}`;
}

function differenceCell({ pairs }: StrataFact): string {
  if (pairs === null) return '–';
  return `${fixed(pairs.difference, 2)} ${interval(pairs.interval)} (${fixed(pairs.expected, 2)})`;
}

function winsCell({ pairs }: StrataFact): string {
  return pairs === null ? '–' : `${pairs.wins} of ${pairs.unequal} (p ${pValue(pairs.p)})`;
}

function valuesOf({ task, strata, pairs }: StrataFact): SectionValues {
  const { graphs, bands, best, effect, permutation, rankClustering, rankPathLength, rankTogether } =
    strata;
  return {
    name: task.name,
    arch: task.arch,
    graphs,
    bands: bands.length,
    bandsFrom: bands.map((band) => band.density[0]),
    bandsTo: bands.map((band) => band.density[1]),
    bandsRankClustering: bands.map((band) => band.rankClustering),
    bandsRankPathLength: bands.map((band) => band.rankPathLength),
    bandsAdjustedR2: bands.map((band) => band.adjustedR2),
    partialR2: effect.partialR2,
    f: effect.f,
    p: effect.p,
    dof: effect.dof,
    permutationP: permutation.p,
    permutations: permutation.count,
    rankClustering,
    rankPathLength,
    rankTogether,
    bestBand: must(bands[best]).density,
    bestClustering: must(bands[best]).lowest.clustering,
    bestPathLength: must(bands[best]).lowest.pathLength,
    bestError: must(bands[best]).lowest.fitted,
    pairs: pairs?.pairs ?? null,
    difference: pairs?.difference ?? null,
    interval: pairs?.interval ?? null,
    expected: pairs?.expected ?? null,
    slope: pairs?.slope ?? null,
    wins: pairs?.wins ?? null,
    unequal: pairs?.unequal ?? null,
    signP: pairs?.p ?? null,
  };
}

function verdictOf(facts: readonly StrataFact[]): string {
  const held = facts.filter(({ strata }) => strata.permutation.p < LEVEL).length;
  return sentences(
    strataVerdict(held, facts.length, LEVEL),
    pairsText(facts),
    turnedSentence(facts.filter(turns).length),
    togetherText(facts),
  );
}

function pairsText(facts: readonly StrataFact[]): string {
  const compared = facts.flatMap(({ pairs }) => pairs ?? []);
  if (compared.length === 0) return NO_PAIRS;
  const told = compared.filter(({ p, wins, unequal }) => p < LEVEL && wins > unequal / 2).length;
  return pairsSentence(told, compared.length, LEVEL, mean(compared.map(({ slope }) => slope)));
}

/** Whether the error rises with L among the sparsest graphs and falls with L among the densest. */
function turns({ strata: { bands } }: StrataFact): boolean {
  const [sparsest, densest] = [
    must(bands[0]).rankPathLength ?? 0,
    must(bands[bands.length - 1]).rankPathLength ?? 0,
  ];
  return sparsest > DIRECTION && densest < -DIRECTION;
}

function togetherText(facts: readonly StrataFact[]): string {
  const together = facts.flatMap(({ strata }) => strata.rankTogether ?? []);
  if (together.length === 0 || Math.abs(mean(together)) <= TOGETHER) return '';
  return togetherSentence(mean(together));
}
