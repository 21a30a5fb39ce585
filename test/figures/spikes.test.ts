import { expect, it } from 'vitest';
import { spikeFigure, type SpikePoint } from '../../src/figures/index.js';
import { readPicture } from './well-formed.js';

const point = (graph: string, error: number, hops: number): SpikePoint => ({
  graph,
  baseline: graph === 'complete',
  pathLength: graph === 'complete' ? 1 : 2.5,
  error,
  floatError: error - 0.1,
  nanojoules: hops / 10,
  packets: hops / 2,
  hops,
});
const points = [
  point('complete', 17, 900),
  point('a<b', 15, 300),
  point('c', 16, 200),
  point('d', 16, 400),
];
const told = { study: 's', code: 'qcfs:16' };

it('draws each graph in both panels, the baseline as a diamond, and tells failures', () => {
  const svg = spikeFigure(points, { ...told, failed: 2 });
  expect(() => readPicture(svg)).not.toThrow();
  expect(svg).toContain('2 failed and are not shown.');
  expect(svg).toContain('for comparison only');
  for (const { graph } of points)
    expect(svg.split(graph.replace('<', '&lt;')).length).toBeGreaterThan(2);
});

it('is a picture of one network, and of one without a path length', () => {
  const [first] = points;
  const svg = spikeFigure([{ ...first, pathLength: null }], { ...told, failed: 0 });
  expect(() => readPicture(svg)).not.toThrow();
  expect(svg).not.toContain('failed');
});
