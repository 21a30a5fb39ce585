import { labelOf } from '../analysis/graph-results.js';
import { fixed, meanStd, plural } from '../analysis/text.js';
import type { GraphResult, StudySummary } from '../analysis/types.js';

/** What hovering a graph's point shows. */
export function describeGraph(graph: GraphResult): string {
  const measures = `C ${fixed(graph.clustering, 3)}, L ${fixed(graph.pathLength, 3)}`;
  return (
    `${labelOf(graph)}\n${measures}\n${meanStd(graph)} % over ` +
    plural(graph.errors.length, 'seed')
  );
}

/** What was measured, in a few words, as every figure's subtitle begins. */
export function describeSample({ graphs, seeds, arch, epochs, search }: StudySummary): string {
  const measured = graphs.filter((graph) => graph.mean !== null).length;
  const each =
    search === null
      ? `${plural(seeds, 'training seed')} each`
      : `up to ${plural(seeds, 'training seed')} each, as a search chose`;
  return `${arch}, ${plural(measured, 'graph')}, ${each}, ${plural(epochs, 'epoch')}.`;
}

/** What every figure over the graphs must admit: few seeds, failed and missing trials. */
export function sampleNotes({ seeds, trials }: StudySummary): readonly string[] {
  return [
    ...(seeds < 2 ? ['One seed: no spread is shown, and differences may be seed noise.'] : []),
    ...(trials.failed > 0 ? [`${plural(trials.failed, 'failed trial')} left out.`] : []),
    ...(trials.pending > 0
      ? [`Not finished: ${plural(trials.pending, 'trial')} of ${trials.total} not run yet.`]
      : []),
  ];
}
