import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError, UserError } from '../../src/core/errors.js';
import { edgeList, graphFromEdges, graphFromRows } from '../../src/graph/index.js';

/** Some edges without self loops on 1 to 80 nodes. */
const edges = fc.integer({ min: 1, max: 80 }).chain((nodes) => {
  const node = fc.integer({ min: 0, max: nodes - 1 });
  const pairs = fc.array(fc.tuple(node, node), { maxLength: 200 });
  return fc.record({
    nodes: fc.constant(nodes),
    directed: fc.boolean(),
    pairs: pairs.map((list) => list.filter(([u, v]) => u !== v)),
  });
});

describe('graphFromEdges', () => {
  it('holds exactly the given edges, in rows and in lists', () => {
    fc.assert(
      fc.property(edges, ({ nodes, directed, pairs }) => {
        const graph = graphFromEdges(nodes, pairs, directed);
        const given = new Set(
          pairs.map(([u, v]) => (directed || u < v ? `${u} ${v}` : `${v} ${u}`)),
        );
        const listed = edgeList(graph);
        expect(new Set(listed.map((edge) => edge.join(' ')))).toEqual(given);
        expect(graph.edges).toBe(given.size);
        expect(listed).toEqual(listed.toSorted(([a, b], [c, d]) => a - c || b - d));
        const both = new Set(
          pairs.flatMap(([u, v]) => (directed ? [`${u} ${v}`] : [`${u} ${v}`, `${v} ${u}`])),
        );
        for (let u = 0; u < nodes; u++) {
          const row = Array.from({ length: nodes }, (_, v) => v).filter(
            (v) => (graph.rows[u * graph.words + (v >>> 5)] >>> (v & 31)) & 1,
          );
          expect(row).toEqual([...graph.targets.subarray(graph.offsets[u], graph.offsets[u + 1])]);
          expect(row.every((v) => both.has(`${u} ${v}`))).toBe(true);
        }
        expect(graph.targets.length).toBe(both.size);
      }),
    );
  });

  it('says what is wrong with an edge', () => {
    expect(() => graphFromEdges(4, [[1, 1]])).toThrow(/no self loops, got the edge 1-1/);
    expect(() => graphFromEdges(4, [[0, 4]])).toThrow(/from 0 to 3 in a graph of 4 nodes, got 4/);
    expect(() => graphFromEdges(4, [[0.5, 1]])).toThrow(UserError);
    expect(() => graphFromEdges(0, [])).toThrow(/from 1 to 20000, got 0/);
  });
});

describe('graphFromRows', () => {
  it('refuses rows that break an invariant', () => {
    expect(() => graphFromRows(3, false, Uint32Array.of(0b010, 0b101, 0b010))).not.toThrow();
    expect(() => graphFromRows(3, false, Uint32Array.of(0b010, 0, 0))).toThrow(/one direction/);
    expect(() => graphFromRows(3, true, Uint32Array.of(0b010, 0, 0))).not.toThrow();
    expect(() => graphFromRows(3, true, Uint32Array.of(0b001, 0, 0))).toThrow(/self loop/);
    expect(() => graphFromRows(3, true, Uint32Array.of(0b1000, 0, 0))).toThrow(
      /beyond the last node/,
    );
    expect(() => graphFromRows(3, true, new Uint32Array(2))).toThrow(InternalError);
  });
});
