import type { Tensor } from '../../src/core/tensor.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { buildNetwork, parametersOf } from '../../src/network/index.js';
import type { Stem } from '../../src/network/index.js';
import type { Network, Shape } from '../../src/network/types.js';
import { PythonRandom } from '../../src/core/random/python-random.js';

/** A network with weights as after a training: norms with statistics, every bias used. */
export function trainedLike(
  arch: string,
  graph: string,
  widths: readonly number[],
  input: Shape,
  seed: number,
  stem?: Stem,
): { network: Network; weights: Map<string, Tensor> } {
  const network = buildNetwork(arch, parseGraphSpec(graph), widths, { input, classes: 4, stem });
  const random = new PythonRandom(seed);
  const weights = new Map(
    parametersOf(network).map(({ name, shape, role, mask }): [string, Tensor] => {
      const size = shape.reduce((product, axis) => product * axis, 1);
      const fanIn = mask === null ? size / shape[0] : mask.nonzeros / shape[0];
      const draw = {
        weight: () => (random.random() * 4 - 2) / Math.sqrt(fanIn),
        bias: () => random.random() - 0.5,
        gamma: () => 0.5 + random.random(),
        beta: () => random.random() - 0.3,
        runningMean: () => random.random() - 0.5,
        runningVar: () => 0.5 + random.random(),
        position: () => 0,
      }[role];
      return [name, { shape, data: Float64Array.from({ length: size }, draw) }];
    }),
  );
  return { network, weights };
}

/** Samples that look normalised; some numbers are 0. */
export function someSamples(count: number, size: number, seed: number): Float64Array {
  const random = new PythonRandom(seed);
  return Float64Array.from({ length: count * size }, () =>
    random.random() < 0.2 ? 0 : 3 * random.random() - 1.5,
  );
}
