import { describe, expect, it } from 'vitest';
import { sharedLogReader } from '../../src/store/shared-log.js';
import { StudyNews } from '../../src/store/worker-log.js';
import { trialsOf } from '../../src/study/trials.js';
import { LONG } from '../long.js';
import { live, recordOf, simulatedSpec } from './simulated-worker.js';
import { type Mishaps, StoreSimulator } from './store-simulator.js';

/** `PLEXUS_SCHEDULES=10000` is what docs/clusters.md tells of. */
const SCHEDULES = Number(process.env['PLEXUS_SCHEDULES'] ?? (LONG ? 1000 : 30));
const CLIENTS = 3;

const spec = simulatedSpec(3);
const trials = trialsOf(spec);

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
    const files = store.client(me);
    const onTrained = (trial: number): number => trained.push(trial);
    void live({ store, files, me, lease, spec, onTrained }).then(() => {
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
