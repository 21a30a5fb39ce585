import { numberOf } from './text.js';

/** Not a number, as other programs write it. */
const MISSING =
  /^(?:nan|n\/a|n\.a\.|#n\/a|na|<na>|null|none|nil|missing|[.?]|-{1,3}|[+-]?inf(?:inity)?|)$/i;

/** Whether a field stands for a number that is not there. */
export function isMissing(field: string): boolean {
  return MISSING.test(field);
}

/** Signs that stand for a minus, and marks between groups of digits. */
const MINUS = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
const GROUPING = /[\s,.'\u2019\u00a0\u202f\u2009]/g;

/** Fortran's exponent, which needs a sign or a point: 3d1 is a name. */
const EXPONENT = /(?:(?<=\.0*)d(?=0+$)|d(?=[+-]0+$))/i;

/** Longer fields are no numbers in any notation. */
const LONGEST = 64;

/**
 * Whether a field is a number in a notation that is not read: a decimal comma, marks between
 * thousands, the sign U+2212, per cent, Fortran's exponent, digits of other scripts. Such a field
 * is neither a name nor a number.
 */
export function isOddNumber(field: string): boolean {
  if (field.length > LONGEST || numberOf(field) !== null || !/\p{Nd}/u.test(field)) return false;
  const digits = field
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, '0')
    .replace(MINUS, '-');
  const plain = digits
    .replace(EXPONENT, '@')
    .replace(GROUPING, '')
    .replace(/%$/, '')
    .replace('@', 'e');
  // Names such as 7.1.2 or 192.168.0.1 have several points and nothing else that is odd.
  return numberOf(plain) !== null && !/^[+-]?\d+(?:\.\d+){2,}$/.test(digits);
}

/** What to do about a field that should be a number: nothing to say of most words. */
export function numberHint(field: string): string {
  if (field.search(MINUS) >= 0) return `; write the minus as "-" (U+002D)`;
  if (/^[+-]?\d*,\d+$/.test(field) && !/,\d{3}$/.test(field))
    return '; write numbers with a point, such as 0.5';
  return isOddNumber(field) ? '; write numbers plainly, such as 1234 or 0.5' : '';
}
