import { UserError } from '../core/errors.js';
import { canSwap } from '../graph/generators/swap-graph.js';
import { connected } from '../graph/measures/connected.js';
import { buildGraph } from '../graph/spec.js';
import type { StudySpec } from '../study/types.js';
import { graphOfStudy } from './graph-files.js';
import '../graph-files/register.js';

/**
 * Checks that every null ensemble can be drawn and is one, before anything is trained: a graph
 * that must stay connected is, and some edges can be swapped at all.
 *
 * @param directory what paths in the lines are relative to
 * @throws UserError of the first that is not so
 */
export function checkNullGraphs({ nulls = [] }: Pick<StudySpec, 'nulls'>, directory: string): void {
  for (const { of, connected: kept } of nulls) {
    const graph = buildGraph(graphOfStudy(of, directory));
    if (kept && !connected(graph))
      throw new UserError(
        `nulls of ${of} should be connected, but the graph itself is not ` +
          `${graph.directed ? 'strongly ' : ''}connected; write connected: false beside of`,
      );
    if (!canSwap(graph))
      throw new UserError(
        `nulls of ${of} would all be the graph itself: no two of its edges can be swapped; ` +
          'leave out its nulls',
      );
  }
}
