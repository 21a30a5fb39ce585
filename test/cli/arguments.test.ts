import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figureFormats } from '../../src/cli/arguments.js';
import { FIGURE_FORMATS } from '../../src/figures/files.js';

describe('figureFormats', () => {
  it('reads formats in the order given, each once', () => {
    expect(figureFormats('pdf')).toEqual(['pdf']);
    expect(figureFormats('svg, PNG,pdf,png')).toEqual(['svg', 'png', 'pdf']);
  });

  it.each(['', 'svg,', 'jpeg', 'svg;pdf', ',', 'png pdf'])(
    'refuses "%s", naming the formats',
    (text) => {
      expect(() => figureFormats(text)).toThrow(/svg, png, pdf/);
    },
  );

  it('gives only formats, whatever it reads', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FIGURE_FORMATS, 'x', '')), (names) => {
        const valid =
          names.length > 0 &&
          names.every((name) => (FIGURE_FORMATS as readonly string[]).includes(name));
        if (valid) expect(new Set(figureFormats(names.join(',')))).toEqual(new Set(names));
        else expect(() => figureFormats(names.join(','))).toThrow();
      }),
    );
  });
});
