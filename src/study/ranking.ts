/** Means that differ by less are equal, in whichever order they were added up. */
const SCALE = 1e9;

/**
 * Graphs by their mean errors, lowest first, the one that is listed first where two are equal. The
 * means are those of `fitBlocks` with seeds as blocks, so that a graph whose trial with a hard seed
 * failed gains nothing by it; a graph without one, because it has no complete trial or none that is
 * comparable, is not ranked.
 */
export function rankGraphs(graphs: readonly string[], means: readonly (number | null)[]): string[] {
  return graphs
    .flatMap((graph, at) => {
      const mean = means[at] ?? null;
      return mean === null ? [] : [{ graph, rank: Math.round(SCALE * mean) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ graph }) => graph);
}
