import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarise, tablesOf } from '../../src/analysis/index.js';
import {
  chosenForConfirmation, confirmationOf, formatStudySpec, isConfirming, missingTrials, parseStudySpec, readStudy, runStudy, studyHash, trialsOf,
  type RunStudyOptions, type Study, type StudyEvent, type StudySpec, type TrialRecord,
} from '../../src/study/index.js';
import { finished, logLines, plexusProcess, SMALL_STUDY, startPlexus } from './small-study.js';

const YAML = `${SMALL_STUDY}confirm: {seeds: 2, graphs: 2}\n`;
const parse = (tail: string, text = SMALL_STUDY): StudySpec => parseStudySpec(`${text}${tail}`, 'a.yaml');

describe('the confirm section of a spec', () => {
  it.each([
    ['confirm: true\n', { seeds: [3, 4, 5, 6, 7], graphs: 3 }],
    ['confirm: 2\n', { seeds: [3, 4], graphs: 3 }],
    ['confirm: {graphs: 1}\n', { seeds: [3, 4, 5, 6, 7], graphs: 1 }],
    ['confirm: {seeds: [9, 0]}\n', { seeds: [9, 0], graphs: 3 }],
    ['confirm: 1\nsearch: {}\n', { seeds: [3], graphs: 1 }],
  ])('%j', (tail, confirm) => {
    const spec = parse(tail);
    expect(spec.confirm).toEqual(confirm);
    expect(parseStudySpec(formatStudySpec(spec), 'study.yaml', { frozen: true })).toEqual(spec);
    expect(studyHash(spec)).not.toBe(studyHash(parse(tail.includes('search') ? 'search: {}\n' : '')));
  });

  it('takes the whole numbers after the largest seed, and no more graphs than there are', () => {
    const few = SMALL_STUDY.replace('seeds: 2', 'seeds: [7, 2]').replace('  - ws-flex:n=8,k=4,p=0,seed=1\n', '').replace('  - ws-flex:n=8,k=2,p=0.5,seed=1\n', '');
    expect(parse('confirm: 3\n', few).confirm).toEqual({ seeds: [8, 9, 10], graphs: 1 });
  });

  it.each([
    ['confirm:\n', 'a.yaml:11: confirm must be true, a count of seeds from 1 to 10000 such as 5, or a mapping such as {seeds: 5, graphs: 3}; got null'],
    ['confirm: 0\n', 'a.yaml:11: confirm must be true, a count of seeds from 1 to 10000 such as 5, or'],
    ['confirm: {seed: 5}\n', 'a.yaml:11: unknown key "seed"; expected one of seeds, graphs'],
    ['confirm:\n  graphs: 0\n', 'a.yaml:12: confirm.graphs must be a whole number from 1 to 1000000; got 0'],
    ['confirm:\n  graphs: 4\n', 'a.yaml:12: confirm.graphs must be at most the number of graphs, 3; got 4'],
    ['confirm: {graphs: 2}\nsearch: {}\n', 'a.yaml:11: confirm.graphs must be 1 in a search, which recommends one graph; got 2'],
    ['confirm: {seeds: [3, 2]}\n', 'a.yaml:11: confirm.seeds must be fresh; 2 is one of seeds already; list others, or give a count such as confirm: 2'],
    ['confirm: {seeds: [3, 3]}\n', 'a.yaml:11: confirm.seeds must differ; 3 is listed twice'],
    ['confirm: {seeds: []}\n', 'a.yaml:11: confirm.seeds must be a count from 1 to 10000 or a list of whole numbers from 0 to 4294967295, at least one; got []'],
  ])('refuses %j', (tail, message) => {
    expect(() => parse(tail)).toThrow(message);
  });

  it('refuses a count that goes beyond the last seed', () => {
    expect(() => parse('confirm: 2\n', SMALL_STUDY.replace('seeds: 2', 'seeds: [4294967294]'))).toThrow('a.yaml:11: no 2 seeds follow the largest of seeds, 4294967294: they end at 4294967295; list others');
  });

  it('numbers all possible trials after the study\'s own, whatever is chosen', () => {
    const [plain, spec] = [parse(''), parse('confirm: 2\n')];
    const trials = trialsOf(spec);
    expect(trials.slice(0, 8)).toEqual(trialsOf(plain));
    expect(trials.map(({ index }) => index)).toEqual([...trials.keys()]);
    expect(trials.slice(8).map(({ role, seed }) => `${role} ${seed}`)).toEqual([3, 4].flatMap((seed) => ['baseline', 'graph', 'graph', 'graph'].map((role) => `${role} ${seed}`)));
    expect(trials.map((trial) => isConfirming(spec, trial))).toEqual([...trials.keys()].map((index) => index >= 8));
  });
});

