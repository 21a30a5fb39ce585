import { existsSync } from 'node:fs';
import { must, UserError } from '../../../core/errors.js';
import { graphMeasure, graphMeasures } from '../../../graph/measures/registry.js';
import { graphFamilies } from '../../../graph/registry.js';
import { graphMembers } from '../../../graph/sequence.js';
import { expandGraphSpecs } from '../../../graph/sets/reference.js';
import { formatGraphSpec, graphSpec } from '../../../graph/spec.js';
import type { GraphMeasure, GraphSpec } from '../../../graph/types.js';

/** A graph to measure: a spec's own, or one of the several of a sequence. */
export interface Asked {
  readonly spec: GraphSpec;
  /** The sequence's line, and which of its graphs this is, from 1. */
  readonly part?: { readonly sequence: string; readonly member: number };
}

/**
 * The specs that a word of the command line stands for: a spec, a set of them, or the path of a
 * file.
 */
export function specsOfWord(word: string): GraphSpec[] {
  const family = must(word.split(':', 1)[0]).trim();
  const isSpec = graphFamilies.some(({ name }) => name === family);
  if (!isSpec && (existsSync(word) || /^[^:]*[./\\][^:]*$/.test(word)))
    return [graphSpec('file', { path: word })];
  return expandGraphSpecs(word);
}

/** One graph for most specs, several for a sequence. */
export function askedOf(spec: GraphSpec): Asked[] {
  const { per, members } = graphMembers(spec);
  if (per === 'network') return [{ spec }];
  const sequence = formatGraphSpec(spec);
  return members.map((member, at) => ({ spec: member, part: { sequence, member: at + 1 } }));
}

/**
 * The measures that `--measures` names, in the order of all measures, without those that are always
 * told: names, `quick` or `all`, separated by commas. Throws a `UserError` for an unknown name.
 */
export function measuresNamed(list: string): GraphMeasure[] {
  const words = list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0)
    throw new UserError(
      '--measures needs names separated by commas, quick or all, got an empty list; ' +
        '"plexus graph measure --list" has the names',
    );
  const chosen = new Set(words.flatMap((word) => GROUPS.get(word) ?? [graphMeasure(word)]));
  return graphMeasures.filter((measure) => chosen.has(measure) && measure.cost !== 'basic');
}

const GROUPS: ReadonlyMap<string, readonly GraphMeasure[]> = new Map([
  ['quick', graphMeasures.filter(({ cost }) => cost === 'quick')],
  ['all', graphMeasures],
]);
