import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import {
  graphDrawing,
  heatMap,
  learningCurves,
  publishedMap,
  renderFigures,
  slice,
} from '../../src/figures/index.js';
import { buildGraph, edgeList, parseGraphSpec } from '../../src/graph/index.js';
import { failed, PLAUSIBLE, publishedStudy, syntheticStudy } from '../analysis/synthetic.js';

const study = syntheticStudy();
const summary = summarise(study);
const best = summary.best;
const bestGraph = best === null ? null : buildGraph(parseGraphSpec(best.spec));

/** Number of elements that match a selector in an SVG's text. */
function count(svg: string, selector: string): number {
  return parseHTML(`<html><body>${svg}</body></html>`).document.querySelectorAll(selector).length;
}

/** Tags that open and close in order, as XML demands; attributes quoted; no bare ampersand. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, closing = '', name = '', attributes = '', selfClosing = ''] of svg.matchAll(
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    expect(attributes).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#)/);
    if (closing !== '') expect(open.pop()).toBe(name);
    else if (selfClosing === '') open.push(name);
  }
  expect(open).toEqual([]);
  // Every "<" was one of those tags.
  expect(svg.match(/</g)).toHaveLength(
    [...svg.matchAll(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)].length,
  );
}

describe('every figure', () => {
  const figures = renderFigures({ summary, bestGraph });
  const bare = summarise({ ...study, records: [] });

  it(
    'is a standalone SVG without any reference to the outside, for a full study and an ' +
      'empty one',
    () => {
      expect(Object.keys(figures)).toEqual([
        'heat-map',
        'error-over-clustering',
        'error-over-path-length',
        'error-over-density',
        'learning-curves',
        'best-graph',
      ]);
      for (const svg of [
        ...Object.values(figures),
        ...Object.values(renderFigures({ summary: bare, bestGraph: null })),
      ]) {
        expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
        expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
          /https?:|href|url\(|<script|<image|@import/,
        );
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expectWellFormed(svg);
      }
    },
  );

  it('is the same every time', () => {
    expect(renderFigures({ summary, bestGraph })).toEqual(figures);
  });

  it('says what was measured and what limits it', () => {
    const one = summarise({ ...syntheticStudy({ ...PLAUSIBLE, graphs: 4, seeds: 1 }) });
    expect(heatMap(one)).toContain('there is no noise to judge by; use two training seeds or more');
    expect(slice(one, 'clustering')).toContain('One seed');
    expect(learningCurves(bare)).toContain('159 trials of 159 not run yet');
    const broken = summarise({
      ...study,
      records: study.records.map((record, i) => (i === 7 ? failed(record, 'x') : record)),
    });
    expect(heatMap(broken)).toContain('1 failed trial left out');
    expect(heatMap(summary)).toContain('52 graphs, 3 training seeds each');
  });
});

describe('the heat map', () => {
  const svg = heatMap(summary);
  it('has a rectangle per occupied cell, an outline per sweet one, one frame, the baseline', () => {
    expect(count(svg, '.cells rect')).toBe(summary.plane.cells.length);
    expect(count(svg, '.sweet rect')).toBe(summary.sweetSpot.cells);
    expect(count(svg, '.frame rect')).toBe(1);
    expect(count(svg, '.baseline path')).toBe(1);
    expect(svg.match(/>★</g)).toHaveLength(1);
  });

  it('has no frame where there is no sweet spot', () => {
    expect(
      count(
        heatMap(summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 4, seeds: 1 }))),
        '.frame rect',
      ),
    ).toBe(0);
  });

  it('names every graph of a cell when pointed at', () => {
    for (const cell of summary.plane.cells)
      for (const spec of cell.graphs) expect(svg).toContain(spec);
  });
});

describe('the headline of the heat map', () => {
  const title = (svg: string): string => /aria-label="([^"]*)"/.exec(svg)?.[1] ?? '';

  it('says sweet spot only where the baseline is beaten', () => {
    expect(title(svgOf(PLAUSIBLE))).toMatch(/^The sweet spot: C /);
    expect(title(svgOf({ ...PLAUSIBLE, depth: 0 }))).toMatch(/; the baseline is not beaten$/);
    const alone = summarise({
      ...study,
      records: study.records.filter(({ role }) => role === 'graph'),
    });
    expect(title(heatMap(alone))).toMatch(/^Lowest errors: C .*; there is no baseline to beat$/);
  });

  const svgOf = (model: typeof PLAUSIBLE): string => heatMap(summarise(syntheticStudy(model)));
});

describe('the published map', () => {
  const published = summarise(publishedStudy(1));
  const svg = publishedMap(published, published.fidelity!);

  it('stands beside the heat map of a study that shares the published graphs', () => {
    expect(Object.keys(renderFigures({ summary: published, bestGraph: null }))).toContain(
      'published-map',
    );
    expect(count(svg, '.cells rect')).toBe(published.plane.cells.length);
    expect(count(svg, '.frame rect')).toBe(1);
    expect(count(svg, '.baseline path')).toBe(1);
    expectWellFormed(svg);
  });

  it('says how the two agree', () => {
    const { plain, givenDensity } = published.fidelity!;
    expect(svg).toContain(`As published: r ${plain.r.toFixed(2)}`);
    expect(svg).toContain(`given density ${givenDensity!.r.toFixed(2)}`);
    for (const { graph } of published.fidelity!.pairs) expect(svg).toContain(graph);
  });
});

describe('slices', () => {
  it.each(['clustering', 'pathLength', 'density'] as const)(
    'over %s: a point per graph, one fit, one baseline',
    (x) => {
      const svg = slice(summary, x);
      expect(count(svg, '.graphs circle')).toBe(52);
      expect(count(svg, '.best circle')).toBe(1);
      expect(count(svg, '.fit path')).toBe(1);
      expect(count(svg, '.baseline line')).toBe(1);
      expect(svg).toContain('R² = ');
    },
  );

  it('have no fit where graphs are too few', () => {
    const few = slice(summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 4 })), 'clustering');
    expect(count(few, '.fit path')).toBe(0);
    expect(few).toContain('too few graphs for a fit');
  });
});

describe('learning curves', () => {
  it('has a faint line for every graph but the best', () => {
    expect(count(learningCurves(summary), '.others path')).toBe(51);
  });
});

describe('the drawing of a graph', () => {
  it('has every node, every link and every block', () => {
    if (best === null || bestGraph === null)
      throw new Error('the synthetic study has a best graph');
    const svg = graphDrawing(best, bestGraph);
    expect(count(svg, '.nodes circle')).toBe(64);
    expect(count(svg, '.links path')).toBe(edgeList(bestGraph).length);
    expect(count(svg, '.blocks rect')).toBe(2 * bestGraph.edges);
    expect(count(svg, '.own rect')).toBe(64);
  });
});