const FACTS = { nodes: 8, edges: 16, clustering: 0.5, pathLength: 1.5, widths: [8], macs: 1, params: 1 };

/** Records of a study's own trials with these errors, by seed and then baseline and graphs; null: failed. */
function recordsOf(spec: StudySpec, errors: readonly (readonly (number | null)[])[]): TrialRecord[] {
  return errors.flat().map((error, at): TrialRecord => {
    const common = { ...trialsOf(spec)[at], facts: FACTS, epochs: [], seconds: 1 };
    return error === null ? { ...common, status: 'failed', reason: 'made up' } : { ...common, status: 'complete', error };
  });
}

describe('chosenForConfirmation', () => {
  const spec = parse('confirm: {seeds: 2, graphs: 2}\n');
  const [a, b, c] = spec.graphs;

  it('takes the lowest means, of equal ones the first, and nothing before all have ended', () => {
    const records = recordsOf(spec, [[1, 30, 20, 30], [1, 30, 50, 30]]);
    expect(chosenForConfirmation(spec, records)).toEqual([a, c]);
    expect(chosenForConfirmation(spec, records.slice(1))).toBeNull();
    // In binary 0.1 + 0.7 + 0.2 and 0.7 + 0.2 + 0.1 are not equal.
    const three = parse('confirm: {seeds: 2, graphs: 2}\n', SMALL_STUDY.replace('seeds: 2', 'seeds: 3'));
    expect(chosenForConfirmation(three, recordsOf(three, [[1, 0.7, 9, 0.1], [1, 0.2, 9, 0.7], [1, 0.1, 9, 0.2]]))).toEqual([a, c]);
    expect(chosenForConfirmation(parse(''), records)).toEqual([]);
  });

  it('does not reward a failure with a hard seed, and passes over what never was complete', () => {
    // By plain means b, which has no trial with the hard second seed, would be first.
    expect(chosenForConfirmation(spec, recordsOf(spec, [[20, 10, 12, 13], [30, 20, null, 23]]))).toEqual([a, b]);
    expect(chosenForConfirmation(spec, recordsOf(spec, [[20, null, 12, null], [30, null, 22, null]]))).toEqual([b]);
    expect(chosenForConfirmation(spec, recordsOf(spec, [[20, null, null, null], [30, null, null, null]]))).toEqual([]);
  });

  it('is not told by what the fresh seeds came to', () => {
    const records = recordsOf(spec, [[1, 30, 20, 40], [1, 30, 20, 40], [1, 99, 99, 1], [1, 99, 99, 1]]);
    expect(chosenForConfirmation(spec, records)).toEqual([b, a]);
  });

  it('orders graphs by their own effects whichever trials are missing, if seeds only add', () => {
    const wide = parse('confirm: {seeds: 1, graphs: 3}\n', SMALL_STUDY.replace('seeds: 2', 'seeds: 4'));
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 }), fc.subarray([5, 6, 7, 9, 10, 11, 13, 14, 15], { maxLength: 8 }), (ranks, hard, gaps) => {
        // The first seed is whole, so that all graphs can be compared.
        const errors = hard.map((more, round) => [20, ...ranks.map((rank) => 20 + rank)].map((error, place) => (gaps.includes(4 * round + place) ? null : error + more)));
        expect(chosenForConfirmation(wide, recordsOf(wide, errors))).toEqual([1, 2, 3].map((rank) => wide.graphs[ranks.indexOf(rank)]));
      }),
    );
  });

  it('counts what was confirmed before a retried trial changed the choice', () => {
    const records = recordsOf(spec, [[1, 30, 20, 40], [1, 30, 20, 40], [1, 30, null, 40]]);
    expect(confirmationOf(spec, records)).toEqual({ graphs: [b, a], total: 6, ended: 3, superseded: 1 });
    expect(missingTrials(spec, records)).toBe(3);
    expect(confirmationOf(spec, records.slice(1))).toEqual({ graphs: null, total: 6, ended: 0, superseded: 4 });
    expect(confirmationOf(parse(''), records)).toBeNull();
    const { trials, graphs, baseline, failures } = summarise({ spec, records, dataIdentity: 'x' });
    expect(trials).toEqual({ total: 15, complete: 11, failed: 1, stopped: 0, pending: 3 });
    expect([baseline, ...graphs].map((graph) => graph?.errors.length)).toEqual([2, 2, 2, 2]);
    expect(graphs.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(failures.map(({ graph, seed }) => [graph, seed])).toEqual([[b, 3]]);
  });
});

