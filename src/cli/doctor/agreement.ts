import { must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { features } from '../../core/shape.js';
import { createSession } from '../../engine/session.js';
import { parseGraphSpec } from '../../graph/spec.js';
import { buildNetwork } from '../../network/design.js';

const TINY = { input: { channels: 3, height: 4, width: 4 }, classes: 5 };
const [BATCH, STEPS] = [24, 3];
/** Float32 against float64 over three steps differs by about 1e-6; a wrong kernel by far more. */
const TOLERANCE = 1e-3;

/** How far a backend is from the reference. */
export interface Agreement {
  readonly agrees: boolean;
  /**
   * Largest |a - b| / (1 + |b|) over logits and weights after three training steps; NaN counts as
   * infinite.
   */
  readonly difference: number;
}

/**
 * Trains a tiny relational network for three steps on a backend and on the float64 reference, and
 * compares.
 */
export async function agreementWithReference(backend: string): Promise<Agreement> {
  const [mine, wanted] = [await trained(backend), await trained('reference')];
  let difference = 0;
  for (let i = 0; i < wanted.length; i++) {
    const apart = Math.abs(must(mine[i]) - must(wanted[i])) / (1 + Math.abs(must(wanted[i])));
    // The negation catches NaN as well.
    if (!(apart <= difference)) difference = Number.isNaN(apart) ? Infinity : apart;
  }
  return { agrees: mine.length === wanted.length && difference <= TOLERANCE, difference };
}

/** Logits and weights after the steps, one after another. */
async function trained(backend: string): Promise<number[]> {
  const network = buildNetwork('mlp', parseGraphSpec('ws-flex:n=7,k=3,p=0.3,seed=1'), [31], TINY);
  const session = await createSession(network, { backend, batch: BATCH });
  try {
    session.initialise(1);
    const random = new RandomStream('doctor');
    const samples = Float32Array.from({ length: BATCH * features(TINY.input) }, () =>
      random.normal(),
    );
    const labels = Uint8Array.from({ length: BATCH }, () => random.below(TINY.classes));
    for (let step = 0; step < STEPS; step++) await session.step(samples, labels, 0.1);
    const { logits } = await session.evaluate(samples, labels);
    const weights = await session.weights();
    return [...logits, ...[...weights.values()].flatMap(({ data }) => [...data])];
  } finally {
    session.dispose();
  }
}
