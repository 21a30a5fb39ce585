import { describe, expect, it } from 'vitest';
import { buildGraph, parseGraphSpec, permutedGraph, temporalPaths } from '../../src/graph/index.js';
import { readText } from '../../src/platform/fs.js';

describe('docs/hierarchy.md', () => {
  const text = readText('docs/hierarchy.md').replace(/ +/g, ' ');
  const ring = buildGraph(parseGraphSpec('ws-flex:n=64,k=6,p=0'));
  it.each([
    ['constant', [ring, ring, ring]],
    ['turned', [ring, permutedGraph(ring, 'random', 2), permutedGraph(ring, 'random', 3)]],
  ] as const)('tells how far a %s ring reaches', (name, graphs) => {
    const { reach, pathLength } = temporalPaths(graphs);
    const heard = reach.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
    expect(text).toContain(`| ${name} | ${heard} | ${pathLength?.toFixed(2)} |`);
  });
});
