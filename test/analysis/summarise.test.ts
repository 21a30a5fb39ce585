import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binEdges,
  binOf,
  outline,
  resultsTable,
  summarise,
  terminalReport,
  type StudySummary,
} from '../../src/analysis/index.js';
import type { TrialRecord } from '../../src/study/types.js';
import { BASELINE, failed, PLAUSIBLE, syntheticStudy } from './synthetic.js';

const study = syntheticStudy();
const summary = summarise(study);

/** The study with every record changed, or dropped where `change` gives null. */
function changed(
  change: (record: TrialRecord, at: number) => TrialRecord | null,
  base = study,
): StudySummary {
  return summarise({
    ...base,
    records: base.records.flatMap((record, at) => change(record, at) ?? []),
  });
}

function withError(record: TrialRecord, error: number): TrialRecord {
  return record.status === 'complete' ? { ...record, error } : record;
}

/** Everything in a summary that is called an interval. */
function intervalsIn(value: unknown, key = ''): readonly (readonly number[])[] {
  if (
    Array.isArray(value) &&
    ['interval', 'own', 'unpaired', 'chosen'].includes(key) &&
    typeof value[0] === 'number'
  )
    return [value as number[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => intervalsIn(inner, name));
}

/** JSON has no NaN or infinity: they would come back as null. */
function expectJsonSafe(value: StudySummary): void {
  expect(JSON.parse(JSON.stringify(value))).toEqual(value);
}

describe('an outline', () => {
  it('says of a study what its summary says, of graphs the best alone', () => {
    for (const count of [0, 1, 40, study.records.length]) {
      const input = { ...study, records: study.records.slice(0, count) };
      const whole = summarise(input);
      const { graphs, ...rest } = outline(input);
      expect(whole).toMatchObject(rest);
      expect(graphs).toEqual(whole.best === null ? [] : [whole.best]);
    }
  });
});

describe('a finished study', () => {
  it('counts every trial and every graph', () => {
    expect(summary.trials).toEqual({
      total: 159,
      complete: 159,
      failed: 0,
      stopped: 0,
      pending: 0,
    });
    expect(summary.graphs.map((graph) => graph.spec)).toEqual(study.spec.graphs);
    const inCells = summary.plane.cells.reduce((sum, cell) => sum + cell.graphs.length, 0);
    expect(inCells + summary.plane.outside).toBe(52);
    expect(summary.plane.cells.flatMap((cell) => cell.errors)).toHaveLength(3 * inCells);
    expectJsonSafe(summary);
  });

  it('finds the graph with the lowest mean, which is not the baseline', () => {
    const means = summary.graphs.map((graph) => graph.mean ?? Infinity);
    expect(summary.best?.mean).toBe(Math.min(...means));
    expect(summary.best?.spec).not.toBe(BASELINE);
    expect(summary.baseline?.clustering).toBe(1);
    expect(summary.graphs.filter((graph) => graph.p === null).map((graph) => graph.spec)).toEqual([
      summary.best?.spec,
    ]);
  });

  it('puts the sweet spot around the model’s minimum, and only tested cells into it', () => {
    const { clustering, pathLength, cells, occupied, graphs, called } = summary.sweetSpot;
    expect(clustering?.[0]).toBeLessThan(0.48);
    expect(clustering?.[1]).toBeGreaterThan(0.48);
    expect(pathLength?.[0]).toBeLessThan(2.2);
    expect(pathLength?.[1]).toBeGreaterThan(2.2);
    expect(called).toBe(true);
    expect(cells).toBe(summary.plane.cells.filter((cell) => cell.sweet).length);
    expect(occupied).toBe(summary.plane.cells.length);
    expect(cells).toBeLessThan(occupied);
    expect(graphs).toBe(
      1 + summary.graphs.filter((graph) => graph.p !== null && graph.p >= 0.05).length,
    );
    for (const cell of summary.plane.cells)
      expect(cell.sweet).toBe(cell.isBest || (cell.p ?? 0) >= 0.05);
    expect(summary.plane.cells.filter((cell) => cell.isBest)).toHaveLength(1);
  });

  it('recovers the model: fits with minima near it, noise of its size, graphs that differ', () => {
    expect(summary.fits.clustering?.minimum).toBeGreaterThan(0.35);
    expect(summary.fits.clustering?.minimum).toBeLessThan(0.6);
    expect(summary.fits.pathLength?.minimum).toBeGreaterThan(1.8);
    expect(summary.fits.pathLength?.minimum).toBeLessThan(2.5);
    const { noiseStd, p, dof, unpaired, pairingGain } = summary.signal!;
    expect(noiseStd).toBeGreaterThan(0.28);
    expect(noiseStd).toBeLessThan(0.42);
    expect(p).toBeLessThan(1e-6);
    expect(dof).toEqual([51, 102]);
    expect(unpaired.dof).toEqual([51, 104]);
    // What the three seeds do to all graphs is noise to those who do not know of it.
    expect(unpaired.seedStd).toBeGreaterThan(1.5 * noiseStd);
    expect(pairingGain).toBeGreaterThan(2);
  });

  it('compares the best graph with the baseline seed by seed', () => {
    const { difference, interval, unpaired, chosen, choices, seeds } = summary.comparison!;
    const [best, baseline] = [summary.best!, summary.baseline!];
    const bySeed = best.errors.map((error, at) => error - baseline.errors[at]);
    expect(difference).toBeCloseTo((bySeed[0] + bySeed[1] + bySeed[2]) / 3, 10);
    expect([seeds, choices]).toEqual([3, 52]);
    for (const [low, high] of [interval!, unpaired!, chosen!]) {
      expect(low).toBeLessThan(difference);
      expect(high).toBeGreaterThan(difference);
    }
    const width = ([low, high]: readonly [number, number]): number => high - low;
    expect(width(interval!)).toBeLessThan(width(chosen!));
    expect(width(interval!)).toBeLessThan(0.7 * width(unpaired!));
    const same = summary.graphs.find(({ spec }) => spec === best.spec)!;
    expect(same.againstBaseline!.difference).toBeCloseTo(difference, 10);
    expect(baseline.againstBaseline).toBeNull();
  });

  it('says that graphs do not differ where they do not', () => {
    const flat = summarise(syntheticStudy({ ...PLAUSIBLE, depth: 0 }));
    expect(flat.signal?.p).toBeGreaterThan(0.05);
    expect(flat.caveats.join(' ')).toContain('as noise until more seeds or epochs say otherwise');
    expect(terminalReport(flat)).toContain(
      'No difference between graphs beyond seed noise is shown',
    );
  });
});

describe('the order of the log', () => {
  it('does not matter, nor do wall times', () => {
    const order = fc.shuffledSubarray([...study.records.keys()], {
      minLength: study.records.length,
    });
    fc.assert(
      fc.property(order, fc.nat(1000), (places, seconds) => {
        const records = places
          .flatMap((place) => study.records[place] ?? [])
          .map((record) => ({ ...record, seconds }));
        expect(resultsTable(records)).toBe(resultsTable(study.records));
        expect(JSON.stringify(summarise({ ...study, records }))).toBe(JSON.stringify(summary));
      }),
      { numRuns: 10 },
    );
  });

  it('a retried trial counts once, by its complete record', () => {
    const first = study.records[5];
    expect(first).toBeDefined();
    if (first === undefined) return;
    const failure = failed(first, 'the worker was killed');
    for (const records of [
      [failure, ...study.records],
      [...study.records, failure],
    ]) {
      expect(summarise({ ...study, records })).toEqual(summary);
      expect(resultsTable(records)).toBe(resultsTable(study.records));
    }
  });
});

describe('degenerate studies', () => {
  it('no trial at all', () => {
    const none = changed(() => null);
    expect(none).toMatchObject({
      baseline: null,
      best: null,
      comparison: null,
      signal: null,
      fits: { clustering: null, pathLength: null },
    });
    expect(none.trials).toEqual({ total: 159, complete: 0, failed: 0, stopped: 0, pending: 159 });
    expect(none.sweetSpot).toMatchObject({ clustering: null, pathLength: null, graphs: null });
    expect(none.sweetSpot.reason).toMatch(/no graph/);
    expectJsonSafe(none);
    expect(terminalReport(none)).toContain('159 trials of 159 not run yet');
  });

  it('every trial failed', () => {
    const broken = changed((record) =>
      failed(record, record.index % 2 === 0 ? 'loss diverged' : 'out of memory'),
    );
    expect(broken.best).toBeNull();
    expect(broken.failures).toHaveLength(159);
    expect(
      broken.graphs.every(
        (graph) => graph.mean === null && graph.failed === 3 && graph.clustering !== null,
      ),
    ).toBe(true);
    expectJsonSafe(broken);
    const text = terminalReport(broken);
    expect(text).toContain('80 trials: loss diverged');
    expect(text).toContain('79 trials: out of memory');
  });

  it('one graph with two seeds: the region is its cell, only the baseline can be compared', () => {
    const one = summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 1, seeds: 2 }));
    expect(one.sweetSpot).toMatchObject({ cells: 1, occupied: 1, graphs: null, reason: null });
    expect(one.signal).toBeNull();
    expect(one.fits.clustering).toBeNull();
    expect(one.comparison).toMatchObject({ choices: 1, seeds: 2 });
    expect(one.comparison?.interval).toEqual(one.comparison?.chosen);
    expect(one.caveats.join(' ')).toContain('by default');
    expectJsonSafe(one);
  });

  it('one seed: nothing is tested, and it is said so', () => {
    const single = summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 4, seeds: 1 }));
    expect(single.signal).toBeNull();
    expect(single.comparison).toMatchObject({
      interval: null,
      own: null,
      unpaired: null,
      chosen: null,
      p: null,
    });
    expect(
      single.graphs.every(
        ({ p, againstBaseline }) => p === null && againstBaseline?.interval === null,
      ),
    ).toBe(true);
    expect(single.sweetSpot).toMatchObject({
      clustering: null,
      pathLength: null,
      called: false,
      cells: 0,
      graphs: null,
    });
    expect(single.sweetSpot.reason).toContain('two training seeds or more');
    expect(single.plane.cells.some((cell) => cell.sweet || cell.isBest)).toBe(false);
    expect(single.verdict).toMatchObject({ winner: 'untold', by: 'chosen', interval: null });
    expectJsonSafe(single);
  });

  it('equal errors everywhere: no variance, no cell is worse, no interval without any width', () => {
    const equal = changed((record) => withError(record, 40));
    expect(equal.signal).toBeNull();
    expect(equal.expected).toBeNull();
    expect(equal.fits.clustering?.r2).toBeNull();
    expect(equal.sweetSpot).toMatchObject({ cells: 0, called: false, clustering: null });
    expect(equal.best?.spec).toBe(study.spec.graphs[0]);
    expect(equal.comparison).toMatchObject({
      difference: 0,
      interval: null,
      own: null,
      unpaired: null,
      chosen: null,
    });
    expect(equal.graphs.every(({ againstBaseline }) => againstBaseline?.interval === null)).toBe(
      true,
    );
    expect(equal.verdict.winner).toBe('untold');
    expectJsonSafe(equal);
    expect(terminalReport(equal)).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('seeds that agree while graphs differ: nothing tells the noise, so there is no p', () => {
    const exact = changed((record) => withError(record, 40 + ((record.index % 53) % 7)));
    expect(exact.signal).toBeNull();
    expect(exact.sweetSpot.clustering).toBeNull();
    expect(exact.graphs.every(({ p }) => p === null)).toBe(true);
    expect(exact.comparison).toMatchObject({ interval: null, chosen: null, p: null });
    expectJsonSafe(exact);
    expect(terminalReport(exact)).toContain('nothing tells the noise');
    expect(terminalReport(exact)).not.toMatch(/infinite|p < 0\.0001/);
  });

  it('no interval has no width, whatever is missing and however few errors differ', () => {
    const lacking = fc.uniqueArray(fc.nat(23), { maxLength: 20 });
    const few = syntheticStudy({ ...PLAUSIBLE, graphs: 7, seeds: 3 });
    fc.assert(
      fc.property(lacking, fc.integer({ min: 1, max: 3 }), (missing, kinds) => {
        const now = changed(
          (record, at) => (missing.includes(at) ? null : withError(record, 40 + (at % kinds))),
          few,
        );
        for (const [low, high] of intervalsIn(now)) expect(high).toBeGreaterThan(low);
        expectJsonSafe(now);
        expect(terminalReport(now)).not.toMatch(/NaN|Infinity|undefined|null/);
      }),
      { numRuns: 60 },
    );
  });

  it('a graph with one complete trial is compared all the same, by the noise of all', () => {
    const graph = summary.plane.cells.find((one) => one.graphs.length === 1)?.graphs[0];
    const lowered = changed((record) => {
      if (record.graph !== graph) return record;
      return record.seed === 2 ? withError(record, 30) : failed(record, 'killed');
    });
    const now = lowered.plane.cells.find((one) => one.graphs.includes(graph!));
    expect(now).toMatchObject({ p: null, isBest: true, sweet: true, errors: [30] });
    expect(lowered.best).toMatchObject({ spec: graph, mean: 30, std: null, failed: 2 });
    expect(lowered.comparison?.interval).not.toBeNull();
    expect(lowered.comparison?.own).toBeNull();
  });

  it('graphs without a path length or off the plane are counted, not dropped', () => {
    const lost = changed((record) =>
      record.graph === study.spec.graphs[3] && record.facts !== null && record.status === 'complete'
        ? { ...record, facts: { ...record.facts, pathLength: null } }
        : record,
    );
    expect(lost.plane.outside).toBe(summary.plane.outside + 1);
    expect(lost.fits.pathLength?.graphs).toBe(51);
    expect(lost.fits.clustering?.graphs).toBe(52);
  });
});

