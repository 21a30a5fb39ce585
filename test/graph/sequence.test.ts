import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  formatGraphSpec,
  graphMembers,
  graphSpec,
  meanMeasures,
  measure,
  parseGraphSpec,
  resizeGraphSpec,
  wsFlexGraph,
} from '../../src/graph/index.js';
import '../../src/graph-files/register.js';

const LINE =
  'sequence:per=layer,graphs=(ws-flex:n=64,k=8,p=0.1,seed=1)(complete:n=64)(ws-flex:n=32,k=8,p=0,seed=1)';

describe('the family sequence', () => {
  it('writes and reads its spec in one way', () => {
    const spec = parseGraphSpec(
      'sequence: graphs = (ws-flex:k=8,n=64,p=.1) (complete:n=64)( ws-flex:n=32,k=8 ), per = layer',
    );
    expect(formatGraphSpec(spec)).toBe(LINE);
    expect(parseGraphSpec(LINE)).toEqual(spec);
    expect(formatGraphSpec(parseGraphSpec('sequence:graphs=(complete:n=4)'))).toBe(
      'sequence:per=layer,graphs=(complete:n=4)',
    );
  });

  it('refuses other units, sequences in sequences, no graphs, and bad graphs', () => {
    expect(() => parseGraphSpec('sequence:per=epoch,graphs=(complete:n=4)')).toThrow(
      'per must be layer or stage, got per=epoch',
    );
    expect(() => parseGraphSpec('sequence:graphs=(sequence:graphs=(complete:n=4))')).toThrow(
      /no sequences themselves/,
    );
    expect(() => parseGraphSpec('sequence:graphs=complete')).toThrow(
      /graph specs, each in parentheses/,
    );
    expect(() => parseGraphSpec('sequence:graphs=()')).toThrow(UserError);
    expect(() => parseGraphSpec('sequence')).toThrow(/needs the parameter graphs/);
    expect(() => parseGraphSpec('sequence:graphs=(complete:n=1)')).toThrow(UserError);
  });

  it('is no graph', () => {
    expect(() => buildGraph(parseGraphSpec(LINE))).toThrow(
      'a sequence is several graphs, one graph is wanted here',
    );
    expect(() => buildGraph(parseGraphSpec(LINE))).toThrow(UserError);
  });

  it('has other sizes where its graphs have', () => {
    expect(formatGraphSpec(resizeGraphSpec(parseGraphSpec(LINE), 16))).toBe(
      'sequence:per=layer,graphs=(ws-flex:n=16,k=2,p=0.1,seed=1)(complete:n=16)(ws-flex:n=16,k=4,p=0,seed=1)',
    );
    expect(() =>
      resizeGraphSpec(parseGraphSpec('sequence:graphs=(complete:n=9)(connectome:cat)'), 16),
    ).toThrow(/connectome has one size only/);
  });
});

describe('graphMembers', () => {
  const member = fc.oneof(
    fc
      .record({ n: fc.integer({ min: 8, max: 40 }), seed: fc.nat(50) })
      .map(({ n, seed }) => graphSpec('ws-flex', { n, k: 4, p: 0.25, seed })),
    fc.integer({ min: 2, max: 40 }).map((n) => graphSpec('complete', { n })),
  );

  it('gives back the graphs of a sequence, in order', () => {
    fc.assert(
      fc.property(
        fc.array(member, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('layer', 'stage'),
        fc.boolean(),
        (members, per, cycle) => {
          const spec = graphSpec('sequence', {
            per,
            cycle,
            graphs: members.map((each) => `(${formatGraphSpec(each)})`).join(''),
          });
          const expected = { per, members, cycle };
          expect(graphMembers(spec)).toEqual(expected);
          expect(graphMembers(parseGraphSpec(formatGraphSpec(spec)))).toEqual(expected);
        },
      ),
    );
  });

  it('takes any other spec for the one graph of the network', () => {
    const spec = parseGraphSpec('ws-flex:n=16,k=4');
    expect(graphMembers(spec)).toEqual({ per: 'network', members: [spec], cycle: false });
  });
});

describe('meanMeasures', () => {
  it('of equal graphs is exactly what is told of one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.nat(300),
        fc.double({ min: 5, max: 12, noNaN: true }),
        (layers, seed, k) => {
          const one = measure(wsFlexGraph(24, k, 0.4, seed));
          expect(meanMeasures([one, ...Array.from({ length: layers - 1 }, () => one)])).toEqual(
            one,
          );
        },
      ),
    );
  });

  it('of different graphs is the mean, without L where one has none', () => {
    const a = measure(buildGraph(parseGraphSpec('complete:n=4')));
    const b = measure(buildGraph(parseGraphSpec('ws-flex:n=8,k=2')));
    expect(meanMeasures([a, b, b])).toEqual({
      nodes: 20 / 3,
      edges: 22 / 3,
      directed: false,
      connected: true,
      averageDegree: 7 / 3,
      density: (1 + 2 / 7 + 2 / 7) / 3,
      clustering: 1 / 3,
      pathLength: (1 + 16 / 7 + 16 / 7) / 3,
    });
    expect(
      meanMeasures([a, { ...b, connected: false, directed: true, pathLength: null }]),
    ).toMatchObject({ connected: false, directed: true, pathLength: null, clustering: 0.5 });
  });
});
