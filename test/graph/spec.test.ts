import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  formatGraphSpec,
  graphFamilies,
  graphSpec,
  parseGraphSpec,
  parseGraphSpecs,
  resizeGraphSpec,
  type GraphSpec,
} from '../../src/graph/index.js';

const wsFlexSpec = fc
  .record({
    n: fc.integer({ min: 2, max: 300 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    p: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.maxSafeNat(),
  })
  .map(({ n, share, p, seed }) =>
    graphSpec('ws-flex', { n, k: Math.min(n, 2 + share * (n - 2)), p, seed }),
  );
const completeSpec = fc.integer({ min: 2, max: 20_000 }).map((n) => graphSpec('complete', { n }));
const anySpec: fc.Arbitrary<GraphSpec> = fc.oneof(wsFlexSpec, completeSpec);

const resized = (line: string, nodes: number): string =>
  formatGraphSpec(resizeGraphSpec(parseGraphSpec(line), nodes));

describe('graph specs', () => {
  it('survive formatting and parsing', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const line = formatGraphSpec(spec);
        expect(parseGraphSpec(line)).toEqual(spec);
        expect(formatGraphSpec(parseGraphSpec(line))).toBe(line);
      }),
    );
  });

  it.each([
    ['ws-flex:n=64,k=8', 'ws-flex:n=64,k=8,p=0,seed=1'],
    [' ws-flex : seed=3, p=1e-1 ,k=8.0,n=64 ', 'ws-flex:n=64,k=8,p=0.1,seed=3'],
    ['ws-flex:n=64,k=+8,p=-0', 'ws-flex:n=64,k=8,p=0,seed=1'],
    ['complete:n=64', 'complete:n=64'],
  ])('%s is canonically %s', (line, canonical) => {
    expect(formatGraphSpec(parseGraphSpec(line))).toBe(canonical);
  });

  it.each([
    ['wss:n=64', 'unknown graph family "wss"; expected one of ws-flex, complete'],
    ['\u001b[31m:n=4', 'unknown graph family "\\u001b[31m"; expected one of'],
    ['', 'unknown graph family ""; expected one of ws-flex, complete'],
    [
      'ws-flex:n=64,k=8,q=1',
      'unknown parameter of graph family ws-flex "q"; expected one of n, k, p, seed',
    ],
    ['complete', 'graph family complete needs the parameter n'],
    ['ws-flex:n=64', 'graph family ws-flex needs the parameter k (average degree'],
    ['ws-flex:n=64,k', 'graph parameters are written name=value, got "k"'],
    ['ws-flex:n=64,k=8,', 'graph parameters are written name=value, got ""'],
    ['ws-flex:n=64,k=8,k=9', 'graph parameter k must be given once'],
    [
      'ws-flex:n=64.5,k=8',
      'graph parameter n must be an integer, got n=64.5; the range is 2 <= n <= 20000',
    ],
    ['ws-flex:n=64,k=eight', 'graph parameter k must be a number, got k=eight'],
    ['ws-flex:n=64,k=0x10', 'graph parameter k must be a number, got k=0x10'],
    ['ws-flex:n=64,k=1e999', 'graph parameter k must be a number, got k=1e999'],
    [
      'ws-flex:n=64,k=1.99',
      'graph parameter k must be from 2 to n (n=64), got k=1.99; k is the average degree',
    ],
    ['ws-flex:n=64,k=64.01', 'graph parameter k must be from 2 to n (n=64), got k=64.01'],
    ['ws-flex:n=64,k=8,p=1.1', 'graph parameter p must be from 0 to 1, got p=1.1'],
    ['ws-flex:n=64,k=8,p=-0.1', 'graph parameter p must be from 0 to 1, got p=-0.1'],
    [
      'ws-flex:n=64,k=8,seed=-1',
      'graph parameter seed must be a non-negative integer, got seed=-1',
    ],
    ['ws-flex:n=64,k=8,seed=9007199254740992', 'graph parameter seed must be an integer'],
    ['ws-flex:n=1,k=2', 'graph parameter n must be from 2 to 20000, got n=1'],
    ['complete:n=20001', 'graph parameter n must be from 2 to 20000, got n=20001'],
  ])('%s: %s', (line, message) => {
    expect(() => parseGraphSpec(line)).toThrow(UserError);
    expect(() => parseGraphSpec(line)).toThrow(message);
  });

  it('are read one a line, with the number of a bad line', () => {
    expect(
      parseGraphSpecs('# a comment\n\ncomplete:n=4\r\n  ws-flex:n=8,k=4\n').map(formatGraphSpec),
    ).toEqual(['complete:n=4', 'ws-flex:n=8,k=4,p=0,seed=1']);
    expect(() => parseGraphSpecs('complete:n=4\n\nwss:n=4')).toThrow(
      'line 3: unknown graph family "wss"',
    );
  });

  it('move to another number of nodes at the same density', () => {
    expect(resized('complete:n=64', 10)).toBe('complete:n=10');
    expect(resized('ws-flex:n=64,k=16,p=0.3,seed=5', 32)).toBe('ws-flex:n=32,k=8,p=0.3,seed=5');
    expect(resized('ws-flex:n=64,k=8', 10)).toBe('ws-flex:n=10,k=2,p=0,seed=1');
    fc.assert(
      fc.property(anySpec, fc.integer({ min: 2, max: 300 }), (spec, nodes) => {
        expect(resizeGraphSpec(spec, nodes).params.n).toBe(nodes);
      }),
    );
  });
});

describe('graph families', () => {
  it('generate the graph of their spec, always the same', () => {
    for (const family of graphFamilies) {
      for (const sample of family.samples(20).slice(0, 3)) {
        const spec = graphSpec(family.name, sample);
        expect(buildGraph(spec), formatGraphSpec(spec)).toEqual(buildGraph(spec));
      }
    }
  });
});
