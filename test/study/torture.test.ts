import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { LONG } from '../long.js';

describe('npm run torture', () => {
  const [kills, flips, fuzz] = [2, 60, 5000];
  const options = { timeout: 300_000, tags: ['long'] };
  it.runIf(LONG)('finds nothing lost and nothing silent in its short form', options, () => {
    const counts = Object.entries({ kills, flips, fuzz }).flatMap(([name, n]) => [
      `--${name}`,
      `${n}`,
    ]);
    const parts = ['kills', 'disk', 'flips', 'fuzz', 'workers'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bench/torture/run.mjs', '--quick', ...counts, ...parts],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain(`kills: ${kills} of ${kills}`);
    if (stderr.includes('NOT RUN')) console.warn(stderr);
    const found = JSON.parse(stdout) as Record<string, object>;
    expect(found).toMatchObject({
      kills: { n: kills, lost: 0, wrong: 0 },
      workers: { n: 2, lost: 0, wrong: 0 },
      disk: { lost: 0, silent: 0 },
      flips: {
        log: { n: flips, silent: 0 },
        checkpoint: { n: flips, silent: 0 },
        state: { silent: 0 },
      },
      fuzz: {
        spec: { n: 0.4 * fuzz, bugs: 0, hangs: 0 },
        graph: { n: 0.3 * fuzz, bugs: 0, hangs: 0 },
        safetensors: { n: 0.2 * fuzz, bugs: 0, hangs: 0 },
        yaml: { n: 0.05 * fuzz, bugs: 0, hangs: 0 },
        npz: { n: 0.05 * fuzz, bugs: 0, hangs: 0 },
      },
    });
    // The mutated inputs are near enough to good ones that some of each kind are read.
    for (const kind of Object.values(found['fuzz'] as Record<string, { results: number }>))
      expect(kind.results).toBeGreaterThan(0);
    expect(status).toBe(0);
  });
});
