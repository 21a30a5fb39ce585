import { mean } from '../../../stats/index.js';
import { fixed, plural, pValue, signed } from '../../text.js';
import { beyond, biologicalFacts, outcomeOf, type ArtificialFact, type BiologicalFact, type SurfaceView } from '../biological.js';
import { interval, nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

/** The columns of every network, and those of networks whose random graphs are known. */
const COLUMNS = ['architecture', 'graph', 'k / n', 'C', 'L', 'in sweet spot', 'error [95 %]', 'over best'];
const TEST_COLUMNS = ['its random graphs in it', 'over them (p, FDR)', 'by the quadratic'];

const FETCH = 'plexus data get connectomes';

/**
 * The best graphs beside biological networks. Values, one object for the best graph of a task and one for each biological network
 * and way of measuring: `name`, `arch`, `graph`, `biological`, `directed`, `nodes`, `density`, `clustering`, `pathLength`, `inSweetSpot`,
 * `beyondClustering` and `beyondPathLength` (0 inside), `error` (measured), `predicted`, `predictedInterval`, `extrapolated`, `overBest` and `belowBaseline` (predicted, points), `nulls`,
 * `nullsInSweetSpot`, `nullsPredicted` (mean), `nullsAsGood`, `p`, `pAdjusted`; by the quadratic `quadraticPredicted`,
 * `quadraticNullsPredicted`, `quadraticPAdjusted`.
 */
export function biologicalSection(input: FindingsInput): Section {
  const facts = biologicalFacts(input);
  const tested = facts.some(({ biological }) => biological.some(({ nulls }) => nulls !== null));
  const shown = (row: readonly string[]): readonly string[] => (tested ? row : row.slice(0, COLUMNS.length));
  return {
    title: '7. The best graphs look like biological networks',
    claim: 'The best graphs have C and L close to those of brain networks (the paper: those of its networks without, of the brains with directions).',
    columns: shown([...COLUMNS, ...TEST_COLUMNS]),
    rows: facts.flatMap((fact) => [bestRow(fact, input.published), ...fact.biological.map((each) => biologicalRow(fact, each, input.published))].map(shown)),
    values: facts.flatMap((fact) => [bestValues(fact), ...fact.biological.map((each) => biologicalValues(fact, each))]),
    agreeing: 0,
    checked: 0,
    verdict: verdictOf(facts),
    definition: 'C: average clustering (directed: Fagiolo 2007). L: average path length over the pairs that are reachable. k / n: average degree by the nodes (directed: arcs). in sweet spot: within the rectangle of section 2, or how far beyond it; the MLP’s is of centres of cells, so that up to half a cell (C 0.033, L 0.12) beyond it a network still is in a cell of it. error: of the best graph measured, mean over seeds, %; of networks predicted by the Gaussian process of section 8 over C and L, with the 95 % interval of one graph’s error; ~: not near the graphs of the task, an extrapolation, which is not tested. over best: points. its random graphs: with the same degree of every node (directed: in- and out-degree), by edge swaps; over them: its prediction less the mean of theirs, points; p: two-sided, twice the smaller tail of its rank among them, (1 + those as low or as high) / (1 + all), after Benjamini and Hochberg over all such tests here; the rank takes the surface as given. by the quadratic: the same by the least-squares surface 1, C, L, C², L², C L. No biological network was trained: its error is what graphs of the task’s own family and size with that C and L would have.',
  };
}

function bestRow({ task, best, bestError, process }: ArtificialFact, published: boolean): string[] {
  const prediction = process?.at(best) ?? null;
  return [
    nameOf(task, published), `best: ${best.graph}`, fixed(best.density, 2), fixed(best.clustering, 2), fixed(best.pathLength, 2), '–',
    `measured ${fixed(bestError, 2)}${prediction === null ? '' : `, predicted ${fixed(prediction.value, 2)}`}`, '–', '–', '–', '–',
  ];
}

function biologicalRow({ bestError }: ArtificialFact, fact: BiologicalFact, published: boolean): string[] {
  const { task, graph, place, nulls, process: { prediction } } = fact;
  return [
    nameOf(task, published), `${graph.name}, ${place.directed ? 'directed' : 'undirected'}`, fixed(place.density, 2), fixed(place.clustering, 2), fixed(place.pathLength, 2), insideCell(fact),
    ...(prediction === null ? ['too few graphs', '–'] : [`${prediction.extrapolated ? '~' : ''}${fixed(prediction.value, 2)} ${interval(prediction.interval)}`, fixed(prediction.value - bestError, 2)]),
    nulls === null ? 'no file' : `${fixed(100 * nulls.inSweetSpot, 0)} % of ${nulls.count}`, testCell(fact.process), testCell(fact.quadratic),
  ];
}

function testCell({ prediction, test }: SurfaceView): string {
  return test === null || prediction === null ? '–' : `${signed(prediction.value - test.predicted, 3)} (p ${pValue(test.adjusted)})`;
}

/** `yes`, or by how much not. */
function insideCell({ place, sweetSpot, inSweetSpot }: BiologicalFact): string {
  if (inSweetSpot) return 'yes';
  const by = beyond(place, sweetSpot);
  return `no: ${[...(by.clustering === 0 ? [] : [`C ${signed(by.clustering, 3)}`]), ...(by.pathLength === 0 ? [] : [`L ${signed(by.pathLength, 2)}`])].join(', ')}`;
}

function bestValues({ task, best, bestError, baselineError, process, quadratic }: ArtificialFact): SectionValues {
  const prediction = process?.at(best) ?? null;
  return {
    name: task.name, arch: task.arch, graph: best.graph, biological: false, directed: false, nodes: null, density: best.density, clustering: best.clustering, pathLength: best.pathLength,
    inSweetSpot: null, beyondClustering: null, beyondPathLength: null,
    error: bestError, predicted: prediction?.value ?? null, predictedInterval: prediction?.interval ?? null, extrapolated: prediction?.extrapolated ?? null,
    overBest: null, belowBaseline: baselineError === null ? null : baselineError - bestError, nulls: null, nullsInSweetSpot: null, nullsPredicted: null, nullsAsGood: null, p: null, pAdjusted: null,
    quadraticPredicted: quadratic?.at(best).value ?? null, quadraticNullsPredicted: null, quadraticPAdjusted: null,
  };
}

function biologicalValues({ bestError, baselineError }: ArtificialFact, { task, graph, place, sweetSpot, inSweetSpot, nulls, process: { prediction, test }, quadratic }: BiologicalFact): SectionValues {
  const { directed, nodes, density, clustering, pathLength } = place;
  const by = beyond(place, sweetSpot);
  return {
    name: task.name, arch: task.arch, graph: graph.name, biological: true, directed, nodes, density, clustering, pathLength, inSweetSpot, beyondClustering: by.clustering, beyondPathLength: by.pathLength,
    error: null, predicted: prediction?.value ?? null, predictedInterval: prediction?.interval ?? null, extrapolated: prediction?.extrapolated ?? null,
    overBest: prediction === null ? null : prediction.value - bestError, belowBaseline: prediction === null || baselineError === null ? null : baselineError - prediction.value,
    nulls: nulls?.count ?? null, nullsInSweetSpot: nulls?.inSweetSpot ?? null, nullsPredicted: test?.predicted ?? null, nullsAsGood: test?.asGood ?? null, p: test?.p ?? null, pAdjusted: test?.adjusted ?? null,
    quadraticPredicted: quadratic.prediction?.value ?? null, quadraticNullsPredicted: quadratic.test?.predicted ?? null, quadraticPAdjusted: quadratic.test?.adjusted ?? null,
  };
}

/** `5 of 6 undirected`. */
function insideText(facts: readonly BiologicalFact[], directed: boolean): string[] {
  const alike = facts.filter(({ place }) => place.directed === directed);
  return alike.length === 0 ? [] : [`${alike.filter(({ inSweetSpot }) => inSweetSpot).length} of ${alike.length} ${directed ? 'with' : 'without'} directions`];
}

function verdictOf(facts: readonly ArtificialFact[]): string {
  const all = facts.flatMap(({ biological }) => biological);
  if (all.length === 0) return 'No graph was measured: there is nothing to tell.';
  const missing = [...new Set(all.filter(({ graph }) => !graph.atHand).map(({ graph }) => graph.name))];
  const fetch = missing.length === 0 ? '' : ` Only published numbers, and no test, of ${missing.join(', ')}; fetch them with: ${FETCH}.`;
  return `In the sweet spots lie, over ${plural(facts.length, 'task')} and ${plural(new Set(all.map(({ graph }) => graph.name)).size, 'biological network')}: ${[...insideText(all, false), ...insideText(all, true)].join(', ')}.${errorText(facts)} ${degreesText(all)}${fetch}`;
}

/** What the surfaces say of the networks that lie among the graphs. */
function errorText(facts: readonly ArtificialFact[]): string {
  const gaps = facts.flatMap(({ biological, bestError, baselineError }) => biological.flatMap(({ process: { prediction } }) => (prediction === null ? [] : [{ over: prediction.value - bestError, below: baselineError === null ? null : baselineError - prediction.value, extrapolated: prediction.extrapolated }])));
  if (gaps.length === 0) return '';
  const inside = gaps.filter(({ extrapolated }) => !extrapolated);
  const outside = gaps.length - inside.length;
  const below = inside.flatMap((gap) => gap.below ?? []);
  const outsideText = outside === 0 ? '' : `; ${outside} lie beyond the graphs of their task, where it extrapolates`;
  if (inside.length === 0) return ` All ${gaps.length} lie beyond the graphs of their task, so that nothing is predicted but by extrapolation.`;
  return ` Of ${plural(gaps.length, 'place')} the surface predicts for ${inside.length} among the graphs an error ${fixed(mean(inside.map(({ over }) => over)), 2)} points above the best graph’s on average${below.length === 0 ? '' : `, below the baseline’s in ${below.filter((gap) => gap > 0).length} of ${below.length}`}${outsideText}.`;
}

/** Whether random graphs of the same degrees would do as well. */
function degreesText(all: readonly BiologicalFact[]): string {
  const known = all.flatMap(({ nulls, inSweetSpot }) => (nulls === null ? [] : [{ share: nulls.inSweetSpot, inSweetSpot }]));
  if (known.length === 0) return 'Whether that is more than their degrees give was not tested: none of the networks is at hand.';
  const share = `Of random graphs with the same degrees ${fixed(100 * mean(known.map((each) => each.share)), 0)} % lie in the sweet spots, against ${fixed((100 * known.filter(({ inSweetSpot }) => inSweetSpot).length) / known.length, 0)} % of the networks themselves.`;
  const [byProcess, byQuadratic] = [countsOf(all.map(({ process }) => process)), countsOf(all.map(({ quadratic }) => quadratic))];
  if (byProcess.tests === 0) return `${share} No surface could be fitted that reaches them, so their errors were not compared.`;
  const { better, worse, tests, gaps } = byProcess;
  return `${share} Predicted to be better than those: ${better} of ${plural(tests, 'test')}, worse: ${worse} (false discovery rate 5 %); ${meaningOf(byProcess)}. The differences are ${fixed(mean(gaps), 2)} points on average, at most ${fixed(Math.max(...gaps), 2)}. By the quadratic surface, which bends less, ${byQuadratic.better} of ${plural(byQuadratic.tests, 'test')} are better, ${byQuadratic.worse} worse${direction(byProcess) === direction(byQuadratic) ? '' : ': the answer depends on the surface'}.`;
}

interface Counts {
  readonly tests: number;
  readonly better: number;
  readonly worse: number;
  /** Differences from the mean of the random graphs, points, without sign. */
  readonly gaps: readonly number[];
}

function countsOf(views: readonly SurfaceView[]): Counts {
  const outcomes = views.map(outcomeOf).filter((outcome) => outcome !== null);
  const gaps = views.flatMap(({ prediction, test }) => (prediction === null || test === null ? [] : [Math.abs(prediction.value - test.predicted)]));
  return { tests: outcomes.length, better: outcomes.filter((outcome) => outcome === 'better').length, worse: outcomes.filter((outcome) => outcome === 'worse').length, gaps };
}

/** What most tests say: 1 that wiring leads towards the optimum, -1 away from it, 0 neither. */
const direction = ({ tests, better, worse }: Counts): number => Number(2 * better > tests) - Number(2 * worse > tests);

function meaningOf(counts: Counts): string {
  const { tests, better, worse } = counts;
  if (direction(counts) > 0) return better === tests ? 'all are nearer to the optimum than their degrees give' : 'most are nearer to the optimum than their degrees give';
  if (direction(counts) < 0) return 'the wiring of most leads away from the optimum of their degrees';
  return better > worse ? 'some are nearer to the optimum than their degrees give, most are not shown to be' : 'no more of them are nearer to the optimum than their degrees give than are farther';
}
