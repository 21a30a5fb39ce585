import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundHalfEven } from '../../src/core/rounding.js';
import {
  buildGraph,
  completeGraph,
  connected,
  edgeList,
  formatGraphSpec,
  graphFamily,
  graphFromEdges,
  graphSpec,
  latticeReference,
  parseGraphSpec,
  pathLength,
  randomReference,
  resizeGraphSpec,
  rewire,
  wsFlexGraph,
  type Graph,
} from '../../src/graph/index.js';
import { canSwap } from '../../src/graph/generators/swap-graph.js';

type Edges = [number, number][];
interface Row {
  graph: string;
  seed: number;
}
interface Golden {
  graphs: Record<string, { n: number; edges: Edges }>;
  rewired: (Row & { swaps: number; tries: number; edges: Edges | null })[];
  connected: (Row & { swaps: number; edges: Edges })[];
  random: (Row & { niter: number; connected: boolean; edges: Edges })[];
  lattice: (Row & { niter: number; connected: boolean; edges: Edges })[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-null-models.json', import.meta.url), 'utf8'),
);

const graphNamed = (name: string): Graph =>
  graphFromEdges(golden.graphs[name].n, golden.graphs[name].edges);

const swapsOf = (graph: Graph, swaps: number): number => roundHalfEven(swaps * graph.edges);

describe('rewire against networkx', () => {
  it.each(golden.rewired)('$graph, $swaps swaps an edge, $tries tries, seed $seed', (row) => {
    const graph = graphNamed(row.graph);
    const swaps = swapsOf(graph, row.swaps);
    const run = (): Graph => rewire(graph, swaps, row.seed, { maxTries: row.tries * swaps });
    if (row.edges === null)
      expect(run).toThrow(/attempts should give .* lower swaps or raise tries/);
    else expect(edgeList(run())).toEqual(row.edges);
  });

  it.each(golden.connected)('$graph kept connected, $swaps attempts an edge, seed $seed', (row) => {
    const graph = graphNamed(row.graph);
    expect(
      edgeList(rewire(graph, swapsOf(graph, row.swaps), row.seed, { connected: true })),
    ).toEqual(row.edges);
  });

  it('has rows that undo swaps and rows that give up', () => {
    const differ = golden.rewired.filter(
      (row) =>
        row.edges !== null && row.swaps > 0 && !same(row.edges, golden.graphs[row.graph].edges),
    );
    expect(differ.length).toBeGreaterThan(12);
    expect(golden.rewired.filter((row) => row.edges === null)).toHaveLength(1);
  });
});

const same = (a: Edges, b: Edges): boolean => JSON.stringify(a) === JSON.stringify(b);

describe('reference graphs against networkx', () => {
  it.each(golden.random)(
    'random: $graph, niter $niter, connected $connected, seed $seed',
    (row) => {
      expect(
        edgeList(randomReference(graphNamed(row.graph), row.niter, row.seed, row.connected)),
      ).toEqual(row.edges);
    },
  );

  it.each(golden.lattice)(
    'lattice: $graph, niter $niter, connected $connected, seed $seed',
    (row) => {
      expect(
        edgeList(latticeReference(graphNamed(row.graph), row.niter, row.seed, row.connected)),
      ).toEqual(row.edges);
    },
  );
});

describe('canSwap', () => {
  const anyGraph = fc
    .tuple(
      fc.integer({ min: 2, max: 6 }),
      fc.boolean(),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([n, directed, draws, density]) => {
      const pairs = Array.from({ length: n * n }, (_, at): [number, number] => [
        Math.floor(at / n),
        at % n,
      ]);
      return graphFromEdges(
        n,
        pairs.filter(
          ([u, v]) => (directed ? u !== v : u < v) && Number(draws.next().value) < density,
        ),
        directed,
      );
    });

  it('says whether some pair of edges can be swapped', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const edges = edgeList(graph);
        const arcs = graph.directed
          ? edges
          : edges.flatMap(([u, v]) => [
              [u, v],
              [v, u],
            ]);
        const has = new Set(arcs.map(([u, v]) => `${u} ${v}`));
        const swappable = arcs.some(([a, b]) =>
          arcs.some(
            ([c, d]) =>
              a !== c &&
              b !== d &&
              a !== d &&
              c !== b &&
              !has.has(`${a} ${d}`) &&
              !has.has(`${c} ${b}`),
          ),
        );
        expect(canSwap(graph)).toBe(swappable);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    'rewired:of=(empty:n=20000)',
    'rewired:of=(star:n=20000)',
    'random-reference:of=(star:n=20000)',
    'lattice-reference:of=(star:n=20000)',
  ])('%s comes back as it is', (line) => {
    const graph = buildGraph(parseGraphSpec(line));
    expect(edgeList(graph)).toEqual(
      edgeList(
        buildGraph(parseGraphSpec(line.includes('star') ? 'star:n=20000' : 'empty:n=20000')),
      ),
    );
  });
});

