import { labelOf } from '../analysis/graph-results.js';
import { SWEET_LEVEL } from '../analysis/settings.js';
import { fixed, grouped, signed } from '../analysis/text.js';
import type { GraphResult, StudySummary } from '../analysis/types.js';
import { escapeText } from './svg.js';

interface Column {
  readonly head: string;
  /** Hover text of the heading. */
  readonly meaning: string;
  readonly text?: boolean;
  show(row: Row): string;
  /** Hover text of a cell; null: none. */
  readonly hover?: (row: Row) => string | null;
  /** What the column sorts by; null sorts last. */
  value(row: Row): number | string | null;
}

interface Row {
  readonly graph: GraphResult;
  readonly role: 'baseline' | 'graph';
  readonly order: number;
  /** Its cell is in the sweet spot's set. */
  readonly sweet: boolean;
}

const TOP5: Column = {
  head: 'Top-5 (%)',
  meaning: 'Mean top-5 test error over seeds',
  show: ({ graph }) => fixed(graph.mean5, 2),
  value: ({ graph }) => graph.mean5,
};

const VALIDATION: Column = {
  head: 'Validation (%)',
  meaning: 'Mean error over seeds on the held out training images, by which graphs are chosen',
  show: ({ graph }) => fixed(graph.validationMean, 2),
  value: ({ graph }) => graph.validationMean,
};

const TRAIN: Column = {
  head: 'Train (%)',
  meaning: 'Mean training error of the last epoch, as the images were trained on',
  show: ({ graph }) => fixed(graph.trainMean, 2),
  value: ({ graph }) => graph.trainMean,
};
const GAP: Column = {
  head: 'Gap',
  meaning: 'Test error minus training error, points',
  show: ({ graph }) => fixed(gapOf(graph), 2),
  value: ({ graph }) => gapOf(graph),
};

function gapOf({ mean, trainMean }: GraphResult): number | null {
  return mean === null || trainMean === null ? null : mean - trainMean;
}

function difference({ againstBaseline }: GraphResult): string {
  return againstBaseline === null ? '–' : signed(againstBaseline.difference, 2);
}

const COLUMNS: readonly Column[] = [
  {
    head: '#',
    meaning: 'Order in the study; 0 is the baseline',
    show: (row) => String(row.order),
    value: (row) => row.order,
  },
  {
    head: 'Graph',
    meaning: 'Its name, or the spec that regenerates the graph exactly',
    text: true,
    show: (row) => `${labelOf(row.graph)}${row.role === 'baseline' ? ' (baseline)' : ''}`,
    value: (row) => labelOf(row.graph),
    hover: (row) => (row.graph.name === null ? null : row.graph.spec),
  },
  {
    head: 'Error (%)',
    meaning: 'Mean test error over seeds',
    show: ({ graph }) => fixed(graph.mean, 2),
    value: ({ graph }) => graph.mean,
  },
  {
    head: '− baseline',
    meaning: 'Mean error minus the baseline’s, paired by seed, points',
    show: ({ graph }) => difference(graph),
    value: ({ graph }) => graph.againstBaseline?.difference ?? null,
  },
  {
    head: 'C',
    meaning: 'Average clustering coefficient',
    show: ({ graph }) => fixed(graph.clustering, 3),
    value: ({ graph }) => graph.clustering,
  },
  {
    head: 'L',
    meaning: 'Average path length',
    show: ({ graph }) => fixed(graph.pathLength, 3),
    value: ({ graph }) => graph.pathLength,
  },
  {
    head: 'Density',
    meaning: '2 edges / nodes², the published k / n',
    show: ({ graph }) => fixed(graph.density, 3),
    value: ({ graph }) => graph.density,
  },
  {
    head: 'Edges',
    meaning: 'Number of edges',
    show: ({ graph }) => grouped(graph.edges),
    value: ({ graph }) => graph.edges,
  },
  {
    head: 'Width',
    meaning: 'Channels of the relational layers',
    show: ({ graph }) => graph.widths.join(', ') || '–',
    value: ({ graph }) => graph.widths[0] ?? null,
  },
  {
    head: 'MACs (M)',
    meaning: 'Multiply-adds of one sample’s forward pass, in millions',
    show: ({ graph }) => (graph.macs === null ? '–' : fixed(graph.macs / 1e6, 3)),
    value: ({ graph }) => graph.macs,
  },
  VALIDATION,
  {
    head: 'Std',
    meaning: 'Sample standard deviation over seeds',
    show: ({ graph }) => fixed(graph.std, 2),
    value: ({ graph }) => graph.std,
  },
  TRAIN,
  GAP,
  TOP5,
  {
    head: 'p',
    meaning: `Against the best graph, one-sided; below ${SWEET_LEVEL} = worse`,
    show: ({ graph }) =>
      graph.p === null ? '–' : graph.p < 0.0001 ? '<0.0001' : graph.p.toFixed(4),
    value: ({ graph }) => graph.p,
  },
  {
    head: 'Trials',
    meaning: 'Complete trials, and failed ones',
    show: ({ graph }) =>
      `${graph.errors.length}${graph.failed > 0 ? ` (${graph.failed} failed)` : ''}`,
    value: ({ graph }) => graph.errors.length,
  },
];

