import { must } from '../core/errors.js';
import { elements } from '../core/tensor.js';
import { existingNumbers } from '../network/parameters.js';
import type { BlockMask, ParameterInfo } from '../network/types.js';

type Numbers = Float32Array | Float64Array;

/**
 * Row-major ranges of a parameter's numbers that exist, ascending: start and end of each in turn.
 */
export function existingRuns({ mask, shape }: ParameterInfo): number[] {
  if (mask === null) return [0, elements(shape)];
  // A mask speaks of pairs of channels; a convolution has a window of numbers for each.
  const window = elements(shape.slice(2));
  return existingPairs(mask).map((at) => at * window);
}

function existingPairs({ graph, input, output }: BlockMask): number[] {
  const runs: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    const sources = [
      node,
      ...graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1]),
    ].sort((a, b) => a - b);
    const end = must(output.starts[node + 1]);
    for (let row = must(output.starts[node]); row < end; row++) {
      for (const source of sources)
        runs.push(
          row * input.channels + must(input.starts[source]),
          row * input.channels + must(input.starts[source + 1]),
        );
    }
  }
  return runs;
}

/** The numbers of a parameter that exist, in order: what is worth keeping of a sparse one. */
export function packExisting(parameter: ParameterInfo, values: Numbers): Numbers {
  const packed = values.slice(0, existingNumbers(parameter));
  let at = 0;
  eachRun(parameter, (start, end) => {
    packed.set(values.subarray(start, end), at);
    at += end - start;
  });
  return packed;
}

/** The other way: a parameter in its logical shape, absent entries 0. */
export function unpackExisting(parameter: ParameterInfo, packed: Numbers): Numbers {
  const size = elements(parameter.shape);
  const values = packed instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  let at = 0;
  eachRun(parameter, (start, end) => {
    values.set(packed.subarray(at, at + end - start), start);
    at += end - start;
  });
  return values;
}

function eachRun(parameter: ParameterInfo, act: (start: number, end: number) => void): void {
  const runs = existingRuns(parameter);
  for (let run = 0; run < runs.length; run += 2) act(must(runs[run]), must(runs[run + 1]));
}
