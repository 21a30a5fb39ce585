import { describe, expect, it } from 'vitest';
import {
  findingsSections,
  summarise,
  terminalReport,
  type ErrorRow,
  type ErrorTable,
  type Section,
} from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { findingsFigures } from '../../src/figures/index.js';
import { findingsOf } from './findings-of.js';
import { BASELINE, madeStudy, specLines } from './synthetic.js';

/** Points that the graphs lie above the baseline: below 0 they are better. */
const GAPS = [-1, 0, 4] as const;

/** A made-up study of so few graphs and seeds; `gap` 0: all trainings end alike. */
function small(graphs: number, seeds: number, gap: number): ErrorTable {
  const random = new RandomStream('small study', graphs, seeds, gap);
  const row = (graph: string, clustering: number, pathLength: number, level: number): ErrorRow => ({
    graph,
    density: clustering === 1 ? 1 : 0.2 + 0.1 * clustering,
    clustering,
    pathLength,
    errors: Array.from({ length: seeds }, () => (gap === 0 ? 40 : level + 0.3 * random.normal())),
  });
  const rows = Array.from({ length: graphs }, (_, i) =>
    row(`graph ${i}`, 0.2 + 0.1 * i, 1.6 + 0.2 * ((3 * i) % 5), 40 + gap + 0.2 * i),
  );
  const baseline = row('complete', 1, 1, 40);
  const numbers = Array.from({ length: seeds }, (_, i) => i + 1);
  return { name: `${graphs} graphs`, arch: 'mlp', seeds: numbers, baseline, graphs: rows };
}

const cases = [2, 3, 4, 5, 6].flatMap((graphs) =>
  [1, 2].flatMap((seeds) => GAPS.map((gap) => ({ graphs, seeds, gap }))),
);

/** Everything that a reader sees of a section. */
const textOf = ({ rows, verdict }: Section): string => [...rows.flat(), verdict].join('\n');

/** Numbers of a section that are intervals by their name. */
function intervalsOf({ values }: Section): (readonly number[])[] {
  const named = values
    .flatMap((row) => Object.entries(row))
    .filter(([key]) => /interval|region/i.test(key));
  return named.flatMap(([, value]) => (Array.isArray(value) ? [value as readonly number[]] : []));
}

describe.each(cases)(
  'a study of $graphs graphs and $seeds seeds, $gap points above the baseline',
  (one) => {
    const table = small(one.graphs, one.seeds, one.gap);
    const other = { ...small(one.graphs, one.seeds, one.gap + 1), name: 'other' };
    const findings = findingsOf([table, other]);
    const sections = [...findingsSections(findings)];

    it('has no number that is none, no interval of no width, and no share of what is not there', () => {
      for (const section of sections) {
        expect(textOf(section), section.title).not.toMatch(
          /NaN|Infinity|undefined|[-−]\d+ %|\[(\S+), \1\]/,
        );
        for (const [low, high] of intervalsOf(section))
          expect(high, section.title).toBeGreaterThan(low);
      }
    });

    it('says above or below, not below by less than nothing', () => {
      for (const { verdict, title } of sections) expect(verdict, title).not.toMatch(/by [-−]\d/);
    });

    it('has figures without a number that is none', () => {
      for (const [name, svg] of Object.entries(findingsFigures(findings))) {
        expect(svg, name).not.toMatch(/NaN|Infinity|>\[(\S+), \1\]|[-−]\d+ %/);
      }
    });
  },
);

describe.each(cases)(
  'the report of a study of $graphs graphs and $seeds seeds, $gap points above the baseline',
  ({ graphs, seeds, gap }) => {
    /** `exact`: graphs differ, but nothing varies from seed to seed. */
    const reportOf = (exact: boolean): string => {
      const made = madeStudy({
        graphs: specLines(graphs),
        seeds: Array.from({ length: seeds }, (_, i) => i + 1),
        errors: (graph, seed) => {
          const level = gap === 0 || graph === BASELINE ? 40 : 40 + gap + (graph.length % 4) / 5;
          const random = new RandomStream('small report', graph, seed, gap);
          const test = exact || gap === 0 ? level + seed : level + 0.3 * random.normal();
          return { test, train: test - 6 };
        },
      });
      return terminalReport(summarise(made));
    };

    it('has no interval of no width, no number that is none, no sign beside a word for it', () => {
      for (const exact of [false, true]) {
        expect(reportOf(exact)).not.toMatch(
          /NaN|Infinity|infinite|undefined|null|interval (\S+) to \1[ ,;)]|(below|above|by) [-−]\d/,
        );
      }
    });

    it('says no p where nothing tells the noise', () => {
      expect(reportOf(true)).not.toMatch(/p [=<] /);
      if (seeds === 1) expect(reportOf(false)).not.toMatch(/p [=<] |95.%/);
    });
  },
);
