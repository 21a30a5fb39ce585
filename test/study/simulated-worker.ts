import type { StudyPlan } from '../../src/runner/plan.js';
import { StudyWorker } from '../../src/runner/worker.js';
import { claimsOf } from '../../src/store/claims.js';
import { joinLogs } from '../../src/store/compact.js';
import { studyPaths } from '../../src/store/paths.js';
import type { SharedFiles } from '../../src/store/shared-files.js';
import { sharedLogReader, workerLog } from '../../src/store/shared-log.js';
import { parseStudySpec } from '../../src/store/spec-file.js';
import { StudyNews } from '../../src/store/worker-log.js';
import { trialsOf } from '../../src/study/trials.js';
import type { StudySpec, Trial, TrialRecord } from '../../src/study/types.js';
import type { StoreSimulator } from './store-simulator.js';

/** A study of three graphs with so many seeds. */
export function simulatedSpec(seeds: number): StudySpec {
  return parseStudySpec(
    `plexus: 1
name: simulated
data: {name: shapes}
baseline: complete:n=8
graphs: ["ws-flex:n=8,k=4,p=0,seed=1", "ws-flex:n=8,k=4,p=0.5,seed=1"]
seeds: ${seeds}
train: {epochs: 1}
`,
    'simulated.yaml',
  );
}

const paths = studyPaths('/nowhere/at/all');

/** How a worker lives in the simulator. */
export interface SimulatedLife {
  readonly store: StoreSimulator;
  /** What it does with the directory. */
  readonly files: SharedFiles;
  readonly me: string;
  readonly lease: number;
  readonly spec: StudySpec;
  /** Called for every trial that it trained, before it is recorded. */
  readonly onTrained: (trial: number) => void;
}

/** What training a trial gives, whoever does it; but for the seconds. */
export function recordOf({ index, role, graph, seed }: Trial, seconds: number): TrialRecord {
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
export async function live({
  store,
  files,
  me,
  lease,
  spec,
  onTrained,
}: SimulatedLife): Promise<void> {
  const trials = trialsOf(spec);
  const plan = {
    spec,
    paths,
    dataset: { identity: 'simulated' },
    backend: { info: { name: 'cpu' } },
  } as unknown as StudyPlan;
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
      onTrained(job.trial.index);
      await worker.keep(recordOf(job.trial, store.random.uniform()));
    }
  await claims.leave();
}
