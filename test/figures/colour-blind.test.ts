import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import {
  familiesFigure,
  graphDrawing,
  graphMatrixPicture,
  heatMap,
  learningCurves,
  slice,
  spaceFigure,
  trainingCurves,
} from '../../src/figures/index.js';
import { buildGraph, parseGraphSpec, spaceBins, spaceGrid } from '../../src/graph/index.js';
import { syntheticStudy } from '../analysis/synthetic.js';
import { contrast, difference, luminance, SIGHTS } from './vision.js';

/**
 * Colours of small marks on one ground must be so far apart (CIEDE2000) that they are told apart at
 * a glance.
 */
const APART = 15;

const summary = summarise(syntheticStudy());
const graph = buildGraph(parseGraphSpec('ws-flex:n=16,k=4,p=0.2,seed=1'));
const grid = spaceGrid(20, { degrees: 4, probabilities: 4, seeds: 1 });
const bins = spaceBins(grid, { bins: 15 });

function drawn(svg: string): ReturnType<typeof parseHTML>['document'] {
  return parseHTML(`<html><body>${svg}</body></html>`).document;
}

/** The colour of the first element that matches, its own or that of the group around it. */
function colourOf(svg: string, selector: string, kind: 'fill' | 'stroke' = 'fill'): string {
  for (let at = drawn(svg).querySelector(selector); at !== null; at = at.parentElement) {
    const value = at.getAttribute(kind);
    if (value !== null && value !== 'none') return value;
  }
  throw new Error(`nothing of that kind: ${selector}`);
}

/** Colours of the lines with a dash pattern each, in drawing order, white halos left out. */
function lines(svg: string): { readonly stroke: string; readonly dash: string }[] {
  return [...drawn(svg).querySelectorAll('g[aria-label="line"]')]
    .map((group) => ({
      stroke: group.getAttribute('stroke') ?? '',
      dash: group.getAttribute('stroke-dasharray') ?? '0',
    }))
    .filter(({ stroke }) => stroke !== 'white');
}

const curves = learningCurves(summary);
const training = trainingCurves(
  't',
  [1, 2, 3].map((epoch) => ({
    epoch,
    trainError: 50 - epoch,
    testError: 52 - epoch,
    testError5: 10 - epoch,
  })),
);
const overC = slice(summary, 'clustering');
const overDensity = slice(summary, 'density');
const families = familiesFigure({
  nodes: 20,
  bins,
  cells: [{ row: 3, column: 4 }],
  families: [
    {
      family: 'x',
      graphs: [
        { spec: 'a', nodes: 20, edges: 40, clustering: 0.2, pathLength: 2 },
        { spec: 'b', nodes: 20, edges: 40, clustering: 0.2, pathLength: 99 },
      ],
      unconnected: 0,
    },
  ],
});
const drawing = graphDrawing(summary.best ?? summary.graphs[0], graph);
const [others, baseline, best] = lines(curves);
const [test, trained, top5] = lines(training);

/** What must be told apart, and in which figure. */
const PAIRS: readonly (readonly [string, string, string])[] = [
  [
    'slice: graphs and baseline',
    colourOf(overC, '.graphs circle'),
    colourOf(overC, '.baseline line', 'stroke'),
  ],
  [
    'slice: graphs and fit',
    colourOf(overC, '.graphs circle'),
    colourOf(overC, '.fit path', 'stroke'),
  ],
  [
    'slice: baseline and fit',
    colourOf(overC, '.baseline line', 'stroke'),
    colourOf(overC, '.fit path', 'stroke'),
  ],
  [
    'slice over density: graphs and baseline',
    colourOf(overDensity, '.graphs circle'),
    colourOf(overDensity, '.baseline line', 'stroke'),
  ],
  ['learning curves: best and baseline', best.stroke, baseline.stroke],
  ['learning curves: best and others', best.stroke, others.stroke],
  ['learning curves: baseline and others', baseline.stroke, others.stroke],
  ['training curves: test and training', test.stroke, trained.stroke],
  ['training curves: test and top-5', test.stroke, top5.stroke],
  ['training curves: training and top-5', trained.stroke, top5.stroke],
  [
    'families: dots and region',
    colourOf(families, 'g[aria-label="dot"] circle'),
    colourOf(families, '#ws-flex-cells'),
  ],
  [
    'families: triangles and region',
    colourOf(families, 'g[aria-label="dot"] path'),
    colourOf(families, '#ws-flex-cells'),
  ],
  ['graph: blocks and diagonal', colourOf(drawing, '.blocks rect'), colourOf(drawing, '.own rect')],
  [
    'heat map: frame and its white ground',
    colourOf(heatMap(summary), '.frame rect', 'stroke'),
    'white',
  ],
];

describe('colours that must be told apart', () => {
  it.each(PAIRS)('%s are, with and without full sight', (_, a, b) => {
    for (const sight of SIGHTS.filter((each) => each !== 'grey'))
      expect(difference(a, b, sight), sight).toBeGreaterThan(APART);
  });

  it('knows colours that are not: red and green of one lightness', () => {
    expect(difference('#d73027', '#4d8f3a', 'full')).toBeGreaterThan(40);
    expect(
      Math.min(
        difference('#d73027', '#4d8f3a', 'deuteranopia'),
        difference('#d73027', '#4d8f3a', 'protanopia'),
      ),
    ).toBeLessThan(APART);
  });
});

/**
 * In grey, blue, orange and dark grey lie close together: shape, dash or place tells them apart as
 * well.
 */
