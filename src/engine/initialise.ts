import { RandomStream } from '../core/random/index.js';
import { elements } from '../core/tensor.js';
import type { BlockMask, ParameterInfo } from '../network/types.js';
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
  const { init, mask, name } = parameter;
  const values = new Float64Array(elements(parameter.shape));
  if (init.kind === 'constant') return values.fill(init.value);
  const random = new RandomStream('init', seed, name);
  const draw = init.kind === 'normal' ? () => init.std * random.normal() : () => init.bound * (2 * random.uniform() - 1);
  // A mask speaks of pairs of channels; a convolution has a window of numbers for each.
  const window = elements(parameter.shape.slice(2));
  const runs = mask === null ? [0, values.length / window] : existingRuns(mask);
  for (let run = 0; run < runs.length; run += 2) {
    const end = runs[run + 1] * window;
    for (let at = runs[run] * window; at < end; at++) values[at] = draw();
  }
  return values;
}

/** Row-major ranges of the entries that exist, ascending: start and end of each in turn. */
function existingRuns(mask: BlockMask): number[] {
  const { graph, input, output } = mask;
  const runs: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    const sources = [node, ...graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1])].sort((a, b) => a - b);
    for (let row = output.starts[node]; row < output.starts[node + 1]; row++) {
      for (const source of sources) runs.push(row * input.channels + input.starts[source], row * input.channels + input.starts[source + 1]);
    }
  }
  return runs;
}
