import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { buildGraph, graphFamilies, parseGraphSpec } from '../../src/graph/index.js';

/** Values that people and programs put where others belong. */
const ODD = [
  '',
  '0',
  '1',
  '-1',
  '1.5',
  '2',
  '20001',
  '1e9',
  '1e400',
  'NaN',
  'x',
  'true',
  '()',
  '1-',
  '0-5',
  '3x0',
  '99999999999999999999',
  '0x10',
  ' 5',
  '(complete:n=4',
  '(foo:n=3)',
  '(complete:n=30000)',
  '(sequence:graphs=(complete:n=4)(complete:n=4))',
];

/** A line of each family, with every parameter; connectomes and files need the disk. */
const lines = graphFamilies
  .filter(({ reads }) => !reads)
  .map(({ name, params, samples, example }) => {
    // Some have no samples for pictures.
    const [sample = example === undefined ? {} : parseGraphSpec(example).params] = samples(16);
    const inner: Record<string, string> = {
      spec: '(ring-lattice:n=8,k=2)',
      specs: '(complete:n=4)(star:n=4)',
    };
    return {
      family: name,
      given: params.map((info): [string, string] => [
        info.name,
        inner[info.type] ?? String(sample[info.name] ?? info.default),
      ]),
    };
  });

const lineOf = (family: string, given: readonly [string, string][]): string =>
  `${family}:${given.map((pair) => pair.join('=')).join(',')}`;

/** The message of the error, or null where there was a graph. */
function messageOf(line: string): string | null {
  try {
    buildGraph(parseGraphSpec(line));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
  return null;
}

/** A rule (what must be), and a remedy, which stands behind a semicolon or a list. */
const RULE = /must|may|needs?|unknown|is wanted|are written/;
const REMEDY = /; |expected one of |, so give |it twice in/;

describe.each(lines)('$family', ({ family, given }) => {
  const wrong = [
    ...given.flatMap((_, at) =>
      ODD.map((value) =>
        given.map(([name, old], other): [string, string] => [name, other === at ? value : old]),
      ),
    ),
    ...given.map((_, at) =>
      given.map(([name, old], other): [string, string] => [other === at ? `${name}x` : name, old]),
    ),
    ...given.map((_, at) => given.filter((_pair, other) => other !== at)),
    [...given, given[0]],
    [...given, ['foo', '1'] as [string, string]],
  ].map((pairs) => lineOf(family, pairs));

  it('tells the rule and the remedy for every mistake', () => {
    if (family !== 'sequence' && family !== 'wired')
      expect(messageOf(lineOf(family, given))).toBeNull();
    const messages = wrong
      .map((line) => [line, messageOf(line)] as const)
      .filter(([, message]) => message !== null);
    expect(messages.length).toBeGreaterThan(8);
    expect(
      messages.filter(([, message]) => !RULE.test(message ?? '') || !REMEDY.test(message ?? '')),
    ).toEqual([]);
  });

  it('names a parameter that is misspelt, and those that there are', () => {
    const message = messageOf(lineOf(family, [...given, ['foo', '1']]));
    expect(message).toBe(
      `unknown parameter of graph family ${family} "foo"; expected one of ` +
        given.map(([name]) => name).join(', '),
    );
  });
});
