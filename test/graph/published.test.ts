import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  buildGraph,
  clustering,
  everyNinthCell,
  firstOfEveryCell,
  formatGraphSpec,
  graphSpec,
  parseGraphSpecs,
  pathLength,
  publishedCandidates,
  wsFlexGraph,
  type PlacedGraph,
} from '../../src/graph/index.js';

const SHARED = new URL('../../../shared/data/graph2nn/analysis/', import.meta.url);
const present = existsSync(new URL('graphs_n64_3942.npy', SHARED));
if (!present) process.stderr.write('SKIPPED: the published graph arrays (../shared/data/graph2nn/analysis) are not here\n');

/** Rows of a two-dimensional float64 .npy file: n, k/n, p, seed, C, L. */
function readRows(name: string): number[][] {
  const bytes = readFileSync(new URL(name, SHARED));
  const from = 10 + bytes.readUInt16LE(8);
  const columns = 6;
  const rows = (bytes.length - from) / 8 / columns;
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => bytes.readDoubleLE(from + 8 * (r * columns + c))));
}

function placed([n, density, p, seed, c, l]: readonly number[]): PlacedGraph {
  return { spec: graphSpec('ws-flex', { n: n, k: n * density, p: p, seed: seed }), clustering: c, pathLength: l };
}

const measured = (n: number, k: number, p: number, seed: number): [number, number | null] => {
  const graph = wsFlexGraph(n, k, p, seed);
  return [clustering(graph), pathLength(graph)];
};

const exampleSpecs = parseGraphSpecs(readFileSync(new URL('../../examples/graphs-n64-52.txt', import.meta.url), 'utf8'));

describe('the published graphs', () => {
  it.skipIf(!present)('regenerates all 3942 with exactly the stored clustering and path length', () => {
    const rows = readRows('graphs_n64_3942.npy');
    expect(rows.length).toBe(3942);
    const wrong = rows.filter(([n, density, p, seed, c, l]) => {
      const [clusteringNow, lengthNow] = measured(n, n * density, p, seed);
      return clusteringNow !== c || lengthNow !== l;
    });
    expect(wrong).toEqual([]);
  });

  it.skipIf(!present)('picks the set of 52 from the 3942, row for row', () => {
    const all = readRows('graphs_n64_3942.npy').map(placed);
    expect(firstOfEveryCell(all)).toEqual(all);
    expect(everyNinthCell(all)).toEqual(readRows('graphs_n64_52.npy').map(placed));
  });

  it.skipIf(!present)('walks the candidates in the published order', () => {
    const walked: PlacedGraph[] = [];
    for (const spec of publishedCandidates()) {
      const graph = buildGraph(spec);
      walked.push({ spec, clustering: clustering(graph), pathLength: pathLength(graph)! });
      if (walked.length === 1000) break;
    }
    const first = firstOfEveryCell(walked);
    expect(first.length).toBeGreaterThan(500);
    expect(first).toEqual(readRows('graphs_n64_3942.npy').slice(0, first.length).map(placed));
  });

  it.skipIf(!present)('has the published 52 in examples/', () => {
    const rows = readRows('graphs_n64_52.npy');
    expect(exampleSpecs.length).toBe(52);
    exampleSpecs.forEach((spec, i) => {
      const graph = buildGraph(spec);
      expect([clustering(graph), pathLength(graph)]).toEqual(rows[i].slice(4));
      expect(spec.params.seed).toBe(rows[i][3]);
      expect(Number(spec.params.k)).toBeCloseTo(64 * rows[i][1], 5);
    });
  });

  it('has 52 different canonical specs of 64 nodes in examples/', () => {
    expect(new Set(exampleSpecs.map(formatGraphSpec)).size).toBe(52);
    expect(exampleSpecs.every((spec) => spec.family === 'ws-flex' && spec.params.n === 64)).toBe(true);
  });

  // Rows 1 and 2 of the published array, so that a clone without it still checks exactness.
  it('regenerates two published rows that are written here', () => {
    expect(measured(64, 64 * 0.36550103277902246, 0.09883558349459179, 6)).toEqual([0.5742539064117294, 1.6408730158730158]);
    expect(measured(64, 64 * 0.1295146653200091, 0.6990973255332714, 23)).toEqual([0.13802534271284275, 2.164186507936508]);
  });
});
