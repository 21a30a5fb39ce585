import Table from 'cli-table3';
import { formatGraphSpec, type GraphMeasure, type GraphMeasures } from '../../../graph/index.js';
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

/** The table of some graphs, as text; `measures` are the further ones. */
export function measureTable(graphs: readonly Measured[], measures: readonly GraphMeasure[]): string {
  const heads = ['nodes', 'edges', 'degree', 'density', 'C', 'L', ...measures.map(({ title }) => title)];
  const whole = measures.map((_, at) => graphs.every(({ values }) => typeof values[at] !== 'number' || Number.isInteger(values[at])));
  const cells = graphs.map((graph) => cellsOf(graph, whole));
  if (heads.length + 1 <= MOST_COLUMNS) return drawn(['graph', ...heads], cells.map((row, at) => [labelOf(graphs[at]), ...row]));
  const blocks: string[] = [];
  for (let from = 0; from < graphs.length; from += SIDE_BY_SIDE) {
    const columns = cells.slice(from, from + SIDE_BY_SIDE);
    blocks.push(drawn(['', ...graphs.slice(from, from + SIDE_BY_SIDE).map(labelOf)], heads.map((head, row) => [head, ...columns.map((column) => column[row])])));
  }
  return blocks.join('\n');
}

function drawn(head: string[], rows: readonly string[][]): string {
  const table = new Table({ head, colAligns: head.map((_, at) => (at === 0 ? 'left' : 'right')), style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function labelOf({ spec, part }: Asked): string {
  return part ? `${part.member}: ${formatGraphSpec(spec)}` : formatGraphSpec(spec);
}

function cellsOf({ basic, values }: Measured, whole: readonly boolean[]): string[] {
  const length = basic.pathLength === null ? 'not connected' : basic.pathLength.toFixed(4);
  const first = [String(basic.nodes), String(basic.edges), basic.averageDegree.toFixed(2), basic.density.toFixed(4), basic.clustering.toFixed(4), length];
  return [...first, ...values.map((value, at) => cellOf(value, whole[at]))];
}

/** A value with four decimals, or with none where the measure has whole numbers only; very small ones keep three digits. */
function cellOf(value: number | boolean | null, whole: boolean): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (whole) return String(value);
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(2) : value.toFixed(4);
}
