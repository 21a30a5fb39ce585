import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseGraphFile } from '../../src/graph-files/formats/read.js';
import { edgeList } from '../../src/graph/build.js';
import {
  localBarratClustering,
  localWeightedClustering,
  strengths,
  weightedPathLength,
  type WeightedGraph,
} from '../../src/graph/weighted.js';
import { plexus } from '../cli/harness.js';

interface Golden {
  readonly nodes: number;
  readonly edges: readonly (readonly [number, number, number])[];
  readonly onnela: readonly number[];
  readonly averageOnnela: number;
  readonly barrat: readonly number[];
  readonly inverse: number;
  readonly given: number;
  readonly strength: readonly number[];
  readonly density: number;
  readonly strongest: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync('test/golden/graph-weighted.json', 'utf8')) as Golden[];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const linesOf = (edges: Golden['edges']): string =>
  edges.map((edge) => edge.join(' ')).join('\n') + '\n';

function weighted(text: string, options = {}): WeightedGraph {
  const { graph, weights } = parseGraphFile('a.edges', bytes(text), { weights: true, ...options });
  return { graph, weights: weights! };
}

const near = (found: ArrayLike<number>, wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 12));
};

const folder = mkdtempSync(join(tmpdir(), 'plexus-weighted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('weighted measures', () => {
  it.each(golden.map((entry, at) => [at, entry] as const))(
    'are those of networkx: %i',
    (_, entry) => {
      const graph = weighted(linesOf(entry.edges));
      near(localWeightedClustering(graph), entry.onnela);
      near(localBarratClustering(graph), entry.barrat);
      near(strengths(graph), entry.strength);
      expect(weightedPathLength(graph, 'inverse')).toBeCloseTo(entry.inverse, 12);
      expect(weightedPathLength(graph, 'given')).toBeCloseTo(entry.given, 12);
    },
  );

  it('need weights above 0, and for clustering no directions', () => {
    expect(() => localWeightedClustering(weighted('0 1 -1\n1 2 2\n'))).toThrow(
      'needs weights above 0, got -1; use absolute=true',
    );
    expect(localWeightedClustering(weighted('0 1 -1\n1 2 2\n', { absolute: true }))[1]).toBe(0);
    expect(() => localWeightedClustering(weighted('0 1 1\n', { directed: true }))).toThrow(
      'use directed=false',
    );
    expect(weightedPathLength(weighted('0 1 2\n2 3 1\n'), 'inverse')).toBeNull();
  });

  it('stand in the table, and beside the names of nodes in JSON', async () => {
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'source,target,weight\nV1,V2,0.5\nV2,V4,2\nV1,V4,1\n');
    const { status, out, notes } = await plexus(['graph', 'measure', path, '--weighted']);
    expect(status).toBe(0);
    expect(out).toContain('weighted C (Onnela)');
    expect(notes).toContain('weighted L: Weighted path length');
    const json = await plexus(['graph', 'measure', path, '--weighted', '--json', '--per-node']);
    const value = JSON.parse(json.out) as Record<string, unknown>;
    expect(value['perNode']).toMatchObject({ label: ['V1', 'V2', 'V4'], strength: [1.5, 2.5, 3] });
    expect(value['weightedPathLength']).toBeCloseTo((1 + 0.5 + 1.5) / 3, 12);
    expect((await plexus(['graph', 'measure', 'complete:n=4', '--weighted'])).notes).toContain(
      '--weighted measures the weights of a graph file',
    );
  });
});

describe('the strongest edges', () => {
  it.each(golden.map((entry, at) => [at, entry] as const))('are those of NumPy: %i', (_, entry) => {
    const { graph, notes } = parseGraphFile('a.edges', bytes(linesOf(entry.edges)), {
      density: entry.density,
    });
    expect(edgeList(graph)).toEqual(entry.strongest);
    expect(notes).toEqual([]);
  });

  it('are all kept or none where they are tied, and that is told', () => {
    const text = '0 1 5\n0 2 3\n0 3 3\n1 2 3\n2 3 1\n';
    const { graph, notes } = parseGraphFile('a.edges', bytes(text), { density: 0.5 });
    expect(edgeList(graph)).toEqual([[0, 1]]);
    expect(notes).toEqual([
      '3 edges of the weight 3 are tied, of which 2 would fit: none of them was kept, a density ' +
        'of 0.167 instead of 0.5',
    ]);
    expect(() => parseGraphFile('a.edges', bytes('0 1\n1 2\n2 3\n'), { density: 0.2 })).toThrow(
      '3 share the highest weight, 1: none is stronger than another',
    );
  });

  it('may be all there are', () => {
    const { graph, notes } = parseGraphFile('a.edges', bytes('0 1 5\n1 2 4\n'), { density: 0.9 });
    expect(graph.edges).toBe(2);
    expect(notes).toEqual(['all 2 edges were kept, a density of 0.667 only']);
  });

  it('are found in a matrix, of either sign, of both directions', () => {
    const matrix = bytes('0 -9 1 0\n-9 0 2 3\n1 2 0 4\n0 3 4 0\n');
    const read = (options: object): number[][] =>
      edgeList(parseGraphFile('a.txt', matrix, options).graph).map((edge) => [...edge]);
    expect(read({ density: 0.34 })).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(read({ density: 0.34, absolute: true })).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(read({ threshold: 4, absolute: true })).toEqual([
      [0, 1],
      [2, 3],
    ]);
    const directed = bytes('0 1 2\n3 0 4\n5 6 0\n');
    const { graph } = parseGraphFile('a.matrix', directed, { density: 0.5 });
    expect(graph.directed).toBe(true);
    expect(edgeList(graph)).toEqual([
      [1, 2],
      [2, 0],
      [2, 1],
    ]);
  });

  it('are asked for in a spec, instead of a threshold', async () => {
    const path = join(folder, 'b.edges');
    writeFileSync(path, linesOf(golden[0].edges));
    const made = await plexus(['graph', 'measure', `file:${path},density=0.1`, '--json']);
    expect(JSON.parse(made.out)).toMatchObject({ edges: golden[0].strongest.length });
    const both = await plexus(['graph', 'measure', `file:${path},density=0.1,threshold=1`]);
    expect(both.status).toBe(2);
    expect(both.notes).toContain('left out beside threshold');
    expect((await plexus(['graph', 'measure', `file:${path},density=2`])).notes).toContain(
      'above 0 and at most 1',
    );
  });
});
