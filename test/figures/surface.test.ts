import { describe, expect, it } from 'vitest';
import {
  createFindings,
  findingsSections,
  studyPresenter,
  type ErrorRow,
  type Findings,
  type TaskTables,
} from '../../src/analysis/index.js';
import { strataFigure, surfaceFigure } from '../../src/figures/index.js';
import { readPicture } from './well-formed.js';

/** A made-up task: a valley over C and L with an effect of density and noise by seeds. */
function taskOf(name: string, graphs: number, seeds: number): TaskTables {
  const row = (i: number): ErrorRow => {
    const clustering = (i * 0.6180339887498949 + 0.1) % 0.8;
    const pathLength = 1.3 + 2.2 * ((i * 0.7548776662466927) % 1);
    const density = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1);
    const base =
      30 +
      6 * (clustering - 0.45) ** 2 +
      0.8 * (pathLength - 2.2) ** 2 +
      0.3 * Math.log(density) ** 2;
    return {
      graph: `graph ${i}`,
      density,
      clustering,
      pathLength,
      errors: Array.from(
        { length: seeds },
        (_, s) => base + 0.25 * Math.sin(12.9898 * i + 78.233 * s),
      ),
    };
  };
  const tables = [
    {
      name,
      arch: 'cnn',
      epoch: 10,
      seeds: Array.from({ length: seeds }, (_, s) => s + 1),
      baseline: null,
      graphs: Array.from({ length: graphs }, (_, i) => row(i)),
    },
  ];
  return { name, arch: 'cnn', tables };
}

const findingsOf = (...tasks: TaskTables[]): Findings =>
  createFindings({ tasks, subset: new Set(), resamples: 200 }, studyPresenter);
const kept = async (name: string, svg: string): Promise<void> =>
  await expect(`${svg.replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(`snapshots/${name}.svg`);
const wordsOf = (svg: string): string => readPicture(svg).texts.join(' ');

const task = taskOf('valley', 40, 3);
const input = findingsOf(task);

describe('surfaceFigure and strataFigure', () => {
  it('draw a task byte for byte as kept', async () => {
    const [surface, strata] = [surfaceFigure(task, input), strataFigure(task, input)];
    await kept('surface', surface);
    await kept('strata', strata);
    // Every graph is a dot of the surface, and of one of the bands.
    for (const svg of [surface, strata])
      expect(readPicture(svg).elements['circle']).toBe(svg === surface ? 41 : 40);
    expect(readPicture(strata).elements['path']).toBeGreaterThan(2);
  });

  it('say in words what the sections say in numbers', () => {
    const [surface, strata] = [...findingsSections(input)]
      .filter(({ title }) => /surface|equal density/.test(title))
      .map(({ values }) => values[0]);
    const number = (value: unknown): string => Number(value).toFixed(2);
    expect(wordsOf(surfaceFigure(task, input))).toContain(
      `R² = ${number(surface['processR2'])} (left out: ${number(surface['processLeftOutR2'])})`,
    );
    expect(wordsOf(surfaceFigure(task, input))).toContain(
      `Lowest: C ${number(surface['minimumClustering'])}, L ` +
        `${number(surface['minimumPathLength'])}, ${number(surface['minimumError'])}`,
    );
    expect(wordsOf(strataFigure(task, input))).toContain(
      `take ${(100 * Number(strata['partialR2'])).toFixed(0)} % of`,
    );
    expect(
      (strata['bandsFrom'] as readonly number[]).every((from) =>
        wordsOf(strataFigure(task, input)).includes(`density ${from.toFixed(3)} to`),
      ),
    ).toBe(true);
  });

  it('do with one seed, and say so where there are too few graphs', () => {
    const [single, few] = [taskOf('single', 30, 1), taskOf('few', 8, 3)];
    const both = findingsOf(single, few);
    expect(wordsOf(surfaceFigure(single, both))).toContain('One seed: no ceiling known');
    expect(wordsOf(strataFigure(single, both))).toContain('at equal density');
    expect(wordsOf(surfaceFigure(few, both))).toMatch(
      /few: no surface A surface needs 20 graphs .* there are 8 graphs/,
    );
    expect(wordsOf(strataFigure(few, both))).toMatch(
      /few: no bands of density .* there are 8 graphs/,
    );
  });
});
