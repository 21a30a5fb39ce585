import { visible } from '../../../core/errors.js';
import { foundInFile } from '../../../graph-files/file-family.js';
import type { Graph, GraphSpec } from '../../../graph/types.js';
import type { CliContext } from '../../context.js';

/** Says what was taken for what in the file of a graph, and what was left out of it. */
export function noteFile(graph: Graph, spec: GraphSpec, context: CliContext): void {
  const found = foundInFile(graph);
  const path = spec.params['path'];
  if (found === null || typeof path !== 'string') return;
  for (const note of found.notes) context.note(`${visible(path)}: ${note}`);
  const counts = [
    [found.selfLoops, 'self loops'],
    [found.repeated, 'repeated edges'],
    [found.below, 'edges below the threshold'],
  ] as const;
  const left = counts.filter(([count]) => count > 0).map(([count, what]) => `${what} ${count}`);
  if (left.length > 0) context.note(`left out of ${visible(path)}: ${left.join(', ')}`);
}
