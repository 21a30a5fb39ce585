import { mean } from '../../../stats/descriptive.js';
import { rowLabel } from '../../result-table.js';
import { fixed, pValue, signed } from '../../text.js';
import {
  type ArtificialFact,
  beyond,
  type BiologicalFact,
  outcomeOf,
  type SurfaceView,
} from '../facts/biological.js';
import type { Findings } from '../findings.js';
import type { Presenter } from '../presenter.js';
import {
  BIOLOGICAL_CLAIM,
  BIOLOGICAL_TITLE,
  biologicalDefinition,
  DEGREES_UNKNOWN,
  degreesSentence,
  errorSentence,
  fetchSentence,
  type Inside,
  insideSentence,
  NO_SURFACE,
  type Outcomes,
  quadraticSentence,
  testsSentence,
} from '../texts/biological.js';
import { sentences } from '../texts/common.js';
import { NO_GRAPH } from '../texts/sweet-spot.js';
import { bestValues, biologicalValues } from './biological-values.js';
import { type Column, interval, tableOf, UNCHECKED } from './common.js';
import type { Section } from './types.js';

/**
 * The best graphs beside biological networks. Values, one object for the best graph of a task and
 * one for each biological network and way of measuring: `name`, `arch`, `graph`, `biological`,
 * `directed`, `nodes`, `density`, `clustering`, `pathLength`, `inSweetSpot`, `beyondClustering` and
 * `beyondPathLength` (0 inside), `error` (measured), `predicted`, `predictedInterval`,
 * `extrapolated`, `overBest` and `belowBaseline` (predicted, points), `nulls`, `nullsInSweetSpot`,
 * `nullsPredicted` (mean), `nullsAsGood`, `p`, `pAdjusted`; by the quadratic `quadraticPredicted`,
 * `quadraticNullsPredicted`, `quadraticPAdjusted`.
 */
export function biologicalSection({ presenter, biological }: Findings): Section {
  const facts = biological();
  const rows = facts.flatMap((fact): Row[] => [
    { fact, network: null },
    ...fact.biological.map((network) => ({ fact, network })),
  ]);
  // No columns of tests that there are not.
  const tested = rows.some(({ network }) => network !== null && network.nulls !== null);
  return {
    title: BIOLOGICAL_TITLE,
    claim: BIOLOGICAL_CLAIM,
    ...tableOf([...columnsFor(presenter), ...(tested ? TEST_COLUMNS : [])], rows),
    values: rows.map(({ fact, network }) =>
      network === null ? bestValues(fact) : biologicalValues(fact, network),
    ),
    ...UNCHECKED,
    verdict: verdictOf(facts),
    definition: biologicalDefinition(presenter.rule.words.margin),
  };
}

/** A row of a task: its best graph (no network), or a biological network. */
interface Row {
  readonly fact: ArtificialFact;
  readonly network: BiologicalFact | null;
}

const place = ({
  fact,
  network,
}: Row): { density: number; clustering: number; pathLength: number } => network?.place ?? fact.best;

function columnsFor({ nameOf, noun }: Presenter): Column<Row>[] {
  return [
    { title: noun(1), cell: ({ fact }) => nameOf(fact.task) },
    { title: 'graph', cell: graphCell },
    { title: 'k / n', cell: (row) => fixed(place(row).density, 2) },
    { title: 'C', cell: (row) => fixed(place(row).clustering, 2) },
    { title: 'L', cell: (row) => fixed(place(row).pathLength, 2) },
    {
      title: 'in sweet spot',
      cell: ({ network }) => (network === null ? '–' : insideCell(network)),
    },
    { title: 'error [95 %]', cell: errorCell },
    { title: 'over best', cell: overCell },
  ];
}

/** Columns where random graphs of a network are known. */
const TEST_COLUMNS: readonly Column<Row>[] = [
  {
    title: 'its random graphs in it',
    cell: ({ network }) => (network === null ? '–' : nullsCell(network)),
  },
  {
    title: 'over them (p, FDR)',
    cell: ({ network }) => (network === null ? '–' : testCell(network.process)),
  },
  {
    title: 'by the quadratic',
    cell: ({ network }) => (network === null ? '–' : testCell(network.quadratic)),
  },
];

function graphCell({ fact, network }: Row): string {
  if (network === null) return `best: ${rowLabel(fact.best)}`;
  return `${network.graph.name}, ${network.place.directed ? 'directed' : 'undirected'}`;
}

/** `yes`, or by how much not. */
function insideCell({ place: at, sweetSpot, inSweetSpot }: BiologicalFact): string {
  if (inSweetSpot) return 'yes';
  const by = beyond(at, sweetSpot);
  const parts = [
    ...(by.clustering === 0 ? [] : [`C ${signed(by.clustering, 3)}`]),
    ...(by.pathLength === 0 ? [] : [`L ${signed(by.pathLength, 2)}`]),
  ];
  return `no: ${parts.join(', ')}`;
}

