import { UserError } from '../core/errors.js';
import type { Graph } from '../graph/types.js';

/**
 * More edges would not fit, as text, into a string, nor as objects into the memory of a small
 * machine.
 */
const MOST_LISTED = 5_000_000;

/** Throws a `UserError` where a graph has too many edges to be written one by one. */
export function requireListable(graph: Graph, what: string): void {
  if (graph.edges > MOST_LISTED)
    throw new UserError(
      `${what} may have at most ${MOST_LISTED} edges, got ${graph.edges}; write the ` +
        'graph as graph6 or .npy, which hold any number',
    );
}

const AMONG_XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A text inside double quotes of XML, and of GML, which has the same entities. */
export function quotable(text: string): string {
  return text.replace(
    /[&<>"\n\r\t]/g,
    (letter) => AMONG_XML[letter] ?? `&#${letter.charCodeAt(0)};`,
  );
}
