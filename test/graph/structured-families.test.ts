import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { graphFamily } from '../../src/graph/registry.js';
import {
  buildGraph,
  connected,
  edgeList,
  formatGraphSpec,
  graphSpec,
  measure,
  parseGraphSpec,
  resizeGraphSpec,
  type Graph,
} from '../../src/graph/index.js';

const structuredFamilies = [
  'butterfly',
  'circulant',
  'flat-butterfly',
  'empty',
  'margulis',
  'chordal-cycle',
  'paley',
  'grid',
  'harary',
  'harary-edges',
  'hypercube',
  'ring-lattice',
  'star',
  'tree',
].map(graphFamily);

interface Row {
  spec: string;
  nodes: number;
  edges: number;
  directed: boolean;
  edgeList?: [number, number][];
  sha256?: string;
}

const golden: { graphs: Row[] } = JSON.parse(
  readFileSync(new URL('../golden/graph-structured.json', import.meta.url), 'utf8'),
);
const names = structuredFamilies.map((family) => family.name);
const familyOf = (row: Row): string => row.spec.split(':')[0];

const made = (line: string): Graph => buildGraph(parseGraphSpec(line));
const degrees = (graph: Graph): number[] =>
  Array.from({ length: graph.nodes }, (_, u) => graph.offsets[u + 1] - graph.offsets[u]);
const resized = (line: string, nodes: number): string =>
  formatGraphSpec(resizeGraphSpec(parseGraphSpec(line), nodes));

describe('structured families against networkx', () => {
  it.each(golden.graphs.filter((row) => names.includes(familyOf(row))))('$spec', (row) => {
    const graph = made(row.spec);
    const edges = edgeList(graph);
    expect([graph.nodes, graph.edges, graph.directed]).toEqual([
      row.nodes,
      row.edges,
      row.directed,
    ]);
    if (row.edgeList) expect(edges).toEqual(row.edgeList);
    else
      expect(
        createHash('sha256')
          .update(edges.map((edge) => edge.join(' ')).join('\n'))
          .digest('hex'),
      ).toBe(row.sha256);
  });

  it('cover every family', () => {
    expect(new Set(golden.graphs.map(familyOf))).toEqual(
      new Set([...names, 'product', 'product-power', 'random-lift']),
    );
  });
});

