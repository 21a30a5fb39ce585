import { describe, expect, it } from 'vitest';
import { describeDifferences, sameStudy } from '../../src/study/differences.js';
import { graphNames } from '../../src/study/names.js';
import { nullGraphs } from '../../src/study/nulls.js';
import { formatStudySpec, specIdentity } from '../../src/study/spec-text.js';
import { trialsOf } from '../../src/study/trials.js';
import type { StudySpec } from '../../src/study/types.js';
import { parseStudySpec } from '../../src/store/spec-file.js';

const HEAD = 'plexus: 1\nname: one\n';
const LATTICE = 'ws-flex:n=16,k=4,p=0,seed=1';
const read = (rest: string): StudySpec => parseStudySpec(HEAD + rest, '/home/me/study.yaml');
const NAMED =
  'baseline: {name: dense, graph: complete:n=16}\n' +
  `graphs:\n  - {name: lattice, graph: "${LATTICE}"}\n  - ws-flex:n=16,k=4,p=1,seed=1\n`;
const PLAIN = `baseline: complete:n=16\ngraphs: ["${LATTICE}", "ws-flex:n=16,k=4,p=1,seed=1"]\n`;

describe('names of graphs', () => {
  it('stand beside specs, and come back from the frozen spec', () => {
    const spec = read(NAMED);
    expect(spec.names).toEqual([
      { name: 'dense', graph: 'complete:n=16' },
      { name: 'lattice', graph: LATTICE },
    ]);
    expect(parseStudySpec(formatStudySpec(spec), 'x', { frozen: true })).toEqual(spec);
    expect(formatStudySpec(spec)).toContain('  - name: lattice\n    graph: ws-flex:');
  });

  it('change no trial and no identity', () => {
    const [named, plain] = [read(NAMED), read(PLAIN)];
    expect(trialsOf(named)).toEqual(trialsOf(plain));
    expect(specIdentity(named)).toBe(specIdentity(plain));
    expect(sameStudy(named, plain)).toBe(true);
    expect(describeDifferences(named, plain)).toBe('');
  });

  it('may have letters of any script, and name a side of a prediction', () => {
    const spec = read(
      `${NAMED.replaceAll('lattice', 'Gitter-ä')}predictions: [{name: a, kind: compare, ` +
        'below: Gitter-ä, than: baseline, test: mean}]\n',
    );
    expect(spec.predictions![0]).toMatchObject({ below: [LATTICE] });
  });

  it.each([
    ['name: dense, graph: "', 'study.yaml:5: every graph must have its own name; dense is that of'],
    ['name: baseline, graph: "', 'must not be named baseline, which has a meaning of its own'],
    ['name: ws-flex, graph: "', 'must not be named ws-flex'],
    ['name: "a b", graph: "', 'graphs.0.name must be a name of 1 to 60 letters'],
    ['name: "a\\x1b[31m", graph: "', 'got "a\\u001b[31m"'],
    ['name: "a\\u202eb", graph: "', 'got "a\\u202eb"'],
    ['nme: a, graph: "', 'unknown key "nme"'],
  ])('are refused where they are not plain: %s', (entry, message) => {
    const text = NAMED.replace('name: lattice, graph: "', entry);
    expect(() => read(text)).toThrow(message);
  });

  it('are of one graph, and its spec stands in quotes', () => {
    expect(() =>
      read('baseline: complete:n=64\ngraphs: {name: a, graph: ws-flex:set=52}\n'),
    ).toThrow('a name must be that of one graph, but ws-flex:set=52 stands for 52');
    expect(() =>
      read('baseline: complete:n=8\ngraphs: {name: a, graph: ws-flex:n=8,k=4}\n'),
    ).toThrow('in a YAML mapping in braces put specs with commas in quotes');
  });
});

describe('null ensembles', () => {
  const nulled = (nulls: string, more = ''): StudySpec => read(`${NAMED}nulls: ${nulls}\n${more}`);

  it('are graphs of the study, after its own, named after theirs', () => {
    const spec = nulled('{of: lattice, count: 3, seed: 7}');
    const lines = [7, 8, 9].map(
      (seed) => `rewired:of=(${LATTICE}),swaps=10,connected=true,seed=${seed}`,
    );
    expect(spec.graphs).toEqual([...read(PLAIN).graphs, ...lines]);
    expect([...nullGraphs(spec)]).toEqual(lines);
    expect(graphNames(spec).get(lines[2])).toBe('lattice null 3');
    expect(parseStudySpec(formatStudySpec(spec), 'x', { frozen: true })).toEqual(spec);
  });

  it('are found by spec as well, are 20 by default, and may be several', () => {
    const spec = nulled('[{of: lattice}, {of: "ws-flex:n=16,k=4,p=1", count: 2}]');
    expect(spec.graphs).toHaveLength(2 + 20 + 2);
  });

  it('are no graphs to confirm', () => {
    expect(nulled('{of: lattice}', 'confirm: {seeds: 2}').confirm!.graphs).toBe(2);
    expect(() => nulled('{of: lattice}', 'confirm: {seeds: 2, graphs: 3}')).toThrow(
      'at most the number of graphs, 2',
    );
  });

  it.each([
    ['{of: dense}', 'nulls.of must be one of the graphs, by its name or its spec, got "dense"'],
    ['{of: "ring-lattice:n=16,k=2"}', 'got "ring-lattice:n=16,k=2"; list it under graphs'],
    ['{of: lattice, count: 1}', 'nulls.0.count must be a whole number from 2 to 10000'],
    ['{of: lattice, cout: 3}', 'unknown key "cout"'],
    ['[{of: lattice}, {of: lattice}]', 'every graph is listed once'],
  ])('are refused where they are none: %s', (nulls, message) => {
    expect(() => nulled(nulls)).toThrow(message);
  });

  it('do not go with a search', () => {
    expect(() => nulled('{of: lattice}', 'search: {trainings: 4}')).toThrow(
      'leave out nulls or search',
    );
  });
});
