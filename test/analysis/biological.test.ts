import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  cataloguedGraphs,
  createFindings,
  findingsSections,
  studyPresenter,
  surfaceFit,
  outcomeOf,
  processSurface,
  quadraticSurface,
  within,
  type BiologicalGraph,
  type ErrorTable,
  type Findings,
  type Place,
  type Section,
  type TaskTables,
} from '../../src/analysis/index.js';
import { falseDiscovery } from '../../src/stats/index.js';
import { biologicalSection } from '../../src/analysis/findings/sections/biological.js';
import { biologicalGraphs } from '../../src/cli/commands/findings/biological.js';
import { biologicalFigure, biologicalPairFigure, ellipseOf } from '../../src/figures/index.js';
import { connectomes, wsFlexGraph } from '../../src/public/graph.js';
import { placeLabels, type Obstacle } from '../../src/figures/label-places.js';
import golden from '../golden/graph-nulls.json' with { type: 'json' };
import { readPicture } from '../figures/well-formed.js';

const SHARED = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const present = existsSync(`${SHARED}/connectomes`);
if (!present)
  process.stderr.write('SKIPPED: the connectomes (../shared/data/connectomes) are not here\n');

/** The table that test/golden/make-graph-nulls.py makes up as well. */
const madeUp: ErrorTable = {
  name: 'made up',
  arch: 'cnn',
  seeds: [1, 2, 3],
  baseline: {
    graph: 'complete:n=64',
    density: 1,
    clustering: 1,
    pathLength: 1,
    errors: [31.4, 31.9, 31.6],
  },
  graphs: Array.from({ length: 60 }, (_, i) => {
    const clustering = (i * 0.6180339887498949 + 0.1) % 1;
    const pathLength = 1.05 + 3.4 * ((i * 0.7548776662466927) % 1);
    const density = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1);
    const base =
      30 +
      4 * (clustering - 0.45) ** 2 +
      0.8 * (pathLength - 2.2) ** 2 +
      0.5 * Math.log(density) ** 2;
    return {
      graph: `ws-flex:n=64,k=8,p=0.1,seed=${i}`,
      density,
      clustering,
      pathLength,
      errors: [0, 1, 2].map((s) => base + 0.2 * Math.sin(12.9898 * i + 78.233 * s)),
    };
  }),
};

/** Nulls around a centre, in a spiral. */
const around = (clustering: number, pathLength: number, spread = 0.01): Place[] =>
  Array.from({ length: 99 }, (_, i) => ({
    clustering: clustering + spread * (i / 99) * Math.cos(i),
    pathLength: pathLength + 3 * spread * (i / 99) * Math.sin(i),
  }));
const network = (name: string, place: Place, nulls: readonly Place[] | null): BiologicalGraph => ({
  name,
  atHand: nulls !== null,
  graph: nulls === null ? null : wsFlexGraph(24, 5, 0.2, 1),
  places: [{ directed: false, nodes: 24, edges: 60, density: 0.2, ...place, nulls }],
});
const taskOf = (table: ErrorTable): TaskTables => ({
  name: table.name,
  arch: table.arch,
  tables: [{ ...table, epoch: 1 }],
});
const TASK = taskOf(madeUp);
const findingsOf = (
  biological?: readonly BiologicalGraph[],
  task: TaskTables | null = TASK,
): Findings =>
  createFindings(
    {
      tasks: task === null ? [] : [task],
      subset: new Set(),
      resamples: 100,
      replays: 5,
      ...(biological && { biological }),
    },
    studyPresenter,
  );
const sectionOf = (findings: Findings): Section => biologicalSection(findings);

/** The made-up surface is lowest near C 0.45, L 2.2; its sweet spot ends at L 2.15. */
const GOOD = { clustering: 0.45, pathLength: 2 };
const BAD = { clustering: 0.85, pathLength: 3.4 };

