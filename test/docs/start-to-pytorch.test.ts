import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStudy } from '../../src/store/directory.js';
import { errorsOf, walkPage } from './start-to-pytorch.js';

describe('docs/start-to-pytorch.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plexus-start-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // What PyTorch does with it is run by scripts/start-to-pytorch.ts, in the CI.
  it('comes to the best network and its images by the commands of the page', () => {
    const steps = walkPage(folder, null);
    expect(steps.map(({ command }) => command.split(' ').slice(0, 3).join(' '))).toEqual([
      'npm ci &&',
      'plexus study status',
      'plexus export studies/quick',
      'plexus data export',
    ]);
    expect(readdirSync(join(folder, 'quick-pytorch')).sort()).toEqual([
      'model.py',
      'model.safetensors',
      'train.py',
    ]);
    const { records } = readStudy(join(folder, 'studies/quick'));
    const errors = records.flatMap((record) =>
      record.status === 'complete' && record.role === 'graph'
        ? [record.epochs.at(-1)!.testError!.toFixed(2)]
        : [],
    );
    const [told, ...others] = errorsOf(steps);
    expect(others).toEqual([]);
    expect(errors).toContain(told);
    // The trial that was trained again had the very error of the log: a warning would tell.
    expect(steps[2]!.printed).toContain(`epoch 1 of 1: ${told} %`);
    expect(steps[2]!.printed).not.toMatch(/another|differ/);
  });
});
