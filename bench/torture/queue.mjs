// What a real Slurm does to workers: tasks preempted by a second partition, time limits in the middle
// of trainings, arrays cancelled and submitted again, arrays of more tasks than one job may have. The
// study of each ends as the run that nobody disturbed. Needs sbatch, and a partition whose jobs
// preempt those of the others (PLEXUS_URGENT, by default "urgent").
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginStudy, parseStudySpec, readStudy } from '../../dist/public/study.js';
import { ended, start, startStudy } from './study.mjs';

const URGENT = process.env.PLEXUS_URGENT ?? 'urgent';

const specOf = (name, { seeds, epochs, train }) => `plexus: 1
name: ${name}
data: {name: shapes, size: 16, train: ${train}, test: 50}
baseline: complete:n=8
graphs:
  - ws-flex:n=8,k=4,p=0.5,seed=1
seeds: ${seeds}
width: 32
train: {epochs: ${epochs}, batch: 32, learningRate: 0.05}
`;

const slurm = (command, ...words) => execFileSync(command, words).toString().trim();
const queue = (name) =>
  slurm('squeue', '-h', '-r', '-n', `plexus-${name}`, '-o', '%i %T').split('\n').filter(Boolean);

/** One fault of Slurm after another; `count` is how often the first and the third strike. */
const FAULTS = {
  preempted: {
    study: { seeds: 100, epochs: 40, train: 128 },
    // All processors of three nodes of two.
    submit: ['--tasks', '6', '--cpus', '1', '--time', '10m'],
    pause: 4000,
    strike: () =>
      slurm('sbatch', '-p', URGENT, '--exclusive', '-o', '/dev/null', '--wrap', 'sleep 1'),
  },
  limited: {
    study: { seeds: 1, epochs: Number(process.env.PLEXUS_EPOCHS ?? 2500), train: 640 },
    submit: ['--tasks', '2', '--cpus', '1', '--time', '2m'],
    pause: 4000,
  },
  cancelled: {
    study: { seeds: 100, epochs: 40, train: 128 },
    submit: ['--tasks', '6', '--cpus', '1', '--time', '10m'],
    pause: 3000,
    strike: (name) => slurm('scancel', '-n', `plexus-${name}`),
    again: true,
  },
  wide: {
    study: { seeds: 20, epochs: 1, train: 128 },
    submit: ['--tasks', '1101', '--cpus', '1', '--time', '10m'],
    pause: 5000,
    toTheEnd: true,
  },
};

function restarts(id) {
  try {
    return Number(/Restarts=(\d+)/.exec(slurm('scontrol', 'show', 'job', id))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const recordsOf = (out) =>
  JSON.stringify(readStudy(out).records.map((record) => ({ ...record, seconds: 0 })));

/** Whether trials of a study are left. */
function open(out) {
  const { records, trials } = readStudy(out);
  return records.length < trials.length;
}

/**
 * @param directory an empty one, on a file system that the nodes see
 * @param count times that tasks are preempted or cancelled, each
 */
export async function queueFaults({ directory, count, random, say }) {
  const results = {};
  const asked = (process.env.PLEXUS_FAULTS ?? Object.keys(FAULTS).join(' ')).split(' ');
  for (const name of asked) {
    results[name] = await suffer(name, FAULTS[name], { directory, count, random });
    say(`${name}: ${JSON.stringify(results[name])}`);
  }
  return results;
}

async function suffer(name, fault, { directory, count, random }) {
  // Where it is a short form, a short study.
  const seeds = count < 5 ? Math.min(fault.study.seeds, 30) : fault.study.seeds;
  const text = specOf(name, { ...fault.study, seeds });
  const spec = join(directory, `${name}.yaml`);
  writeFileSync(spec, text);
  const whole = join(directory, `${name}-serial`);
  const serial = await ended(startStudy(spec, whole));
  if (serial.status !== 0) throw new Error(`the unbroken run failed: ${serial.notes}`);
  const out = join(directory, `${name}-slurm`);
  await beginStudy({ directory: out, spec: parseStudySpec(text, spec), data: { env: {} } });
  const submit = async () => {
    const { status, notes } = await ended(
      start('study', 'submit', out, '--slurm', ...fault.submit),
    );
    if (status !== 0) throw new Error(notes);
  };
  await submit();
  let [strikes, requeued] = [0, 0];
  const tasks = queue(name).length;
  for (;;) {
    const waiting = queue(name);
    requeued = Math.max(
      requeued,
      waiting.reduce((sum, line) => sum + restarts(line.split(' ')[0]), 0),
    );
    if (!open(out) && !(fault.toTheEnd && waiting.length > 0)) break;
    await sleep(fault.pause * (0.5 + random()));
    if (fault.strike && strikes < count) {
      fault.strike(name);
      strikes += 1;
    }
    if (open(out) && queue(name).length === 0) await submit();
  }
  if (queue(name).length > 0) slurm('scancel', '-n', `plexus-${name}`);
  const { shared, trials } = readStudy(out);
  return {
    trials: trials.length,
    tasks,
    strikes,
    requeued,
    lost: recordsOf(out) === recordsOf(whole) ? 0 : 1,
    wrong: shared.news.conflicts().length + shared.damaged.length,
  };
}
