import { fixed, plural, pValue } from './text.js';
import { SWEET_LEVEL } from './settings.js';
import { must } from '../core/errors.js';
import type { NullEnsemble, NullMeasure } from '../graph/ensemble.js';
import { graphMeasure } from '../graph/measures/registry.js';
import { keptBy, nullModels } from '../graph/null-sampler.js';
import type { Graph } from '../graph/types.js';
import { falseDiscovery } from '../stats/false-discovery.js';

/** A graph with its ensembles, one for each null model. */
export interface Nulled {
  readonly graph: Graph;
  readonly ensembles: readonly NullEnsemble[];
}

/**
 * A measure with its p-value after all tests that are told together were counted; null where there
 * was no test.
 */
export type JudgedMeasure = NullMeasure & { readonly adjusted: number | null };

/** An ensemble with what every test of it came to. */
export type JudgedEnsemble = Omit<NullEnsemble, 'measures'> & {
  readonly measures: readonly JudgedMeasure[];
};

/** A graph with what every test of it came to. */
export type Judged<T extends Nulled> = Omit<T, 'ensembles'> & {
  readonly ensembles: readonly JudgedEnsemble[];
};

/** p-values after Benjamini and Hochberg over all tests of all graphs. */
export function judge<T extends Nulled>(
  graphs: readonly T[],
): {
  readonly graphs: readonly Judged<T>[];
  readonly tests: number;
} {
  const p = graphs.flatMap(({ ensembles }) =>
    ensembles.flatMap(({ measures }) => measures.flatMap((measure) => measure.p ?? [])),
  );
  const adjusted = falseDiscovery(p);
  let next = 0;
  const judged = graphs.map((graph) => ({
    ...graph,
    ensembles: graph.ensembles.map((ensemble) => ({
      ...ensemble,
      measures: ensemble.measures.map((measure) => ({
        ...measure,
        adjusted: measure.p === null ? null : must(adjusted[next++]),
      })),
    })),
  }));
  return { graphs: judged, tests: p.length };
}

/** What is special about a graph and what is not, a sentence for each null model. */
export function nullsSentences({ graph, ensembles }: Judged<Nulled>): string[] {
  return ensembles.map((ensemble) => {
    const tested = ensemble.measures.filter((measure) => measure.adjusted !== null);
    const special = tested.filter((measure) => measure.adjusted! <= SWEET_LEVEL);
    const usual = tested.filter((measure) => !special.includes(measure));
    const name = (measure: JudgedMeasure): string => graphMeasure(measure.name).title;
    const told = special
      .map((measure) => `${name(measure)} (${measure.value! > measure.mean! ? 'higher' : 'lower'})`)
      .join(', ');
    const unlike = special.length === 0 ? 'nothing here is special' : `special in ${told}`;
    const like =
      usual.length === 0 ? '' : `; like such random graphs in ${usual.map(name).join(', ')}`;
    return [
      `Given its ${keptBy(ensemble.null)}: ${unlike}${like}.`,
      ratioSentence(ensemble),
      partsSentence(graph, ensemble),
    ]
      .filter((text) => text !== '')
      .join(' ');
  });
}

function ratioSentence({ smallWorld }: Pick<NullEnsemble, 'smallWorld'>): string {
  return smallWorld === null
    ? ''
    : `C is ${fixed(smallWorld.clustering, 2)} times and L ` +
        `${fixed(smallWorld.pathLength, 2)} times that of the random graphs: sigma ` +
        `${fixed(smallWorld.sigma, 2)}.`;
}

/** How far from the graph its random graphs are, and how many had no value. */
function partsSentence(
  { edges }: Graph,
  { swaps, shared, measures, count }: JudgedEnsemble,
): string {
  const missing = measures
    .filter((measure) => measure.value !== null && measure.counted < count)
    .map((measure) => `${graphMeasure(measure.name).title} of ${count - measure.counted}`);
  const way = swaps === null ? '' : `${fixed(swaps, 1)} swaps an edge were done; `;
  return (
    `${way}${fixed(100 * (shared ?? 0), 0)} % of ${plural(edges, 'edge')} shared with a ` +
    'random ' +
    `graph.${missing.length === 0 ? '' : ` No value: ${missing.join(', ')} random graphs.`}`
  );
}

/** A p-value as it stands in a column: without its sign of equality. */
export const barePValue = (p: number): string => pValue(p).replace('= ', '');

/** What all the numbers are. */
export function nullsLegend(graphs: readonly Judged<Nulled>[], tests: number): string {
  const ensembles = graphs.flatMap((each) => each.ensembles);
  const used = new Set(ensembles.map((ensemble) => ensemble.null));
  const names = new Set(
    ensembles.flatMap(({ measures }) => measures.map((measure) => measure.name)),
  );
  const least = Math.min(...ensembles.map(({ resolution }) => resolution));
  return [
    ...nullModels.filter(({ name }) => used.has(name)).map(({ definition }) => definition),
    'z: (graph − mean) / standard deviation of the random graphs. p: two-sided, by rank, ' +
      '(1 + random graphs at least as far from the mean) / (1 + random graphs); the ' +
      `smallest that can come out is ${barePValue(least)}. ` +
      `p (FDR): after Benjamini and Hochberg over all ${plural(tests, 'test')} here; ` +
      'special: at most 0.05. fixed: the same in all random graphs.',
    'sigma: C over the mean C of the random graphs, by the same ratio of L (Humphries ' +
      'and Gurney 2008); L over the pairs that are reachable.',
    ...[...names].map((name) => `${graphMeasure(name).title}: ${graphMeasure(name).definition}`),
  ].join('\n');
}
