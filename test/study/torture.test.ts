import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('npm run torture', () => {
  it('finds nothing lost and nothing silent in its short form', { timeout: 300_000 }, () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bench/torture/run.mjs', '--quick'],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain('kills: 2 of 2');
    if (stderr.includes('NOT RUN')) console.warn(stderr);
    const found = JSON.parse(stdout) as Record<string, object>;
    expect(found).toMatchObject({
      kills: { n: 2, lost: 0, wrong: 0 },
      disk: { lost: 0, silent: 0 },
      flips: { log: { n: 60, silent: 0 }, checkpoint: { n: 60, silent: 0 }, state: { silent: 0 } },
      fuzz: {
        spec: { n: 2000, bugs: 0, hangs: 0 },
        graph: { n: 1500, bugs: 0, hangs: 0 },
        safetensors: { n: 1000, bugs: 0, hangs: 0 },
        yaml: { n: 250, bugs: 0, hangs: 0 },
        npz: { n: 250, bugs: 0, hangs: 0 },
      },
    });
    // The mutated inputs are near enough to good ones that some of each kind are read.
    for (const kind of Object.values(found['fuzz'] as Record<string, { results: number }>))
      expect(kind.results).toBeGreaterThan(0);
    expect(status).toBe(0);
  });
});
