import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LONG } from '../long.js';

/** Starts and ends a Slurm of virtual nodes on this machine, where the checkout has it beside it. */
const CLUSTER = fileURLToPath(new URL('../../../shared/tools/slurm-local', import.meta.url));
const there = existsSync(CLUSTER);
if (LONG && !there)
  console.warn('SKIPPED: no Slurm beside this checkout; nothing is tried on a real one');

describe('workers as tasks of a real Slurm', () => {
  const options = { timeout: 600_000, tags: ['long'] };
  it.runIf(LONG && there)(
    'lose nothing when killed, preempted or cancelled',
    options,
    (context) => {
      const directory = mkdtempSync(join(tmpdir(), 'plexus-slurm-'));
      const started = spawnSync(CLUSTER, ['start', '3', directory], { encoding: 'utf8' });
      try {
        if (started.status !== 0) {
          console.warn(`SKIPPED: no Slurm could be started here: ${started.stderr}`);
          context.skip();
        }
        const parts = ['workers', '--workers', '4', 'queue', '--queue', '1'];
        const { status, stdout } = spawnSync(
          process.execPath,
          ['bench/torture/run.mjs', ...parts],
          {
            encoding: 'utf8',
            env: {
              ...process.env,
              SLURM_CONF: join(directory, 'slurm.conf'),
              PLEXUS_SLURM: '1',
              PLEXUS_FAULTS: 'preempted cancelled',
            },
          },
        );
        const whole = { lost: 0, wrong: 0 };
        expect(JSON.parse(stdout)).toMatchObject({
          workers: { n: 4, ...whole },
          queue: {
            preempted: { strikes: 1, ...whole },
            cancelled: { strikes: 1, ...whole },
          },
        });
        expect(status).toBe(0);
      } finally {
        spawnSync(CLUSTER, ['stop', directory]);
        rmSync(directory, { recursive: true, force: true });
      }
    },
  );
});