/** In- and out-degree of every node. */
function degrees(graph: Graph): number[][] {
  const result = Array.from({ length: graph.nodes }, () => [0, 0]);
  for (const [u, v] of edgeList(graph)) {
    result[u][0]++;
    result[v][graph.directed ? 1 : 0]++;
  }
  return result;
}

const arbitraryGraph = (directed: boolean): fc.Arbitrary<Graph> =>
  fc.integer({ min: 2, max: 40 }).chain((n) =>
    fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 4 * n }).map((pairs) =>
      graphFromEdges(
        n,
        pairs.filter(([u, v]) => u !== v),
        directed,
      ),
    ),
  );

/** The rewired graph; null where the graph leaves too little to swap. */
function rewiredOrNull(graph: Graph, swaps: number, seed: number): Graph | null {
  try {
    return rewire(graph, swaps, seed);
  } catch {
    return null;
  }
}

describe('null models keep what they promise', () => {
  it.each([false, true])('degrees when rewired, directed %s', (directed) => {
    let rewiredGraphs = 0;
    fc.assert(
      fc.property(arbitraryGraph(directed), fc.nat(60), fc.nat(1000), (graph, swaps, seed) => {
        const result = rewiredOrNull(graph, swaps, seed);
        if (result === null) return;
        rewiredGraphs++;
        expect(degrees(result)).toEqual(degrees(graph));
        expect(result.directed).toBe(directed);
        expect(edgeList(rewire(graph, swaps, seed))).toEqual(edgeList(result));
      }),
      { numRuns: 100 },
    );
    expect(rewiredGraphs).toBeGreaterThan(50);
  });

  it.each([false, true])('connection when asked to, directed %s', (directed) => {
    fc.assert(
      fc.property(arbitraryGraph(directed), fc.nat(200), fc.nat(1000), (start, attempts, seed) => {
        const cycle = Array.from({ length: start.nodes }, (_, u): [number, number] => [
          u,
          (u + 1) % start.nodes,
        ]);
        const graph = graphFromEdges(start.nodes, [...edgeList(start), ...cycle], directed);
        const result = rewire(graph, attempts, seed, { connected: true });
        expect(connected(result)).toBe(true);
        expect(degrees(result)).toEqual(degrees(graph));
      }),
      { numRuns: 100 },
    );
  });

  it('degrees and connection of reference graphs', () => {
    fc.assert(
      fc.property(arbitraryGraph(false), fc.nat(3), fc.nat(1000), (graph, niter, seed) => {
        for (const reference of [randomReference, latticeReference]) {
          const result = reference(graph, niter, seed);
          expect(degrees(result)).toEqual(degrees(graph));
          if (connected(graph)) expect(connected(result)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('directed swaps forget the start', () => {
    const ring = graphFromEdges(
      30,
      Array.from({ length: 30 }, (_, u): Edges => [
        [u, (u + 1) % 30],
        [u, (u + 2) % 30],
      ]).flat(),
      true,
    );
    const kept = new Set(edgeList(ring).map(String));
    const shared = edgeList(rewire(ring, 10 * ring.edges, 1)).filter((edge) =>
      kept.has(String(edge)),
    );
    expect(shared.length).toBeLessThan(15);
    expect(rewire(ring, 600, 1, { connected: true }).rows).not.toEqual(ring.rows);
  });

  it('graphs that are alone with their degrees', () => {
    const star = graphFromEdges(
      9,
      Array.from({ length: 8 }, (_, leaf): [number, number] => [0, leaf + 1]),
    );
    const lone = [
      completeGraph(12),
      star,
      graphFromEdges(5, [[1, 3]]),
      graphFromEdges(4, []),
      graphFromEdges(1, []),
      graphFromEdges(4, [
        [0, 1],
        [1, 2],
        [0, 2],
        [2, 3],
      ]),
    ];
    for (const graph of lone) {
      for (const result of [
        rewire(graph, 100, 1),
        randomReference(graph, 2, 1),
        latticeReference(graph, 2, 1),
      ])
        expect(result).toEqual(graph);
    }
    const complete = graphFromEdges(
      3,
      [
        [0, 1],
        [1, 0],
        [0, 2],
        [2, 0],
        [1, 2],
        [2, 1],
      ],
      true,
    );
    expect(rewire(complete, 100, 1)).toEqual(complete);
  });
});

describe('null models as specs', () => {
  const inner = 'ws-flex:n=20,k=4,p=0.1,seed=3';

  it.each([
    [`rewired:of=(${inner})`, (graph: Graph) => rewire(graph, 400, 1)],
    [
      `rewired:of=(${inner}),swaps=0.5,connected=true,seed=4`,
      (graph: Graph) => rewire(graph, 20, 4, { connected: true }),
    ],
    [
      `random-reference:of=(${inner}),niter=2,seed=5`,
      (graph: Graph) => randomReference(graph, 2, 5),
    ],
    [
      `random-reference:of=(${inner}),niter=2,connected=false,seed=5`,
      (graph: Graph) => randomReference(graph, 2, 5, false),
    ],
    [`lattice-reference:of=(${inner}),seed=6`, (graph: Graph) => latticeReference(graph, 5, 6)],
  ])('%s', (line, expected) => {
    const spec = parseGraphSpec(line);
    expect(edgeList(buildGraph(spec))).toEqual(edgeList(expected(wsFlexGraph(20, 4, 0.1, 3))));
    expect(parseGraphSpec(formatGraphSpec(spec))).toEqual(spec);
    const resized = buildGraph(resizeGraphSpec(spec, 30));
    expect(resized.nodes).toBe(30);
    expect(resized.edges).toBe(90);
  });

  it('nest: the lattice reference of a random reference has shorter ways around the ring', () => {
    const random = `random-reference:of=(${inner}),niter=3`;
    const lattice = buildGraph(parseGraphSpec(`lattice-reference:of=(${random})`));
    expect(pathLength(lattice)!).toBeGreaterThan(pathLength(buildGraph(parseGraphSpec(random)))!);
  });

  it.each([
    [`rewired:of=(${inner}),swaps=-1`, /swaps must be from 0 to 1000, got swaps=-1/],
    [`rewired:of=(${inner}),tries=0`, /tries must be from 1 to 1000000, got tries=0/],
    [`rewired:of=(${inner}),seed=-1`, /seed must be a non-negative integer/],
    [`random-reference:of=(${inner}),niter=1001`, /niter must be from 0 to 1000/],
    [`lattice-reference:of=(${inner}),niter=0.5`, /niter must be an integer/],
    ['rewired:swaps=1', /needs the parameter of/],
    ['rewired:of=(wss:n=4)', /unknown graph family "wss"/],
  ])('refuses %s', (line, message) => expect(() => parseGraphSpec(line)).toThrow(message));

  it('refuses what the model is not defined for', () => {
    const cycle = graphFromEdges(
      5,
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 0],
      ],
      true,
    );
    expect(() => randomReference(cycle, 1, 1)).toThrow(
      /random-reference graph is made of an undirected graph/,
    );
    expect(() => latticeReference(cycle, 1, 1)).toThrow(
      /lattice-reference graph is made of an undirected graph/,
    );
    expect(() =>
      rewire(
        graphFromEdges(5, [
          [0, 1],
          [2, 3],
        ]),
        1,
        1,
        { connected: true },
      ),
    ).toThrow(/must be connected to be rewired/);
  });

  it.each(['rewired', 'random-reference', 'lattice-reference'])(
    'has samples of %s that can be built',
    (name) => {
      for (const nodes of [16, 64]) {
        for (const params of graphFamily(name).samples(nodes))
          expect(buildGraph(graphSpec(name, params)).nodes).toBe(nodes);
      }
    },
  );
});