describe('formulas of structured families', () => {
  it('ring-lattice: C = 3(k-2) / (4(k-1)) while k < 2n/3', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 150 }), fc.nat(1000), (n, drawn) => {
        const k = 2 + 2 * (drawn % Math.ceil((2 * n) / 3 / 2 - 1));
        const { clustering, averageDegree } = measure(made(`ring-lattice:n=${n},k=${k}`));
        expect(averageDegree).toBe(k);
        expect(clustering).toBeCloseTo((3 * (k - 2)) / (4 * (k - 1)), 12);
      }),
    );
  });

  it(
    'harary: ceil(k n / 2) edges, all degrees k but one; harary-edges: m edges, least ' +
      'degree floor(2m/n)',
    () => {
      fc.assert(
        fc.property(fc.integer({ min: 3, max: 120 }), fc.nat(10_000), (n, drawn) => {
          const k = 2 + (drawn % (n - 2));
          const sparse = made(`harary:n=${n},k=${k}`);
          expect(sparse.edges).toBe(Math.ceil((k * n) / 2));
          expect(degrees(sparse).filter((degree) => degree !== k)).toEqual(
            k % 2 === 1 && n % 2 === 1 ? [k + 1] : [],
          );
          expect(connected(sparse)).toBe(true);
          const m = n - 1 + (drawn % ((n * (n - 1)) / 2 - n + 2));
          const dense = made(`harary-edges:n=${n},m=${m}`);
          expect(dense.edges).toBe(m);
          expect(Math.min(...degrees(dense))).toBe(Math.floor((2 * m) / n));
          expect(connected(dense)).toBe(true);
        }),
      );
    },
  );

  it('hypercube: L = d 2^(d-1) / (2^d - 1); star: L = 2 - 2/n; both without triangles', () => {
    for (let d = 1; d <= 9; d++)
      expect(measure(made(`hypercube:d=${d}`))).toMatchObject({
        clustering: 0,
        pathLength: (d * 2 ** (d - 1)) / (2 ** d - 1),
      });
    for (const n of [2, 3, 10, 77]) {
      expect(measure(made(`star:n=${n}`)).pathLength).toBeCloseTo(2 - 2 / n, 12);
      expect(measure(made(`star:n=${n}`)).clustering).toBe(0);
    }
  });

  it('paley: C = (n-5) / (2(n-3)) and L = 3/2', () => {
    for (const n of [5, 13, 17, 61, 101]) {
      expect(measure(made(`paley:n=${n}`)).clustering).toBeCloseTo((n - 5) / (2 * (n - 3)), 12);
      expect(measure(made(`paley:n=${n}`))).toMatchObject({ pathLength: 1.5, density: 0.5 });
    }
  });

  it('tree: n - 1 edges, connected; parents have r children, all but the last of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(1000), (n, drawn) => {
        const r = 1 + (drawn % (n - 1));
        const graph = made(`tree:n=${n},r=${r}`);
        expect(graph.edges).toBe(n - 1);
        expect(connected(graph)).toBe(true);
        const children = degrees(graph)
          .map((degree, u) => (u === 0 ? degree : degree - 1))
          .filter((count) => count > 0);
        expect(children.slice(0, -1).every((count) => count === r)).toBe(true);
      }),
    );
  });

  it(
    'butterfly: d 2^(d+1) edges; wrapped, every degree is 4 from d = 3 on, triangles at d ' +
      '= 3 only',
    () => {
      for (let d = 1; d <= 6; d++)
        expect(made(`butterfly:d=${d}`)).toMatchObject({
          nodes: (d + 1) * 2 ** d,
          edges: d * 2 ** (d + 1),
        });
      for (let d = 3; d <= 6; d++)
        expect(new Set(degrees(made(`butterfly:d=${d},wrapped=true`)))).toEqual(new Set([4]));
      expect(
        [2, 3, 4, 5].map((d) => measure(made(`butterfly:d=${d},wrapped=true`)).clustering > 0),
      ).toEqual([false, true, false, false]);
    },
  );

  it('grid: edges along each side, periodic sides of 3 and more closed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 }),
        fc.boolean(),
        (sides, periodic) => {
          const nodes = sides.reduce((total, side) => total * side, 1);
          fc.pre(nodes >= 2);
          const along = (side: number): number =>
            (nodes / side) * (periodic && side > 2 ? side : side - 1);
          const graph = made(`grid:shape=${sides.join('x')},periodic=${periodic}`);
          expect(graph.nodes).toBe(nodes);
          expect(graph.edges).toBe(sides.reduce((total, side) => total + along(side), 0));
          expect(connected(graph)).toBe(true);
        },
      ),
    );
  });

  it('expanders: no bottleneck, so that paths stay short where a ring or grid has long ones', () => {
    expect(measure(made('margulis:m=20')).pathLength).toBeLessThan(4.5);
    expect(measure(made('grid:shape=20x20,periodic=true')).pathLength).toBeGreaterThan(10);
    expect(Math.max(...degrees(made('margulis:m=20')))).toBeLessThanOrEqual(8);
    expect(measure(made('chordal-cycle:n=401')).pathLength).toBeLessThan(8);
    // 5 is no square modulo 103, so no chord is also an edge of the ring; modulo 401 two are.
    expect(degrees(made('chordal-cycle:n=103')).filter((degree) => degree !== 3)).toEqual([
      2, 2, 2,
    ]);
    expect(degrees(made('chordal-cycle:n=401')).filter((degree) => degree !== 3)).toEqual([
      2, 2, 2, 2, 2, 2, 2,
    ]);
  });

  it('some are each other', () => {
    const same = (first: string, second: string): void =>
      expect(made(first), `${first} ${second}`).toEqual(made(second));
    same('ring-lattice:n=40,k=8', 'ws-flex:n=40,k=8,p=0');
    same('ring-lattice:n=41,k=8', 'harary:n=41,k=8');
    same('ring-lattice:n=40,k=40', 'complete:n=40');
    same('harary:n=40,k=39', 'complete:n=40');
    same('harary-edges:n=40,m=780', 'complete:n=40');
    same('tree:n=40,r=39', 'star:n=40');
    same('tree:n=40,r=1', 'grid:shape=40');
    same('grid:shape=2x2x2x2', 'hypercube:d=4');
    same('grid:shape=7,periodic=true', 'ring-lattice:n=7,k=2');
  });
});

