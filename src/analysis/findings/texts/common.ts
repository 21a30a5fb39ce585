import { fixed } from '../../text.js';

/** Sentences one after the other; empty ones are left out. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `0.12 points above`, `0.12 points below`: a signed difference in words. */
export function pointsAside(difference: number): string {
  return `${fixed(Math.abs(difference), 2)} points ${difference < 0 ? 'below' : 'above'}`;
}

/** `Holds`, `Not shown` or `Holds in part`, by how many of all it holds for. */
export function holds(count: number, all: number): string {
  if (count === all) return 'Holds';
  return count === 0 ? 'Not shown' : 'Holds in part';
}
