import { RandomStream } from '../core/random/index.js';
import { elements } from '../core/tensor.js';
import type { ParameterInfo } from '../network/types.js';
import { existingRuns } from './packed.js';
import type { Executable } from './types.js';

/**
 * How weight matrices and kernels start. `published`: as in the code of You et al. (2020), linear weights N(0, 0.01)
 * whatever feeds them, convolutions by fan out. `fan-in`: N(0, sqrt(2 / fan in)) (He et al. 2015), where the fan in of an
 * output channel counts the weights that exist in its row.
 */
export type WeightStart = 'published' | 'fan-in';

/**
 * Starts every parameter, running statistic and momentum of an executable afresh. Random weights are drawn from
 * `RandomStream('init', seed, name)`, one number per entry that exists, in row-major order: the same on every backend,
 * and independent of the other parameters. Both kinds of start scale the very same draws. Momenta become 0.
 */
export function initialise(executable: Executable, seed: number, start: WeightStart = 'published'): void {
  for (const parameter of executable.program.parameters) {
    executable.upload(parameter.name, initialValues(parameter, seed, start));
    if (parameter.learnable) executable.uploadMomentum(parameter.name, new Float64Array(elements(parameter.shape)));
  }
}

/** One parameter's numbers at the start, row-major; absent entries 0. */
export function initialValues(parameter: ParameterInfo, seed: number, start: WeightStart = 'published'): Float64Array {
  const { init, name } = parameter;
  const values = new Float64Array(elements(parameter.shape));
  if (init.kind === 'constant') return values.fill(init.value);
  const random = new RandomStream('init', seed, name);
  const draw = init.kind === 'normal' ? () => init.std * random.normal() : () => init.bound * (2 * random.uniform() - 1);
  const runs = existingRuns(parameter);
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]; at < runs[run + 1]; at++) values[at] = draw();
  }
  if (start === 'fan-in' && init.kind === 'normal' && parameter.role === 'weight') scaleByFanIn(parameter, values, { runs, std: init.std });
  return values;
}

/** Rescales each row (output channel) of a weight from the standard deviation it was drawn with to sqrt(2 / its existing weights). */
function scaleByFanIn({ shape }: ParameterInfo, values: Float64Array, { runs, std }: { readonly runs: readonly number[]; readonly std: number }): void {
  const row = elements(shape) / shape[0];
  const fanIn = new Int32Array(shape[0]);
  // A run without a mask spans all rows.
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]; at < runs[run + 1]; ) {
      const end = Math.min(runs[run + 1], (Math.floor(at / row) + 1) * row);
      fanIn[Math.floor(at / row)] += end - at;
      at = end;
    }
  }
  for (let at = 0; at < values.length; at++) values[at] *= Math.sqrt(2 / Math.max(1, fanIn[Math.floor(at / row)])) / std;
}
