import { describe, expect, it } from 'vitest';
import { plexus } from './harness.js';

const SMALL = ['--input', '3x8x8', '--every', '1', '--seconds', '1'];

describe('plexus bench rewire', () => {
  it('times every rule beside the same training without', async () => {
    const graph = 'ws-flex:n=16,k=4,p=1,seed=1';
    const { status, out, notes } = await plexus(['bench', 'rewire', graph, ...SMALL, '--json']);
    expect(status, notes).toBe(0);
    const { rules, every } = JSON.parse(out) as {
      every: number;
      rules: { rule: string | null; stepsPerSecond: number; ofKept: number; rounds: number }[];
    };
    expect(every).toBe(1);
    expect(rules.map(({ rule }) => rule)).toEqual([null, 'set', 'rigl', 'topological']);
    expect(rules[0].ofKept).toBe(1);
    for (const { stepsPerSecond, rounds } of rules) {
      expect(stepsPerSecond).toBeGreaterThan(0);
      expect(rounds).toBe(rules[0].rounds);
    }
  });

  it.each([
    ['star:n=8', 'each of the 7 edges'],
    ['complete:n=8', 'the complete graph has none'],
  ])('refuses %s, of which nothing can be rewired', async (graph, message) => {
    const { status, notes } = await plexus(['bench', 'rewire', graph, ...SMALL]);
    expect(status).toBe(2);
    expect(notes).toContain(message);
  });
});
