import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elements } from '../../src/core/tensor.js';
import { backends, createSession, type Session } from '../../src/public/engine.js';
import { graphFromEdges } from '../../src/graph/index.js';
import type { Graph } from '../../src/graph/types.js';
import { expectClose, type Tolerance } from './agreement.js';
import { chain, vector } from './networks.js';

interface Golden {
  readonly steps: readonly {
    readonly loss: number;
    readonly correct: number;
    readonly logits: readonly number[];
  }[];
  readonly evaluate: { readonly loss: number; readonly logits: readonly number[] };
  /** Of each parameter, its product with `stream(99)` and its sum of squares. */
  readonly fingerprint: readonly (readonly [number, number])[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/engine.json', import.meta.url), 'utf8'),
) as Golden;
const CLASSES = 4;
const FEATURES = 12;

/** The Park-Miller generator of make-engine.py: numbers in (-0.5, 0.5). */
function stream(seed: number): (length: number) => Float64Array {
  let x = seed;
  return (length) =>
    Float64Array.from({ length }, () => {
      x = (x * 16807) % 2147483647;
      return x / 2147483647 - 0.5;
    });
}

function graph(): Graph {
  const edges: [number, number][] = [];
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < i; j++) if ((i * j + i + j) % 3 === 0) edges.push([i, j]);
  }
  return graphFromEdges(8, edges);
}

function fill(session: Session, take: (length: number) => Float64Array): void {
  for (const { name, shape, role } of session.program.parameters) {
    const drawn = take(elements(shape));
    session.executable.upload(
      name,
      role === 'gamma' || role === 'runningVar' ? drawn.map((value) => 1 + value) : drawn,
    );
  }
}

/** The run of make-engine.py; `agree` is called with every pair of results. */
async function train(
  session: Session,
  agree: (actual: ArrayLike<number>, wanted: ArrayLike<number>, what: string) => void,
): Promise<void> {
  const take = stream(1);
  fill(session, take);
  for (const [step, wanted] of golden.steps.entries()) {
    const count = step % 5 === 4 ? 11 : 16;
    const samples = take(count * FEATURES).map((value) => 4 * value);
    const labels = Array.from({ length: count }, (_, s) => (3 * s + step) % CLASSES);
    const metrics = await session.step(
      samples,
      labels,
      0.05 * 0.5 * (1 + Math.cos((Math.PI * step) / golden.steps.length)),
    );
    agree([metrics.loss], [wanted.loss], `loss of step ${step}`);
    agree(
      (await session.logits()).subarray((count - 1) * CLASSES),
      wanted.logits,
      `logits of step ${step}`,
    );
    expect(metrics.correct, `correct answers of step ${step}`).toBe(wanted.correct);
  }
  const samples = take(16 * FEATURES).map((value) => 4 * value);
  const evaluation = await session.evaluate(
    samples,
    Array.from({ length: 16 }, (_, s) => s % CLASSES),
  );
  agree([evaluation.loss], [golden.evaluate.loss], 'evaluated loss');
  agree(
    evaluation.logits.subarray(3 * CLASSES, 4 * CLASSES),
    golden.evaluate.logits,
    'evaluated logits',
  );
  const weigh = stream(99);
  [...(await session.weights())].forEach(([name, { data }], index) => {
    const values = Float64Array.from(data);
    const weights = weigh(values.length);
    const product = values.reduce((sum, value, i) => sum + value * weights[i], 0);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    agree([product, squares], golden.fingerprint[index], `fingerprint of ${name}`);
  });
}

describe("twenty training steps equal PyTorch's", () => {
  const round = (linear: number) => [{ linear, graph: graph() }, 'bn', 'relu'] as const;
  const network = chain(vector(FEATURES), [
    { linear: 24 },
    'bn',
    'relu',
    ...round(30),
    ...round(30),
    ...round(27),
    { linear: CLASSES, bias: true },
  ]);
  const tolerances: Readonly<Record<'float32' | 'float64', Tolerance>> = {
    float64: { atol: 1e-9, rtol: 1e-9 },
    float32: { atol: 2e-4, rtol: 1e-3 },
  };
  for (const { name, backend } of backends()) {
    if (backend === null) continue;
    it(`on the ${name} backend`, async () => {
      const session = await createSession(network, { backend: name, batch: 16 });
      expect(golden.fingerprint.length).toBe(session.program.parameters.length);
      await train(session, (actual, wanted, what) =>
        expectClose(actual, wanted, tolerances[session.backend.precision], what),
      );
    });
  }
});
