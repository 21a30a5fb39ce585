import { describe, expect, it } from 'vitest';
import { courseSentence, graphCourses, trialCourse } from '../../src/analysis/courses.js';
import { studySentences, summarise } from '../../src/analysis/index.js';
import { courseFigure, renderReport } from '../../src/figures/index.js';
import { readPicture } from '../figures/well-formed.js';
import { goTo, MIXED, rewired, rewiredStudy, RING } from './courses.js';
import { syntheticStudy } from './synthetic.js';

const graphs = [RING, rewired('set', RING), rewired('rigl', RING), rewired('rigl', MIXED)];
const study = rewiredStudy(graphs, goTo(0.3, 2));
const summary = summarise(study);

describe('the courses of rewired graphs', () => {
  const { courses } = summary;

  it('are those of the graphs that were rewired, from what they began with', () => {
    expect(courses.map(({ name, rule, start }) => [name, rule, start])).toEqual([
      ['graph-1', 'set', 'graph-0'],
      ['graph-2', 'rigl', 'graph-0'],
      ['graph-3', 'rigl', MIXED],
    ]);
  });

  it('are means over the seeds by epoch and layer, and tell where each training ended', () => {
    const [first, second] = courses[0].layers;
    expect(courses[0].layers).toHaveLength(2);
    expect(first.mean.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const ring = study.records.find(({ graph }) => graph === RING)!.facts!;
    expect(first.mean[0]).toEqual({
      epoch: 0,
      clustering: ring.clustering,
      pathLength: ring.pathLength,
    });
    expect(first.mean[2].clustering).toBeCloseTo(0.315);
    expect(second.mean[2].clustering).toBeCloseTo(0.335);
    expect(second.mean[1].pathLength).toBeCloseTo(2.3);
    expect(second.layer).toBe(2);
    expect(first.ends.map(({ seed, clustering }) => [seed, clustering])).toEqual([
      [1, 0.31],
      [2, 0.32],
    ]);
  });

  it('are told in a sentence for each rule', () => {
    const said = studySentences(summary).filter((text) => text.startsWith('Rewired by'));
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(
      'Rewired by set: mean C 0.64 → 0.33, L 4.44 → 2.05; 0 of 2 courses began in the published ' +
        'sweet spot, 2 ended there.',
    );
    expect(courseSentence('rigl', courses, 'mlp')).toContain('of 4 courses');
    const away = summarise(rewiredStudy(graphs, goTo(0.6, 3)));
    expect(courseSentence('set', away.courses, 'mlp')).toContain(', 0 ended there');
  });

  it('begin after the first epoch where facts do not say where a layer begins', () => {
    const record = study.records.find(({ graph }) => graph === graphs[1])!;
    expect(trialCourse(record)[1].map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const several = rewired('set', `sequence:per=layer,graphs=(${RING})(${MIXED})`);
    const course = trialCourse({ ...record, graph: several });
    expect(course[1].map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('are none where all graphs stay', () => {
    const { spec, records } = syntheticStudy();
    expect(graphCourses(spec, records)).toEqual([]);
    expect(
      renderReport({ ...syntheticStudy(), summary: summarise(syntheticStudy()), bestGraph: null }),
    ).not.toContain('id="courses"');
  });
});

describe('the figure of the courses', () => {
  it('has a panel for each rule, a line for each graph and layer, and is in the report', () => {
    const svg = courseFigure(summary);
    readPicture(svg);
    expect(svg.match(/class="course"/g)).toHaveLength(6);
    expect(svg.match(/class="ends"/g)).toHaveLength(6);
    expect(svg.match(/class="frame"/g)).toHaveLength(2);
    for (const word of ['>set<', '>rigl<', '>from graph-0<', '>ends of layer 2<'])
      expect(svg).toContain(word);
    expect(renderReport({ ...study, summary, bestGraph: null })).toContain('id="courses"');
  });

  it('draws the mean of more layers than it can tell apart, and skips what is not connected', () => {
    const many = rewiredStudy(graphs, (graph, seed) =>
      goTo(0.3, 2)(graph, seed).map(([place]) => [
        ...Array.from({ length: 5 }, () => place),
        { clustering: 0.1, pathLength: graph === graphs[1] ? null : 2 },
      ]),
    );
    const svg = courseFigure(summarise(many));
    readPicture(svg);
    expect(svg.match(/class="course"/g)).toHaveLength(3);
    expect(svg).toContain('ends, mean over 6 layers');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
