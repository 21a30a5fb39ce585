import { computed } from '@preact/signals';
import { messageOf, UserError } from '../../src/core/errors.js';
import { graphFamilies, graphFamily } from '../../src/graph/registry.js';
import {
  exampleSpec,
  formatGraphSpec,
  graphSpec,
  parseGraphSpec,
  resizeGraphSpec,
} from '../../src/graph/spec.js';
import type { GraphParam, GraphSpec } from '../../src/graph/types.js';
import { allFamilies } from './further.js';

/** The families that one graph can be made of; sequences, wired or not, are several, for networks. */
export const shownFamilies = computed(() => {
  // Read, since the list of all families grows when the further ones have come.
  void allFamilies.value;
  return graphFamilies.filter(({ name }) => name !== 'sequence' && name !== 'wired');
});

/**
 * A graph of the family to begin with, as like the present one as its parameters are: of as many
 * nodes and the same degree, or made of the present graph.
 *
 * @param line the spec of the present graph
 */
export function beginWith(familyName: string, line: string, nodes: number, degree: number): string {
  const family = graphFamily(familyName);
  const samples = family.samples(nodes);
  const sample = samples[Math.floor(samples.length / 2)];
  const alike: Record<string, GraphParam> = {};
  for (const { name, type } of family.params) {
    if (name === 'n') alike[name] = nodes;
    if (name === 'k' && type === 'real') alike[name] = Math.min(nodes, Math.max(2, degree));
    // Null models are of the graph that is there; products of smaller graphs of their own.
    if (type === 'spec' && name === 'of') alike[name] = line;
  }
  const attempts = [
    () => graphSpec(familyName, { ...sample, ...alike }),
    () => graphSpec(familyName, { ...sample }),
    () => parseGraphSpec(exampleSpec(family)),
  ];
  for (const make of attempts) {
    const { line: made } = attempt(() => formatGraphSpec(make()));
    if (made !== null) return made;
  }
  return line;
}

/** What comes of changing a parameter: another spec, or why there is none. */
export type Changed =
  { readonly line: string; readonly error: null } | { readonly line: null; readonly error: string };

/**
 * The spec with one parameter changed. Another number of nodes keeps the density where the family
 * knows how.
 */
export function changeParam(spec: GraphSpec, name: string, value: GraphParam): Changed {
  return attempt(() => {
    if (name === 'n' && typeof value === 'number' && graphFamily(spec.family).resize !== undefined)
      return formatGraphSpec(tidied(resizeGraphSpec(spec, value)));
    return formatGraphSpec(graphSpec(spec.family, { ...spec.params, [name]: value }));
  });
}

/** A spec as somebody typed it. */
export function typedSpec(text: string): Changed {
  return attempt(() => formatGraphSpec(parseGraphSpec(text)));
}

function attempt(make: () => string): Changed {
  try {
    return { line: make(), error: null };
  } catch (error) {
    if (error instanceof UserError) return { line: null, error: messageOf(error) };
    throw error;
  }
}

/** Numbers that come of a division, with six decimals: specs are read by people. */
function tidied(spec: GraphSpec): GraphSpec {
  const params = Object.entries(spec.params).map(([name, value]): [string, GraphParam] => [
    name,
    typeof value === 'number' ? Number(value.toFixed(6)) : value,
  ]);
  return graphSpec(spec.family, Object.fromEntries(params));
}
