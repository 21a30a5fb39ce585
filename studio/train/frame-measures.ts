import { type WeightedMeasure, weightedMeasures } from '../../src/graph/weighted-measures.js';
import { frameGraph } from './film.js';
import type { Frame } from './messages.js';

/** As `plexus graph of-weights` has them where nothing else is asked for. */
const MEASURED = { clusters: 12, seed: 1 } as const;

/** The measures of a frame's graph; null where it has none, as of a disconnected graph. */
export type FrameMeasures = Readonly<Record<WeightedMeasure, number | null>>;

export function measureFrame(frame: Frame): FrameMeasures {
  return weightedMeasures(frameGraph(frame), MEASURED);
}
