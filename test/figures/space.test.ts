import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import {
  familiesFigure,
  spaceFigure,
  type FamiliesFigureInput,
  type SpaceFigureInput,
} from '../../src/figures/index.js';
import { cellsPath } from '../../src/figures/space-cells.js';
import {
  binSpace,
  candidateCount,
  candidateOrder,
  candidates,
  familyPlaces,
  graphFamilies,
  spaceBins,
  spaceGrid,
} from '../../src/graph/index.js';
import { placeCandidates } from '../../src/graph/space/place.js';
import { readPicture } from './well-formed.js';

const GRID = spaceGrid(20, { degrees: 8, probabilities: 8, seeds: 2 });
const BINS = spaceBins(GRID);

/** What the command gives the figure, of a small grid. */
function inputOf(): SpaceFigureInput {
  const order = candidateOrder(GRID);
  const places = placeCandidates(GRID, order);
  const candidateOf = candidates(GRID);
  const { cells, sets, outside, unconnected } = binSpace(places, BINS);
  return {
    grid: GRID,
    bins: BINS,
    candidates: candidateCount(GRID),
    outside,
    unconnected,
    cells: cells.map(({ row, column, first }) => ({ row, column, k: candidateOf(order[first]).k })),
    counts: sets.map((set) => set.cells.length),
    coarse: sets[1].cells.map(({ first }) => ({
      spec: `ws-flex:n=20,seed=${first}`,
      clustering: places[2 * first],
      pathLength: places[2 * first + 1],
    })),
  };
}

const input = inputOf();

/** The sum of the areas of rectangles `M x y H x V y H x Z`. */
function areaOf(path: string): number {
  return [...path.matchAll(/M([-\d.]+) ([-\d.]+)H([-\d.]+)V([-\d.]+)H/g)].reduce(
    (sum, [, x, y, right, top]) => sum + (Number(right) - Number(x)) * (Number(y) - Number(top)),
    0,
  );
}

describe('cellsPath', () => {
  const bins = spaceBins(GRID, { bins: 10, pathLengthRange: [1, 3], strides: [1] });
  const frame = { left: 5, top: 7, width: 100, height: 200 };

  it('has C to the right and L upwards', () => {
    expect(cellsPath([{ row: 0, column: 0 }], bins, frame, 0)).toBe('M5 207H15V187H5Z');
    expect(cellsPath([{ row: 9, column: 9 }], bins, frame, 1)).toBe('M95 27H105V7H95Z');
  });

  it('covers each cell once, in as few pieces along L as there are runs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99)), (numbers) => {
        const cells = numbers.map((number) => ({
          row: Math.floor(number / 10),
          column: number % 10,
        }));
        const path = cellsPath(cells, bins, frame, 0);
        expect(areaOf(path)).toBe(200 * numbers.length);
        const runs = numbers.filter(
          (number) => number % 10 === 0 || !numbers.includes(number - 1),
        ).length;
        expect(path.split('M').length - 1).toBe(runs);
      }),
    );
  });
});

