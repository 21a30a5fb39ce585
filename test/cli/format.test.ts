import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatReal,
  formatSignedPercent,
  formatTable,
} from '../../src/cli/format.js';

describe('printed numbers', () => {
  it.each([
    [0, '0.0 s'],
    [8.44, '8.4 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.4, '59 min 59 s'],
    [3599.6, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [90000, '25 h 00 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('separate thousands, sign percentages and name what is missing', () => {
    expect([formatCount(2364416), formatCount(12)]).toEqual(['2,364,416', '12']);
    expect([formatSignedPercent(0.4249), formatSignedPercent(-1)]).toEqual(['+0.42 %', '-1.00 %']);
    expect([formatReal(2.73456, 4), formatReal(null, 4)]).toEqual(['2.7346', 'none']);
  });

  it('stand in aligned columns without trailing spaces', () => {
    const table = formatTable(
      [{ title: 'layer' }, { title: 'MACs', align: 'right' }, { title: 'x' }],
      [
        ['fc', '12', ''],
        ['s1.linear', '1,572,864', 'y'],
      ],
    );
    expect(table.split('\n')).toEqual([
      'layer           MACs  x',
      'fc                12',
      's1.linear  1,572,864  y',
    ]);
  });
});
