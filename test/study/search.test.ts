import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { agendaOf } from '../../src/study/agenda.js';
import { continued } from '../../src/study/work.js';
import {
  beginStudy,
  parseStudySpec,
  readStudy,
  runStudy,
  type RunStudyOptions,
  type Study,
  type StudyEvent,
  workStudy,
} from '../../src/public/study.js';
import { finished, logLines, plexusProcess, startPlexus } from './small-study.js';
import { LONG } from '../long.js';

const YAML = `plexus: 1
name: small-search
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=8
graphs: ["ws-flex:n=8,k=4,p=0,seed=1", "ws-flex:n=8,k=4,p=0.5,seed=1", "ws-flex:n=8,k=2,p=0.5,seed=1", "ws-flex:n=8,k=5,p=0.5,seed=2", "ws-flex:n=8,k=6,p=0.3,seed=1", "empty:n=8"]
seeds: 3
search: {trainings: 4, baseline: 1, together: 4, halving: {first: 1, factor: 2}}
width: 32
train: {epochs: 4, batch: 32, learningRate: 0.05}
`;

let root: string;
let spec: string;
let whole: Study;

const at = (name: string): string => join(root, name);

function run(name: string, options: Partial<RunStudyOptions> = {}): Promise<Study> {
  return runStudy({
    directory: at(name),
    spec: parseStudySpec(YAML, spec),
    data: { env: {} },
    workers: 2,
    ...options,
  });
}

