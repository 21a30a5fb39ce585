import type { GraphParamInfo, GraphParams } from '../../src/graph/types.js';

/** Where a slider of a parameter begins and ends, and its steps. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Sliders of nodes and the like end here; larger ones are typed. */
const MOST_ON_SLIDER = 256;

/** A number, a parameter, or one of the few terms that ranges are written with. */
const TERM = String.raw`[\d.]+|[a-z]+|[a-z]+ - 1|2\^[a-z]+|n ?\(n ?- ?1\) ?/ ?2`;
const RANGE = new RegExp(String.raw`(?:^|, )(${TERM}) (<=?) (\w+) (<=?) (${TERM})(?:,|$)`);

/**
 * The bounds of a number, from the words that its family says them with (`2 <= k <= n`), at the
 * present values of the others. Null where there is no upper bound, as of a seed.
 */
export function boundsOf(info: GraphParamInfo, params: GraphParams): Bounds | null {
  const found = RANGE.exec(info.range);
  if (found === null || found[3] !== info.name) return null;
  const [, low = '', lowSign, , highSign, high = ''] = found;
  const whole = info.type === 'integer';
  const even = info.range.includes('even') && !info.range.includes('n d even');
  const step = whole ? (even ? 2 : 1) : 0.01;
  const least = valueOf(low, params) + (lowSign === '<' ? step : 0);
  const end = valueOf(high, params) - (highSign === '<' ? step : 0);
  const most = whole && !/[a-z]/.test(high) ? Math.min(end, MOST_ON_SLIDER) : end;
  return Number.isFinite(least) && Number.isFinite(most) && most > least
    ? { least, most, step }
    : null;
}

function valueOf(term: string, params: GraphParams): number {
  if (/^[\d.]+$/.test(term)) return Number(term);
  if (term.startsWith('2^')) return 2 ** Number(params[term.slice(2)]);
  const n = Number(params['n']);
  if (term.includes('(')) return (n * (n - 1)) / 2;
  const [name = '', less] = term.split(' - ');
  return Number(params[name]) - (less === undefined ? 0 : 1);
}
