import { SWEET_LEVEL } from '../../../analysis/settings.js';
import { fixed, plural, pValue, span } from '../../../analysis/text.js';
import { must } from '../../../core/errors.js';
import type { NullEnsemble, NullMeasure } from '../../../graph/ensemble.js';
import { graphMeasure } from '../../../graph/measures/registry.js';
import { keptBy, nullModels } from '../../../graph/null-sampler.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Graph } from '../../../graph/types.js';
import { falseDiscovery } from '../../../stats/false-discovery.js';
import { formatTable } from '../../format.js';
import type { Asked } from './measure-words.js';

/** A graph with its ensembles, one for each null model. */
export interface Nulled extends Asked {
  readonly graph: Graph;
  readonly ensembles: readonly NullEnsemble[];
}

/**
 * A measure with its p-value after all tests that are told together were counted; null where there
 * was no test.
 */
type Judged = NullMeasure & { readonly adjusted: number | null };

/** A graph with what every test of it came to. */
export interface JudgedGraph extends Omit<Nulled, 'ensembles'> {
  readonly ensembles: readonly (Omit<NullEnsemble, 'measures'> & {
    readonly measures: readonly Judged[];
  })[];
}

/** p-values after Benjamini and Hochberg over all tests of all graphs. */
export function judge(graphs: readonly Nulled[]): {
  readonly graphs: readonly JudgedGraph[];
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

/** A graph's line: its spec, or which of a sequence it is. */
export function titleOf({ spec, part, graph }: Pick<Nulled, 'spec' | 'part' | 'graph'>): string {
  const line = part ? `${part.member}: ${formatGraphSpec(spec)}` : formatGraphSpec(spec);
  return (
    `${line}: ${plural(graph.nodes, 'node')}, ` +
    plural(graph.edges, graph.directed ? 'directed edge' : 'edge')
  );
}

const COLUMNS = [
  'null',
  'measure',
  'graph',
  'random graphs',
  '95 % of them',
  'z',
  'p',
  'p (FDR)',
].map((title, at) => ({ title, align: at < 2 ? ('left' as const) : ('right' as const) }));

/** One graph's table. */
export function nullsTable({ ensembles }: JudgedGraph): string {
  return formatTable(
    COLUMNS,
    ensembles.flatMap((ensemble) =>
      ensemble.measures.map((measure) => [
        ensemble.null,
        graphMeasure(measure.name).title,
        real(measure.value),
        measure.mean === null ? 'none' : `${real(measure.mean)} ± ${real(measure.std)}`,
        measure.interval === null ? 'none' : span(measure.interval, 4),
        fixed(measure.z, 1),
        ...(measure.p === null
          ? ['–', measure.mean === null ? '–' : 'fixed']
          : [bare(measure.p), bare(measure.adjusted!)]),
      ]),
    ),
  );
}

const real = (value: number | null): string => (value === null ? 'none' : fixed(value, 4));
const bare = (p: number): string => pValue(p).replace('= ', '');

/** What is special about a graph and what is not, a sentence for each null model. */
export function nullsSentences({ graph, ensembles }: JudgedGraph): string[] {
  return ensembles.map((ensemble) => {
    const tested = ensemble.measures.filter((measure) => measure.adjusted !== null);
    const special = tested.filter((measure) => measure.adjusted! <= SWEET_LEVEL);
    const usual = tested.filter((measure) => !special.includes(measure));
    const name = (measure: Judged): string => graphMeasure(measure.name).title;
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
  { swaps, shared, measures, count }: JudgedGraph['ensembles'][number],
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

/** What all the numbers are. */
export function nullsLegend(graphs: readonly JudgedGraph[], tests: number): string {
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
      `smallest that can come out is ${bare(least)}. ` +
      `p (FDR): after Benjamini and Hochberg over all ${plural(tests, 'test')} here; ` +
      'special: at most 0.05. fixed: the same in all random graphs.',
    'sigma: C over the mean C of the random graphs, by the same ratio of L (Humphries ' +
      'and Gurney 2008); L over the pairs that are reachable.',
    ...[...names].map((name) => `${graphMeasure(name).title}: ${graphMeasure(name).definition}`),
  ].join('\n');
}
