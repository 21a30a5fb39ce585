import { computed, signal } from '@preact/signals';
import { must } from '../../src/core/errors.js';
import { formatGraphSpec, graphSpec } from '../../src/graph/spec.js';
import { endedRecord } from '../../src/study/record.js';
import type { Trial, TrialFacts, TrialRecord } from '../../src/study/types.js';
import type { EpochRecord } from '../../src/train/types.js';
import { cloud } from '../explore/plane-data.js';
import { view } from '../state/store.js';
import { saveFile } from '../ui/files.js';
import type { Order, Report, TrainJob } from './messages.js';
import { spreadOver } from './spread.js';
import type { SweepPlan } from './study-files.js';

/** A graph of the sweep: where it lies, and what came of its training. */
export interface SweepTrial {
  readonly trial: Trial;
  readonly clustering: number;
  readonly pathLength: number;
  readonly state: 'waiting' | 'training' | 'ended';
  readonly record: TrialRecord | null;
}

/** Most trainings at once: a page leaves room for itself. */
const MOST_WORKERS = 4;

export const trials = signal<readonly SweepTrial[]>([]);
export const sweeping = signal(false);
export const sweepFailure = signal<string | null>(null);
/** What the trials on the page are of, so that they are saved as what they are. */
const plan = signal<SweepPlan | null>(null);
let backend: string | null = null;
let workers: Worker[] = [];

/** Graphs spread over the cloud, and the complete one, which each sweep is compared with. */
function planned(): { readonly plan: SweepPlan; readonly trials: readonly SweepTrial[] } | null {
  const { value } = cloud;
  if (value === null) return null;
  const { nodes, clustering, pathLength, k, p, seed } = value;
  const places = Array.from(clustering, (c, at) => ({
    clustering: c,
    pathLength: must(pathLength[at]),
  }));
  const { sweep, arch, images, tests, size, epochs, batch, rate, seed: trainSeed } = view.value;
  const chosen = spreadOver(places, sweep).map((at) => ({
    ...must(places[at]),
    line: formatGraphSpec(
      graphSpec('ws-flex', { n: nodes, k: must(k[at]), p: must(p[at]), seed: must(seed[at]) }),
    ),
  }));
  const baseline = `complete:n=${nodes}`;
  const data = { images, tests, size };
  return {
    plan: {
      arch,
      data,
      baseline,
      graphs: chosen.map(({ line }) => line),
      seed: trainSeed,
      epochs,
      batch,
      rate,
    },
    trials: [{ clustering: 1, pathLength: 1, line: baseline }, ...chosen].map(
      ({ line, ...place }, index) => ({
        ...place,
        trial: {
          index,
          role: index === 0 ? 'baseline' : 'graph',
          graph: line,
          seed: trainSeed,
        },
        state: 'waiting',
        record: null,
      }),
    ),
  };
}

/** Trains what is not trained yet; anew where the settings have changed. */
export function startSweep(): void {
  const next = planned();
  if (next === null) return;
  if (JSON.stringify(plan.value) !== JSON.stringify(next.plan)) {
    plan.value = next.plan;
    trials.value = next.trials;
  }
  sweepFailure.value = null;
  sweeping.value = true;
  const count = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency - 1));
  workers = Array.from({ length: Math.min(count, waiting().length) }, startWorker);
  if (workers.length === 0) sweeping.value = false;
}

/** Stops; what is being trained begins anew when the sweep goes on. */
export function stopSweep(): void {
  for (const worker of workers) worker.terminate();
  workers = [];
  sweeping.value = false;
  trials.value = trials.value.map((each) =>
    each.state === 'training' ? { ...each, state: 'waiting' } : each,
  );
}

function waiting(): readonly SweepTrial[] {
  return trials.value.filter(({ state }) => state === 'waiting');
}

function change(index: number, to: Partial<SweepTrial>): void {
  trials.value = trials.value.map((each) =>
    each.trial.index === index ? { ...each, ...to } : each,
  );
}

function startWorker(): Worker {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
  let current: SweepTrial | null = null;
  let facts: TrialFacts | null = null;
  let epochs: EpochRecord[] = [];
  const order = (message: Order): void => worker.postMessage(message, { transfer: [] });
  const next = (): void => {
    [current] = waiting();
    if (current === undefined || current === null) return end(worker);
    [facts, epochs] = [null, []];
    change(current.trial.index, { state: 'training' });
    order({ kind: 'begin', job: jobOf(must(plan.value ?? undefined), current.trial) });
    order({ kind: 'go', until: 'end' });
  };
  const ended = (record: TrialRecord): void => {
    change(record.index, { state: 'ended', record });
    next();
  };
  worker.addEventListener('message', ({ data: report }: MessageEvent<Report>) => {
    if (current === null) return;
    const { trial } = current;
    if (report.kind === 'ready') [facts, backend] = [report.facts.trial, report.facts.backend];
    else if (report.kind === 'epoch') epochs.push(report.record);
    else if (report.kind === 'failed') {
      const reason = report.message;
      ended({ ...trial, status: 'failed', reason, facts, epochs, seconds: 0 });
    } else if (report.kind === 'done' && facts !== null) {
      const seconds = Math.round(1000 * report.seconds) / 1000;
      ended(endedRecord(trial, facts, epochs, epochs.length, seconds));
    }
  });
  worker.addEventListener('error', ({ message }) => {
    stopSweep();
    sweepFailure.value = message || 'a worker could not be started: is the server still there?';
  });
  next();
  return worker;
}

function end(worker: Worker): void {
  worker.terminate();
  workers = workers.filter((each) => each !== worker);
  if (!trials.value.some(({ state }) => state === 'training')) sweeping.value = false;
}

function jobOf({ arch, data, epochs, batch, rate }: SweepPlan, { graph, seed }: Trial): TrainJob {
  return {
    line: graph,
    graph: null,
    arch: arch as TrainJob['arch'],
    data,
    epochs,
    batch,
    rate,
    seed,
    watched: false,
  };
}

/** Trials that came to their end. */
export const records = computed(() =>
  trials.value.flatMap(({ record }) => (record === null ? [] : [record])),
);

/** Saves the sweep as a study's directory, which the command continues. */
export async function saveSweep(): Promise<void> {
  if (plan.value === null || backend === null) return;
  const { sweepArchive, SWEEP_NAME } = await import('./study-files.js');
  const archive = await sweepArchive(plan.value, records.value, backend, PLEXUS_VERSION);
  saveFile(`${SWEEP_NAME}.zip`, archive, 'application/zip');
}
