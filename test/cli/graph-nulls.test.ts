import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { falseDiscovery } from '../../src/stats/index.js';
import {
  buildGraph,
  graphMeasure,
  nullEnsemble,
  nullModels,
  parseGraphSpec,
} from '../../src/graph/index.js';
import { plexus } from './harness.js';

const nulls = (...words: string[]): ReturnType<typeof plexus> =>
  plexus(['graph', 'nulls', ...words]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-nulls-'));
  // Two directed rings of four nodes with chords; from the second there is no way back.
  writeFileSync(
    join(folder, 'arcs.txt'),
    '0 1\n1 2\n2 3\n3 0\n0 2\n4 5\n5 6\n6 7\n7 4\n5 7\n0 4\n1 5\n7 6\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly spec: string;
  readonly tests: number;
  readonly nulls: readonly {
    readonly null: string;
    readonly count: number;
    readonly attempts?: number;
    readonly measures: readonly {
      readonly name: string;
      readonly mean: number;
      readonly p: number | null;
      readonly pAdjusted: number | null;
    }[];
  }[];
}

describe('plexus graph nulls', () => {
  it('prints a table and a sentence for each null model', async () => {
    const { status, out, notes } = await nulls(
      'ws-flex:n=32,k=6,p=0.05,seed=1',
      '--null',
      'degree,edges',
      '--count',
      '99',
      '--measures',
      'clustering,degreeMax',
    );
    expect(status).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('ws-flex:n=32,k=6,p=0.05,seed=1: 32 nodes, 96 edges');
    expect(lines[1].split(/ {2,}/)).toEqual([
      'null',
      'measure',
      'graph',
      'random graphs',
      '95 % of them',
      'z',
      'p',
      'p (FDR)',
    ]);
    const graph = buildGraph(parseGraphSpec('ws-flex:n=32,k=6,p=0.05,seed=1'));
    const own = graphMeasure('clustering').compute(graph, { seed: 1, references: 1 }) as number;
    expect(lines[2]).toMatch(/^degree +C +/);
    expect(lines[2].split(/ {2,}/)[2]).toBe(own.toFixed(4));
    expect(lines[3].split(/ {2,}/).slice(-3)).toEqual(['–', '–', 'fixed']);
    expect(out).toMatch(
      /\nGiven its degrees: special in C \(higher\)\. \d+\.\d swaps an edge were done; \d+ % of 96 edges shared with a random graph\.\nGiven its nodes and edges: special in C \(higher\)/,
    );
    expect(notes).toContain(nullModels[0].definition);
    expect(notes).not.toContain(nullModels[1].definition);
    expect(notes).toContain('over all 3 tests here');
    expect(notes).toContain(`C: ${graphMeasure('clustering').definition}`);
  });

  it('says the same in JSON, with false discoveries counted over all graphs', async () => {
    const specs = ['ws-flex:n=16,k=4,p=0.5,seed=1', 'gnm:n=16,m=40,seed=1'];
    const { out } = await nulls(
      ...specs,
      '--json',
      '--count',
      '60',
      '--seed',
      '5',
      '--attempts',
      '20',
      '--measures',
      'clustering,modularity',
    );
    const told = out.split('\n').map((line): Told => JSON.parse(line));
    expect(told.map(({ spec }) => spec)).toEqual(specs);
    const p = told.flatMap((each) =>
      each.nulls.flatMap(({ measures }) => measures.map((measure) => measure.p!)),
    );
    expect(told.map(({ tests }) => tests)).toEqual([4, 4]);
    const adjusted = told.flatMap((each) =>
      each.nulls.flatMap(({ measures }) => measures.map((measure) => measure.pAdjusted!)),
    );
    falseDiscovery(p).forEach((value, i) => expect(adjusted[i]).toBeCloseTo(value, 12));
    const { measures } = nullEnsemble(buildGraph(parseGraphSpec(specs[1])), {
      null: 'degree',
      count: 60,
      seed: 5,
      attempts: 20,
      measures: ['clustering', 'modularity'],
    });
    expect(told[1].nulls[0].measures.map(({ mean }) => mean)).toEqual(
      measures.map(({ mean }) => mean),
    );
    const again = await nulls(
      ...specs,
      '--json',
      '--count',
      '60',
      '--seed',
      '5',
      '--attempts',
      '20',
      '--measures',
      'clustering,modularity',
    );
    expect(again.out).toBe(out);
    expect(
      (
        await nulls(
          ...specs,
          '--json',
          '--count',
          '60',
          '--seed',
          '6',
          '--attempts',
          '20',
          '--measures',
          'clustering,modularity',
        )
      ).out,
    ).not.toBe(out);
  });

  it('takes directed graphs that are not connected, and says so', async () => {
    const { status, out } = await nulls(
      `file:${join(folder, 'arcs.txt')},directed=true`,
      '--null',
      'degree,reciprocal',
      '--count',
      '50',
      '--measures',
      'reachablePathLength,clustering',
    );
    expect(status).toBe(0);
    expect(out).toContain(
      '8 nodes, 13 directed edges; not strongly connected, so that L is told over the ' +
        'pairs that are reachable',
    );
    expect(out).toMatch(/\nGiven its degrees and mutual connections: /);
    expect(out).toMatch(
      /C is \d\.\d\d times and L \d\.\d\d times that of the random graphs: sigma \d\.\d\d\./,
    );
  });

  it.each([
    [
      ['complete:n=6'],
      /^error: complete:n=6: the null model degree needs a graph whose edges can be swapped, .* as in complete graphs and stars/,
    ],
    [['ws-flex:n=16,k=4', 'star:n=7'], /^error: star:n=7: /],
    [['complete:n=6', '--null', 'edges'], /some edges and not all, got 15 of 15/],
    [
      ['ws-flex:n=16,k=4', '--null', 'reciprocal'],
      /needs a directed graph, got an undirected one; use degree or edges/,
    ],
    [
      ['ws-flex:n=16,k=4', '--null', 'degrees'],
      /--null must be one or more of degree, reciprocal, edges, .* got degrees/,
    ],
    [['ws-flex:n=16,k=4', '--null', ','], /got an empty list/],
    [['ws-flex:n=16,k=4', '--measures', ''], /--measures needs names/],
    [['ws-flex:n=16,k=4', '--measures', 'unheard'], /unknown graph measure "unheard"/],
    [['ws-flex:n=16,k=4', '--measures', 'connected'], /yes or no/],
    [['ws-flex:n=16,k=4', '--count', '1'], /from 2 to 1000000/],
  ])('refuses %j', async (words, message) => {
    const { status, out, notes } = await nulls(...words);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toMatch(message);
  });

  it('stops when a signal comes', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const { status, notes } = await plexus(
      ['graph', 'nulls', 'ws-flex:n=64,k=8,p=0.1', '--count', '1000000'],
      { signal: controller.signal },
    );
    expect(status).toBe(130);
    expect(notes).toContain('stopped while random graphs were drawn');
  });
});