describe('in grey', () => {
  it('curves have dashes of their own and their names at their ends', () => {
    expect(new Set([best.dash, baseline.dash]).size).toBe(2);
    expect(new Set([test.dash, trained.dash, top5.dash]).size).toBe(3);
    const ends = (svg: string): string[] =>
      [...drawn(svg).querySelectorAll('text')].map((text) => text.textContent ?? '');
    for (const name of ['best graph', 'baseline'])
      expect(
        ends(curves).some((text) => new RegExp(`^${name} \\d`).test(text)),
        name,
      ).toBe(true);
    for (const name of ['test', 'training', 'test, top-5'])
      expect(
        ends(training).some((text) => new RegExp(`^${name} \\d`).test(text)),
        name,
      ).toBe(true);
  });

  it('other graphs are thin and light beside the best and the baseline', () => {
    const strokes = [...drawn(curves).querySelectorAll('g[aria-label="line"]')].filter(
      (group) => group.getAttribute('stroke') !== 'white',
    );
    const width = (at: number): number => Number(strokes[at].getAttribute('stroke-width'));
    expect(width(1) / width(0)).toBeGreaterThan(2);
    expect(width(2) / width(0)).toBeGreaterThan(2);
  });

  it('the baseline of a slice is a diamond on a dashed line with its name, graphs are circles', () => {
    const document = drawn(overC);
    expect(
      document.querySelector('.baseline line')?.closest('g')?.getAttribute('stroke-dasharray'),
    ).toBe('5,4');
    expect(
      [...document.querySelectorAll('title')]
        .find((title) => title.textContent?.startsWith('baseline'))
        ?.parentNode?.nodeName.toLowerCase(),
    ).toBe('path');
    expect(
      [...document.querySelectorAll('text')].some((text) =>
        text.textContent?.startsWith('baseline'),
      ),
    ).toBe(true);
    expect(
      [...document.querySelectorAll('.graphs > *')].every(
        (mark) => mark.nodeName.toLowerCase() === 'circle',
      ),
    ).toBe(true);
  });

  it('what lies above a panel of families is a triangle, not a circle', () => {
    expect(drawn(families).querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(1);
    expect(drawn(families).querySelectorAll('g[aria-label="dot"] path')).toHaveLength(1);
  });

  it('the blocks of every node’s own lie on the diagonal, and nothing else does', () => {
    const places = (selector: string): (readonly [number, number])[] =>
      [...drawn(drawing).querySelectorAll(selector)].map((rect) => [
        Number(rect.getAttribute('x')),
        Number(rect.getAttribute('y')),
      ]);
    const offsets = new Set(places('.own rect').map(([x, y]) => Math.round(x - y)));
    expect(offsets.size).toBe(1);
    for (const [x, y] of places('.blocks rect')) expect(offsets.has(Math.round(x - y))).toBe(false);
    expect(graphMatrixPicture(graph)).toContain('every node listens to itself');
  });

  it('the frame of the sweet spot lies on a wider white one', () => {
    const frames = [...drawn(heatMap(summary)).querySelectorAll('g[aria-label="rect"]')].filter(
      (group) =>
        group.getAttribute('fill') === 'none' && Number(group.getAttribute('stroke-width')) >= 3,
    );
    expect(
      frames.map((group) => [
        group.getAttribute('stroke') === 'white',
        group.getAttribute('stroke-width'),
      ]),
    ).toEqual([
      [true, '6'],
      [false, '3'],
    ]);
  });
});

describe('the scale of colours', () => {
  const bar =
    [...drawn(heatMap(summary)).querySelectorAll('g[aria-label="rect"]')]
      .map((group) =>
        [...group.querySelectorAll('rect')].map((rect) => rect.getAttribute('fill') ?? ''),
      )
      .find((fills) => fills.length === 80) ?? [];

  it.each(SIGHTS)('gets lighter all the way, sight: %s', (sight) => {
    expect(bar).toHaveLength(80);
    const light = bar.map((colour) => luminance(colour, sight));
    for (let i = 1; i < light.length; i++) expect(light[i], `${i}`).toBeGreaterThan(light[i - 1]);
    expect((light[79] + 0.05) / (light[0] + 0.05)).toBeGreaterThan(7);
  });

  it.each(SIGHTS)(
    'has nine classes in the figure of the space that are apart, sight: %s',
    (sight) => {
      const svg = spaceFigure({
        grid,
        bins,
        candidates: 9,
        unconnected: 0,
        outside: 0,
        cells: [],
        counts: [9],
        coarse: [],
      });
      const classes = [...drawn(svg).querySelectorAll('g[aria-label="rect"] rect')].map(
        (rect) => rect.getAttribute('fill') ?? '',
      );
      expect(classes).toHaveLength(9);
      for (let i = 1; i < 9; i++)
        expect(difference(classes[i], classes[i - 1], sight), `${i}`).toBeGreaterThan(4);
    },
  );

  it('leaves the letters in every cell readable', () => {
    const map = drawn(heatMap(summary));
    const cells = [...map.querySelectorAll('.cells rect')];
    const letters = [...map.querySelectorAll('g[aria-label="text"] text')].slice(0, cells.length);
    expect(letters).toHaveLength(cells.length);
    expect(cells.length).toBeGreaterThan(10);
    cells.forEach((cell, at) => {
      expect(
        contrast(cell.getAttribute('fill') ?? '', letters[at].getAttribute('fill') ?? ''),
        letters[at].textContent ?? '',
      ).toBeGreaterThan(3);
    });
  });
});
