import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  product,
  productGraph,
  productKinds,
  type ProductKind,
} from '../../src/graph/generators/product.js';
import { productPower, productPowerFamily } from '../../src/graph/generators/product-power.js';
import { randomLift, randomLiftFamily } from '../../src/graph/generators/random-lift.js';
import {
  buildGraph,
  completeGraph,
  edgeList,
  formatGraphSpec,
  graphFromEdges,
  graphSpec,
  measure,
  parseGraphSpec,
  resizeGraphSpec,
  type Graph,
} from '../../src/graph/index.js';

interface Row {
  spec: string;
  nodes: number;
  edges: number;
  directed: boolean;
  edgeList?: [number, number][];
  sha256?: string;
}
type Edges = [nodes: number, edges: [number, number][]];
interface DirectedRow extends Row {
  kind: ProductKind | 'lift';
  outer: Edges;
  inner: Edges;
}

const golden: { graphs: Row[]; directed: DirectedRow[] } = JSON.parse(
  readFileSync(new URL('../golden/graph-structured.json', import.meta.url), 'utf8'),
);
const families = [product, productPowerFamily, randomLiftFamily];
const kinds = [
  'lexicographic',
  'strong',
  'cartesian',
  'tensor',
  'rooted',
] as const satisfies readonly ProductKind[];

const made = (line: string): Graph => buildGraph(parseGraphSpec(line));
const resized = (line: string, nodes: number): string =>
  formatGraphSpec(resizeGraphSpec(parseGraphSpec(line), nodes));

function expectRow(graph: Graph, row: Row): void {
  const edges = edgeList(graph);
  expect([graph.nodes, graph.edges, graph.directed]).toEqual([row.nodes, row.edges, row.directed]);
  if (row.edgeList) expect(edges).toEqual(row.edgeList);
  else
    expect(
      createHash('sha256')
        .update(edges.map((edge) => edge.join(' ')).join('\n'))
        .digest('hex'),
    ).toBe(row.sha256);
}

/** A random graph: nodes, whether directed, and a bit for each ordered pair. */
const anyGraph = (directed: boolean, most = 9): fc.Arbitrary<Graph> =>
  fc.integer({ min: 1, max: most }).chain((nodes) =>
    fc.array(fc.boolean(), { minLength: nodes * nodes, maxLength: nodes * nodes }).map((bits) => {
      const pairs = bits.flatMap((bit, at): [number, number][] =>
        bit && at % nodes !== Math.floor(at / nodes) ? [[Math.floor(at / nodes), at % nodes]] : [],
      );
      return graphFromEdges(nodes, pairs, directed);
    }),
  );
const anyPair = fc.boolean().chain((directed) => fc.tuple(anyGraph(directed), anyGraph(directed)));

describe('products and lifts against networkx', () => {
  it.each(
    golden.graphs.filter((row) =>
      families.some((family) => row.spec.startsWith(`${family.name}:`)),
    ),
  )('$spec', (row) => expectRow(made(row.spec), row));

  it.each(golden.directed)('directed: $kind of $outer and $inner', (row) => {
    const outer = graphFromEdges(...row.outer, true);
    const inner = graphFromEdges(...row.inner, true);
    expectRow(
      row.kind === 'lift'
        ? randomLift(outer, inner.nodes, 8)
        : productGraph(row.kind, outer, inner),
      row,
    );
  });

  it('cover every kind', () => {
    expect(productKinds).toEqual(kinds);
    for (const kind of kinds)
      expect(
        golden.graphs.filter((row) => row.spec.includes(`product:kind=${kind},`)).length,
      ).toBeGreaterThan(20);
    expect(golden.directed.filter((row) => row.edges > 0).length).toBeGreaterThan(10);
  });
});