/** What a cell sorts by, to more digits than anybody reads; empty where that is its text. */
function sortKey(column: Column, row: Row, shown: string): string {
  const value = column.value(row) ?? '';
  const key = String(typeof value === 'number' ? Number(value.toPrecision(9)) : value);
  return key === shown ? '' : ` data-value="${escapeText(key)}"`;
}

function cell(column: Column, row: Row): string {
  const shown = column.show(row);
  const kind = column.text === true ? ' class="text"' : '';
  const more = column.hover?.(row) ?? null;
  const title = more === null ? '' : ` title="${escapeText(more)}"`;
  return `<td${kind}${sortKey(column, row, shown)}${title}>${escapeText(shown)}</td>`;
}

function heading(column: Column, { chosenOn }: StudySummary): string {
  const chosen = chosenOn === 'validation' ? 'Validation' : 'Error';
  const sorted = column.head.startsWith(chosen) ? ' aria-sort="ascending"' : '';
  return (
    `<th scope="col"${column.text === true ? ' class="text"' : ''}${sorted} ` +
    `title="${escapeText(column.meaning)}"><button ` +
    `type="button">${escapeText(column.head)}</button></th>`
  );
}

function rowsOf({ baseline, graphs, plane, chosenOn }: StudySummary): readonly Row[] {
  const sweet = new Set(plane.cells.filter((one) => one.sweet).flatMap((one) => one.graphs));
  const rows: readonly Row[] = [
    ...(baseline === null
      ? []
      : [{ graph: baseline, role: 'baseline' as const, order: 0, sweet: false }]),
    ...graphs.map((graph, i) => ({
      graph,
      role: 'graph' as const,
      order: i + 1,
      sweet: sweet.has(graph.spec),
    })),
  ];
  const rank = ({ graph }: Row): number =>
    (chosenOn === 'validation' ? graph.validationMean : graph.mean) ?? Infinity;
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.order - b.order);
}

function classOf(row: Row): string {
  if (row.role === 'baseline') return ' class="baseline"';
  return row.sweet ? ' class="sweet"' : '';
}

/**
 * Every graph of the study, the baseline among them, lowest mean error (by which graphs are chosen)
 * first; the headings sort.
 */
export function graphTable(summary: StudySummary): string {
  const all = rowsOf(summary);
  // Studies of older versions do not have it, and among five classes or fewer it is 0.
  const known: ReadonlyMap<Column, boolean> = new Map([
    [VALIDATION, summary.chosenOn === 'validation'],
    [TOP5, all.some(({ graph }) => (graph.mean5 ?? 0) > 0)],
    [TRAIN, all.some(({ graph }) => graph.trainMean !== null)],
    [GAP, all.some(({ graph }) => graph.trainMean !== null)],
  ]);
  const columns = COLUMNS.filter((column) => known.get(column) !== false);
  const rows = all.map(
    (row) => `<tr${classOf(row)}>${columns.map((column) => cell(column, row)).join('')}</tr>`,
  );
  return (
    '<div class="scroll"><table ' +
    `id="graphs"><thead><tr>${columns.map((column) => heading(column, summary)).join('')}</tr></thead>` +
    `<tbody>\n${rows.join('\n')}\n</tbody></table></div>`
  );
}

/** The failed trials with their reasons; empty text where none failed. */
export function failureTable({ failures }: StudySummary): string {
  if (failures.length === 0) return '';
  const rows = failures.map(
    ({ index, graph, name, seed, reason }) =>
      `<tr><td>${index}</td><td ` +
      `class="text">${escapeText(name ?? graph)}</td><td>${seed}</td><td class="text ` +
      `wrap">${escapeText(reason)}</td></tr>`,
  );
  return (
    '<div class="scroll"><table id="failures"><thead><tr><th>Trial</th><th ' +
    'class="text">Graph</th><th>Seed</th><th ' +
    `class="text">Reason</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`
  );
}

/** The table's legend. */
export const TABLE_NOTE =
  'Shaded: graphs in cells that are not worse than the best one. Press a heading to sort.';
