import { describe, expect, it } from 'vitest';
import { comparisonText } from '../../src/analysis/comparison-text.js';
import { errorsAfter, resultTable } from '../../src/analysis/index.js';
import { type ComparedStudy, compareStudies } from '../../src/analysis/study-comparison.js';
import { comparisonPage } from '../../src/figures/index.js';
import { madeStudy, specLines } from './synthetic.js';
import { pairedDifference, welchInterval } from '../../src/stats/index.js';

/** Errors that depend on graph and seed, `shift` points higher. */
function study(
  name: string,
  seeds: readonly number[],
  graphs: readonly string[],
  shift: number,
  epochs = 2,
): ComparedStudy {
  const { spec, records } = madeStudy({
    graphs,
    seeds,
    epochs,
    errors: (graph, seed) => {
      const own = (graph.length % 5) + 3 * seed;
      const noise = ((graph.length * 7 + seed * 3 * epochs) % 11) / 10;
      return { test: 30 + own + shift + noise, train: 25 };
    },
  });
  const named = { ...spec, name };
  const table = errorsAfter(resultTable({ spec: named, records }));
  return { name, spec: named, data: 'shapes', table, seedDesign: 'shared' };
}

const lines = specLines(5);

describe('compareStudies', () => {
  it('pairs trainings of one seed: what a seed does to both cancels', () => {
    const [a, b] = [study('a', [1, 2, 3], lines, 0), study('b', [2, 3, 4], lines.slice(1), -1, 3)];
    const found = compareStudies(a, b);
    expect(found.settings).toEqual([{ path: 'train.epochs', before: 2, after: 3 }]);
    expect(found.seeds).toEqual({ common: 2, first: 1, second: 1 });
    expect(found.graphs).toEqual({ common: 5, first: 1, second: 0 });
    expect(found.each.map(({ graph }) => graph)).toEqual([a.spec.baseline, ...lines.slice(1)]);
    const one = found.each[2];
    const errorsIn = ({ table }: ComparedStudy): readonly (number | null)[] =>
      [2, 3].map(
        (seed) =>
          table.graphs.find((row) => row.graph === one.graph)!.errors[table.seeds.indexOf(seed)],
      );
    const by = pairedDifference(errorsIn(b), errorsIn(a), 0.95)!;
    expect(one.pairs).toBe(2);
    expect(one.difference).toBeCloseTo(by.difference, 12);
    expect(one.interval).toEqual(by.interval);
    // The mean over graphs, one difference a seed.
    const graphs = found.each.filter(({ baseline }) => !baseline);
    expect(found.together!.difference).toBeCloseTo(
      graphs.reduce((sum, { difference }) => sum + difference, 0) / graphs.length,
      10,
    );
  });

  it('without common seeds compares samples', () => {
    const [a, b] = [study('a', [1, 2], lines, 0), study('b', [3, 4], lines, 0)];
    const [, one] = compareStudies(a, b).each;
    const errors = ({ table }: ComparedStudy): number[] =>
      table.graphs[0].errors.map((error) => error!);
    expect(one.pairs).toBeNull();
    expect(one.interval).toEqual(welchInterval(errors(b), errors(a), 0.95));
  });

  it('says settings first, then the answer; no interval of no width, nothing by a sign and a word', () => {
    const [a, b] = [study('a', [1, 2, 3], lines, 0), study('b', [1, 2, 3], lines, -1)];
    const same = comparisonText(compareStudies(a, b));
    expect(same.settings).toEqual([]);
    expect(same.sentences[0]).toBe('Both have 5 graphs and the baseline; they share 3 seeds.');
    // Every difference is exactly -1: nothing varies, so no interval is told.
    expect(same.sentences[1]).toMatch(/lies 1\.00 points below that of a \(no interval/);
    expect(same.rows.every((row) => row[4] === 'too few seeds')).toBe(true);
    const single = comparisonText(compareStudies(study('a', [1], lines, 0), b));
    expect(single.rows[0][5]).toBe('1 pair');
    const none = comparisonText(
      compareStudies(a, { ...b, table: { ...b.table, graphs: [], baseline: null } }),
    );
    expect(none.sentences[1]).toContain('nothing is compared');
    for (const { sentences, rows } of [same, single, none])
      expect([...sentences, ...rows.flat()].join('\n')).not.toMatch(/NaN|undefined|by [-−]\d/);
  });

  it('is the first thing on the page, and names are text there', () => {
    const [a, b] = [study('a', [1, 2], lines, 0), study('<b>', [1, 2], lines, -1, 3)];
    const page = comparisonPage({
      names: ['a', '<b>'],
      comparisons: [comparisonText(compareStudies(a, b))],
      sections: [],
      figures: {},
    });
    expect(page).not.toContain('<b>');
    expect(page).toContain('&lt;b&gt; against a');
    expect(page).toContain('train.epochs: 2 | 3');
  });
});
