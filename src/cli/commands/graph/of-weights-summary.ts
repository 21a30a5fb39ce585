import { fixed, percent, pValue, span } from '../../../analysis/text.js';
import { weightedTitles, type WEIGHTED_MEASURES } from '../../../graph/weighted-measures.js';
import { wilsonInterval } from '../../../stats/proportion.js';
import { signTest } from '../../../stats/ranks.js';
import { formatTable } from '../../format.js';
import { median } from '../../bench/timing.js';
import type { JudgedView } from './of-weights-table.js';

/** One measure of one view of many networks, beside the random graphs of each. */
export interface SummaryRow {
  readonly view: string;
  readonly null: string;
  readonly measure: string;
  /** Networks that have the measure and differ from the mean of their random graphs. */
  readonly networks: number;
  /** Of these, those below the mean of their random graphs. */
  readonly below: number;
  /** 95 % of the share below, Wilson's. */
  readonly interval: readonly [number, number];
  /** Exact two-sided sign test of as many below as above. */
  readonly p: number;
  /** Median of their z; null where no random graphs differ. */
  readonly z: number | null;
}

/** How many of the networks lie below their random graphs, for every view, null model and measure. */
export function summaryOf(networks: readonly (readonly JudgedView[])[]): readonly SummaryRow[] {
  const found = new Map<
    string,
    { row: Pick<SummaryRow, 'view' | 'null' | 'measure'>; z: number[]; sides: boolean[] }
  >();
  for (const views of networks)
    for (const { name: view, nulls } of views)
      for (const { null: model, measures } of nulls)
        for (const { name: measure, value, mean, z } of measures) {
          const key = JSON.stringify([view, model, measure]);
          const own = found.get(key) ?? { row: { view, null: model, measure }, z: [], sides: [] };
          found.set(key, own);
          if (z !== null) own.z.push(z);
          if (value !== null && mean !== null && value !== mean) own.sides.push(value < mean);
        }
  return [...found.values()].flatMap(({ row, z, sides }) => {
    const below = sides.filter((side) => side).length;
    if (sides.length === 0) return [];
    return {
      ...row,
      networks: sides.length,
      below,
      interval: wilsonInterval(below, sides.length),
      p: signTest(below, sides.length),
      z: z.length === 0 ? null : median(z),
    };
  });
}

/** The summary as a table. */
export function summaryTable(rows: readonly SummaryRow[]): string {
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  return formatTable(
    [
      { title: 'view' },
      { title: 'null' },
      { title: 'measure' },
      ...['below', 'share', '95 %', 'p', 'median z'].map(right),
    ],
    rows.map(({ view, null: model, measure, networks, below, interval, p, z }) => [
      view,
      model,
      weightedTitles[measure as (typeof WEIGHTED_MEASURES)[number]],
      `${below} of ${networks}`,
      percent(below / networks),
      span([100 * interval[0], 100 * interval[1]], 0),
      pValue(p).replace(/^= /, ''),
      fixed(z, 1),
    ]),
  );
}

/** What the columns are. */
export const SUMMARY_NOTE =
  'below: networks below the mean of their random graphs, of those that differ from it. 95 %: ' +
  'of the share, Wilson’s. p: exact two-sided sign test; not corrected for several tests.';