describe('the surfaces of a plane', () => {
  it('are, quadratic, that of NumPy and SciPy', () => {
    const fit = surfaceFit(madeUp, { draws: 10 })!;
    const surface = quadraticSurface(fit)!;
    expect(surface.std).toBeCloseTo(golden.surface.std, 9);
    expect(surface.r2).toBeCloseTo(golden.surface.r2, 9);
    for (const { clustering, pathLength, value, half } of golden.surface.places) {
      const found = surface.at({ clustering, pathLength });
      expect(found.value).toBeCloseTo(value, 8);
      expect((found.interval[1] - found.interval[0]) / 2).toBeCloseTo(half, 8);
    }
    // Where the graphs are is one thing for both surfaces.
    const extrapolated = golden.surface.places.map((place) => surface.at(place).extrapolated);
    expect(extrapolated).toEqual([false, true, false, true]);
    expect(
      golden.surface.places.map((place) => processSurface(fit).at(place).extrapolated),
    ).toEqual(extrapolated);
  });

  it('are not there for few graphs, equal errors, or graphs on a line', () => {
    expect(surfaceFit({ ...madeUp, graphs: madeUp.graphs.slice(0, 19) })).toBeNull();
    expect(
      surfaceFit({ ...madeUp, graphs: madeUp.graphs.map((row) => ({ ...row, errors: [30] })) }),
    ).toBeNull();
    const line = {
      ...madeUp,
      graphs: madeUp.graphs.map((row) => ({ ...row, pathLength: 1 + row.clustering })),
    };
    expect(surfaceFit(line)).toBeNull();
  });
});

