import { within } from '../../../analysis/findings/facts/biological.js';
import { PUBLISHED, PUBLISHED_INTERSECTION } from '../../../analysis/findings/published.js';
import { fixed } from '../../../analysis/text.js';
import { must } from '../../../core/errors.js';
import { measure } from '../../../graph/measures/basic.js';
import type { Graph, GraphMeasures } from '../../../graph/types.js';
import type { Grouping, PruneTask } from '../../../network/regroup.js';
import { mean, sampleStd } from '../../../stats/descriptive.js';
import { formatCount, formatTable } from '../../format.js';

/** A pruned graph as it is told. */
export interface ToldGraph {
  /** The layers that have it. */
  readonly layers: readonly string[];
  readonly measures: GraphMeasures;
  /** Share of the weights that is kept, by the criterion, mean over its layers. */
  readonly kept: number;
  /** Whether C and L lie in the published sweet spot of the architecture; null: there is none. */
  readonly inSweetSpot: boolean | null;
  /** Whether they lie in what all six published sweet spots have in common. */
  readonly inAll: boolean;
}

type Edges = readonly [number, number, number, number];

const lies = ({ clustering, pathLength }: GraphMeasures, [c0, c1, l0, l1]: Edges): boolean =>
  pathLength !== null &&
  within({ clustering, pathLength }, { clustering: [c0, c1], pathLength: [l0, l1] });

/** What is told of each graph of a grouping. */
export function toldGraphs(
  { layers }: PruneTask,
  { graphs, shares }: Grouping,
  arch: string | null,
): readonly ToldGraph[] {
  const published = arch === null ? undefined : PUBLISHED[arch];
  return graphs.map((graph: Graph, number) => {
    const own = [...layers.keys()].filter((at) => layers[at]?.graph === number);
    const measures = measure(graph);
    return {
      layers: own.map((at) => must(layers[at]).name),
      measures,
      kept: mean(own.map((at) => must(shares[at]))),
      inSweetSpot: published === undefined ? null : lies(measures, published.sweetSpot),
      inAll: lies(measures, PUBLISHED_INTERSECTION),
    };
  });
}

/** Shares, or measures, of several draws: mean ± standard deviation. */
export const spread = (values: readonly number[], decimals: number): string =>
  values.length === 1
    ? fixed(must(values[0]), decimals)
    : `${fixed(mean(values), decimals)} ± ${fixed(sampleStd(values), decimals)}`;

/** Every graph a row. */
export function graphTable(told: readonly ToldGraph[], arch: string | null): string {
  const published = told.some(({ inSweetSpot }) => inSweetSpot !== null);
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  const yes = (is: boolean | null): string => (is === true ? 'yes' : 'no');
  return formatTable(
    [
      { title: 'layers' },
      ...['edges', 'density', 'C', 'L', 'kept'].map(right),
      ...(published ? [{ title: `in ${arch}’s sweet spot` }] : []),
      { title: 'in all six' },
    ],
    told.map(({ layers, measures, kept, inSweetSpot, inAll }) => [
      layers.length > SHOWN ? `${layers.length} layers` : layers.join(', '),
      formatCount(measures.edges),
      fixed(measures.density, 3),
      fixed(measures.clustering, 3),
      fixed(must(measures.pathLength ?? undefined), 3),
      percent(kept),
      ...(published ? [yes(inSweetSpot)] : []),
      yes(inAll),
    ]),
  );
}

/** Names in a cell. */
const SHOWN = 3;

/** A share as people read it. */
export const percent = (share: number): string => `${fixed(100 * share, 1)} %`;

/** What the last columns of the table are. */
export function sweetSpotNote(arch: string | null): string {
  const text = ([c0, c1, l0, l1]: Edges): string =>
    `C ${c0.toFixed(2)}–${c1.toFixed(2)}, L ${l0.toFixed(2)}–${l1.toFixed(2)}`;
  const published = arch === null ? undefined : PUBLISHED[arch];
  return (
    (published === undefined
      ? ''
      : `Published sweet spot of ${arch}: ${text(published.sweetSpot)}. `) +
    `What all six have in common: ${text(PUBLISHED_INTERSECTION)}.`
  );
}
