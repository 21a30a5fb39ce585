import type { Metrics } from '../engine/types.js';

/**
 * Metrics that are on their way. A backend may work behind the loop that feeds it: the loop issues
 * the next batches before it learns what became of the last ones.
 */
export interface LateMetrics {
  /** Takes note of what was asked for; `take` is called with it in the order of these calls. */
  expect(metrics: Promise<Metrics>, take: (metrics: Metrics) => void): void;
  /** Waits until at most so many are on their way. Throws what `take` throws. */
  settle(left: number): Promise<void>;
}

interface Expected {
  readonly metrics: Promise<Metrics>;
  readonly take: (metrics: Metrics) => void;
}

export function createLateMetrics(): LateMetrics {
  const expected: Expected[] = [];
  const settled = Promise.resolve();
  const wait = async (left: number): Promise<void> => {
    while (expected.length > left) {
      const { metrics, take } = expected.shift()!;
      take(await metrics);
    }
  };
  return {
    expect(metrics, take) {
      // Its failure is met when it is waited for; until then it is nobody's.
      metrics.catch(() => {});
      expected.push({ metrics, take });
    },
    settle: (left) => (expected.length > left ? wait(left) : settled),
  };
}
