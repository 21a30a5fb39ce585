import { type ArtificialFact, beyond, type BiologicalFact } from '../facts/biological.js';
import type { SectionValues } from './types.js';

/** Numbers of a task's best graph; what only networks have is null. */
export function bestValues({
  task,
  best,
  bestError,
  baselineError,
  process,
  quadratic,
}: ArtificialFact): SectionValues {
  const prediction = process?.at(best) ?? null;
  return {
    name: task.name,
    arch: task.arch,
    graph: best.graph,
    biological: false,
    directed: false,
    nodes: null,
    density: best.density,
    clustering: best.clustering,
    pathLength: best.pathLength,
    inSweetSpot: null,
    beyondClustering: null,
    beyondPathLength: null,
    error: bestError,
    predicted: prediction?.value ?? null,
    predictedInterval: prediction?.interval ?? null,
    extrapolated: prediction?.extrapolated ?? null,
    overBest: null,
    belowBaseline: baselineError === null ? null : baselineError - bestError,
    nulls: null,
    nullsInSweetSpot: null,
    nullsPredicted: null,
    nullsAsGood: null,
    p: null,
    pAdjusted: null,
    quadraticPredicted: quadratic?.at(best).value ?? null,
    quadraticNullsPredicted: null,
    quadraticPAdjusted: null,
  };
}

/** Numbers of a biological network in a task's plane. */
export function biologicalValues(
  { bestError, baselineError }: ArtificialFact,
  fact: BiologicalFact,
): SectionValues {
  const { task, graph, place, sweetSpot, inSweetSpot, nulls, quadratic } = fact;
  const { prediction, test } = fact.process;
  const by = beyond(place, sweetSpot);
  const below =
    prediction === null || baselineError === null ? null : baselineError - prediction.value;
  return {
    name: task.name,
    arch: task.arch,
    graph: graph.name,
    biological: true,
    directed: place.directed,
    nodes: place.nodes,
    density: place.density,
    clustering: place.clustering,
    pathLength: place.pathLength,
    inSweetSpot,
    beyondClustering: by.clustering,
    beyondPathLength: by.pathLength,
    error: null,
    predicted: prediction?.value ?? null,
    predictedInterval: prediction?.interval ?? null,
    extrapolated: prediction?.extrapolated ?? null,
    overBest: prediction === null ? null : prediction.value - bestError,
    belowBaseline: below,
    nulls: nulls?.count ?? null,
    nullsInSweetSpot: nulls?.inSweetSpot ?? null,
    nullsPredicted: test?.predicted ?? null,
    nullsAsGood: test?.asGood ?? null,
    p: test?.p ?? null,
    pAdjusted: test?.adjusted ?? null,
    quadraticPredicted: quadratic.prediction?.value ?? null,
    quadraticNullsPredicted: quadratic.test?.predicted ?? null,
    quadraticPAdjusted: quadratic.test?.adjusted ?? null,
  };
}
