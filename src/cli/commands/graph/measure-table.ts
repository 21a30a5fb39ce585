import Table from 'cli-table3';
import { must } from '../../../core/errors.js';
import { graphMeasure } from '../../../graph/measures/registry.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { GraphMeasure, GraphMeasures } from '../../../graph/types.js';
import type { Asked } from './measure-words.js';

/** What was found of one graph. */
export interface Measured extends Asked {
  readonly basic: GraphMeasures;
  /** Values of the further measures, in their order. */
  readonly values: readonly (number | boolean | null)[];
}

/** With more columns than this a table is turned: a measure a row, a graph a column. */
const MOST_COLUMNS = 8;
/** Graphs side by side in a turned table. */
const SIDE_BY_SIDE = 3;

/** The basic measures that a table tells, in its order, with how each is written. */
const COLUMNS: readonly (readonly [
  name: keyof GraphMeasures,
  text: (basic: GraphMeasures) => string,
])[] = [
  ['nodes', ({ nodes }) => String(nodes)],
  ['edges', ({ edges }) => String(edges)],
  ['directed', ({ directed }) => (directed ? 'yes' : 'no')],
  ['averageDegree', ({ averageDegree }) => averageDegree.toFixed(2)],
  ['density', ({ density }) => density.toFixed(4)],
  ['clustering', ({ clustering }) => clustering.toFixed(4)],
  ['pathLength', ({ pathLength }) => pathLength?.toFixed(4) ?? 'not connected'],
];

/**
 * Those of the basic measures that some graphs are told with; directions only where one has them.
 */
function columnsFor(graphs: readonly Measured[]): typeof COLUMNS {
  const directed = graphs.some(({ basic }) => basic.directed);
  return COLUMNS.filter(([name]) => name !== 'directed' || directed);
}

/** The table of some graphs, as text; `measures` are the further ones. */
export function measureTable(
  graphs: readonly Measured[],
  measures: readonly Pick<GraphMeasure, 'title' | 'definition'>[],
): string {
  const columns = columnsFor(graphs);
  const heads = [
    ...columns.map(([name]) => graphMeasure(name).title),
    ...measures.map(({ title }) => title),
  ];
  const whole = measures.map((_, at) =>
    graphs.every(({ values }) => typeof values[at] !== 'number' || Number.isInteger(values[at])),
  );
  const cells = graphs.map(({ basic, values }) => [
    ...columns.map(([, text]) => text(basic)),
    ...values.map((value, at) => cellOf(value, must(whole[at]))),
  ]);
  if (heads.length + 1 <= MOST_COLUMNS)
    return drawn(
      ['graph', ...heads],
      cells.map((row, at) => [labelOf(must(graphs[at])), ...row]),
    );
  const blocks: string[] = [];
  for (let from = 0; from < graphs.length; from += SIDE_BY_SIDE) {
    const beside = cells.slice(from, from + SIDE_BY_SIDE);
    blocks.push(
      drawn(
        ['', ...graphs.slice(from, from + SIDE_BY_SIDE).map(labelOf)],
        heads.map((head, row) => [head, ...beside.map((column) => must(column[row]))]),
      ),
    );
  }
  return blocks.join('\n');
}

function drawn(head: string[], rows: readonly string[][]): string {
  const table = new Table({
    head,
    colAligns: head.map((_, at) => (at === 0 ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function labelOf({ spec, part }: Asked): string {
  return part ? `${part.member}: ${formatGraphSpec(spec)}` : formatGraphSpec(spec);
}

/**
 * A value with four decimals, or with none where the measure has whole numbers only; very small
 * ones keep three digits.
 */
function cellOf(value: number | boolean | null, whole: boolean): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (whole) return String(value);
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(2) : value.toFixed(4);
}

/** What the numbers of a table mean: C, L and the further measures, a line each. */
export function measureLegend(
  graphs: readonly Measured[],
  measures: readonly Pick<GraphMeasure, 'title' | 'definition'>[],
): string {
  const told = columnsFor(graphs)
    .map(([name]) => graphMeasure(name))
    .filter(({ name }) => !PLAIN.has(name));
  return [...told, ...measures]
    .map(({ title, definition }) => `${title}: ${definition}`)
    .join('\n');
}

/** What nobody asks the meaning of; `--list` has them all. */
const PLAIN: ReadonlySet<string> = new Set(['nodes', 'edges', 'averageDegree', 'density']);
