import { describe, expect, it } from 'vitest';
import { InternalError, must, printable, unknownName } from '../../src/core/errors.js';
import { mapTuple } from '../../src/core/tuples.js';

describe('printable', () => {
  it('leaves ordinary text as it is', () => {
    expect(printable('ws-flex:n=64 "é→"')).toBe('ws-flex:n=64 "é→"');
  });

  it('escapes control characters and cuts long text', () => {
    expect(printable('a\u001b[2J\u007f\u009b\n')).toBe('a\\u001b[2J\\u007f\\u009b\\n');
    expect(printable('x'.repeat(1000))).toBe(`${'x'.repeat(80)}...`);
  });

  it('is how unknown names are shown', () => {
    expect(unknownName('thing', '\u0007', ['a', 'b']).message).toBe(
      'unknown thing "\\u0007"; expected one of a, b',
    );
  });
});

describe('must', () => {
  it('gives what is there, nothing and null and 0 too, and says what is missing', () => {
    expect([must(0), must(null), must('')]).toEqual([0, null, '']);
    expect(() => must([1][1], 'a width')).toThrow(
      new InternalError('a width that must be there is missing'),
    );
  });
});

describe('mapTuple', () => {
  it('maps in turn', () => {
    const [one, two] = mapTuple([3, 4], (value, index) => value * 10 + index);
    expect([one.toFixed(), two.toFixed()]).toEqual(['30', '41']);
  });
});
