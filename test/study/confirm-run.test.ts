import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarise, tablesOf } from '../../src/analysis/index.js';
import {
  chosenForConfirmation,
  confirmationProgress,
  isConfirming,
  parseStudySpec,
  readStudy,
  runStudy,
  type RunStudyOptions,
  type Study,
  type StudyEvent,
  type StudySpec,
  type TrialRecord,
} from '../../src/public/study.js';
import { finished, logLines, plexusProcess, SMALL_STUDY, startPlexus } from './small-study.js';
import { LONG } from '../long.js';

const SMALL = SMALL_STUDY.replace('epochs: 2', 'epochs: 1');
const YAML = `${SMALL}confirm: {seeds: 2, graphs: 2}\n`;
const parse = (tail: string, text = SMALL): StudySpec => parseStudySpec(`${text}${tail}`, 'a.yaml');

describe('a study that confirms', () => {
  let root: string;
  let whole: Study;
  const events: StudyEvent[] = [];
  const at = (name: string): string => join(root, name);
  const run = (name: string, options: Partial<RunStudyOptions> = {}): Promise<Study> =>
    runStudy({
      directory: at(name),
      spec: parseStudySpec(YAML, 'a.yaml'),
      data: { env: {} },
      workers: 2,
      ...options,
    });
  /** What must not depend on how the study was run. */
  const essence = ({ records }: Study): unknown =>
    records.map((record) => ({ ...record, seconds: 0 }));

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'plexus-confirm-'));
    writeFileSync(at('small.yaml'), YAML);
    whole = await run('whole', { onEvent: (event) => events.push(event) });
  }, 180_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('trains the best two graphs and the baseline with fresh seeds, after all others', () => {
    const { records, spec } = whole;
    const chosen = chosenForConfirmation(spec, records)!;
    expect(chosen).toHaveLength(2);
    expect(records.filter((record) => !isConfirming(spec, record))).toHaveLength(8);
    const fresh = records.filter((record) => isConfirming(spec, record));
    expect(new Set(fresh.map(({ graph, seed }) => `${graph} ${seed}`))).toEqual(
      new Set(
        [3, 4].flatMap((seed) => [spec.baseline, ...chosen].map((graph) => `${graph} ${seed}`)),
      ),
    );
    const order = readFileSync(whole.paths.log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => isConfirming(spec, JSON.parse(line) as TrialRecord));
    expect(order).toEqual([
      ...Array.from({ length: 8 }, () => false),
      ...Array.from({ length: 6 }, () => true),
    ]);
    expect(events.filter(({ kind }) => kind === 'begin')).toMatchObject([{ total: 14, done: 0 }]);
    expect(events.filter(({ kind }) => kind === 'confirming')).toEqual([
      { kind: 'confirming', graphs: chosen, total: 14, done: 8 },
    ]);
  });

  it('leaves the means, cells and curves of its own seeds as they are without it', async () => {
    const plain = await runStudy({
      directory: at('plain'),
      spec: parse(''),
      data: { env: {} },
      workers: 1,
    });
    // All but the counts, and what the fresh seeds say.
    const summaryOf = ({ spec, records }: Study): Partial<ReturnType<typeof summarise>> => {
      const {
        trials: _,
        confirmation: __,
        verdict: ___,
        caveats: ____,
        sweetSpot: { called: _____, ...sweetSpot },
        ...rest
      } = summarise({ spec, records, dataIdentity: 'x' });
      return { ...rest, sweetSpot: { ...sweetSpot, called: false } };
    };
    expect(summaryOf(whole)).toEqual(summaryOf(plain));
    expect(tablesOf(whole)).toEqual(tablesOf(plain));
    expect(whole.records.slice(0, 8).map((record) => ({ ...record, seconds: 0 }))).toEqual(
      essence(plain),
    );
  }, 180_000);

  it('does not depend on the number of workers', async () => {
    expect(essence(await run('one', { workers: 1 }))).toEqual(essence(whole));
  }, 180_000);

  it('goes on after an interruption in the middle of it', async () => {
    const controller = new AbortController();
    let ends = 0;
    const onEvent = ({ kind }: StudyEvent): void => {
      if (kind === 'trialEnd' && ++ends === 10) controller.abort();
    };
    await expect(run('cut', { workers: 1, signal: controller.signal, onEvent })).rejects.toThrow(
      'stopped with 10 of 14 trials done, all kept',
    );
    const begun: StudyEvent[] = [];
    expect(
      essence(await run('cut', { spec: null, onEvent: (event) => begun.push(event) })),
    ).toEqual(essence(whole));
    expect(begun[0]).toMatchObject({ kind: 'begin', total: 14, done: 10, workers: 2 });
  }, 180_000);

  const killed = { timeout: 180_000, tags: ['long'] };
  it.runIf(LONG)('comes to the same when it is killed in the middle of it', killed, async () => {
    const child = startPlexus(
      'study',
      'run',
      at('small.yaml'),
      '--out',
      at('killed'),
      '--workers',
      '1',
    );
    const end = finished(child);
    while (logLines(at('killed')) < 9 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await end;
    expect(logLines(at('killed'))).toBeLessThan(14);
    const half = await plexusProcess('study', 'status', at('killed'), '--json');
    expect(JSON.parse(half.out)).toMatchObject({
      total: 14,
      confirm: { graphs: chosenForConfirmation(whole.spec, whole.records), total: 6 },
    });
    const { status, out, notes } = await plexusProcess('study', 'run', at('killed'), '--json');
    expect(status).toBe(0);
    expect(notes).toContain(
      '8 trials (3 graphs and the baseline, 2 seeds, 1 epochs each), then 6 to confirm, ',
    );
    expect(notes).toContain('confirming with fresh seeds, beside the baseline: ws-flex:');
    expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ trials: 14, failed: 0 });
    expect(essence(readStudy(at('killed')))).toEqual(essence(whole));
    const done = await plexusProcess('study', 'status', at('killed'));
    expect(done.out).toContain('small: 14 of 14 trials complete, 0 failed, 0 to do');
    expect(done.out).toMatch(
      /^confirmed with 2 fresh seeds, beside the baseline: ws-flex:.*; 6 of 6 trials ended$/m,
    );
  });

  it('chooses again when failed trials are run again; what it chose before stays in the log', async () => {
    const { spec, records } = whole;
    const chosen = chosenForConfirmation(spec, records)!;
    const third = spec.graphs.find((graph) => !chosen.includes(graph))!;
    // As if both trials of the best graph had failed, and then the other two were confirmed.
    cpSync(at('whole'), at('retried'), { recursive: true });
    const log = join(at('retried'), 'trials.ndjson');
    const failing = readStudy(at('retried')).records.flatMap((record): TrialRecord[] => {
      if (isConfirming(spec, record)) return [];
      const { graph, index, role, seed } = record;
      return [
        graph === chosen[0]
          ? {
              index,
              role,
              graph,
              seed,
              status: 'failed',
              reason: 'made up',
              facts: null,
              epochs: [],
              seconds: 1,
            }
          : record,
      ];
    });
    writeFileSync(log, failing.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const study = await run('retried', { spec: null, workers: 1 });
    expect(confirmationProgress(spec, study.records)).toEqual({
      graphs: [chosen[1], third],
      total: 6,
      ended: 6,
      superseded: 0,
    });
    const again = await run('retried', { spec: null, workers: 1, retryFailed: true });
    expect(confirmationProgress(spec, again.records)).toEqual({
      graphs: chosen,
      total: 6,
      ended: 6,
      superseded: 2,
    });
    expect(again.records.filter(({ graph, seed }) => graph === third && seed > 2)).toHaveLength(2);
    const wanted = new Set([spec.baseline, ...chosen]);
    expect(
      again.records
        .filter((record) => !isConfirming(spec, record) || wanted.has(record.graph))
        .map((record) => ({ ...record, seconds: 0 })),
    ).toEqual(essence(whole));
    expect(summarise({ spec, records: again.records, dataIdentity: 'x' }).trials).toMatchObject({
      total: 16,
      complete: 16,
      pending: 0,
    });
  }, 180_000);
});

