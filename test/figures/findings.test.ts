import { describe, expect, it } from 'vitest';
import {
  createFindings,
  findingsSections,
  studyPresenter,
  type ErrorRow,
  type Findings,
  type FindingsInput,
  type TaskTables,
} from '../../src/analysis/index.js';
import { findingsFigures } from '../../src/figures/findings/index.js';
import { searchFigure, type SearchFigureData } from '../../src/figures/search.js';
import { readPicture } from './well-formed.js';

interface Recipe {
  readonly name: string;
  readonly arch?: string;
  readonly graphs?: number;
  readonly seeds?: number;
  readonly epochs?: readonly number[];
  readonly baseline?: boolean;
  /** Where the valley lies in C. */
  readonly valley?: number;
}

/**
 * A made-up task: a valley over C and L with an effect of density, noise by seeds, an order that
 * settles with the epochs.
 */
function taskOf({
  name,
  arch = 'cnn',
  graphs = 40,
  seeds = 3,
  epochs = [1, 2, 5, 10],
  baseline = true,
  valley = 0.45,
}: Recipe): TaskTables {
  const errorsOf = (base: number, i: number, epoch: number): number[] =>
    Array.from(
      { length: seeds },
      (_, s) =>
        base +
        0.25 * Math.sin(12.9898 * i + 78.233 * s) +
        (2 / epoch) * Math.sin(4.1414 * i + epoch),
    );
  const rows = (epoch: number): ErrorRow[] =>
    Array.from({ length: graphs }, (_, i) => {
      const clustering = (i * 0.6180339887498949 + 0.1) % 0.8;
      const pathLength = 1.3 + 2.2 * ((i * 0.7548776662466927) % 1);
      const density = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1);
      const base =
        30 +
        6 * (clustering - valley) ** 2 +
        0.8 * (pathLength - 2.2) ** 2 +
        0.3 * Math.log(density) ** 2;
      return {
        graph: `graph ${i}`,
        density,
        clustering,
        pathLength,
        errors: errorsOf(base, i, epoch),
      };
    });
  const dense = (epoch: number): ErrorRow => ({
    graph: 'complete:n=64',
    density: 1,
    clustering: 1,
    pathLength: 1,
    errors: errorsOf(33, 99, epoch),
  });
  return {
    name,
    arch,
    tables: epochs.map((epoch) => ({
      name,
      arch,
      epoch,
      seeds: Array.from({ length: seeds }, (_, s) => s + 1),
      baseline: baseline ? dense(epoch) : null,
      graphs: rows(epoch),
    })),
  };
}

const findingsOf = (tasks: readonly TaskTables[], more: Partial<FindingsInput> = {}): Findings =>
  createFindings({ tasks, subset: new Set(), resamples: 200, replays: 5, ...more }, studyPresenter);

/** Titles and texts of a figure, without marks. */
const wordsOf = (svg: string): string => readPicture(svg).texts.join(' ');