function errorCell({ fact, network }: Row): string {
  if (network === null) {
    const own = fact.process?.at(fact.best) ?? null;
    return (
      'measured ' +
      `${fixed(fact.bestError, 2)}${own === null ? '' : `, predicted ${fixed(own.value, 2)}`}`
    );
  }
  const { prediction } = network.process;
  if (prediction === null) return 'too few graphs';
  const sure = prediction.extrapolated ? '~' : '';
  return `${sure}${fixed(prediction.value, 2)} ${interval(prediction.interval)}`;
}

function overCell({ fact, network }: Row): string {
  const prediction = network?.process.prediction ?? null;
  return prediction === null ? '–' : fixed(prediction.value - fact.bestError, 2);
}

function nullsCell({ nulls }: BiologicalFact): string {
  return nulls === null ? 'no file' : `${fixed(100 * nulls.inSweetSpot, 0)} % of ${nulls.count}`;
}

function testCell({ prediction, test }: SurfaceView): string {
  if (test === null || prediction === null) return '–';
  return `${signed(prediction.value - test.predicted, 3)} (p ${pValue(test.adjusted)})`;
}

function verdictOf(facts: readonly ArtificialFact[]): string {
  const all = facts.flatMap(({ biological }) => biological);
  if (all.length === 0) return NO_GRAPH;
  const missing = new Set(all.filter(({ graph }) => !graph.atHand).map(({ graph }) => graph.name));
  const networks = new Set(all.map(({ graph }) => graph.name)).size;
  return sentences(
    insideSentence(facts.length, networks, [...insideOf(all, false), ...insideOf(all, true)]),
    errorText(facts),
    degreesText(all),
    fetchSentence([...missing]),
  );
}

function insideOf(facts: readonly BiologicalFact[], directed: boolean): Inside[] {
  const alike = facts.filter((fact) => fact.place.directed === directed);
  if (alike.length === 0) return [];
  return [
    { inside: alike.filter(({ inSweetSpot }) => inSweetSpot).length, of: alike.length, directed },
  ];
}

/** What the surfaces say of the networks that lie among the graphs. */
function errorText(facts: readonly ArtificialFact[]): string {
  const gaps = facts.flatMap(({ biological, bestError, baselineError }) =>
    biological.flatMap(({ process: { prediction } }) =>
      prediction === null ? [] : [{ ...prediction, bestError, baselineError }],
    ),
  );
  const among = gaps.filter(({ extrapolated }) => !extrapolated);
  const below = among.flatMap((gap) =>
    gap.baselineError === null ? [] : [gap.baselineError - gap.value],
  );
  return errorSentence({
    places: gaps.length,
    among: among.length,
    over: mean(among.map(({ value, bestError }) => value - bestError)),
    below: [below.filter((gap) => gap > 0).length, below.length],
  });
}

/** Whether random graphs of the same degrees would do as well. */
function degreesText(all: readonly BiologicalFact[]): string {
  const known = all.flatMap(({ nulls, inSweetSpot }) =>
    nulls === null ? [] : [{ nulls, inSweetSpot }],
  );
  if (known.length === 0) return DEGREES_UNKNOWN;
  const random = 100 * mean(known.map(({ nulls }) => nulls.inSweetSpot));
  const networks = (100 * known.filter(({ inSweetSpot }) => inSweetSpot).length) / known.length;
  const share = degreesSentence(random, networks);
  const byProcess = outcomesOf(all.map(({ process }) => process));
  if (byProcess.tests === 0) return sentences(share, NO_SURFACE);
  const gaps = gapsOf(all.map(({ process }) => process));
  return sentences(
    share,
    testsSentence(byProcess, { mean: mean(gaps), largest: Math.max(...gaps) }),
    quadraticSentence(byProcess, outcomesOf(all.map(({ quadratic }) => quadratic))),
  );
}

function outcomesOf(views: readonly SurfaceView[]): Outcomes {
  const outcomes = views.map(outcomeOf).filter((outcome) => outcome !== null);
  const count = (which: 'better' | 'worse'): number =>
    outcomes.filter((outcome) => outcome === which).length;
  return { tests: outcomes.length, better: count('better'), worse: count('worse') };
}

/** Differences from the mean of the random graphs, points, without sign. */
function gapsOf(views: readonly SurfaceView[]): number[] {
  return views.flatMap(({ prediction, test }) =>
    prediction === null || test === null ? [] : [Math.abs(prediction.value - test.predicted)],
  );
}