describe('spaceFigure', () => {
  const svg = spaceFigure(input);
  const { document } = parseHTML(`<body>${svg}</body>`);

  it('is one well-formed SVG, the same bytes every time', () => {
    readPicture(svg);
    expect(spaceFigure(inputOf())).toBe(svg);
  });

  it('has the area of all cells, within the rounding to pixels, in the colours of the bar', () => {
    const paths = [...document.querySelectorAll('path')].filter((path) =>
      /^M\S+ \S+H/.test(path.getAttribute('d') ?? ''),
    );
    const side = [780 - 100 - 58 - 16, 560 - 10 - 46];
    const area = paths.reduce((sum, path) => sum + areaOf(path.getAttribute('d') ?? ''), 0);
    expect(area / ((side[0] * side[1] * input.cells.length) / 135 ** 2)).toBeCloseTo(1, 1);
    expect(paths.length).toBeLessThanOrEqual(9);
    const bar = new Set(
      [...document.querySelectorAll('rect')].map((rect) => rect.getAttribute('fill')),
    );
    for (const path of paths) expect(bar).toContain(path.getAttribute('fill'));
    expect(paths.length).toBeGreaterThan(4);
  });

  it('has a circle with its spec for every graph of the coarse set, at its C and L', () => {
    const circles = [...document.querySelectorAll('.coarse circle')];
    expect(circles).toHaveLength(input.coarse.length);
    circles.forEach((circle, at) => {
      const { spec, clustering, pathLength } = input.coarse[at];
      expect(circle.textContent).toContain(
        `${spec}\nC ${clustering.toFixed(3)}, L ${pathLength.toFixed(3)}`,
      );
      expect(Number(circle.getAttribute('cx'))).toBeCloseTo(58 + 606 * clustering, 0);
      const [low, high] = BINS.pathLength;
      expect(Number(circle.getAttribute('cy'))).toBeCloseTo(
        10 + (504 * (high - pathLength)) / (high - low),
        0,
      );
    });
  });

  it('says how many there are, and what was left out', () => {
    const text = readPicture(svg).texts.join(' ');
    expect(text).toContain(`${input.cells.length} places that WS-flex graphs of 20 nodes reach`);
    expect(text).toContain('128 graphs: 8 degrees x 8 rewiring probabilities x 2 seeds');
    expect(text).toContain(`Circles: the set of ${input.coarse.length}.`);
    expect(text).toContain(
      `Sets of ${input.counts[0]}, ${input.counts[1]} and ${input.counts[2]} graphs.`,
    );
    expect(text).not.toContain('left out');
    const less = readPicture(spaceFigure({ ...input, outside: 1234, unconnected: 1 })).texts.join(
      ' ',
    );
    expect(less).toContain('1 candidate without a connected graph left out.');
    expect(less).toContain('1,234 candidates outside these ranges left out.');
  });

  it.each<[string, SpaceFigureInput]>([
    ['nothing', { ...input, cells: [], coarse: [], counts: [0, 0, 0], candidates: 0 }],
    [
      'one cell of one degree',
      {
        ...input,
        grid: spaceGrid(20, { degrees: 1, degreeRange: [4, 4], probabilities: 1, seeds: 1 }),
        cells: [{ row: 3, column: 4, k: 4 }],
        coarse: [],
        counts: [1],
        candidates: 1,
      },
    ],
    [
      'other ranges',
      {
        ...input,
        bins: spaceBins(GRID, {
          bins: 3,
          clusteringRange: [-0.5, 2],
          pathLengthRange: [0, 100],
          strides: [1],
        }),
        cells: [{ row: 2, column: 2, k: 1e9 }],
      },
    ],
    [
      'a spec with < and &',
      { ...input, coarse: [{ spec: 'a<b & "c"', clustering: 0.5, pathLength: 1.5 }] },
    ],
  ])('draws %s', (_, given) => {
    readPicture(spaceFigure(given));
  });
});

describe('familyPlaces', () => {
  const families = familyPlaces(64);

  it('has every family with samples or landmarks but ws-flex, with all of them', () => {
    const expected = graphFamilies
      .map(({ name, samples, landmarks }): [string, number] => [
        name,
        samples(64).length + (landmarks?.length ?? 0),
      ])
      .filter(([name, count]) => name !== 'ws-flex' && count > 0);
    expect(
      families.map(({ family, graphs, unconnected }) => [family, graphs.length + unconnected]),
    ).toEqual(expected);
  });

  it('has the complete graph in its corner and the hypercube on the left', () => {
    const of = (name: string): unknown => families.find(({ family }) => family === name)?.graphs[0];
    expect(of('complete')).toMatchObject({
      spec: 'complete:n=64',
      nodes: 64,
      clustering: 1,
      pathLength: 1,
    });
    // Distances in the hypercube of d dimensions: the mean is d 2^(d-1) / (2^d - 1).
    expect(of('hypercube')).toMatchObject({
      spec: 'hypercube:d=6',
      nodes: 64,
      clustering: 0,
      pathLength: 192 / 63,
    });
  });

  it.each([4, 5, 7, 20, 128])('makes samples of about %d nodes', (nodes) => {
    const some = familyPlaces(nodes);
    expect(some.length).toBeGreaterThan(10);
    for (const { family, graphs } of some)
      for (const graph of graphs)
        expect(graph.pathLength, family).toBeGreaterThanOrEqual(graph.nodes > 1 ? 1 : 0);
  });
});