describe('a study that confirms', () => {
  let root: string;
  let whole: Study;
  const events: StudyEvent[] = [];
  const at = (name: string): string => join(root, name);
  const run = (name: string, options: Partial<RunStudyOptions> = {}): Promise<Study> =>
    runStudy({ directory: at(name), spec: parseStudySpec(YAML, 'a.yaml'), data: { env: {} }, workers: 2, ...options });
  /** What must not depend on how the study was run. */
  const essence = ({ records }: Study): unknown => records.map((record) => ({ ...record, seconds: 0 }));

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'plexus-confirm-'));
    writeFileSync(at('small.yaml'), YAML);
    whole = await run('whole', { onEvent: (event) => events.push(event) });
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('trains the best two graphs and the baseline with fresh seeds, after all others', () => {
    const { records, spec } = whole;
    const chosen = chosenForConfirmation(spec, records)!;
    expect(chosen).toHaveLength(2);
    expect(records.filter((record) => !isConfirming(spec, record))).toHaveLength(8);
    const fresh = records.filter((record) => isConfirming(spec, record));
    expect(new Set(fresh.map(({ graph, seed }) => `${graph} ${seed}`))).toEqual(new Set([3, 4].flatMap((seed) => [spec.baseline, ...chosen].map((graph) => `${graph} ${seed}`))));
    const order = readFileSync(whole.paths.log, 'utf8').trimEnd().split('\n').map((line) => isConfirming(spec, JSON.parse(line) as TrialRecord));
    expect(order).toEqual([...Array.from({ length: 8 }, () => false), ...Array.from({ length: 6 }, () => true)]);
    expect(events.filter(({ kind }) => kind === 'begin')).toMatchObject([{ total: 14, done: 0 }]);
    expect(events.filter(({ kind }) => kind === 'confirming')).toEqual([{ kind: 'confirming', graphs: chosen, total: 14, done: 8 }]);
  });

  it('leaves the means, cells and curves of its own seeds as they are without it', async () => {
    const plain = await runStudy({ directory: at('plain'), spec: parse(''), data: { env: {} }, workers: 2 });
    const summaryOf = ({ spec, records }: Study): Partial<ReturnType<typeof summarise>> => {
      const { trials: _, ...rest } = summarise({ spec, records, dataIdentity: 'x' });
      return rest;
    };
    expect(summaryOf(whole)).toEqual(summaryOf(plain));
    expect(tablesOf(whole)).toEqual(tablesOf(plain));
    expect(whole.records.slice(0, 8).map((record) => ({ ...record, seconds: 0 }))).toEqual(essence(plain));
  }, 60_000);

  it('does not depend on the number of workers', async () => {
    expect(essence(await run('one', { workers: 1 }))).toEqual(essence(whole));
  }, 60_000);

  it('goes on after an interruption in the middle of it', async () => {
    const controller = new AbortController();
    let ends = 0;
    const onEvent = ({ kind }: StudyEvent): void => {
      if (kind === 'trialEnd' && ++ends === 10) controller.abort();
    };
    await expect(run('cut', { workers: 1, signal: controller.signal, onEvent })).rejects.toThrow('stopped with 10 of 14 trials done, all kept');
    const begun: StudyEvent[] = [];
    expect(essence(await run('cut', { spec: null, onEvent: (event) => begun.push(event) }))).toEqual(essence(whole));
    expect(begun[0]).toMatchObject({ kind: 'begin', total: 14, done: 10, workers: 2 });
  }, 60_000);

  it('comes to the same when it is killed in the middle of it', async () => {
    const child = startPlexus('study', 'run', at('small.yaml'), '--out', at('killed'), '--workers', '1');
    const end = finished(child);
    while (logLines(at('killed')) < 9 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await end;
    expect(logLines(at('killed'))).toBeLessThan(14);
    const half = await plexusProcess('study', 'status', at('killed'), '--json');
    expect(JSON.parse(half.out)).toMatchObject({ total: 14, confirm: { graphs: chosenForConfirmation(whole.spec, whole.records), total: 6 } });
    const { status, out, notes } = await plexusProcess('study', 'run', at('killed'), '--json');
    expect(status).toBe(0);
    expect(notes).toContain('8 trials (3 graphs and the baseline, 2 seeds, 2 epochs each), then 6 to confirm, ');
    expect(notes).toContain('confirming with fresh seeds, beside the baseline: ws-flex:');
    expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ trials: 14, failed: 0 });
    expect(essence(readStudy(at('killed')))).toEqual(essence(whole));
    const done = await plexusProcess('study', 'status', at('killed'));
    expect(done.out).toContain('small: 14 of 14 trials complete, 0 failed, 0 to do');
    expect(done.out).toMatch(/^confirmed with 2 fresh seeds, beside the baseline: ws-flex:.*; 6 of 6 trials ended$/m);
  }, 60_000);

  it('chooses again when a trial that had failed is run again; what it does not choose now stays in the log', async () => {
    const { spec, records } = whole;
    const chosen = chosenForConfirmation(spec, records)!;
    const third = spec.graphs.find((graph) => !chosen.includes(graph))!;
    // As if both trials of the best graph had failed, and then the other two were confirmed.
    await run('retried', { spec: parseStudySpec(YAML, 'a.yaml') });
    const log = join(at('retried'), 'trials.ndjson');
    const failing = readStudy(at('retried')).records.flatMap((record): TrialRecord[] => {
      if (isConfirming(spec, record)) return [];
      const { graph, index, role, seed } = record;
      return [graph === chosen[0] ? { index, role, graph, seed, status: 'failed', reason: 'made up', facts: null, epochs: [], seconds: 1 } : record];
    });
    writeFileSync(log, failing.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const study = await run('retried', { spec: null });
    expect(confirmationOf(spec, study.records)).toEqual({ graphs: [chosen[1], third], total: 6, ended: 6, superseded: 0 });
    const again = await run('retried', { spec: null, retryFailed: true });
    expect(confirmationOf(spec, again.records)).toEqual({ graphs: chosen, total: 6, ended: 6, superseded: 2 });
    expect(again.records.filter(({ graph, seed }) => graph === third && seed > 2)).toHaveLength(2);
    const wanted = new Set([spec.baseline, ...chosen]);
    expect(again.records.filter((record) => !isConfirming(spec, record) || wanted.has(record.graph)).map((record) => ({ ...record, seconds: 0 }))).toEqual(essence(whole));
    expect(summarise({ spec, records: again.records, dataIdentity: 'x' }).trials).toMatchObject({ total: 16, complete: 16, pending: 0 });
  }, 60_000);
});

