import { runInNewContext } from 'node:vm';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import { renderReport } from '../../src/figures/index.js';
import { HOVER_SCRIPT } from '../../src/figures/report-hover.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/index.js';
import { syntheticStudy } from '../analysis/synthetic.js';

type Page = ReturnType<typeof parseHTML>;

/** What is read of an element; the browser's own types are not part of this project. */
interface Node {
  readonly nodeName: string;
  readonly parentElement: Node | null;
  getAttribute(name: string): string | null;
}

/** The page shows figures at this multiple of their own size, their corner here. */
const ZOOM = 2;
const CORNER = { x: 30, y: 40 };

const study = syntheticStudy();
const summary = summarise(study);
const html = renderReport({
  summary,
  spec: study.spec,
  records: study.records,
  bestGraph: summary.best === null ? null : buildGraph(parseGraphSpec(summary.best.spec)),
});

/**
 * Where an element's own coordinates begin: the sum of the translations around it, which is all
 * that these figures use for marks.
 */
function originOf(element: Node | null): readonly [number, number] {
  if (element === null || element.nodeName.toLowerCase() === 'svg') return [0, 0];
  const [x, y] = originOf(element.parentElement);
  const [, dx, dy] = /translate\(([-\d.]+)[ ,]([-\d.]+)\)/.exec(
    element.getAttribute('transform') ?? '',
  ) ?? ['', '0', '0'];
  return [x + Number(dx), y + Number(dy)];
}

/** What linkedom lacks of a browser: geometry. */
function matrix(e: number, f: number): Record<string, unknown> {
  return {
    a: 1,
    b: 0,
    c: 0,
    d: 1,
    e,
    f,
    inverse: () => matrix(-e, -f),
    multiply: (other: { e: number; f: number }) => matrix(e + other.e, f + other.f),
  };
}

/** The report with its script running. */
function open(): Page {
  const page = parseHTML(html);
  const { document } = page;
  for (const element of document.querySelectorAll('figure svg, figure svg *'))
    Object.assign(element, { getCTM: () => matrix(...originOf(element)) });
  const create = document.createElement.bind(document);
  Object.assign(document, {
    createElement(name: string) {
      const element = create(name);
      const box = (): Record<string, number> => {
        const [, , width, height] = (
          element.querySelector('svg')?.getAttribute('viewBox') ?? '0 0 1 1'
        )
          .split(' ')
          .map(Number);
        return { left: CORNER.x, top: CORNER.y, width: width * ZOOM, height: height * ZOOM };
      };
      return Object.assign(element, { getBoundingClientRect: box });
    },
  });
  runInNewContext(HOVER_SCRIPT, {
    document,
    addEventListener: () => {},
    innerWidth: 1200,
    innerHeight: 900,
    requestAnimationFrame: (run: () => void) => run(),
  });
  return page;
}

function move({ document, Event }: Page, figure: string, x: number, y: number): void {
  const wrap = document.querySelector(`${figure} .hover`);
  wrap?.dispatchEvent(
    Object.assign(new Event('pointermove'), {
      clientX: CORNER.x + ZOOM * x,
      clientY: CORNER.y + ZOOM * y,
      pointerType: 'mouse',
    }),
  );
}

const tipOf = ({ document }: Page): string | null => {
  const tip = document.querySelector('.tip');
  return tip?.classList.contains('on') === true ? tip.textContent : null;
};

interface Mark {
  readonly title: string;
  readonly x: number;
  readonly y: number;
}

/**
 * The marks of a section's first figure with the middle of each, read from the page as it is
 * without script.
 */
function marksOf(section: string, selector: string): Mark[] {
  const figure = parseHTML(html).document.querySelector(`${section} figure`);
  return [...(figure?.querySelectorAll(selector) ?? [])]
    .filter((element) => element.querySelector('title') !== null)
    .map((element) => {
      const [x, y] = originOf(element);
      const number = (name: string): number => Number(element.getAttribute(name) ?? 0);
      return {
        title: element.querySelector('title')?.textContent ?? '',
        x: x + number('cx') + number('x') + number('width') / 2,
        y: y + number('cy') + number('y') + number('height') / 2,
      };
    });
}

describe('under the pointer', () => {
  it('the nearest graph of a slice is described and outlined', () => {
    const marks = marksOf('#slices', 'circle, path');
    // Every graph, the ring of the best, the baseline's diamond.
    expect(marks).toHaveLength(54);
    const page = open();
    for (const [at, { x, y }] of marks.entries()) {
      // A little beside each mark, where another may be nearer.
      const [besideX, besideY] = [x + 5 * Math.sin(at), y + 5 * Math.cos(at)];
      const distances = marks.map((mark) => Math.hypot(mark.x - besideX, mark.y - besideY));
      move(page, '#slices', besideX, besideY);
      expect(
        marks
          .filter((_, i) => distances[i] < Math.min(...distances) + 0.001)
          .map(({ title }) => title),
      ).toContain(tipOf(page));
    }
    expect(page.document.querySelectorAll('#slices .over circle').length).toBe(2);
  });

  it('every cell of the heat map is described, long lists shortened', () => {
    const page = open();
    const cells = marksOf('#plane', '.cells rect');
    expect(cells).toHaveLength(summary.plane.cells.length);
    for (const { title, x, y } of cells) {
      move(page, '#plane', x, y);
      const lines = title.split('\n');
      expect(tipOf(page)).toBe(
        lines.length <= 9
          ? title
          : [...lines.slice(0, 8), `… and ${lines.length - 8} more`].join('\n'),
      );
    }
  });

  it('nothing is described far from every mark, after Escape, or when the pointer has left', () => {
    const page = open();
    const [{ x, y, title }] = marksOf('#plane', '.cells rect');
    const shown = (): void => {
      move(page, '#plane', x, y);
      expect(tipOf(page)?.slice(0, 20)).toBe(title.slice(0, 20));
    };
    shown();
    move(page, '#plane', 1, 1);
    expect(tipOf(page)).toBeNull();
    shown();
    page.document.dispatchEvent(Object.assign(new page.Event('keydown'), { key: 'Escape' }));
    expect(tipOf(page)).toBeNull();
    shown();
    page.document
      .querySelector('#plane .hover')
      ?.dispatchEvent(Object.assign(new page.Event('pointerleave'), { pointerType: 'mouse' }));
    expect(tipOf(page)).toBeNull();
    expect(page.document.querySelectorAll('#plane .over > *').length).toBe(0);
  });

  it('one figure’s outline goes when another is pointed at', () => {
    const page = open();
    const [cell] = marksOf('#plane', '.cells rect');
    const [node] = marksOf('#best', '.nodes circle');
    move(page, '#plane', cell.x, cell.y);
    move(page, '#best', node.x, node.y);
    expect(tipOf(page)).toBe(node.title);
    expect(page.document.querySelectorAll('#plane .over > *').length).toBe(0);
  });

  it('the browser’s own tooltips stay until the pointer comes, and go where it has been', () => {
    const page = open();
    const titles = (figure: string): number =>
      page.document.querySelectorAll(`${figure} title`).length;
    const before = titles('#plane');
    expect(before).toBeGreaterThan(0);
    move(page, '#best', 1, 1);
    expect([titles('#plane'), titles('#best')]).toEqual([before, 0]);
  });
});
