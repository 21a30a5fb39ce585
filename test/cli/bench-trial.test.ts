import { describe, expect, it } from 'vitest';
import { trialDefinitions, trialReport } from '../../src/cli/bench/trial-report.js';
import { trialPartNames, type TrialTimes } from '../../src/cli/bench/trial.js';
import { plexus } from './harness.js';

const SMALL = ['--train-images', '256', '--test-images', '64', '--epochs', '2'];

describe('plexus bench trial', () => {
  it('tells the seconds of every part, which make up the trial', async () => {
    const { out, status } = await plexus(['bench', 'trial', ...SMALL, '--json']);
    expect(status).toBe(0);
    const times = JSON.parse(out) as TrialTimes & { definitions: object };
    expect(times).toMatchObject({ arch: 'mlp', epochs: 2, trainImages: 256, testImages: 64 });
    expect(Object.keys(times.parts)).toEqual([...trialPartNames]);
    expect(times.definitions).toEqual(trialDefinitions);
    // Two steps in each of two epochs.
    expect(times.steps).toBe(4);
    for (const name of trialPartNames) {
      // The MLP has no norms of planes.
      if (name === 'statistics of norms') expect(times.parts[name]).toBe(0);
      else expect(times.parts[name], name).toBeGreaterThan(0);
    }
    const { 'start of a worker': _worker, data: _data, checkpoint: _one, ...inside } = times.parts;
    const sum = Object.values(inside).reduce((total, seconds) => total + seconds, 0);
    expect(sum).toBeCloseTo(times.seconds, 9);
    const shares = Object.values(times.shares).reduce((total, share) => total + share, 0);
    expect(shares).toBeCloseTo(1, 9);
    const lines = trialReport(times).join('\n');
    for (const name of trialPartNames) expect(lines).toContain(`${name} `);
    expect(lines).toContain('4 training steps');
  });

  it('refuses an unknown architecture', async () => {
    const { notes, status } = await plexus(['bench', 'trial', '--arch', 'lenet']);
    expect(status).toBe(2);
    expect(notes).toContain('lenet');
  });
});
