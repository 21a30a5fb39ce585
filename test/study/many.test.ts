import { describe, expect, it } from 'vitest';
import type { StudyPlan } from '../../src/runner/plan.js';
import { StudyWorker } from '../../src/runner/worker.js';
import { claimsOf } from '../../src/store/claims.js';
import { joinLogs } from '../../src/store/compact.js';
import { studyPaths } from '../../src/store/paths.js';
import { parseStudySpec } from '../../src/store/spec-file.js';
import { sharedLogReader, workerLog } from '../../src/store/shared-log.js';
import { StudyNews } from '../../src/store/worker-log.js';
import { trialsOf } from '../../src/study/trials.js';
import type { Trial, TrialRecord } from '../../src/study/types.js';
import { LONG } from '../long.js';
import { type Mishaps, StoreSimulator } from './store-simulator.js';

/** `PLEXUS_SCHEDULES=10000` is what docs/clusters.md tells of. */
const SCHEDULES = Number(process.env['PLEXUS_SCHEDULES'] ?? (LONG ? 1000 : 30));
const CLIENTS = 3;

const spec = parseStudySpec(
  `plexus: 1
name: simulated
data: {name: shapes}
baseline: complete:n=8
graphs: ["ws-flex:n=8,k=4,p=0,seed=1", "ws-flex:n=8,k=4,p=0.5,seed=1"]
seeds: 3
train: {epochs: 1}
`,
  'simulated.yaml',
);
const trials = trialsOf(spec);
const paths = studyPaths('/nowhere/at/all');
const plan = {
  spec,
  paths,
  dataset: { identity: 'simulated' },
  backend: { info: { name: 'cpu' } },
} as unknown as StudyPlan;

/** What training a trial gives, whoever does it; but for the seconds. */
function recordOf({ index, role, graph, seed }: Trial, seconds: number): TrialRecord {
  const facts = {
    nodes: 8,
    edges: 16,
    clustering: 0.5,
    pathLength: 1.4,
    widths: [32],
    macs: 1000,
    params: 100,
  };
  return {
    index,
    role,
    graph,
    seed,
    status: 'complete',
    facts,
    epochs: [],
    error: 10 + index / 7,
    seconds,
  };
}

/** The life of one worker process. */
async function live(
  store: StoreSimulator,
  me: string,
  lease: number,
  trained: number[],
): Promise<void> {
  const files = store.client(me);
  const news = new StudyNews(trials, 'float32', []);
  const claims = claimsOf(files, { me, lease, about: me });
  const reader = sharedLogReader(files, news);
  const log = workerLog(files, me, news, () => 'then');
  await reader.refresh();
  await claims.bury();
  await joinLogs(files, me);
  await log.write({
    kind: 'begin',
    host: me,
    pid: 1,
    plexus: '0',
    backend: 'cpu',
    workers: 1,
  });
  const worker = new StudyWorker({
    plan,
    study: { spec, trials, paths },
    claims,
    reader,
    log,
    host: me,
    seconds: Infinity,
    left: () => Infinity,
    pause: () => store.pass(me),
    signal: new AbortController().signal,
    note: () => undefined,
  });
  for (let jobs = await worker.open(); jobs.length > 0; jobs = await worker.open())
    for (const job of jobs) {
      if (!(await worker.take(job))) continue;
      for (let moment = 0; moment < 4; moment++) {
        await store.pass(me);
        await claims.beat();
      }
      trained.push(job.trial.index);
      await worker.keep(recordOf(job.trial, store.random.uniform()));
    }
  await claims.leave();
}

/** Runs a study with a seed's mishaps to its end, and gives what is then in its logs. */
async function simulate(
  seed: number,
  mishaps: Mishaps,
  lease = 20,
): Promise<{ readonly news: StudyNews; readonly trained: number; readonly files: number }> {
  const store = new StoreSimulator(seed, mishaps);
  const trained: number[] = [];
  let [started, ended] = [0, 0];
  const alive = new Set<string>();
  const start = (): void => {
    const me = `w${started}`;
    started += 1;
    alive.add(me);
    void live(store, me, lease, trained).then(() => {
      alive.delete(me);
      ended += 1;
    });
  };
  for (let i = 0; i < CLIENTS; i++) start();
  while (alive.size > 0) {
    await settled();
    if (!store.step()) break;
    for (const me of alive)
      if (store.isDead(me)) {
        alive.delete(me);
        // A scheduler starts another one.
        start();
      }
    expect(store.steps, `seed ${seed} comes to an end`).toBeLessThan(60_000);
  }
  expect(ended, `seed ${seed}`).toBeGreaterThan(0);
  const news = new StudyNews(trials, 'float32', []);
  const reader = sharedLogReader(stepping(store), news);
  await reader.refresh();
  expect(reader.damaged, `seed ${seed}`).toEqual([]);
  return { news, trained: trained.length, files: (await stepping(store).list('log')).length };
}

/** Lets what was awaited go on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}

/** The store as a reader sees it who comes when all is over. */
function stepping(store: StoreSimulator): ReturnType<StoreSimulator['client']> {
  store.calm();
  const files = store.client('reader');
  const now = <T>(work: Promise<T>): Promise<T> => {
    while (store.step());
    return work;
  };
  return {
    ...files,
    list: (folder) => now(files.list(folder)),
    read: (p, f) => now(files.read(p, f)),
  };
}

describe('workers at one study, in simulated schedules', () => {
  const mishaps: Mishaps = { crash: 0.004, pause: 0.01, jump: 0.004, lag: 30 };

  it(
    'lose nothing and tell nothing twice, whatever crashes, stands still, comes late or jumps',
    { timeout: SCHEDULES > 100 ? 3_600_000 : 60_000, tags: ['long'] },
    async () => {
      let [trainings, most] = [0, 0];
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const { news, trained, files } = await simulate(seed, mishaps);
        expect(
          news.records.map((record) => ({ ...record, seconds: 0 })),
          `seed ${seed}`,
        ).toEqual(trials.map((trial) => recordOf(trial, 0)));
        expect(news.conflicts(), `seed ${seed}`).toEqual([]);
        trainings += trained;
        most = Math.max(most, files);
      }
      // Claims save work: few trainings are done twice.
      expect(trainings / (SCHEDULES * trials.length)).toBeLessThan(1.6);
      expect(most).toBeGreaterThan(1);
    },
  );

  it('train every trial once where nothing goes wrong', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { trained } = await simulate(seed, { crash: 0, pause: 0, jump: 0, lag: 0 }, 1000);
      expect(trained, `seed ${seed}`).toBe(trials.length);
    }
  });
});
