// Several workers at one study are killed again and again (SIGKILL, at random times) and started anew
// until the study has ended; it then holds the records of a run that nobody disturbed, and no two
// that differ. With sbatch at hand and PLEXUS_SLURM=1 the workers are tasks of Slurm arrays, and
// PLEXUS_CRASH, a command that takes the name of a node, crashes nodes as well. PLEXUS_VIEWS names
// mounts of one folder, PLEXUS_STORE, whose caches show late what was written through another: as
// many workers again work through each of them, as a machine of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginStudy, parseStudySpec, readStudy } from '../../dist/public/study.js';
import { ended, start, startStudy } from './study.mjs';

const GRAPHS = 10;
const WORKERS = 4;
const LEASE = 10;

const graphOf = (i) => `  - ws-flex:n=8,k=${(2.5 + 0.4 * i).toFixed(1)},p=0.5,seed=${i}`;

const specOf = (seeds) => `plexus: 1
name: workers
data: {name: shapes, size: 16, train: 128, test: 50}
baseline: complete:n=8
graphs:
${Array.from({ length: GRAPHS }, (_, i) => graphOf(i)).join('\n')}
seeds: ${seeds}
width: 32
train: {epochs: 1, batch: 32, learningRate: 0.05}
`;

const recordsOf = (out) =>
  JSON.stringify(readStudy(out).records.map((record) => ({ ...record, seconds: 0 })));

/** Hands so many workers to Slurm. */
function submit(out) {
  const tasks = ['--tasks', String(WORKERS), '--memory', '400', '--time', '3m'];
  return ended(start('study', 'submit', out, '--slurm', ...tasks));
}

const slurm = process.env.PLEXUS_SLURM === '1';
const store = process.env.PLEXUS_STORE;
const views = (process.env.PLEXUS_VIEWS ?? '').split(' ').filter(Boolean);

/**
 * @param directory an empty one
 * @param count kills
 */
export async function workers({ directory, count, random, say }) {
  const spec = join(directory, 'workers.yaml');
  // 500 trials at least where it counts.
  const text = specOf(count >= 100 ? 50 : 4);
  writeFileSync(spec, text);
  const whole = join(directory, 'serial');
  const serial = await ended(startStudy(spec, whole));
  if (serial.status !== 0) throw new Error(`the unbroken run failed: ${serial.notes}`);
  const expected = recordsOf(whole);
  const shared = store === undefined ? directory : mkdtempSync(join(store, 'workers-'));
  let [done, crashes, lost, differ, studies] = [0, 0, 0, 0, 0];
  while (done < count) {
    const out = join(shared, `shared-${studies}`);
    studies += 1;
    await beginStudy({
      directory: out,
      spec: parseStudySpec(text, spec),
      data: { env: {} },
    });
    const result = slurm
      ? await bySlurm({ out, count: count - done, random, say })
      : await byHand({ out, count: count - done, random });
    done += result.kills;
    crashes += result.crashes;
    const study = readStudy(out);
    if (recordsOf(out) !== expected) lost += 1;
    differ += study.shared.news.conflicts().length + study.shared.damaged.length;
    say(
      `workers: ${done} of ${count} kills, ${crashes} crashes of nodes, ${studies} studies of ` +
        `${study.trials.length} trials, ${lost} differ`,
    );
  }
  if (shared !== directory) rmSync(shared, { recursive: true });
  return { n: done, crashes, lost, wrong: differ };
}

/** Workers of this machine. */
async function byHand({ out, count, random }) {
  let kills = 0;
  const lane = async (place, host) => {
    for (;;) {
      const words = ['--workers', '1', '--lease', String(LEASE), '--host', host];
      const child = start('study', 'work', place, ...words);
      const end = ended(child);
      if (kills < count) {
        const records = () => readStudy(out).records.length;
        const before = records();
        // At any time, or soon after a record: else a busy machine kills beginnings only.
        if (random() < 0.3) await Promise.race([sleep(random() * 4000), end]);
        else {
          while (child.exitCode === null && records() <= before + 2) await sleep(20);
          await sleep(random() * 300);
        }
        if (kills < count && child.exitCode === null && child.kill('SIGKILL')) kills += 1;
      }
      const { status, signal, notes } = await end;
      if (signal === null && status === 0) return;
      if (signal === null && status !== 85)
        throw new Error(`a worker ended with ${status}: ${notes}`);
    }
  };
  const places = views.map((view) => join(view, basename(join(out, '..')), basename(out)));
  const lanes = (places.length > 0 ? places : [out]).flatMap((place, at) =>
    Array.from({ length: WORKERS }, () => lane(place, `host${at}`)),
  );
  await Promise.all(lanes);
  return { kills, crashes: 0 };
}

/** Tasks of Slurm arrays, which put themselves back into the queue. */
async function bySlurm({ out, count, random, say }) {
  const submitted = await submit(out);
  if (submitted.status !== 0) throw new Error(submitted.notes);
  const queue = () =>
    execFileSync('squeue', ['-h', '-r', '-o', '%T %N'])
      .toString()
      .trim()
      .split('\n')
      .filter(Boolean);
  const pids = () => {
    try {
      return execFileSync('pgrep', ['-f', `study work ${out}`])
        .toString()
        .trim()
        .split('\n')
        .map(Number);
    } catch {
      return [];
    }
  };
  let [kills, crashes] = [0, 0];
  for (let rounds = 0; ; rounds++) {
    const study = readStudy(out);
    if (study.records.length === study.trials.length) break;
    await sleep(random() * 2500);
    const running = pids();
    if (kills < count && running.length > 0) {
      try {
        process.kill(running[Math.floor(random() * running.length)], 'SIGKILL');
        kills += 1;
      } catch {
        // It ended by itself just now.
      }
    }
    if (process.env.PLEXUS_CRASH && rounds % 4 === 3) {
      const nodes = queue()
        .map((line) => line.split(' ')[1])
        .filter(Boolean);
      if (nodes.length > 0) {
        const node = nodes[Math.floor(random() * nodes.length)];
        execFileSync('sh', ['-c', `${process.env.PLEXUS_CRASH} "$1"`, 'sh', node], {
          stdio: 'ignore',
        });
        crashes += 1;
      }
    }
    // A killed worker's task has failed: a user, or a cron job, submits again.
    if (queue().length < WORKERS) {
      const again = await submit(out);
      if (again.status !== 0) say(`submit: ${again.notes}`);
    }
  }
  try {
    execFileSync('scancel', ['-n', 'plexus-workers']);
  } catch {
    // Nothing is left of it.
  }
  while (existsSync(out) && queue().length > 0) await sleep(500);
  return { kills, crashes };
}
