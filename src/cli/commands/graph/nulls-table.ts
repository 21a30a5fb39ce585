import { barePValue, type Judged, type Nulled } from '../../../analysis/null-ensembles.js';
import { fixed, plural, span } from '../../../analysis/text.js';
import { graphMeasure } from '../../../graph/measures/registry.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import { formatTable } from '../../format.js';
import type { Asked } from './measure-words.js';

/** A graph that was asked for, with its ensembles. */
export type NulledGraph = Asked & Nulled;

/** The same with what every test of it came to. */
export type JudgedGraph = Judged<NulledGraph>;

/** A graph's line: its spec, or which of a sequence it is. */
export function titleOf({
  spec,
  part,
  graph,
}: Pick<NulledGraph, 'spec' | 'part' | 'graph'>): string {
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
          : [barePValue(measure.p), barePValue(measure.adjusted!)]),
      ]),
    ),
  );
}

const real = (value: number | null): string => (value === null ? 'none' : fixed(value, 4));