describe('biological networks beside graphs', () => {
  it('are told apart from random graphs of their degrees, both ways', () => {
    const input = findingsOf([
      network('better', GOOD, around(BAD.clustering, BAD.pathLength)),
      network('worse', BAD, around(GOOD.clustering, GOOD.pathLength)),
      network('alike', { clustering: 0.5, pathLength: 1.9 }, around(0.5, 1.9)),
    ]);
    const [fact] = input.biological();
    expect(fact.biological.map(({ nulls }) => nulls!.inSweetSpot)).toEqual([
      0,
      1,
      expect.any(Number),
    ]);
    for (const kind of ['process', 'quadratic'] as const) {
      const views = fact.biological.map((each) => each[kind]);
      expect(views.map(outcomeOf), kind).toEqual(['better', 'worse', 'alike']);
      expect(views.map(({ test }) => test!.asGood)).toEqual([0.01, 1, expect.any(Number)]);
      const p = views.map(({ test }) => test!.p);
      expect(p.slice(0, 2)).toEqual([0.02, 0.02]);
      expect(p[2]).toBeGreaterThan(0.05);
      expect(views.map(({ test }) => test!.adjusted)).toEqual(falseDiscovery(p));
      const surface = fact[kind]!;
      const errors = around(BAD.clustering, BAD.pathLength).map((place) => surface.at(place).value);
      expect(views[0].test!.predicted).toBeCloseTo(
        errors.reduce((sum, error) => sum + error, 0) / 99,
        10,
      );
    }
    const { verdict, rows, values } = sectionOf(input);
    expect(verdict).toContain(
      'Predicted to be better than those: 1 of 3 tests, worse: 1 (false discovery rate 5 %)',
    );
    expect(verdict).toContain(
      'By the quadratic surface, which bends less, 1 of 3 tests are better, 1 worse.',
    );
    expect(rows).toHaveLength(4);
    expect(values).toHaveLength(4);
    expect(values[1]).toMatchObject({
      graph: 'better',
      biological: true,
      inSweetSpot: true,
      beyondClustering: 0,
      nulls: 99,
      nullsInSweetSpot: 0,
      p: 0.02,
    });
    expect(values[2]).toMatchObject({ graph: 'worse', inSweetSpot: false });
    expect(Number(values[2]['overBest'])).toBeCloseTo(
      Number(values[2]['predicted']) - Number(values[0]['error']),
      12,
    );
  });

  it('are said to be special only where most tests say so', () => {
    const good = findingsOf(
      ['a', 'b', 'c'].map((name) => network(name, GOOD, around(BAD.clustering, BAD.pathLength))),
    );
    expect(sectionOf(good).verdict).toContain(
      'all are nearer to the optimum than their degrees give',
    );
    const bad = findingsOf(
      ['a', 'b', 'c'].map((name) => network(name, BAD, around(GOOD.clustering, GOOD.pathLength))),
    );
    expect(sectionOf(bad).verdict).toContain(
      'the wiring of most leads away from the optimum of their degrees',
    );
  });

  it('are those of the catalogue, without a test, where none is at hand', () => {
    const input = findingsOf();
    expect(cataloguedGraphs().map(({ name }) => name)).toEqual(connectomes.map(({ name }) => name));
    const { title, verdict, rows, columns } = sectionOf(input);
    expect(
      [...findingsSections(findingsOf(undefined, null))].map((section) => section.title),
    ).toContain(title);
    expect(rows).toHaveLength(1 + connectomes.length);
    // No columns of tests that there are not.
    expect(rows.every((row) => row.length === columns.length && !row.includes('no file'))).toBe(
      true,
    );
    expect(verdict).toContain('was not tested');
    expect(verdict).toMatch(
      /Only published numbers, and no test, of macaque-whole, .*plexus data get connectomes\.$/,
    );
  });

  it('say what cannot be told', () => {
    const few = findingsOf(
      [network('one', GOOD, around(0.5, 2))],
      taskOf({ ...madeUp, graphs: madeUp.graphs.slice(0, 5) }),
    );
    expect(sectionOf(few).verdict).toContain('No surface could be fitted that reaches them');
    expect(sectionOf(few).rows[1]).toContain('too few graphs');
    expect(sectionOf(findingsOf([network('one', GOOD, around(0.5, 2))], null)).verdict).toBe(
      'No graph was measured: there is nothing to tell.',
    );
    const beyond = sectionOf(
      findingsOf([network('far', { clustering: 0.5, pathLength: 9 }, around(0.5, 2))]),
    );
    expect(beyond.values[1]).toMatchObject({
      extrapolated: true,
      p: null,
      pAdjusted: null,
      quadraticPAdjusted: null,
    });
    expect(beyond.rows[1].some((cell) => cell.startsWith('~'))).toBe(true);
    expect(beyond.verdict).toContain('nothing is predicted but by extrapolation');
  });

  it.skipIf(!present)('are read from the data directory, the others as published', async () => {
    const notes: string[] = [];
    const context = {
      out: () => undefined,
      note: (line: string) => notes.push(line),
      env: { PLEXUS_DATA: SHARED, XDG_CACHE_HOME: '/nowhere' },
      signal: new AbortController().signal,
      stdin: process.stdin,
      interactive: false,
    };
    const found = await biologicalGraphs(context, { nulls: 5 });
    expect(found.map(({ name, atHand }) => [name, atHand])).toEqual(
      connectomes.map(({ name }, i) => [name, i < 3]),
    );
    for (const [i, { places, graph }] of found.slice(0, 3).entries()) {
      expect(places.map(({ directed, nulls }) => [directed, nulls?.length])).toEqual([
        [false, 5],
        [true, 5],
      ]);
      expect(places[0].clustering).toBeCloseTo(connectomes[i].undirected.clustering, 4);
      expect(places[0].pathLength).toBeCloseTo(connectomes[i].undirected.pathLength, 4);
      expect(places[1].edges).toBe(connectomes[i].arcs);
      expect(graph!.edges).toBe(connectomes[i].undirected.edges);
    }
  });
});

