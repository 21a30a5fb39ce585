import type { StepSettings } from '../../../base.js';

/**
 * SGD with Nesterov momentum, in place: g = scale grad + decay w; v = momentum v + g; w -= rate (g
 * + momentum v). With v = 0 at the start this is PyTorch's `SGD(nesterov=True)`. Absent entries
 * have w = grad = v = 0 and stay so.
 */
export function update(
  values: Float64Array,
  grad: Float64Array,
  velocity: Float64Array,
  settings: StepSettings,
): void {
  const { learningRate, momentum, weightDecay, gradientScale = 1 } = settings;
  for (let i = 0; i < values.length; i++) {
    const g = gradientScale * grad[i] + weightDecay * values[i];
    velocity[i] = momentum * velocity[i] + g;
    values[i] -= learningRate * (g + momentum * velocity[i]);
  }
}
