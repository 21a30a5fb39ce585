import { graphFamily } from './registry.js';
import { parenthesised } from './spec-text.js';
import { formatGraphSpec, parseGraphSpec } from './spec.js';
import type { GraphParam, GraphSpec } from './types.js';

/**
 * The spec with `change` applied to every graph in it that is made of no other graph: to the spec
 * itself, or to those in its parentheses, however deep.
 */
export function mapPlainGraphs(
  spec: GraphSpec,
  change: (plain: GraphSpec) => GraphSpec,
): GraphSpec {
  const nested = graphFamily(spec.family).params.filter(
    ({ type }) => type === 'spec' || type === 'specs',
  );
  if (nested.length === 0) return change(spec);
  const changed = (line: string): string =>
    formatGraphSpec(mapPlainGraphs(parseGraphSpec(line), change));
  const params: Record<string, GraphParam> = { ...spec.params };
  for (const { name, type } of nested) {
    const value = String(spec.params[name]);
    params[name] =
      type === 'spec'
        ? changed(value)
        : (parenthesised(value) ?? []).map((line) => `(${changed(line)})`).join('');
  }
  return { family: spec.family, params };
}

/** The graphs in a spec that are made of no other graph, in the order in which they are written. */
export function plainGraphs(spec: GraphSpec): readonly GraphSpec[] {
  const found: GraphSpec[] = [];
  mapPlainGraphs(spec, (plain) => {
    found.push(plain);
    return plain;
  });
  return found;
}
