import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import {
  exampleGraph,
  familyPicture,
  graphMatrixPicture,
  graphPicture,
  measurePicture,
} from '../../src/figures/index.js';
import { placeNodes, suitableLayout } from '../../src/figures/graph-layout.js';
import {
  buildGraph,
  graphFamilies,
  graphFamily,
  graphFromEdges,
  graphMeasure,
  parseGraphSpec,
  type Graph,
} from '../../src/graph/index.js';

const graphOf = (line: string): Graph => buildGraph(parseGraphSpec(line));

/** The texts of a picture, which must be one well-formed SVG with nothing from outside. */
function textsOf(svg: string): string[] {
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity|href|<script|url\(/);
  const { document } = parseHTML(`<body>${svg}</body>`);
  expect(document.querySelectorAll('svg')).toHaveLength(1);
  return [...document.querySelectorAll('text')].map((text) => text.textContent ?? '');
}

/** How often a piece of path occurs. */
const count = (svg: string, pattern: RegExp): number => svg.match(pattern)?.length ?? 0;

const anyGraph = fc
  .integer({ min: 1, max: 40 })
  .chain((n) =>
    fc.record({
      n: fc.constant(n),
      directed: fc.boolean(),
      pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 2 * n }),
    }),
  )
  .map(({ n, directed, pairs }) =>
    graphFromEdges(
      n,
      pairs.filter(([u, v]) => u !== v),
      directed,
    ),
  );