/** What must not depend on how a search was run. */
const essence = ({ records, search }: Study): unknown => ({
  records: records.map((record) => ({ ...record, seconds: 0 })),
  search: search(),
});

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-search-'));
  spec = at('search.yaml');
  writeFileSync(spec, YAML);
  whole = await run('whole');
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('a study that searches', () => {
  it(
    'spends its budget in epochs, stops trainings at their rungs, and trains the baseline ' +
      'beside it',
    () => {
      const outcome = whole.search()!;
      expect(outcome).toMatchObject({ candidates: 5, unconnected: 1, ended: true });
      const graphs = whole.records.filter(({ role }) => role === 'graph');
      const epochs = graphs.reduce((sum, record) => sum + record.epochs.length, 0);
      expect(outcome.spent * 4).toBe(epochs);
      expect(epochs).toBeLessThanOrEqual(16);
      expect(new Set(graphs.map(({ status }) => status))).toEqual(new Set(['complete', 'stopped']));
      for (const record of graphs)
        expect(record.epochs.length).toBe(
          record.status === 'complete'
            ? 4
            : outcome.trainings.find(
                ({ graph, seed }) => graph === record.graph && seed === record.seed,
              )!.epochs,
        );
      expect(graphs.some(({ graph }) => graph.startsWith('empty'))).toBe(false);
      expect(
        whole.records
          .filter(({ role }) => role === 'baseline')
          .map(({ status, seed }) => [status, seed]),
      ).toEqual([['complete', 1]]);
      expect(
        graphs.filter(({ status }) => status === 'complete').map(({ graph }) => graph),
      ).toContain(outcome.recommended!.graph);
      expect(existsSync(join(at('whole'), 'checkpoints'))).toBe(false);
    },
  );

  it('reads back as it ended', () => {
    expect(essence(readStudy(at('whole')))).toEqual(essence(whole));
  });

  it('comes to the same by processes that share its directory', async () => {
    await beginStudy({
      directory: at('shared'),
      spec: parseStudySpec(YAML, spec),
      data: { env: {} },
    });
    const work = () =>
      workStudy({ directory: at('shared'), data: { env: {} }, workers: 1, look: 0.05 });
    await Promise.all([work(), work()]);
    expect(essence(readStudy(at('shared')))).toEqual(essence(whole));
    expect(readdirSync(at('shared')).sort()).toEqual(['log', 'study.json', 'study.yaml']);
  }, 60_000);

  it('does not depend on the number of workers', async () => {
    expect(essence(await run('one', { workers: 1 }))).toEqual(essence(whole));
  }, 60_000);

  it(
    'goes on after an interruption as if there had been none, from checkpoints of stopped ' +
      'trainings too',
    async () => {
      const controller = new AbortController();
      let ends = 0;
      const onEvent = ({ kind }: StudyEvent): void => {
        if (kind === 'trialEnd' && ++ends === 6) controller.abort();
      };
      await expect(run('cut', { signal: controller.signal, onEvent })).rejects.toThrow(
        'plexus study run',
      );
      expect(readdirSync(join(at('cut'), 'checkpoints')).length).toBeGreaterThan(0);
      const half = readStudy(at('cut')).search()!;
      expect(half.ended).toBe(false);
      const resumed: number[] = [];
      const study = await run('cut', {
        spec: null,
        onEvent: (event) => event.kind === 'resumed' && resumed.push(event.fraction),
      });
      expect(resumed.length).toBeGreaterThan(0);
      expect(essence(study)).toEqual(essence(whole));
    },
    60_000,
  );

  it('waits for the baseline before it decides, in whatever order trainings ended', () => {
    const agenda = (): ReturnType<typeof agendaOf> =>
      agendaOf(whole.spec, whole.trials, { graphOf: parseGraphSpec });
    expect(whole.spec.search).toMatchObject({ paired: true });
    const graphs = whole.records.filter(({ role }) => role === 'graph');
    const waiting = agenda().next(graphs);
    expect(waiting.jobs.map(({ trial }) => trial.role)).toEqual(['baseline']);
    expect(agenda().outcome(graphs)).toMatchObject({ ended: false, spent: 0, recommended: null });
    expect(agenda().outcome([...graphs, ...whole.records])).toEqual(whole.search());
  });

  it(
    'goes on as it was begun where that was without pairing, also by the spec that begins ' +
      'paired ones now',
    async () => {
      const plain = parseStudySpec(
        YAML.replace('trainings: 4,', 'trainings: 4, paired: false,'),
        spec,
      );
      const begun = await run('plain', { spec: plain, workers: 1 });
      expect(begun.spec.search).not.toHaveProperty('paired');
      const again = await run('plain');
      expect(again.spec).toEqual(begun.spec);
      expect(essence(again)).toEqual(essence(begun));
      await expect(
        run('plain', {
          spec: parseStudySpec(YAML.replace('trainings: 4,', 'trainings: 4, paired: true,'), spec),
        }),
      ).rejects.toThrow('search.paired');
      await expect(run('whole', { spec: plain })).rejects.toThrow('search.paired');
      expect(essence(await run('whole'))).toEqual(essence(whole));
    },
    60_000,
  );

  it('comes to the same when the checkpoints are lost', async () => {
    const controller = new AbortController();
    let ends = 0;
    const onEvent = ({ kind }: StudyEvent): void => {
      if (kind === 'trialEnd' && ++ends === 6) controller.abort();
    };
    await expect(run('lost', { signal: controller.signal, onEvent })).rejects.toThrow(
      'plexus study run',
    );
    rmSync(join(at('lost'), 'checkpoints'), { recursive: true });
    expect(essence(await run('lost', { spec: null, workers: 1 }))).toEqual(essence(whole));
  }, 60_000);

  const killed = { timeout: 60_000, tags: ['long'] };
  it.runIf(LONG)('comes to the same when it is killed', killed, async () => {
    const child = startPlexus('search', spec, '--out', at('killed'));
    const end = finished(child);
    while (logLines(at('killed')) < 4 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await end;
    const { status, out } = await plexusProcess('search', at('killed'), '--json');
    expect(status).toBe(0);
    expect(essence(readStudy(at('killed')))).toEqual(essence(whole));
    const { recommended } = whole.search()!;
    expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({
      search: { trainings: 4, ended: true },
      recommended: { spec: recommended!.graph, error: recommended!.mean },
    });
  });

  it(
    'ends with the trainings that are left when a graph cannot be trained, and tries it ' +
      'again when asked',
    async () => {
      // A worm that is not there fails in its worker; here the log says so.
      cpSync(at('whole'), at('failing'), { recursive: true });
      const log = join(at('failing'), 'trials.ndjson');
      const [first, ...rest] = readFileSync(log, 'utf8')
        .trimEnd()
        .split('\n')
        // Without its checksum a line counts as one of an earlier version.
        .map((line) => JSON.parse(line.replace(/,"crc32":"\w+"/, '')) as Study['records'][number])
        .filter(({ role }) => role === 'graph');
      writeFileSync(
        log,
        `${JSON.stringify({ ...first, status: 'failed', reason: 'made up', epochs: [] })}\n`,
      );
      const study = await run('failing', { spec: null, workers: 1 });
      expect(
        study
          .search()!
          .trainings.find(({ graph, seed }) => graph === first.graph && seed === first.seed),
      ).toMatchObject({ outcome: 'failed', error: null });
      expect(study.search()!.ended).toBe(true);
      expect(rest.length).toBeGreaterThan(0);
      const again = await run('failing', { spec: null, workers: 1, retryFailed: true });
      expect(again.search()).toEqual(whole.search());
      // What was trained on the way there stays in the log.
      expect(again.records.length).toBeGreaterThanOrEqual(whole.records.length);
    },
    60_000,
  );
});

describe('a trial that goes on', () => {
  it('keeps the epochs that a search decided by when it fails before it has them again', () => {
    const stopped = whole.records.find(
      ({ status, epochs }) => status === 'stopped' && epochs.length > 1,
    )!;
    const failed = {
      ...stopped,
      status: 'failed',
      reason: 'the worker died',
      facts: null,
      epochs: [],
    } as const;
    expect(continued(failed, stopped)).toEqual({
      ...failed,
      facts: stopped.facts,
      epochs: stopped.epochs,
    });
    const later = { ...failed, epochs: [...stopped.epochs, { ...stopped.epochs[0], epoch: 3 }] };
    expect(continued(later, stopped)).toBe(later);
    expect(continued(failed, undefined)).toBe(failed);
    expect(continued(stopped, stopped)).toBe(stopped);
    // So the log says the same of earlier rungs as was known then: only the failed training is
    // missing.
    const records = whole.records.map((record) =>
      record === stopped
        ? continued(failed, { ...stopped, epochs: stopped.epochs.slice(0, 1) })
        : record,
    );
    const { trainings } = agendaOf(whole.spec, whole.trials, { graphOf: parseGraphSpec }).outcome(
      records,
    )!;
    const first = (made: typeof trainings): unknown =>
      made.filter(({ bracket }) => bracket === 0).map(({ graph, seed }) => [graph, seed]);
    expect(first(trainings)).toEqual(first(whole.search()!.trainings));
    expect(
      trainings.find(({ graph, seed }) => graph === stopped.graph && seed === stopped.seed),
    ).toMatchObject({ outcome: 'failed', epochs: 2 });
  });
});

describe('the summary of a search', () => {
  it('counts what was begun, and shows only graphs that were tried', () => {
    const summary = summarise({
      spec: whole.spec,
      records: whole.records,
      dataIdentity: whole.state.data,
      search: whole.search(),
    });
    const { trials, graphs } = summary;
    expect(trials.total).toBe(whole.records.length);
    expect(trials.complete + trials.stopped + trials.failed).toBe(trials.total);
    expect(trials.pending).toBe(0);
    expect(graphs.length).toBe(
      new Set(whole.records.filter(({ role }) => role === 'graph').map(({ graph }) => graph)).size,
    );
    expect(graphs.every(({ failed }) => failed === 0)).toBe(true);
  });
});
