import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG } from '../long.js';
import { RandomStream } from '../../src/core/random/index.js';
import type { TrialRecord } from '../../src/public/study.js';
import {
  finished,
  logLines,
  plexusProcess,
  SMALL_STUDY,
  startPlexus,
  type Finished,
} from './small-study.js';

const TRIALS = 8;
/** Twice at least: the first torn line is made after the second. */
const KILLS = LONG ? Number.POSITIVE_INFINITY : 2;
let directory: string;
let spec: string;
let table: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-resume-'));
  spec = join(directory, 'small.yaml');
  writeFileSync(spec, SMALL_STUDY);
  const { status, notes } = await plexusProcess(
    'study',
    'run',
    spec,
    '--out',
    join(directory, 'whole'),
    '--workers',
    '1',
  );
  expect(notes).not.toContain('error');
  expect(status).toBe(0);
  table = tableOf('whole');
});
afterAll(() => rmSync(directory, { recursive: true }));

function tableOf(name: string): string {
  return readFileSync(join(directory, name, 'table.csv'), 'utf8');
}

/**
 * Kills the study after one more trial has ended and a random pause, as often as that (in the long
 * form until a run comes to its end by itself).
 */
async function runWithKills(name: string, workers: string, random: RandomStream): Promise<number> {
  const out = join(directory, name);
  for (let kills = 0; ; kills++) {
    const before = logLines(out);
    const target = existsSync(join(out, 'study.json')) ? [out] : [spec, '--out', out];
    const child = startPlexus('study', 'run', ...target, '--workers', workers);
    const end = finished(child);
    // Sometimes even before the first trial of this run ended.
    const patience = random.below(4) === 0 ? 0 : 1;
    while (child.exitCode === null && logLines(out) < before + patience) await sleep(5);
    await sleep(random.below(250));
    if (kills < KILLS) child.kill('SIGKILL');
    const { status, notes } = await end;
    if (status !== null) {
      expect(notes).not.toContain('error');
      expect(status).toBe(0);
      return kills;
    }
    // As if the power had failed in the middle of a write.
    if (kills === 1 && logLines(out) > 0)
      appendFileSync(join(out, 'trials.ndjson'), '{"index":7,"role":"gra');
  }
}

