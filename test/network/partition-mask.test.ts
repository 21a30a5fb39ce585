import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  completeGraph,
  graphFromEdges,
  parseGraphSpec,
} from '../../src/graph/index.js';
import { blockMask, denseMask, partition, relationalGraph } from '../../src/network/index.js';
import { golden } from './golden.js';

function rowsOf(dense: Uint8Array, columns: number): string[] {
  return Array.from({ length: dense.length / columns }, (_, r) =>
    dense.subarray(r * columns, (r + 1) * columns).join(''),
  );
}

describe('partition', () => {
  it.each(golden.partitions)(
    'deals $channels channels to $nodes nodes as NumPy does',
    ({ channels, nodes, sizes }) => {
      expect([...partition(channels, nodes).sizes]).toEqual(sizes);
    },
  );

  it('covers every channel once, sizes differing by at most one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 900 }),
        (nodes, extra) => {
          const { sizes, starts } = partition(nodes + extra, nodes);
          expect(starts[0]).toBe(0);
          expect(starts[nodes]).toBe(nodes + extra);
          sizes.forEach((size, i) => expect(starts[i + 1] - starts[i]).toBe(size));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    [3, 4],
    [0, 0],
    [2.5, 1],
    [4, 1.5],
    [4, 0],
  ])('refuses %d channels on %d nodes', (channels, nodes) => {
    expect(() => partition(channels, nodes)).toThrow(UserError);
  });
});

describe('blockMask', () => {
  it.each(golden.masks)(
    'equals the NumPy mask of $spec, $in -> $out',
    ({ spec, in: inputs, out, rows }) => {
      const mask = blockMask(buildGraph(parseGraphSpec(spec)), inputs, out);
      expect(rowsOf(denseMask(mask), inputs)).toEqual(rows);
    },
  );

  it('reads along a directed edge: u -> v makes the rows of u read the columns of v', () => {
    const { nodes, edges, in: inputs, out, rows } = golden.directed;
    const mask = blockMask(
      graphFromEdges(
        nodes,
        edges.map(([u, v]) => [u, v] as const),
        true,
      ),
      inputs,
      out,
    );
    expect(rowsOf(denseMask(mask), inputs)).toEqual(rows);
  });

  it('counts the ones of its dense form', () => {
    const sizes = fc.record({
      n: fc.integer({ min: 3, max: 20 }),
      seed: fc.nat(100),
      inExtra: fc.nat(30),
      outExtra: fc.nat(30),
    });
    fc.assert(
      fc.property(sizes, ({ n, seed, inExtra, outExtra }) => {
        const mask = blockMask(
          buildGraph(parseGraphSpec(`ws-flex:n=${n},k=2.5,p=0.3,seed=${seed}`)),
          n + inExtra,
          n + outExtra,
        );
        expect(denseMask(mask).reduce((sum, x) => sum + x, 0)).toBe(mask.nonzeros);
      }),
    );
  });

  it('is full for a complete graph', () => {
    expect(blockMask(completeGraph(16), 40, 50).nonzeros).toBe(2000);
  });
});

describe('a layer with fewer channels than nodes', () => {
  it('keeps the graphs of few sizes only: a search passes through thousands', () => {
    const relational = relationalGraph(parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3'));
    const first = relational.mask(20, 20).graph;
    expect(relational.mask(20, 90).graph).toBe(first);
    for (const channels of [21, 22, 23, 24]) relational.mask(channels, channels);
    expect(relational.mask(20, 20).graph).not.toBe(first);
    expect(relational.mask(64, 90).graph).toBe(relational.graph);
  });

  it('gets the graph regenerated on that many nodes at the same density', () => {
    const mask = relationalGraph(parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3')).mask(32, 100);
    const resized = buildGraph(parseGraphSpec('ws-flex:n=32,k=4,p=0.1,seed=3'));
    expect(mask.input.nodes).toBe(32);
    expect(mask.output.channels).toBe(100);
    expect(mask.graph.rows).toEqual(resized.rows);
  });

  it('keeps a degree of at least 2', () => {
    expect(
      relationalGraph(parseGraphSpec('ws-flex:n=64,k=4,p=0,seed=1')).mask(16, 16).graph.edges,
    ).toBe(16);
  });

  it('is refused for a graph without a spec', () => {
    expect(() => relationalGraph(completeGraph(64)).mask(32, 64)).toThrow(
      /32 channels.*64 nodes.*spec/,
    );
    expect(() => relationalGraph(completeGraph(64)).mask(32, 64)).toThrow(UserError);
  });
});
