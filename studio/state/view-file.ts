import { UserError } from '../../src/core/errors.js';
import { edgeList, graphFromEdges } from '../../src/graph/build.js';
import { formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import { decodeView, encodeView, ownName } from './codec.js';
import type { ViewState } from './types.js';

/** What a saved view says it is. */
const KIND = 'plexus-view';

/**
 * A view as a text file, for views that no link can hold: the address of the same view with a graph
 * of its own left out, and that graph as a list of edges.
 */
export function writeViewFile(view: ViewState): string {
  const { graph } = view;
  const head = { kind: KIND, version: 1, view: addressOf(view) };
  const textOf = (graphPart: object, indent: number): string =>
    `${JSON.stringify({ ...head, ...graphPart }, null, indent)}\n`;
  if (graph.kind === 'spec') return textOf({ spec: graph.line }, 1);
  const { nodes, directed } = graph.graph;
  const own = { name: graph.name, nodes, directed, edges: edgeList(graph.graph) };
  return textOf({ own }, 0);
}

function addressOf(view: ViewState): string | null {
  return encodeView({ ...view, graph: { kind: 'spec', line: 'complete:n=2' } });
}

/** Whether a text is such a file. */
export function isViewFile(text: string): boolean {
  return text.slice(0, 40).includes(KIND);
}

/** The view in such a file. Throws a `UserError` where it is not whole. */
export function readViewFile(text: string): ViewState {
  const file = parsed(text);
  if (file['version'] !== 1 || typeof file['view'] !== 'string')
    throw new UserError('a saved view must be of version 1 and have a view; save it again');
  const { view, problems } = decodeView(file['view']);
  const [problem] = problems;
  if (problem !== undefined) throw new UserError(`the saved view is not understood: ${problem}`);
  if (typeof file['spec'] === 'string')
    return { ...view, graph: { kind: 'spec', line: canonical(file['spec']) } };
  const own = file['own'] as Readonly<Record<string, unknown>> | null;
  if (typeof own !== 'object' || own === null || !isEdges(own['edges']))
    throw new UserError('a saved view must have a graph, spec or own; save it again');
  const graph = graphFromEdges(Number(own['nodes']), own['edges'], own['directed'] === true);
  return { ...view, graph: { kind: 'own', name: ownName(String(own['name'])), graph } };
}

function canonical(line: string): string {
  return formatGraphSpec(parseGraphSpec(line));
}

function isEdges(value: unknown): value is [number, number][] {
  return (
    Array.isArray(value) &&
    value.every((edge) => Array.isArray(edge) && edge.length === 2 && edge.every(Number.isInteger))
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file === 'object' && file !== null) return file as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new UserError('a saved view must be JSON; the file is damaged, save the view again');
}