describe('structured families', () => {
  it.each(structuredFamilies)(
    '$name has samples of about the asked number of nodes, resizes to them where it can',
    (family) => {
      for (const nodes of [4, 9, 16, 20, 61, 64, 100, 256]) {
        for (const [at, sample] of family.samples(nodes).entries()) {
          const graph = buildGraph(graphSpec(family.name, sample));
          expect(
            graph.nodes / nodes,
            formatGraphSpec(graphSpec(family.name, sample)),
          ).toBeGreaterThan(0.45);
          expect(graph.nodes / nodes).toBeLessThan(2.1);
          const other = graphSpec(family.name, family.samples(256)[at]);
          expect(buildGraph(resizeGraphSpec(other, graph.nodes)).nodes).toBe(graph.nodes);
        }
      }
    },
  );

  it.each([
    [
      'harary:n=8,k=8',
      'graph parameter k must be from 1 to n-1 (n=8), got k=8; k=7 gives the complete graph',
    ],
    ['harary:n=8,k=0', 'graph parameter k must be from 1 to n-1 (n=8), got k=0'],
    ['harary:n=1,k=1', 'graph parameter n must be from 2 to 20000, got n=1'],
    [
      'harary-edges:n=8,m=6',
      'graph parameter m must be from n-1 to n(n-1)/2 (7 to 28 for n=8), got m=6',
    ],
    ['harary-edges:n=8,m=29', 'got m=29; fewer edges cannot connect the nodes, more do not fit'],
    [
      'ring-lattice:n=8,k=3',
      'graph parameter k must be even and from 2 to n (n=8), got k=3; try k=2',
    ],
    ['ring-lattice:n=9,k=10', 'got k=10; try k=8'],
    ['ring-lattice:n=8,k=-4', 'got k=-4; try k=2'],
    ['grid:shape=8', null],
    [
      'grid:shape=8*8',
      'graph parameter shape must be 1 to 14 sides written like 8x8 or 4x4x4, got ' +
        'shape=8*8; each side is an integer from 1',
    ],
    ['grid:shape=0x8', 'got shape=0x8'],
    ['grid:shape=8x', 'got shape=8x'],
    ['grid:shape=2x2x2x2x2x2x2x2x2x2x2x2x2x2x1', 'must be 1 to 14 sides'],
    [
      'grid:shape=1',
      'graph parameter shape must be a grid of 2 to 20000 nodes, got shape=1; 8x8 has 64 nodes',
    ],
    ['grid:shape=200x200', 'got shape=200x200; so many nodes would take 190.73 MiB and more'],
    [
      'grid:shape=8x8,periodic=yes',
      'graph parameter periodic must be true or false, got periodic=yes',
    ],
    [
      'grid',
      'graph family grid needs the parameter shape (sides of the grid, such as 8x8 or ' +
        '4x4x4; 1 to 14 sides joined by x, 2 to 20000 nodes); for example ' +
        'grid:shape=8x8,periodic=false',
    ],
    ['hypercube:d=15', 'graph parameter d must be from 1 to 14, got d=15; d=6 has 64 nodes'],
    ['hypercube:d=0', 'got d=0'],
    [
      'butterfly:d=11',
      'graph parameter d must be from 1 to 10, got d=11; d=4 has 80 nodes, wrapped 64',
    ],
    ['star:n=1', 'graph parameter n must be from 2 to 20000, got n=1'],
    [
      'tree:n=8,r=8',
      'graph parameter r must be from 1 to n-1 (n=8), got r=8; r=1 gives a path, r=7 a star',
    ],
    ['tree:n=8,r=0', 'got r=0'],
    ['margulis:m=142', 'graph parameter m must be from 2 to 141, got m=142; m=8 has 64 nodes'],
    [
      'chordal-cycle:n=64',
      'graph parameter n must be a prime number, got n=64; the nearest is n=61',
    ],
    [
      'paley:n=64',
      'graph parameter n must be a prime number that is 1 more than a multiple of 4, got ' +
        'n=64; the nearest is n=61',
    ],
    ['paley:n=7', 'the nearest is n=5'],
    ['chordal-cycle:n=20001', 'graph parameter n must be from 2 to 20000, got n=20001'],
    ['empty:n=0', 'graph parameter n must be from 2 to 20000, got n=0'],
  ])('%s: %s', (line, message) => {
    if (message === null) return expect(() => parseGraphSpec(line)).not.toThrow();
    expect(() => parseGraphSpec(line)).toThrow(UserError);
    expect(() => parseGraphSpec(line)).toThrow(message);
  });

  it.each([
    ['ring-lattice:n=64,k=16', 32, 'ring-lattice:n=32,k=8'],
    ['ring-lattice:n=64,k=2', 3, 'ring-lattice:n=3,k=2'],
    ['ring-lattice:n=64,k=64', 9, 'ring-lattice:n=9,k=8'],
    ['harary:n=64,k=63', 10, 'harary:n=10,k=9'],
    ['harary:n=64,k=9', 22, 'harary:n=22,k=3'],
    ['harary:n=64,k=2', 8, 'harary:n=8,k=2'],
    ['harary:n=64,k=1', 8, 'harary:n=8,k=1'],
    ['harary:n=64,k=3', 2, 'harary:n=2,k=1'],
    ['harary-edges:n=64,m=1008', 10, 'harary-edges:n=10,m=23'],
    ['harary-edges:n=64,m=63', 20, 'harary-edges:n=20,m=19'],
    ['grid:shape=8x8', 60, 'grid:shape=6x10,periodic=false'],
    ['grid:shape=8x8,periodic=true', 7, 'grid:shape=1x7,periodic=true'],
    ['grid:shape=16x4', 64, 'grid:shape=16x4,periodic=false'],
    ['grid:shape=4x4x4', 512, 'grid:shape=8x8x8,periodic=false'],
    ['grid:shape=64', 12, 'grid:shape=12,periodic=false'],
    ['hypercube:d=6', 16, 'hypercube:d=4'],
    ['butterfly:d=3', 80, 'butterfly:d=4,wrapped=false'],
    ['butterfly:d=3,wrapped=true', 64, 'butterfly:d=4,wrapped=true'],
    ['tree:n=64,r=8', 5, 'tree:n=5,r=4'],
    ['star:n=64', 5, 'star:n=5'],
    ['empty:n=64', 5, 'empty:n=5'],
    ['margulis:m=8', 49, 'margulis:m=7'],
    ['chordal-cycle:n=61', 31, 'chordal-cycle:n=31'],
  ])('%s on %i nodes is %s', (line, nodes, expected) => {
    expect(resized(line, nodes)).toBe(expected);
  });

  it.each([
    [
      'hypercube:d=6',
      20,
      'a graph of the family hypercube has 2^d nodes, but 20 are needed; the nearest are ' +
        '16 and 32, or choose another graph',
    ],
    ['hypercube:d=6', 1, 'but 1 are needed; the nearest are 2, or'],
    [
      'butterfly:d=3,wrapped=true',
      32,
      'has d 2^d nodes where it is wrapped, but 32 are needed; the nearest are 24 and 64',
    ],
    ['margulis:m=8', 63, 'has m^2 nodes, but 63 are needed; the nearest are 49 and 64'],
    [
      'paley:n=61',
      64,
      'has a prime number of nodes that is 1 more than a multiple of 4, but 64 are ' +
        'needed; the nearest are 61 and 73',
    ],
  ])('%s on %i nodes: %s', (line, nodes, message) => {
    expect(() => resized(line, nodes)).toThrow(UserError);
    expect(() => resized(line, nodes)).toThrow(message);
  });

  it('refuse graphs that would not fit into memory before they make them', () => {
    expect(() => made('ring-lattice:n=20000,k=19998')).toThrow(
      /at most 1\.00 GiB of memory, but 20000 nodes with an average degree of 19998\.0 need 1\.54 GiB/,
    );
    expect(() => made('harary:n=20000,k=15001')).toThrow(/need 1\.16 GiB/);
    expect(made('star:n=20000').edges).toBe(19_999);
    expect(made('margulis:m=141').nodes).toBe(19_881);
  });
});