describe('placeNodes', () => {
  it('keeps every node of every graph in the unit square', () => {
    fc.assert(
      fc.property(anyGraph, fc.constantFrom('ring', 'force'), (graph, name) => {
        const { x, y } = placeNodes(graph, name);
        expect(x).toHaveLength(graph.nodes);
        for (const value of [...x, ...y]) {
          expect(value).toBeGreaterThanOrEqual(-1e-9);
          expect(value).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('no two nodes stand on each other', () => {
    for (const line of [
      'complete:n=12',
      'star:n=20',
      'hypercube:d=4',
      'grid:shape=5x5',
      'tree:n=31,r=2',
      'empty:n=9',
    ]) {
      for (const name of ['ring', 'force'] as const) {
        const { x, y } = placeNodes(graphOf(line), name);
        const gaps = [...x.keys()].flatMap((a) =>
          [...x.keys()].filter((b) => b > a).map((b) => Math.hypot(x[a] - x[b], y[a] - y[b])),
        );
        expect(Math.min(...gaps), `${line} ${name}`).toBeGreaterThan(0.01);
      }
    }
  });

  it('distances on paper follow distances in the graph: a path is drawn straight', () => {
    const path = graphFromEdges(
      30,
      Array.from({ length: 29 }, (_, u): [number, number] => [u, u + 1]),
    );
    const { x, y } = placeNodes(path, 'force');
    for (let u = 0; u < 30; u += 7) {
      for (let v = u + 1; v < 30; v += 5)
        expect(29 * Math.hypot(x[u] - x[v], y[u] - y[v])).toBeCloseTo(v - u, 1);
    }
  });

  it('a grid comes out as a grid: all edges of about one length', () => {
    const grid = graphOf('grid:shape=6x6');
    const { x, y } = placeNodes(grid, 'force');
    const lengths = [...grid.offsets.keys()]
      .slice(0, 36)
      .flatMap((u) =>
        [...grid.targets.subarray(grid.offsets[u], grid.offsets[u + 1])].map((v) =>
          Math.hypot(x[u] - x[v], y[u] - y[v]),
        ),
      );
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.6);
  });

  it('the ring has node 0 at the top and goes clockwise', () => {
    const { x, y } = placeNodes(graphOf('ring-lattice:n=4,k=2'), 'ring');
    const round = (values: Float64Array): number[] =>
      [...values].map((value) => Math.round(value * 1e6) / 1e6);
    expect([round(x), round(y)]).toEqual([
      [0.5, 1, 0.5, 0],
      [0, 0.5, 1, 0.5],
    ]);
  });

  it.each([
    ['ring-lattice:n=32,k=4', 'ring'],
    ['ws-flex:n=64,k=8,p=0.1,seed=3', 'ring'],
    ['complete:n=16', 'ring'],
    ['grid:shape=8x8', 'force'],
    ['barabasi-albert:n=64,m=2,seed=1', 'force'],
    ['tree:n=31,r=2', 'force'],
    ['empty:n=5', 'force'],
  ])('%s suits %s', (line, expected) => expect(suitableLayout(graphOf(line))).toBe(expected));
});

describe('graphPicture', () => {
  it('tells nodes, edges, C and L under the title', () => {
    const texts = textsOf(
      graphPicture(graphOf('ring-lattice:n=16,k=4'), { title: 'a <ring> & more' }),
    );
    expect(texts).toEqual(['a <ring> & more', '16 nodes, 32 edges, C 0.500, L 2.400']);
    expect(textsOf(graphPicture(graphFromEdges(3, [[0, 1]], true)))[1]).toBe(
      '3 nodes, 1 directed edge, C 0.000, not connected',
    );
  });

  it('draws every edge once, heads on directed ones only, and every node twice (rim and dot)', () => {
    const undirected = graphPicture(graphOf('grid:shape=4x5'));
    expect(count(undirected, /M[\d. ]+L/g)).toBe(31);
    expect(count(undirected, /h0/g)).toBe(40);
    // 0 <-> 1 is one line with two heads.
    const directed = graphPicture(
      graphFromEdges(
        4,
        [
          [0, 1],
          [1, 0],
          [1, 2],
          [2, 3],
        ],
        true,
      ),
    );
    expect(count(directed, /M[\d. ]+L/g)).toBe(3);
    expect(count(directed, /l[-\d. ]+l[-\d. ]+z/g)).toBe(4);
  });

  it('any graph gives a well-formed picture, the same bytes every time', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const svg = graphPicture(graph);
        textsOf(svg);
        expect(graphPicture(graph)).toBe(svg);
      }),
      { numRuns: 40 },
    );
  });

  it('500 nodes are drawn by force within the time of a test', () => {
    const svg = graphPicture(graphOf('barabasi-albert:n=500,m=2,seed=1'), { layout: 'force' });
    expect(count(svg, /M[\d. ]+L/g)).toBe(996);
  });

  it('the matrix has a block for each direction of each edge', () => {
    const graph = graphOf('ws-flex:n=20,k=4,p=0.2,seed=1');
    const svg = graphMatrixPicture(graph);
    expect(textsOf(svg)[1]).toMatch(/^20 nodes, 40 edges/);
    expect(count(svg, /h1v1h-1z/g)).toBe(2 * graph.edges + 20);
    expect(count(graphMatrixPicture(graphFromEdges(3, [[0, 2]], true)), /M2 0h1v1h-1z/g)).toBe(1);
  });
});

const EXAMPLES = [
  'complete:n=16',
  'ring-lattice:n=20,k=4',
  'ws-flex:n=20,k=4,p=1,seed=1',
  'star:n=16',
  'empty:n=12',
].map(exampleGraph);

describe('measurePicture', () => {
  it('shows the lowest, a middle and the highest value, in that order', () => {
    const texts = textsOf(measurePicture(graphMeasure('clustering'), EXAMPLES));
    expect(texts.filter((text) => text.startsWith('C = '))).toEqual([
      'C = 0',
      'C = 0.500',
      'C = 1',
    ]);
    expect(texts).toContain('ring-lattice:n=20,k=4');
  });

  it('passes over graphs without such a number, and says so where none has it', () => {
    expect(
      textsOf(measurePicture(graphMeasure('pathLength'), EXAMPLES)).filter((text) =>
        text.startsWith('L = '),
      ),
    ).toHaveLength(3);
    expect(
      textsOf(measurePicture(graphMeasure('pathLength'), [exampleGraph('empty:n=12')])).at(-1),
    ).toBe('None of the examples has such a number.');
  });

  it('truth values are told as yes and no', () => {
    expect(
      textsOf(measurePicture(graphMeasure('connected'), EXAMPLES)).filter((text) =>
        text.includes(' = '),
      ),
    ).toEqual(['connected = no', 'connected = yes']);
  });
});

describe('familyPicture', () => {
  it.each(graphFamilies.map((family) => [family.name, family] as const))('%s', (name, family) => {
    const svg = familyPicture(family);
    const texts = textsOf(svg);
    expect(texts[0]).toBe(name);
    expect(svg.length).toBeLessThan(25_000);
    expect(texts.filter((text) => /^C \d/.test(text))).toHaveLength(
      Math.min(3, family.samples(24).length),
    );
    expect(familyPicture(family)).toBe(svg);
  });

  it('has a dot for every connected sample', () => {
    const family = graphFamily('ws-flex');
    expect(count(familyPicture(family), /<circle/g)).toBe(family.samples(64).length);
  });
});