describe('familiesFigure', () => {
  const place = (
    clustering: number,
    pathLength: number,
  ): FamiliesFigureInput['families'][number]['graphs'][number] => ({
    spec: 'x<y&"z"',
    nodes: 20,
    edges: 40,
    clustering,
    pathLength,
  });
  const family = (
    name: string,
    ...graphs: ReturnType<typeof place>[]
  ): FamiliesFigureInput['families'][number] => ({ family: name, graphs, unconnected: 0 });
  const given: FamiliesFigureInput = {
    nodes: 20,
    bins: BINS,
    cells: input.cells,
    families: [
      family('one', place(0.5, 2)),
      family('t<&', place(0, 1), place(1, 1), place(0.2, 1000)),
    ],
  };

  it(
    'is one well-formed SVG with a panel for each family that has graphs, the same bytes ' +
      'every time',
    () => {
      const more = {
        ...given,
        families: [...given.families, { family: 'none', graphs: [], unconnected: 2 }],
      };
      const svg = familiesFigure(more);
      const { texts, elements } = readPicture(svg);
      expect(elements.use).toBe(2);
      expect(texts).toEqual(
        expect.arrayContaining(['one', 't<&', 'Left out because they are not connected: none 2.']),
      );
      expect(texts).not.toContain('none');
      expect(texts[0]).toBe('Other families in the space of graphs: 2 of them');
      expect(familiesFigure(more)).toBe(svg);
    },
  );

  it('has a dot for each graph, and a triangle for one above the panel', () => {
    const { document } = parseHTML(`<body>${familiesFigure(given)}</body>`);
    // Every mark carries the graph as its tooltip.
    const marks = [...document.querySelectorAll('title')];
    expect(marks).toHaveLength(4);
    expect(
      marks
        .filter((title) => title.textContent?.includes('L 1000.000'))
        .map((title) => title.parentNode?.nodeName.toLowerCase()),
    ).toEqual(['path']);
    expect(marks[0].textContent).toBe('x<y&"z"\n20 nodes, C 0.500, L 2.000');
  });

  it.each([1.5, 4.5, 9, 60, 250, 5000])('has few ticks where L goes up to %d', (longest) => {
    const { texts } = readPicture(
      familiesFigure({
        ...given,
        bins: spaceBins(GRID, { pathLengthRange: [1, longest] }),
        families: [family('one')],
      }),
    );
    expect(texts.every((text) => !/^\d+$/.test(text))).toBe(true);
    const drawn = readPicture(
      familiesFigure({
        ...given,
        bins: spaceBins(GRID, { pathLengthRange: [1, longest] }),
        families: [family('one', place(0.5, 1.2))],
      }),
    ).texts.filter((text) => /^\d+$/.test(text));
    // 0 and 1 belong to C.
    expect(drawn.length - 2).toBeGreaterThanOrEqual(1);
    expect(drawn.length - 2).toBeLessThanOrEqual(7);
  });

  it('draws no families, no cells, and all of them', () => {
    expect(readPicture(familiesFigure({ ...given, families: [] })).elements.use).toBeUndefined();
    readPicture(familiesFigure({ ...given, cells: [] }));
    const all = familyPlaces(20);
    const { elements } = readPicture(familiesFigure({ ...given, families: all }));
    expect(elements.use).toBe(all.filter(({ graphs }) => graphs.length > 0).length);
  });
});
