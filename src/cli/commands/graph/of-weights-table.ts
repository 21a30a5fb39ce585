import { fixed, span } from '../../../analysis/text.js';
import { barePValue } from '../../../analysis/null-ensembles.js';
import { must } from '../../../core/errors.js';
import type { NullMeasure } from '../../../graph/ensemble.js';
import {
  WEIGHTED_MEASURES,
  type weightedMeasures,
  weightedTitles,
} from '../../../graph/weighted-measures.js';
import type { WeightedGraph } from '../../../graph/weighted.js';
import type { WeightNull } from '../../../network/weight-nulls.js';
import { formatTable } from '../../format.js';

/** A view with its graph, and what random graphs come to. */
export interface JudgedView {
  readonly name: string;
  readonly weighted: WeightedGraph;
  readonly measures: ReturnType<typeof weightedMeasures>;
  readonly nulls: readonly {
    readonly null: WeightNull;
    readonly measures: readonly NullMeasure[];
  }[];
}

const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });

/** Every view a row. */
export function viewTable(judged: readonly JudgedView[]): string {
  return formatTable(
    [
      { title: 'view' },
      right('nodes'),
      right('edges'),
      ...WEIGHTED_MEASURES.map((name) => right(weightedTitles[name])),
    ],
    judged.map(({ name, weighted, measures }) => [
      name,
      String(weighted.graph.nodes),
      String(weighted.graph.edges),
      ...WEIGHTED_MEASURES.map((measure) => real(measures[measure])),
    ]),
  );
}

/** One view beside its random graphs. */
export function nullTable({ nulls }: JudgedView): string {
  return formatTable(
    [
      { title: 'null' },
      { title: 'measure' },
      ...['trained', 'random graphs', '95 % of them', 'z', 'p'].map(right),
    ],
    nulls.flatMap(({ null: model, measures }) =>
      measures.map((measure, at) => [
        model,
        weightedTitles[must(WEIGHTED_MEASURES[at])],
        real(measure.value),
        measure.mean === null ? 'none' : `${real(measure.mean)} ± ${real(measure.std)}`,
        measure.interval === null ? 'none' : span(measure.interval, 4),
        fixed(measure.z, 1),
        measure.p === null ? 'fixed' : barePValue(measure.p),
      ]),
    ),
  );
}

const real = (value: number | null): string => (value === null ? 'none' : fixed(value, 4));
