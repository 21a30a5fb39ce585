import { describe, expect, it } from 'vitest';
import { printable, unknownName } from '../../src/core/errors.js';

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