describe('a study that is killed', () => {
  it.each(LONG ? ['1', '2'] : ['2'])(
    'goes on to the very same table (%s workers)',
    { tags: ['long'] },
    async (workers) => {
      const kills = await runWithKills(
        `killed-${workers}`,
        workers,
        new RandomStream('kills', workers),
      );
      expect(kills).toBeGreaterThan(1);
      expect(tableOf(`killed-${workers}`)).toBe(table);
      const log = readFileSync(join(directory, `killed-${workers}`, 'trials.ndjson'), 'utf8')
        .trimEnd()
        .split('\n');
      const indices = log.map((line) => (JSON.parse(line) as TrialRecord).index);
      expect(indices.sort((a, b) => a - b)).toEqual(
        Array.from({ length: TRIALS }, (_, index) => index),
      );
      expect(existsSync(join(directory, `killed-${workers}`, 'lock'))).toBe(false);
    },
  );

  it('can be watched but not run a second time while it runs, and stops in order on a signal', async () => {
    const endless = join(directory, 'endless.yaml');
    writeFileSync(endless, SMALL_STUDY.replace('epochs: 2', 'epochs: 100000'));
    const out = join(directory, 'endless');
    const child = startPlexus('study', 'run', endless, '--out', out, '--workers', '2');
    const end = finished(child);
    while (!existsSync(join(out, 'trials.ndjson'))) await sleep(5);
    const second = await plexusProcess('study', 'run', out);
    expect(second.status).toBe(2);
    expect(second.notes).toMatch(/error: the study is being run by process \d+ on /);
    const status = await plexusProcess('study', 'status', out, '--json');
    expect(JSON.parse(status.out)).toMatchObject({
      study: 'small',
      total: TRIALS,
      pending: TRIALS,
      running: true,
    });
    child.kill('SIGTERM');
    const { status: code, notes } = await end;
    expect(code).toBe(130);
    expect(notes.trimEnd().split('\n').at(-1)).toBe(
      'interrupted: stopped with 0 of 8 trials done, all kept; continue with: plexus ' +
        `study run ${out}`,
    );
    expect(existsSync(join(out, 'lock'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps what it has when a file cannot grow any more, and goes on when it can',
    async () => {
      const out = join(directory, 'limited');
      // In blocks of 512 bytes (dash) or 1024 (others); 0 leaves no room for the lock, 3 for two to
      // seven records.
      const limited = (blocks: number): Promise<Finished> =>
        finished(
          spawn(
            'sh',
            [
              '-c',
              `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`,
              'sh',
              process.execPath,
              'dist/cli/main.js',
              'study',
              'run',
              spec,
              '--out',
              out,
            ],
            { stdio: ['ignore', 'pipe', 'pipe'] },
          ),
        );
      const none = await limited(0);
      expect([none.status, none.out]).toEqual([2, '']);
      expect(none.notes).toMatch(/^error: cannot write .*lock: .*\(EFBIG\)$/m);
      expect(readdirSync(out)).toEqual([]);
      const few = await limited(3);
      expect(few.status).toBe(2);
      expect(few.notes).toMatch(/^error: cannot write .*trials\.ndjson: .*\(EFBIG\)$/m);
      expect(few.notes).not.toMatch(/^ +at /m);
      expect(logLines(out)).toBeGreaterThan(0);
      expect(readFileSync(join(out, 'trials.ndjson'), 'utf8')).toMatch(/\n$/);
      const rest = await plexusProcess('study', 'run', out);
      expect(rest.status).toBe(0);
      expect(rest.notes).not.toContain('cut off');
      expect(tableOf('limited')).toBe(table);
    },
  );

  it('is begun by one of several that start at once', async () => {
    const out = join(directory, 'at-once');
    const runs = await Promise.all(
      [1, 2, 3].map(() => plexusProcess('study', 'run', spec, '--out', out, '--workers', '1')),
    );
    expect(runs.map((run) => run.status ?? -1).sort((a, b) => a - b)).toEqual([0, 2, 2]);
    for (const { status, notes } of runs) {
      if (status === 2)
        expect(notes).toMatch(
          /^error: (the study is being run by |.* was begun by another process just now; run the same command again)/m,
        );
    }
    expect(logLines(out)).toBe(TRIALS);
    expect(tableOf('at-once')).toBe(table);
  });

  it('is not spoilt by an edit of its spec while it runs; the next command tells of it', async () => {
    const out = join(directory, 'edited');
    const child = startPlexus('study', 'run', spec, '--out', out);
    const end = finished(child);
    while (logLines(out) < 1) await sleep(5);
    const copy = join(out, 'study.yaml');
    writeFileSync(copy, readFileSync(copy, 'utf8').replace('epochs: 2', 'epochs: 3'));
    expect((await end).status).toBe(0);
    expect(tableOf('edited')).toBe(table);
    const next = await plexusProcess('study', 'status', out);
    expect([next.status, next.notes]).toEqual([
      2,
      expect.stringContaining(
        'study.yaml was edited after the study began: train.epochs was 2, is 3; ',
      ),
    ]);
  });

  it('goes on when nobody reads its progress any more', async () => {
    const out = join(directory, 'unwatched');
    const child = startPlexus('study', 'run', spec, '--out', out);
    child.stderr?.once('data', () => child.stderr?.destroy());
    child.stdout?.resume();
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(0);
    expect(tableOf('unwatched')).toBe(table);
  });

  it('goes on to the very same table after a signal', async () => {
    const out = join(directory, 'signalled');
    const child = startPlexus('study', 'run', spec, '--out', out, '--workers', '1');
    const end = finished(child);
    while (logLines(out) < 1) await sleep(5);
    child.kill('SIGINT');
    expect((await end).status).toBe(130);
    const rest = await plexusProcess(
      'study',
      'run',
      spec,
      '--out',
      out,
      '--workers',
      '2',
      '--json',
    );
    expect(rest.status).toBe(0);
    expect(tableOf('signalled')).toBe(table);
  });
});
