import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fixed,
  signed,
  span,
  summarise,
  terminalReport,
  type StudySummary,
} from '../../src/analysis/index.js';
import { readStudy, type TrialRecord } from '../../src/public/study.js';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

/**
 * Every way to ask a study gives the same numbers: one finished study, its errors set so that one
 * graph beats the baseline, its seeds two points apart.
 */
let directory: string;
let study: string;
let summary: StudySummary;

const ERRORS: Readonly<Record<string, readonly [number, number]>> = {
  'complete:n=8': [40, 42.4],
  'ws-flex:n=8,k=4,p=0,seed=1': [36.1, 38.3],
  'ws-flex:n=8,k=4,p=0.5,seed=1': [38.9, 41.2],
  'ws-flex:n=8,k=2,p=0.5,seed=1': [36.4, 38.6],
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-one-analysis-'));
  const spec = join(directory, 'small.yaml');
  writeFileSync(spec, SMALL_STUDY);
  study = join(directory, 'small');
  expect((await plexus(['study', 'run', spec, '--out', study])).status).toBe(0);
  const log = join(study, 'trials.ndjson');
  const records = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => withErrors(JSON.parse(line) as TrialRecord));
  // The checksums were of the lines as they were.
  const lines = records.map((record) => JSON.stringify({ ...record, crc32: undefined }));
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
  const { spec: frozen, records: read, state } = readStudy(study);
  summary = summarise({ spec: frozen, records: read, dataIdentity: state.data });
});
afterAll(() => rmSync(directory, { recursive: true }));

function withErrors(record: TrialRecord): TrialRecord {
  if (record.status !== 'complete') throw new Error(`trial ${record.index} is not complete`);
  const error = ERRORS[record.graph][record.seed - 1];
  const epochs = record.epochs.map((epoch, at) =>
    at === record.epochs.length - 1 ? { ...epoch, testError: error } : epoch,
  );
  return { ...record, error, epochs };
}

