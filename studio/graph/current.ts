import { computed, signal } from '@preact/signals';
import { messageOf, UserError } from '../../src/core/errors.js';
import { measure } from '../../src/graph/measures/basic.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph, GraphMeasures } from '../../src/graph/types.js';
import { view } from '../state/store.js';
import { firstGraph } from './members.js';

/** The graph of the view, with what it is called; or why there is none. */
export interface Current {
  readonly graph: Graph;
  /** Its spec, or its owner's name for it. */
  readonly title: string;
  readonly error: string | null;
}

const choice = computed(() => view.value.graph);
let last: Graph | null = null;

/**
 * The graph that is shown. Where its spec has none (a random one may fail to come out connected),
 * the last one stays, and the error is said.
 */
export const current = computed((): Current => {
  const chosen = choice.value;
  if (chosen.kind === 'own') {
    last = chosen.graph;
    return { graph: chosen.graph, title: chosen.name, error: null };
  }
  try {
    last = firstGraph(parseGraphSpec(chosen.line));
    return { graph: last, title: chosen.line, error: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const shown = last ?? buildGraph(parseGraphSpec('complete:n=2'));
    return { graph: shown, title: chosen.line, error: messageOf(error) };
  }
});

/** The graph alone: changes only when it does. */
export const graph = computed(() => current.value.graph);

/** C, L and what else every graph is told with. */
export const basics = computed((): GraphMeasures => measure(graph.value));

/** The node that is looked at, if the graph has it. */
export const node = computed(() => {
  const { value } = view;
  return value.node !== null && value.node < graph.value.nodes ? value.node : null;
});

/** What screen readers are told when something has changed. */
export const announcement = signal('');