describe('a search that confirms', () => {
  const SEARCH = SMALL.replace(
    'seeds: 2',
    'seeds: 3\nsearch: {trainings: 4, baseline: 1, together: 2}',
  );

  it('trains what it recommends with fresh seeds, beyond the budget and unseen by the policy', async () => {
    const root = mkdtempSync(join(tmpdir(), 'plexus-confirm-search-'));
    try {
      const [plain, study] = await Promise.all(
        ['', 'confirm: 2\n'].map((tail, at) =>
          runStudy({
            directory: join(root, String(at)),
            spec: parse(tail, SEARCH),
            data: { env: {} },
            workers: 1,
          }),
        ),
      );
      const { spec, records } = study;
      const outcome = study.search()!;
      expect(outcome).toEqual(plain.search());
      const fresh = records.filter((record) => isConfirming(spec, record));
      expect(new Set(fresh.map(({ graph, seed }) => `${graph} ${seed}`))).toEqual(
        new Set(
          [4, 5].flatMap((seed) =>
            [spec.baseline, outcome.recommended!.graph].map((graph) => `${graph} ${seed}`),
          ),
        ),
      );
      expect(records.length).toBe(plain.records.length + 4);
      expect(chosenForConfirmation(spec, records, outcome)).toEqual([outcome.recommended!.graph]);
      const { trials, baseline } = summarise({ spec, records, dataIdentity: 'x', search: outcome });
      expect(trials).toMatchObject({ total: records.length, pending: 0 });
      expect(baseline!.errors).toHaveLength(1);
      const early = records.filter((record) => !isConfirming(spec, record));
      expect(
        summarise({ spec, records: early, dataIdentity: 'x', search: outcome }).trials,
      ).toMatchObject({
        total: records.length,
        pending: 4,
      });
    } finally {
      rmSync(root, { recursive: true });
    }
  }, 180_000);
});
