import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  formatGraphSpec,
  graphSpec,
  parseGraphSpec,
  type GraphSpec,
} from '../../src/graph/index.js';
import { parenthesised, quoted, splitOutside, unquote } from '../../src/graph/spec-text.js';

const canonical = (line: string): string => formatGraphSpec(parseGraphSpec(line));

/** `levels` products around one graph. */
const nested = (levels: number): string =>
  levels === 0 ? 'complete:n=2' : `product-power:graph=(${nested(levels - 1)}),power=1`;

const plainSpec: fc.Arbitrary<GraphSpec> = fc.oneof(
  fc.integer({ min: 2, max: 9 }).map((n) => graphSpec('complete', { n })),
  fc.integer({ min: 2, max: 9 }).map((n) => graphSpec('ws-flex', { n, k: 2, p: 0.25, seed: n })),
  fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
    .map(([a, b, periodic]) => graphSpec('grid', { shape: `${a}x${b}`, periodic })),
);

const { nestedSpec } = fc.letrec<{ nestedSpec: GraphSpec }>((tie) => ({
  nestedSpec: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    plainSpec,
    fc
      .tuple(tie('nestedSpec'), tie('nestedSpec'), fc.constantFrom('strong', 'rooted'))
      .map(([outer, inner, kind]) =>
        graphSpec('product', {
          kind,
          outer: formatGraphSpec(outer),
          inner: formatGraphSpec(inner),
        }),
      ),
    fc
      .tuple(tie('nestedSpec'), fc.nat(9))
      .map(([base, seed]) =>
        graphSpec('random-lift', { base: formatGraphSpec(base), lift: 2, seed }),
      ),
  ),
}));