describe('figures of biological networks', () => {
  const networks = [
    network('macaque', GOOD, around(0.5, 2)),
    network('worm', { clustering: 0.3, pathLength: 2.6 }, null),
  ];
  const input = findingsOf(networks);
  const task = input.tasks[0];

  it('draw every network, and its random graphs where there are some', () => {
    const svg = biologicalFigure(task, input);
    const { texts } = readPicture(svg);
    expect(texts).toEqual(
      expect.arrayContaining([
        'macaque',
        'worm',
        'best graph',
        'without directions',
        'the sweet spot',
      ]),
    );
    expect(svg.match(/class="nulls"/g)).toHaveLength(1);
    expect(svg.match(/class="undirected"/g)).toHaveLength(2);
    expect(texts.join(' ')).toContain('As published, without directions and random graphs: worm');
    const again = findingsOf(networks);
    expect(biologicalFigure(again.tasks[0], again)).toBe(svg);
  });

  it('draw the best graph beside the nearest network at hand', () => {
    const { texts } = readPicture(biologicalPairFigure(task, input));
    expect(texts[0]).toBe('made up: the best graph beside macaque');
    expect(texts.join(' ')).toContain('24 nodes, k / n 0.20, C 0.45, L 2.00');
  });

  it('say so where there is nothing to draw', () => {
    const published = findingsOf();
    expect(
      readPicture(biologicalPairFigure(published.tasks[0], published)).texts.join(' '),
    ).toContain('plexus data get connectomes');
    expect(readPicture(biologicalFigure(published.tasks[0], published)).texts).toContain('cat');
    const none = findingsOf(cataloguedGraphs(), taskOf({ ...madeUp, graphs: [], baseline: null }));
    for (const figure of [biologicalFigure, biologicalPairFigure])
      expect(readPicture(figure(none.tasks[0], none)).texts.join(' ')).toContain(
        'No graph was measured',
      );
  });

  it('hold 95 % of a normal cloud in an ellipse', () => {
    const cloud = Array.from({ length: 4000 }, (_, i) => {
      // Box and Muller's normal numbers from two low-discrepancy sequences.
      const [u, v] = [((i + 0.5) * 0.6180339887498949) % 1, ((i + 0.5) * 0.7548776662466927) % 1];
      const [r, a] = [Math.sqrt(-2 * Math.log(u)), 2 * Math.PI * v];
      return {
        clustering: 0.5 + 0.1 * r * Math.cos(a),
        pathLength: 2 + 0.2 * r * Math.cos(a) + 0.1 * r * Math.sin(a),
      };
    });
    const { border } = ellipseOf(cloud, 90);
    // On one side of every edge of the border, which goes round.
    const inside = ({ clustering: c, pathLength: l }: Place): boolean => {
      const turns = border.map((from, i) => {
        const to = border[(i + 1) % border.length];
        return Math.sign(
          (to.clustering - from.clustering) * (l - from.pathLength) -
            (to.pathLength - from.pathLength) * (c - from.clustering),
        );
      });
      return !(turns.includes(1) && turns.includes(-1));
    };
    expect(cloud.filter(inside).length / cloud.length).toBeCloseTo(0.95, 2);
  });

  it('place labels in the frame, clear of marks and of each other', () => {
    const frame: Obstacle = { left: 0, top: 0, right: 400, bottom: 300 };
    const marks = [
      [200, 150],
      [206, 152],
      [390, 10],
      [5, 295],
    ].map(([x, y], i) => ({ x, y, text: `network ${i}` }));
    const placed = placeLabels(
      marks,
      marks.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 })),
      frame,
    );
    const boxes = placed.map(({ left, middle, text }) => ({
      left,
      right: left + 6 * text.length,
      top: middle - 6,
      bottom: middle + 6,
    }));
    boxes.forEach((box, i) => {
      expect(
        box.left >= frame.left &&
          box.right <= frame.right &&
          box.top >= frame.top &&
          box.bottom <= frame.bottom,
      ).toBe(true);
      for (const other of boxes.slice(i + 1))
        expect(
          box.right <= other.left ||
            other.right <= box.left ||
            box.bottom <= other.top ||
            other.bottom <= box.top,
        ).toBe(true);
      for (const { x, y } of marks)
        expect(x >= box.left && x <= box.right && y >= box.top && y <= box.bottom).toBe(false);
    });
  });

  it('know the inside of a rectangle', () => {
    const box = { clustering: [0.1, 0.5], pathLength: [1.8, 2.7] } as const;
    expect([
      within(GOOD, box),
      within({ clustering: 0.5, pathLength: 1.8 }, box),
      within(BAD, box),
    ]).toEqual([true, true, false]);
  });
});
