import { RandomStream } from '../core/random/index.js';
import { elements } from '../core/tensor.js';
import type { ParameterInfo } from '../network/types.js';
import { existingRuns } from './packed.js';
import type { Executable } from './types.js';

/**
 * Starts every parameter, running statistic and momentum of an executable afresh. Random weights are drawn from
 * `RandomStream('init', seed, name)`, one number per entry that exists, in row-major order: the same on every backend,
 * and independent of the other parameters. Momenta become 0.
 */
export function initialise(executable: Executable, seed: number): void {
  for (const parameter of executable.program.parameters) {
    executable.upload(parameter.name, initialValues(parameter, seed));
    if (parameter.learnable) executable.uploadMomentum(parameter.name, new Float64Array(elements(parameter.shape)));
  }
}

/** One parameter's numbers at the start, row-major; absent entries 0. */
export function initialValues(parameter: ParameterInfo, seed: number): Float64Array {
  const { init, name } = parameter;
  const values = new Float64Array(elements(parameter.shape));
  if (init.kind === 'constant') return values.fill(init.value);
  const random = new RandomStream('init', seed, name);
  const draw = init.kind === 'normal' ? () => init.std * random.normal() : () => init.bound * (2 * random.uniform() - 1);
  const runs = existingRuns(parameter);
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]; at < runs[run + 1]; at++) values[at] = draw();
  }
  return values;
}