async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { status, out, notes } = await plexus([...args, '--json']);
  expect(status, notes).toBe(0);
  return JSON.parse(out.split('\n').at(-1)!) as Record<string, unknown>;
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('one study', () => {
  it('has numbers worth comparing', () => {
    expect(summary.verdict).toMatchObject({ winner: 'graphs', by: 'chosen' });
    expect(summary.best).toMatchObject({ spec: 'ws-flex:n=8,k=4,p=0,seed=1', mean: 37.2 });
    expect(summary.baseline?.mean).toBeCloseTo(41.2, 12);
    expect(summary.comparison!.difference).toBeCloseTo(-4, 12);
    expect(summary.sweetSpot).toMatchObject({
      called: true,
      clustering: [expect.any(Number), expect.any(Number)],
    });
  });

  it('says them in the terminal and in the report, sentence for sentence', async () => {
    const { out } = await plexus(['study', 'report', study]);
    expect(out.startsWith(terminalReport(summary).trimEnd())).toBe(true);
    const { document } = parseHTML(readFileSync(join(study, 'report.html'), 'utf8'));
    const page = flat(
      [...document.querySelectorAll('p.lead, .tile')]
        .map((element) => element.textContent ?? '')
        .join(' '),
    );
    const { best, baseline, comparison, sweetSpot } = summary;
    const [low, high] = comparison!.interval!;
    const numbers = [
      `${fixed(best!.mean, 2)} ± ${fixed(best!.std, 2)} % test error`,
      `${fixed(baseline!.mean, 2)} ± ${fixed(baseline!.std, 2)} %`,
      `${fixed(-comparison!.difference, 2)} points below`,
      `95 % interval ${signed(low, 2)} to ${signed(high, 2)} paired by seed`,
      `The sweet spot spans C ${span(sweetSpot.clustering!)} and L ${span(sweetSpot.pathLength!)}`,
    ];
    for (const number of numbers) {
      expect(page).toContain(number);
      expect(flat(out)).toContain(number);
    }
    expect(JSON.parse(readFileSync(join(study, 'summary.json'), 'utf8'))).toEqual(summary);
  });

  it('gives them as JSON: run, report and status', async () => {
    const [run, report, status] = [
      await json('study', 'run', study),
      await json('study', 'report', study),
      await json('study', 'status', study),
    ];
    const { best, baseline, verdict, sweetSpot } = summary;
    const { clustering, pathLength } = sweetSpot;
    expect(run).toEqual(report);
    expect(run).toMatchObject({
      best: {
        spec: best!.spec,
        error: best!.mean,
        clustering: best!.clustering,
        pathLength: best!.pathLength,
      },
      baseline: { error: baseline!.mean },
      verdict,
      region: { clustering, pathLength },
      sweetSpot: { clustering, pathLength },
    });
    expect(status).toMatchObject({
      verdict,
      best: { spec: best!.spec, error: best!.mean },
      baseline: { spec: baseline!.spec, error: baseline!.mean },
    });
  });

  it('compares as it reports: the same best graph, difference, interval and rectangle', async () => {
    const { sections } = (await json('study', 'compare', study)) as unknown as {
      readonly sections: readonly { readonly values: readonly Record<string, unknown>[] }[];
    };
    const { best, baseline, comparison, sweetSpot } = summary;
    const [
      {
        values: [first],
      },
      {
        values: [second],
      },
    ] = sections;
    expect(first).toMatchObject({
      bestGraph: best!.spec,
      best: best!.mean,
      baseline: baseline!.mean,
      pairedSeeds: comparison!.seeds,
    });
    expect(first['pairedAdvantage']).toBeCloseTo(-comparison!.difference, 10);
    const [low, high] = first['pairedInterval'] as readonly number[];
    expect([-high, -low]).toEqual([
      expect.closeTo(comparison!.interval![0], 10),
      expect.closeTo(comparison!.interval![1], 10),
    ]);
    expect(second).toMatchObject({
      clustering: sweetSpot.clustering,
      pathLength: sweetSpot.pathLength,
    });
  });

  it('exports the trainings from which they come out', async () => {
    const file = join(directory, 'small.json');
    expect((await plexus(['study', 'export', study, '-o', file])).status).toBe(0);
    const { rows } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly rows: readonly {
        readonly graph: string;
        readonly role: string;
        readonly seed: number;
        readonly error: number;
      }[];
    };
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const errorsOf = (graph: string): number[] =>
      rows.filter((row) => row.graph === graph).map(({ error }) => error);
    const means = new Map(
      [...new Set(rows.filter(({ role }) => role === 'graph').map(({ graph }) => graph))].map(
        (graph) => [graph, mean(errorsOf(graph))],
      ),
    );
    const [[best, lowest]] = [...means].sort((a, b) => a[1] - b[1]);
    expect([best, lowest]).toEqual([summary.best!.spec, summary.best!.mean]);
    const base = errorsOf(summary.baseline!.spec);
    expect(mean(base)).toBe(summary.baseline!.mean);
    expect(mean(errorsOf(best).map((error, at) => error - base[at]))).toBeCloseTo(
      summary.comparison!.difference,
      10,
    );
  });

  it('also where the baseline is not beaten: a region everywhere, a sweet spot nowhere', async () => {
    const open = join(directory, 'open');
    cpSync(study, open, { recursive: true });
    const log = join(open, 'trials.ndjson');
    const records = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as TrialRecord);
    const worse = records.map((record) =>
      record.role === 'baseline' && record.status === 'complete'
        ? { ...record, error: record.error - 4 }
        : record,
    );
    writeFileSync(log, worse.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const report = await json('study', 'report', open);
    expect(report).toMatchObject({
      verdict: { winner: 'open' },
      sweetSpot: null,
      region: { clustering: summary.sweetSpot.clustering },
    });
    const html = readFileSync(join(open, 'report.html'), 'utf8');
    expect(html).toContain('that is no sweet spot, since the baseline is not beaten');
    expect(html).not.toContain('The sweet spot spans');
  });
});