const kept = async (name: string, svg: string): Promise<void> =>
  await expect(`${svg.replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(
    `snapshots/findings-${name}.svg`,
  );

function expectSound(figures: Readonly<Record<string, string>>): void {
  for (const svg of Object.values(figures))
    expect(readPicture(svg).texts[0].length).toBeGreaterThan(10);
}

/** Of as few graphs as tell something of each section, where nothing is kept byte for byte. */
const small = (name: string, more: Partial<Recipe> = {}): TaskTables =>
  taskOf({ name, graphs: 24, epochs: [5, 10], ...more });

const two = [taskOf({ name: 'first', arch: 'mlp' }), taskOf({ name: 'second', valley: 0.3 })];

/** Computed when first asked, for all tests that read them. */
const both = findingsOf(two);

describe('figures of the findings', () => {
  it('draw two tasks, byte for byte as kept', async () => {
    const figures = findingsFigures(both);
    expect(Object.keys(figures)).toEqual(
      expect.arrayContaining([
        'held-out',
        'sweet-spots',
        'density',
        'agreement',
        'early-epochs',
        'few-graphs',
        'map-first',
        'cuts-first',
        'map-second',
        'cuts-second',
      ]),
    );
    expectSound(figures);
    for (const name of [
      'held-out',
      'sweet-spots',
      'density',
      'agreement',
      'early-epochs',
      'map-first',
      'cuts-second',
      'choice-first',
    ])
      await kept(name, figures[name]);
  });

  it('say in words what the sections say in numbers', () => {
    const input = both;
    const sections = [...findingsSections(input)];
    const [baseline, sweetSpot, , density, agreement] = sections;
    const [choice] = sections[9].values;
    const figures = findingsFigures(input);
    const held = baseline.values
      .map((row) => row['heldOutRange'])
      .filter((range) => Array.isArray(range) && Number(range[0]) > 0).length;
    expect(wordsOf(figures['held-out'])).toContain(`wins in ${held} of ${baseline.values.length}`);
    expect(wordsOf(figures['choice-first'])).toContain(
      `C ${Number(choice['clustering']).toFixed(2)}, L ` +
        `${Number(choice['pathLength']).toFixed(2)} is to be used, ` +
        `${Number(choice['expected']).toFixed(2)} % to expect, ` +
        `${Number(choice['advantage']).toFixed(2)} points below`,
    );
    expect(wordsOf(figures['choice-first'])).toContain(
      Number(choice['surrogateRegret12']).toFixed(2),
    );
    const [low, high] = sweetSpot.values[0]['clustering'] as readonly number[];
    expect(wordsOf(figures['map-first'])).toContain(
      `the sweet spot spans C ${low.toFixed(2)}–${high.toFixed(2)}`,
    );
    const added = density.values.filter((row) => Number(row['planeGivenDensityP']) < 0.01).length;
    expect(wordsOf(figures['density'])).toContain(
      `C and L add to density in ${added} of 2 studies`,
    );
    expect(wordsOf(figures['agreement'])).toContain(
      `r = ${Number(agreement.values[0]['r']).toFixed(2)}`,
    );
    expect(wordsOf(figures['agreement'])).toContain(
      `ceiling ${Number(agreement.values[0]['ceiling']).toFixed(2)}`,
    );
  });

  it('draw few of many graphs, with the chosen ones marked', async () => {
    const task = taskOf({ name: 'many', graphs: 700, epochs: [10] });
    const figures = findingsFigures(
      findingsOf([task], {
        subset: new Set(task.tables[0].graphs.slice(0, 30).map((row) => row.graph)),
      }),
    );
    expectSound(figures);
    expect(wordsOf(figures['few-graphs'])).toMatch(
      /^30 chosen graphs give the map of 700 with r = 0\.\d\d; at random 0\.\d\d/,
    );
    await kept('few-graphs', figures['few-graphs']);
  });

  it('say that one seed tells nothing, instead of drawing it', () => {
    const figures = findingsFigures(findingsOf([small('single', { seeds: 1, epochs: [10] })]));
    expectSound(figures);
    expect(wordsOf(figures['map-single'])).toMatch(
      /one seed, so no sweet spot can be told.*no rectangle is drawn/,
    );
    expect(figures['map-single']).not.toContain('class="frame"');
    expect(figures['map-single']).not.toContain('rail');
    expect(wordsOf(figures['held-out'])).toMatch(
      /cannot be told It takes a baseline, and two seeds/,
    );
    expect(wordsOf(figures['choice-single'])).toContain('is to be used');
    expect(wordsOf(figures['sweet-spots'])).toMatch(/cannot be told No graph has two seeds/);
    expect(wordsOf(figures['agreement'])).toMatch(/nothing to compare One study here/);
    expect(wordsOf(figures['early-epochs'])).toMatch(
      /nothing to compare No results of earlier epochs/,
    );
    expect(wordsOf(figures['few-graphs'])).toMatch(
      /nothing to compare No task here has at least twice/,
    );
  });

  it('say where there is no baseline', () => {
    const figures = findingsFigures(findingsOf([small('bare', { baseline: false })]));
    expectSound(figures);
    expect(wordsOf(figures['held-out'])).toMatch(/cannot be told It takes a baseline/);
    expect(wordsOf(figures['map-bare'])).toContain('There is no baseline.');
    expect(figures['map-bare']).not.toContain('class="baseline"');
    expect(wordsOf(figures['sweet-spots'])).toMatch(/^The sweet spot: C /);
  });

  it('say where there are too few graphs, or none', () => {
    const few = findingsFigures(
      findingsOf([taskOf({ name: 'few', graphs: 2 }), taskOf({ name: 'other', graphs: 5 })]),
    );
    expectSound(few);
    expect(wordsOf(few['choice-few'])).toContain(
      'Too few graphs with every seed to replay a search.',
    );
    expect(wordsOf(few['cuts-few'])).toMatch(
      /too few graphs in the cuts to tell.*Too few graphs in the cut for a parabola/,
    );
    expect(wordsOf(few['density'])).toMatch(/Cannot be told It takes 20 graphs/);
    const none = findingsFigures(
      findingsOf([taskOf({ name: 'none', graphs: 0, baseline: false })]),
    );
    expectSound(none);
    expect(wordsOf(none['map-none'])).toMatch(/no map No graph was measured/);
    const empty = findingsFigures(findingsOf([]));
    expectSound(empty);
    expect(wordsOf(empty['agreement'])).toMatch(/nothing to compare No studies here/);
    expect(Object.keys(empty).filter((name) => /^(map|cuts)-/.test(name))).toEqual([]);
  });

  it('leave tasks out where they have nothing to show, and count them', () => {
    const figures = findingsFigures(
      findingsOf([small('first'), small('second'), small('single', { seeds: 1, graphs: 10 })]),
    );
    expectSound(figures);
    for (const name of ['held-out', 'sweet-spots', 'density'])
      expect(wordsOf(figures[name])).toMatch(/1 not shown/);
    expect(wordsOf(figures['agreement'])).toContain('one seed');
  });

  it('name files by tasks, each its own, whatever the names are', () => {
    const figures = findingsFigures(
      findingsOf(
        ['runs/a b', 'runs/a-b', '…', 'x'.repeat(90)].map((name) =>
          taskOf({ name, graphs: 5, epochs: [10] }),
        ),
      ),
    );
    expectSound(figures);
    expect(Object.keys(figures).filter((name) => name.startsWith('map-'))).toEqual([
      'map-runs-a-b',
      'map-runs-a-b-2',
      'map-study',
      `map-${'x'.repeat(59)}`,
    ]);
  });

  it('compute the bootstraps once for one input', () => {
    const tasks = [small('first'), small('second')];
    const input = findingsOf(tasks);
    const sections = JSON.stringify([...findingsSections(input)]);
    expect(findingsFigures(input)).toEqual(findingsFigures(findingsOf(tasks)));
    expect(JSON.stringify([...findingsSections(input)])).toBe(sections);
  });
});

describe('the figure of searches', () => {
  const spread = (
    median: number,
  ): { readonly p10: number; readonly median: number; readonly p90: number } => ({
    p10: median - 0.1,
    median,
    p90: median + 0.15,
  });
  const points = (
    offset: number,
    budgets: readonly number[],
  ): SearchFigureData['policies'][number]['points'] =>
    budgets.map((budget) => ({
      budget,
      own: spread(32.6 + offset - 0.04 * Math.log2(budget)),
      anew: spread(32.6 + offset - 0.02 * Math.log2(budget)),
    }));
  const data: SearchFigureData = {
    graphs: 100,
    seeds: 5,
    replays: 20,
    neighbours: 10,
    lowest: { own: 31.98, anew: 32.36 },
    policies: [
      { name: 'random', points: points(0.1, [8, 24, 64, 128]) },
      { name: 'surrogate', points: points(0, [8, 24, 64]) },
    ],
  };

  it('draws medians and 90th percentiles and the floor, byte for byte as kept', async () => {
    const { texts, elements } = readPicture(searchFigure(data));
    expect(texts[0]).toBe('Trained anew, “surrogate” has the lowest median in 3 of 3 budgets');
    expect(texts.filter((text) => text === 'lowest there is: 32.36')).toHaveLength(2);
    expect(texts.join(' ')).toContain('A curve ends where nothing was replayed.');
    // Four panels of two policies, a line each.
    expect(elements['path']).toBeGreaterThanOrEqual(4 * 2);
    await kept('search', searchFigure(data));
  });

  it('says where there is nothing', () => {
    expect(
      readPicture(searchFigure({ ...data, policies: [{ name: 'random', points: [] }] })).texts.join(
        ' ',
      ),
    ).toMatch(/nothing was replayed/);
    expect(
      readPicture(searchFigure({ ...data, policies: data.policies.slice(1) })).texts.join(' '),
    ).not.toContain('A curve ends');
  });
});
