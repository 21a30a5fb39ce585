import { describe, expect, it } from 'vitest';
import { plexus } from './harness.js';

describe('plexus bench step', () => {
  it('times graphs beside the dense network, at its multiply-adds', async () => {
    const graph = 'ws-flex:n=16,k=4,p=1,seed=1';
    const { status, out } = await plexus(['bench', 'step', graph, '--seconds', '1', '--json']);
    expect(status).toBe(0);
    const { arch, steps, definitions } = JSON.parse(out) as {
      arch: string;
      steps: { graph: string | null; macs: number; milliseconds: number; ratioToDense: number }[];
      definitions: object;
    };
    expect(arch).toBe('mlp');
    expect(steps.map((step) => step.graph)).toEqual([null, graph]);
    expect(Math.abs(steps[1].macs / steps[0].macs - 1)).toBeLessThan(0.01);
    expect(steps[0].ratioToDense).toBe(1);
    for (const step of steps) expect(step.milliseconds).toBeGreaterThan(0);
    expect(Object.keys(definitions)).toEqual(['milliseconds', 'ratioToDense']);
  });

  it('prints a table, and refuses what is no graph', async () => {
    const { out } = await plexus(['bench', 'step', 'complete:n=8', '--seconds', '1']);
    expect(out).toContain('ms a step');
    expect(out).toMatch(/^dense +512 /m);
    const wrong = await plexus(['bench', 'step', 'ring:n=8']);
    expect([wrong.status, wrong.out]).toEqual([2, '']);
    expect(wrong.notes).toContain('unknown graph family "ring"');
  });
});
