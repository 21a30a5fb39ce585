import { describe, expect, it } from 'vitest';
import { errorRows, isWhole, spikeTrials, trafficRows } from '../../scripts/spike-table.js';
import { ENERGY_TABLES } from '../../src/spikes/energy.js';
import { SPIKE_CODES } from '../../src/spikes/types.js';
import { readText } from '../../src/platform/fs.js';

const page = readText('docs/spikes.md');

describe('docs/spikes.md', () => {
  it('tells the outcome of its study as the files of its trials have it', () => {
    const trials = spikeTrials();
    expect(page.includes('not run yet')).toBe(!isWhole(trials));
    if (!isWhole(trials)) return;
    for (const row of [...errorRows(trials), ...trafficRows(trials)]) expect(page).toContain(row);
  });

  it('has every code and every table of energies', () => {
    for (const code of SPIKE_CODES) expect(page).toContain(`| \`${code}:T\` |`);
    for (const { name, mac, ac } of ENERGY_TABLES)
      expect(page).toContain(mac === ac ? `${name} ${ac}` : `${mac} pJ a MAC, ${ac} pJ an AC`);
  });
});