/** Text as hostile as it gets: the characters that mean something, and any others. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '(',
      ')',
      ',',
      '=',
      ':',
      ' ',
      '\n',
      '\u0000',
      '\u009f',
      '\ud800',
      'ä',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('nested specs', () => {
  it('survive formatting and parsing', () => {
    fc.assert(
      fc.property(nestedSpec, (spec) => {
        const line = formatGraphSpec(spec);
        expect(parseGraphSpec(line)).toEqual(spec);
        expect(canonical(line)).toBe(line);
      }),
    );
  });

  it.each([
    [
      'product:outer=(complete:n=4),inner=(star:n=3)',
      'product:kind=lexicographic,outer=(complete:n=4),inner=(star:n=3)',
    ],
    [
      ' product : inner = ( star : n = 3 ) , kind = strong , outer = (ws-flex: k=2, n=4) ',
      'product:kind=strong,outer=(ws-flex:n=4,k=2,p=0,seed=1),inner=(star:n=3)',
    ],
    [
      'product:outer=(grid:shape="2x3"),inner=(star:n=3)',
      'product:kind=lexicographic,outer=(grid:shape=2x3,periodic=false),inner=(star:n=3)',
    ],
    [
      'product:kind="tensor",outer=complete:n=4,inner=star:n=3',
      'product:kind=tensor,outer=(complete:n=4),inner=(star:n=3)',
    ],
    [
      'product:outer=(product:outer=(complete:n=2),inner=(star:n=3)),inner=(random-lift:base=(star:n=3),lift=2)',
      'product:kind=lexicographic,outer=(product:kind=lexicographic,outer=(complete:n=2),inner=(star:n=3)),inner=(random-lift:base=(star:n=3),lift=2,seed=1)',
    ],
  ])('%s is canonically %s', (line, expected) => {
    expect(canonical(line)).toBe(expected);
    expect(buildGraph(parseGraphSpec(line))).toEqual(buildGraph(parseGraphSpec(expected)));
  });

  it('may be eight deep', () => {
    expect(buildGraph(parseGraphSpec(nested(8))).nodes).toBe(2);
    expect(() => parseGraphSpec(nested(9))).toThrow(UserError);
    expect(() => parseGraphSpec(nested(9))).toThrow(
      'graph specs may be nested 8 deep, got "complete:n=2" still deeper; use fewer levels',
    );
    expect(() => parseGraphSpec(nested(3000))).toThrow('graph specs may be nested 8 deep');
    expect(() => graphSpec('product-power', { graph: nested(8) })).toThrow('nested 8 deep');
  });

  it.each([
    [
      'product:outer=(complete:n=4,inner=(star:n=3)',
      'parentheses in a graph spec must match, got ' +
        '"outer=(complete:n=4,inner=(star:n=3)"; write (family:name=value,...) around an ' +
        'inner graph',
    ],
    [
      'product:outer=complete:n=4),inner=(star:n=3)',
      'parentheses in a graph spec must match, got "outer=complete:n=4),inner=(star:n=3)"',
    ],
    ['product:outer=(complete:n=4)),inner=((star:n=3)', 'parentheses in a graph spec must match'],
    ['product:outer=)(,inner=(star:n=3)', 'parentheses in a graph spec must match'],
    [
      'product:outer=(complete:n=4)(complete:n=5),inner=(star:n=3)',
      'unknown graph family "(complete"',
    ],
    ['product:outer=(),inner=(star:n=3)', 'unknown graph family ""'],
    ['product:outer=((complete:n=4)),inner=(star:n=3)', 'unknown graph family "(complete"'],
    [
      'product:outer=(complete:n=1),inner=(star:n=3)',
      'graph parameter n must be from 2 to 20000, got n=1',
    ],
    [
      'product:outer=(complete:n=4,k=3),inner=(star:n=3)',
      'unknown parameter of graph family complete "k"; expected one of n',
    ],
    [
      'product:outer=ws-flex:n=4,k=2,inner=(star:n=3)',
      'unknown parameter of graph family product "k"; expected one of kind, outer, inner',
    ],
    ['product:outer=(complete),inner=(star:n=3)', 'graph family complete needs the parameter n'],
    [
      'grid:shape="8x8',
      'a quote in a graph spec must be closed, got "shape="8x8"; add the missing "',
    ],
    [
      'grid:shape="8x8"9',
      'quoted text in a graph spec follows the rules of JSON, got "8x8"9; write "a ' +
        '\\"quoted\\" name.csv"',
    ],
    ['grid:shape="8\\x8"', 'quoted text in a graph spec follows the rules of JSON'],
    ['grid:shape=', 'graph parameter shape must be 1 to 14 sides'],
  ])('%s: %s', (line, message) => {
    expect(() => parseGraphSpec(line)).toThrow(UserError);
    expect(() => parseGraphSpec(line)).toThrow(message);
  });

  it('answer any text with a spec or a UserError', () => {
    const pieces = fc.constantFrom(
      'product:',
      'outer=',
      'inner=',
      'kind=',
      '(',
      ')',
      ',',
      'complete:n=4',
      'star:n=3',
      '"',
      '\\',
      ':',
      '=',
      'grid:shape=2x2',
      'product-power:graph=',
      ' ',
      'power=2',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
          anyText,
        ),
        (line) => {
          try {
            const spec = parseGraphSpec(line);
            expect(parseGraphSpec(formatGraphSpec(spec))).toEqual(spec);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('text in specs', () => {
  it('comes back from its quotes, whatever it is', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        expect(unquote(quoted(first))).toBe(first);
        const items = splitOutside(
          `a=${quoted(first)},b=(x:c=${quoted(second)},d=(${quoted(first)})),e`,
          ',',
        );
        expect(items).toEqual([
          `a=${quoted(first)}`,
          `b=(x:c=${quoted(second)},d=(${quoted(first)}))`,
          'e',
        ]);
        expect(parenthesised(items[1].slice(2))).toEqual([
          `x:c=${quoted(second)},d=(${quoted(first)})`,
        ]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['plain.csv', 'plain.csv'],
    ['a b.csv', '"a b.csv"'],
    ['C:\\data', '"C:\\\\data"'],
    ['', '""'],
    ['a(1).csv', '"a(1).csv"'],
    ['say "hi"', '"say \\"hi\\""'],
  ])('%s is written %s', (text, expected) => expect(quoted(text)).toBe(expected));

  it('is split outside parentheses and quotes only', () => {
    expect(splitOutside('a,(b,c),"d,e",f', ',')).toEqual(['a', '(b,c)', '"d,e"', 'f']);
    expect(splitOutside('', ',')).toEqual(['']);
    expect(splitOutside('",\\",("', ',')).toEqual(['",\\",("']);
    expect(() => splitOutside('a,"b', ',')).toThrow(
      'a quote in a graph spec must be closed, got "a,"b"',
    );
    expect(() => splitOutside('a,"b\\', ',')).toThrow('a quote in a graph spec must be closed');
    expect(() => splitOutside('(")"', ',')).toThrow('parentheses in a graph spec must match');
  });

  it('is taken out of one or more pairs of parentheses', () => {
    expect(parenthesised('(a)(b (c)) (d)')).toEqual(['a', 'b (c)', 'd']);
    expect(parenthesised('(")")(x)')).toEqual(['")"', 'x']);
    expect(parenthesised('')).toEqual([]);
    for (const other of ['a', '(a)b', '(a', 'a(b)', '(a)(b'])
      expect(parenthesised(other), other).toBeNull();
  });
});