describe('products', () => {
  it('have the edges that the factors have between them', () => {
    const edgesOf: Record<ProductKind, (g: Graph, h: Graph) => number> = {
      lexicographic: (g, h) => g.edges * h.nodes ** 2 + g.nodes * h.edges,
      strong: (g, h) => edgesOf.cartesian(g, h) + edgesOf.tensor(g, h),
      cartesian: (g, h) => g.edges * h.nodes + g.nodes * h.edges,
      // An undirected pair of edges crosses in two ways.
      tensor: (g, h) => (g.directed ? 1 : 2) * g.edges * h.edges,
      rooted: (g, h) => g.edges + g.nodes * h.edges,
    };
    fc.assert(
      fc.property(anyPair, ([g, h]) => {
        for (const kind of kinds) {
          const graph = productGraph(kind, g, h);
          expect([graph.nodes, graph.directed, graph.edges], kind).toEqual([
            g.nodes * h.nodes,
            g.directed,
            edgesOf[kind](g, h),
          ]);
        }
      }),
    );
  });

  it('of every kind are associative, so that powers need no order', () => {
    fc.assert(
      fc.property(
        fc
          .boolean()
          .chain((directed) =>
            fc.tuple(anyGraph(directed, 5), anyGraph(directed, 5), anyGraph(directed, 5)),
          ),
        ([f, g, h]) => {
          for (const kind of kinds) {
            const [left, right] = [
              productGraph(kind, productGraph(kind, f, g), h),
              productGraph(kind, f, productGraph(kind, g, h)),
            ];
            expect(left.nodes).toBe(right.nodes);
            expect(String(left.rows), kind).toBe(String(right.rows));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('strong is the Kronecker product of adjacency matrices with self loops', () => {
    fc.assert(
      fc.property(anyPair, ([g, h]) => {
        const listens = (graph: Graph, u: number, v: number): boolean =>
          u === v || graph.targets.subarray(graph.offsets[u], graph.offsets[u + 1]).includes(v);
        const strong = productGraph('strong', g, h);
        for (let u = 0; u < strong.nodes; u++) {
          for (let v = 0; v < strong.nodes; v++) {
            const [a, b] = [Math.floor(u / h.nodes), u % h.nodes];
            const [c, d] = [Math.floor(v / h.nodes), v % h.nodes];
            if (listens(strong, u, v) !== (listens(g, a, c) && listens(h, b, d)))
              expect.fail(`${u} ${v}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('make known graphs', () => {
    const same = (first: string, second: string): void =>
      expect(made(first), `${first} ${second}`).toEqual(made(second));
    same('product:kind=cartesian,outer=(grid:shape=5),inner=(grid:shape=7)', 'grid:shape=5x7');
    same(
      'product:kind=cartesian,outer=(ring-lattice:n=5,k=2),inner=(ring-lattice:n=7,k=2)',
      'grid:shape=5x7,periodic=true',
    );
    same('product-power:kind=cartesian,graph=(complete:n=2),power=6', 'hypercube:d=6');
    same('product-power:kind=lexicographic,graph=(complete:n=4),power=3', 'complete:n=64');
    same('product-power:kind=tensor,graph=(harary:n=9,k=3),power=1', 'harary:n=9,k=3');
    same('product:outer=(complete:n=8),inner=(complete:n=8)', 'complete:n=64');
    same('product:outer=(empty:n=8),inner=(empty:n=8)', 'empty:n=64');
  });

  it('lexicographic over groups of no edges blow up a graph: the same L but within groups', () => {
    expect(measure(made('product:outer=(complete:n=8),inner=(empty:n=8)'))).toMatchObject({
      edges: 28 * 64,
      pathLength: (7 * 8 + 7 * 2) / 63,
    });
  });

  it('refuse unknown kinds, mixed directions and too many nodes', () => {
    expect(() => made('product:kind=zigzag,outer=(complete:n=4),inner=(complete:n=4)')).toThrow(
      'unknown kind of product "zigzag"; expected one of lexicographic, strong, ' +
        'cartesian, tensor, rooted',
    );
    expect(() => made('product-power:kind=zigzag,graph=(complete:n=4)')).toThrow(UserError);
    expect(() => made('product:outer=(complete:n=4)')).toThrow(
      'graph family product needs the parameter inner',
    );
    const directed = graphFromEdges(3, [[0, 1]], true);
    expect(() => productGraph('strong', directed, completeGraph(3))).toThrow(UserError);
    expect(() => productGraph('strong', directed, completeGraph(3))).toThrow(
      'both undirected or both directed, got a directed outer and an undirected inner one',
    );
    expect(() => productGraph('rooted', completeGraph(3), directed)).toThrow(
      'got an undirected outer and a directed inner one',
    );
    expect(() => made('product:outer=(complete:n=200),inner=(complete:n=101)')).toThrow(
      'a product may have at most 20000 nodes, but 200 times 101 are 20200, which would ' +
        'take 48.70 MiB and more; choose smaller factors',
    );
    expect(() => made('product:outer=(complete:n=200),inner=(complete:n=100)')).toThrow(
      /at most 1\.00 GiB of memory, but 20000 nodes with an average degree of 19999\.0/,
    );
    expect(() => made('product-power:graph=(star:n=30),power=3')).toThrow(
      'a power of a graph may have at most 20000 nodes, but 30 times 900 are 27000',
    );
    expect(() => made('product-power:graph=(star:n=3),power=15')).toThrow(
      'graph parameter power must be from 1 to 14, got power=15; power=3 of complete:n=4 ' +
        'has 64 nodes',
    );
    expect(() => made('product-power:graph=(star:n=3),power=0')).toThrow('got power=0');
    expect(productPower('cartesian', completeGraph(2), 14).nodes).toBe(16_384);
  });
});

describe('random lifts', () => {
  it('keep the degree of every base node, join no copies of one node, and cover the base', () => {
    fc.assert(
      fc.property(
        fc.boolean().chain(anyGraph),
        fc.integer({ min: 1, max: 12 }),
        fc.maxSafeNat(),
        (base, lift, seed) => {
          const graph = randomLift(base, lift, seed);
          expect([graph.nodes, graph.directed, graph.edges]).toEqual([
            base.nodes * lift,
            base.directed,
            base.edges * lift,
          ]);
          const covered = new Set(
            edgeList(graph).map(([u, v]) => `${Math.floor(u / lift)} ${Math.floor(v / lift)}`),
          );
          expect(covered).toEqual(new Set(edgeList(base).map(([u, v]) => `${u} ${v}`)));
          for (let u = 0; u < graph.nodes; u++) {
            const of = Math.floor(u / lift);
            expect(graph.offsets[u + 1] - graph.offsets[u]).toBe(
              base.offsets[of + 1] - base.offsets[of],
            );
          }
        },
      ),
    );
  });

  it('differ by seed, and are the base itself for one copy', () => {
    expect(edgeList(made('random-lift:base=(complete:n=9),lift=7,seed=1'))).not.toEqual(
      edgeList(made('random-lift:base=(complete:n=9),lift=7,seed=2')),
    );
    expect(made('random-lift:base=(complete:n=9),lift=1,seed=5')).toEqual(completeGraph(9));
  });

  it('refuse what is out of range', () => {
    expect(() => made('random-lift:base=(complete:n=9),lift=0')).toThrow(
      'graph parameter lift must be from 1 to 10000, got lift=0; lift=8 of complete:n=8 ' +
        'has 64 nodes',
    );
    expect(() => made('random-lift:base=(complete:n=9),lift=8,seed=-1')).toThrow(
      'graph parameter seed must be a non-negative integer',
    );
    expect(() => made('random-lift:base=(complete:n=9),lift=9999')).toThrow(
      'a lift may have at most 20000 nodes, but 9 times 9999 are 89991',
    );
  });
});

describe('families made of other graphs', () => {
  it.each(families)('$name has samples of about the asked number of nodes', (family) => {
    for (const nodes of [8, 16, 20, 64, 100, 256]) {
      for (const sample of family.samples(nodes)) {
        const spec = graphSpec(family.name, sample);
        const graph = buildGraph(spec);
        expect(graph.nodes / nodes, formatGraphSpec(spec)).toBeGreaterThan(0.4);
        expect(graph.nodes / nodes, formatGraphSpec(spec)).toBeLessThan(2.1);
        expect(parseGraphSpec(formatGraphSpec(spec))).toEqual(spec);
        if (nodes >= 64) expect(measure(graph).connected, formatGraphSpec(spec)).toBe(true);
      }
    }
  });

  it.each([
    [
      'product:outer=(ring-lattice:n=8,k=4),inner=(complete:n=8)',
      32,
      'product:kind=lexicographic,outer=(ring-lattice:n=4,k=2),inner=(complete:n=8)',
    ],
    [
      'product:outer=(ring-lattice:n=8,k=4),inner=(complete:n=8)',
      64,
      'product:kind=lexicographic,outer=(ring-lattice:n=8,k=4),inner=(complete:n=8)',
    ],
    // 48 / 8 = 6 is no power of two, so the inner graph changes.
    [
      'product:kind=strong,outer=(hypercube:d=3),inner=(complete:n=8)',
      48,
      'product:kind=strong,outer=(hypercube:d=3),inner=(complete:n=6)',
    ],
    [
      'product:outer=(complete:n=8),inner=(complete:n=6)',
      40,
      'product:kind=lexicographic,outer=(complete:n=8),inner=(complete:n=5)',
    ],
    [
      'product:outer=(complete:n=2),inner=(product:outer=(star:n=4),inner=(star:n=5))',
      32,
      'product:kind=lexicographic,outer=(complete:n=2),inner=(product:kind=lexicographic,outer=(star:n=4),inner=(star:n=4))',
    ],
    [
      'product-power:graph=(complete:n=4),power=3',
      27,
      'product-power:kind=lexicographic,graph=(complete:n=3),power=3',
    ],
    [
      'random-lift:base=(complete:n=8),lift=8,seed=3',
      24,
      'random-lift:base=(complete:n=8),lift=3,seed=3',
    ],
  ])('%s on %i nodes is %s', (line, nodes, expected) => {
    expect(resized(line, nodes)).toBe(expected);
    expect(made(expected).nodes).toBe(nodes);
  });

  it.each([
    [
      'product:outer=(complete:n=8),inner=(complete:n=6)',
      31,
      'with 8 outer and 6 inner nodes neither can be changed to make 31; choose factors ' +
        'that divide it, or another graph',
    ],
    ['product:outer=(complete:n=8),inner=(complete:n=8)', 8, 'neither can be changed to make 8'],
    [
      'product-power:graph=(complete:n=4),power=3',
      63,
      'a power 3 of a graph has n^3 nodes, but 63 are needed; the nearest are 27 and 64, ' +
        'or choose another graph',
    ],
    [
      'random-lift:base=(complete:n=8),lift=8',
      63,
      'a random lift of a base with 8 nodes has a multiple of 8 nodes, but 63 are needed',
    ],
  ])('%s on %i nodes: %s', (line, nodes, message) => {
    expect(() => resized(line, nodes)).toThrow(UserError);
    expect(() => resized(line, nodes)).toThrow(message);
  });
});
