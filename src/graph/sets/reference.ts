import { messageOf, printable, UserError } from '../../core/errors.js';
import { splitOutside } from '../spec-text.js';
import { parseGraphSpec, parseGraphSpecIn } from '../spec.js';
import type { GraphSpec } from '../types.js';
import { publishedSet, type PublishedSet, publishedSets } from './published.js';

/**
 * The specs that a line stands for: those of a published set where it refers to one
 * (`ws-flex:set=52`, or with the number of nodes, `ws-flex:n=64,set=52`), else its own (in a file
 * of `directory`, see `parseGraphSpecIn`). Throws a `UserError` that says what is wrong with the
 * line.
 */
export function expandGraphSpecs(line: string, directory: string | null = null): GraphSpec[] {
  const set = referenceOf(line.trim());
  if (set) return publishedSet(set);
  return [directory === null ? parseGraphSpec(line) : parseGraphSpecIn(directory, line)];
}

/**
 * The specs of line `number` of a list of specs; none where it is blank or a # comment. Errors name
 * the line.
 */
export function graphSpecsOfLine(
  line: string,
  number: number,
  directory: string | null = null,
): GraphSpec[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  try {
    return expandGraphSpecs(text, directory);
  } catch (error) {
    throw new UserError(`line ${number}: ${messageOf(error)}`, { cause: error });
  }
}

/** Every spec of a text with a spec, or a reference to a set, in each line. */
export function parseGraphSpecs(text: string): GraphSpec[] {
  return text.split(/\r?\n/).flatMap((line, at) => graphSpecsOfLine(line, at + 1));
}

/** The set that a line refers to; null where it is an ordinary spec. */
function referenceOf(text: string): PublishedSet | null {
  const [, list] = /^ws-flex\s*:(.*)$/s.exec(text) ?? [];
  if (list === undefined || !/(^|,)\s*set\s*=/.test(list)) return null;
  const given = new Map<string, string>();
  for (const item of splitOutside(list, ',')) {
    const equals = item.indexOf('=');
    const name = item.slice(0, equals < 0 ? item.length : equals).trim();
    if (given.has(name))
      throw new UserError(
        `a set of graphs must have ${name} once, got it twice in "${printable(text)}"; remove one`,
      );
    given.set(name, equals < 0 ? '' : item.slice(equals + 1).trim());
  }
  const others = [...given.keys()].filter((name) => name !== 'set' && name !== 'n');
  if (others.length > 0)
    throw new UserError(
      `a set of graphs has no other parameters than n and set, got "${printable(text)}"; ` +
        `remove ${others.join(', ')}`,
    );
  const [count, nodes] = [given.get('set'), given.get('n')];
  const found = publishedSets.find(
    (set) => String(set.count) === count && (nodes === undefined || String(set.nodes) === nodes),
  );
  if (!found)
    throw new UserError(
      `unknown set of graphs "${printable(text)}"; expected one of ` +
        publishedSets.map((set) => `ws-flex:n=${set.nodes},set=${set.count}`).join(', '),
    );
  return found;
}