describe('bins', () => {
  it('are right-open but for the last, as NumPy’s linspace and digitize', () => {
    const edges = binEdges([1, 4.5], 15);
    expect(edges).toHaveLength(16);
    expect(edges[15]).toBe(4.5);
    edges.forEach((edge, i) => expect(binOf(edge, edges)).toBe(Math.min(i, 14)));
    expect(binOf(0.999, edges)).toBeNull();
    expect(binOf(4.5001, edges)).toBeNull();
    expect(binOf(Number.POSITIVE_INFINITY, edges)).toBeNull();
  });
});

describe('the table', () => {
  const lines = resultsTable(study.records).trimEnd().split('\n');

  it('has a line for every trial, in trial order, without wall times', () => {
    expect(lines).toHaveLength(160);
    expect(lines[0]).not.toMatch(/seconds|time/);
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual([
      ...Array(159).keys(),
    ]);
  });

  it('writes numbers so that they read back exactly, and quotes what needs it', () => {
    const record = study.records[4];
    expect(record?.status).toBe('complete');
    expect(lines[5]).toContain(`"${record?.graph}"`);
    expect(lines[5]?.split('"')[2]?.split(',')[7]).toBe(String(record?.facts?.pathLength));
    const broken = resultsTable(
      study.records.slice(4, 5).map((one) => failed(one, 'said "no",\nthen died')),
    );
    expect(broken).toContain('"said ""no"",\nthen died"');
  });
});

describe('the terminal report', () => {
  it('fits a terminal and holds the answer', () => {
    const text = terminalReport(summary);
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(54);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines[2]).toMatch(/^ {2}Sparse beats dense by \d\.\d\d points of test error/);
    expect(text).toContain('The sweet spot spans C');
    expect(text).toContain(summary.best?.spec);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'chosen after looking on the test split, so its mean is too good (winner’s curse)',
    );
    expect(text.match(/★/g)).toHaveLength(2);
    // Each sweet cell but the best is bracketed around its shade; so is one sample in the legend.
    expect(text.match(/\[[█▓▒░·]\]/g)).toHaveLength(summary.sweetSpot.cells - 1);
  });
});