describe('a search that confirms', () => {
  const SEARCH = SMALL_STUDY.replace('seeds: 2', 'seeds: 3\nsearch: {trainings: 4, baseline: 1, together: 2}');

  it('trains what it recommends and the baseline with fresh seeds, beyond the budget and unseen by the policy', async () => {
    const root = mkdtempSync(join(tmpdir(), 'plexus-confirm-search-'));
    try {
      const [plain, study] = await Promise.all(['', 'confirm: 2\n'].map((tail, at) => runStudy({ directory: join(root, String(at)), spec: parse(tail, SEARCH), data: { env: {} }, workers: 1 })));
      const { spec, records } = study;
      const outcome = study.search()!;
      expect(outcome).toEqual(plain.search());
      const fresh = records.filter((record) => isConfirming(spec, record));
      expect(new Set(fresh.map(({ graph, seed }) => `${graph} ${seed}`))).toEqual(new Set([4, 5].flatMap((seed) => [spec.baseline, outcome.recommended!.graph].map((graph) => `${graph} ${seed}`))));
      expect(records.length).toBe(plain.records.length + 4);
      expect(chosenForConfirmation(spec, records, outcome)).toEqual([outcome.recommended!.graph]);
      const { trials, baseline } = summarise({ spec, records, dataIdentity: 'x', search: outcome });
      expect(trials).toMatchObject({ total: records.length, pending: 0 });
      expect(baseline!.errors).toHaveLength(1);
      const early = records.filter((record) => !isConfirming(spec, record));
      expect(summarise({ spec, records: early, dataIdentity: 'x', search: outcome }).trials).toMatchObject({ total: records.length, pending: 4 });
    } finally {
      rmSync(root, { recursive: true });
    }
  }, 60_000);
});
