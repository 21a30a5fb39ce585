import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import {
  exampleGraph,
  familyPicture,
  graphDrawing,
  measurePicture,
} from '../../src/figures/index.js';
import {
  buildGraph,
  edgeList,
  graphFamilies,
  graphFamily,
  graphMeasures,
  graphSpec,
  measure,
  parseGraphSpec,
  type Graph,
} from '../../src/graph/index.js';
import { PLAUSIBLE, syntheticStudy } from '../analysis/synthetic.js';
import { readPicture } from './well-formed.js';

const SPECS = [
  'complete:n=16',
  'ring-lattice:n=20,k=4',
  'ws-flex:n=20,k=4,p=0.2',
  'ws-flex:n=20,k=4,p=1,seed=2',
  'star:n=16',
  'tree:n=15,r=2',
  'grid:shape=4x5',
  'hypercube:d=4',
  'empty:n=12',
  'barabasi-albert:n=20,m=2',
  'gnm:n=18,m=14',
];
const EXAMPLES = SPECS.map(exampleGraph);

/** A circle's place in the plane of a family's picture: from pixels back to C and L. */
function placesIn(svg: string): [number, number][] {
  const [scale] = [200];
  return [...svg.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)"/g)].map(([, x, y]) => [
    (Number(x) - 44) / scale,
    Math.exp(((scale - 6 - Number(y)) / (scale - 12)) * Math.log(24)),
  ]);
}

describe('familyPicture', () => {
  it.each(graphFamilies.map((family) => [family.name, family] as const))(
    '%s is one well-formed SVG with the name and the meaning',
    (name, family) => {
      const { texts, elements } = readPicture(familyPicture(family));
      expect(texts[0]).toBe(name);
      expect(texts.join(' ')).toContain(family.meaning);
      expect(elements.path).toBeGreaterThan(0);
    },
  );

  it.each(['ws-flex', 'watts-strogatz', 'gnp', 'grid', 'complete'])(
    '%s: dots lie at the C and L of the samples',
    (name) => {
      const family = graphFamily(name);
      const graphs = family
        .samples(64)
        .map((params) => measure(buildGraph(graphSpec(name, params))));
      const connected = graphs.filter(({ pathLength }) => pathLength !== null);
      const places = placesIn(familyPicture(family));
      expect(places).toHaveLength(connected.length);
      connected.forEach(({ clustering, pathLength }, at) => {
        expect(places[at][0]).toBeCloseTo(clustering, 2);
        expect(places[at][1] / Math.min(24, pathLength ?? NaN)).toBeCloseTo(1, 1);
      });
    },
  );
});

describe('measurePicture', () => {
  it.each(graphMeasures.map((each) => [each.name, each] as const))(
    '%s is one well-formed SVG, the same bytes every time',
    (_, each) => {
      const svg = measurePicture(each, EXAMPLES);
      const { texts } = readPicture(svg);
      expect(texts[0]).toBe(each.title);
      const values = texts
        .filter((text) => text.startsWith(`${each.title} = `))
        .map((text) => text.slice(each.title.length + 3))
        .map((text) => (text === 'yes' ? 1 : text === 'no' ? 0 : Number(text.replace('−', '-'))));
      expect(values.length).toBeGreaterThan(0);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(measurePicture(each, EXAMPLES)).toBe(svg);
    },
  );

  it.each(graphMeasures.map((each) => [each.name, each] as const))(
    '%s draws with no examples',
    (_, each) => {
      expect(readPicture(measurePicture(each, [])).texts.at(-1)).toBe(
        'None of the examples has such a number.',
      );
    },
  );
});

describe('graphDrawing', () => {
  const {
    graphs: [result],
  } = summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 4 }));
  const draw = (graph: Graph): string => graphDrawing({ ...result, spec: 'a<b&c' }, graph);

  it.each([...SPECS, 'paley:n=13', 'margulis:m=4', 'ws-flex:n=130,k=12,p=0.1'])(
    '%s is one well-formed SVG with every link and block',
    (line) => {
      const graph = buildGraph(parseGraphSpec(line));
      const svg = draw(graph);
      const { texts } = readPicture(svg);
      expect(texts[0]).toBe('The best graph: a<b&c');
      const share = (edgeList(graph).length * 2 + graph.nodes) / graph.nodes ** 2;
      expect(texts.join(' ')).toContain(`(${(100 * share).toFixed(1)} % of them)`);
      expect(draw(graph)).toBe(svg);
    },
  );

  it('tells of a directed graph its own blocks', () => {
    const graph = buildGraph(parseGraphSpec('random-regular:n=8,d=3'));
    const half: Graph = { ...graph, directed: true, edges: graph.targets.length };
    expect(readPicture(draw(half)).texts.join(' ')).toContain(
      `(${((100 * (24 + 8)) / 64).toFixed(1)} % of them)`,
    );
  });
});
