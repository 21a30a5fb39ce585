import { confirmSeeds } from './confirm.js';
import type { StudySpec, Trial } from './types.js';

/**
 * The trials in their fixed order, seed after seed: the baseline first, then the graphs. The seeds
 * that confirm come last. A search runs some of them; of those that confirm, the chosen graphs and
 * the baseline are run.
 */
export function trialsOf(spec: StudySpec): Trial[] {
  const lineUp = [
    { role: 'baseline' as const, graph: spec.baseline },
    ...spec.graphs.map((graph) => ({ role: 'graph' as const, graph })),
  ];
  return [...spec.seeds, ...confirmSeeds(spec)].flatMap((seed, round) =>
    lineUp.map((entry, place) => ({ index: round * lineUp.length + place, ...entry, seed })),
  );
}
