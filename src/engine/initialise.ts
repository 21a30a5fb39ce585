import { RandomStream } from '../core/random/stream.js';
import { elements } from '../core/tensor.js';
import { existingNumbers } from '../network/parameters.js';
import type { ParameterInfo } from '../network/types.js';
import { existingRuns } from './packed.js';
import type { Executable } from './types.js';

/**
 * How weight matrices and kernels start. `published`: as in the code of You et al. (2020), linear
 * weights N(0, 0.01) whatever feeds them, convolutions by fan out. `fan-in`: N(0, sqrt(2 / fan in))
 * (He et al. 2015), where the fan in of an output channel counts the weights that exist in its row.
 */
export type WeightStart = 'published' | 'fan-in';

/**
 * Starts every parameter, running statistic and momentum of an executable afresh. Random weights
 * are drawn from `RandomStream('init', seed, name)`, one number per entry that exists, in row-major
 * order: the same on every backend, and independent of the other parameters. Both kinds of start
 * scale the very same draws. Momenta become 0.
 */
export function initialise(
  executable: Executable,
  seed: number,
  start: WeightStart = 'published',
): void {
  for (const parameter of executable.program.parameters) {
    executable.upload(parameter.name, initialValues(parameter, seed, start));
    if (parameter.learnable && !executable.program.inference)
      executable.uploadMomentum(parameter.name, new Float64Array(elements(parameter.shape)));
  }
}

/** One parameter's numbers at the start, row-major; absent entries 0. */
export function initialValues(
  parameter: ParameterInfo,
  seed: number,
  start: WeightStart = 'published',
): Float64Array {
  const { init, name } = parameter;
  const values = new Float64Array(elements(parameter.shape));
  if (init.kind === 'constant') return values.fill(init.value);
  const runs = existingRuns(parameter);
  const draw =
    init.kind === 'normal' ? normals(seed, parameter, init.std) : uniforms(seed, name, init.bound);
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]; at < runs[run + 1]; at++) values[at] = draw();
  }
  if (start === 'fan-in' && init.kind === 'normal' && parameter.role === 'weight')
    scaleByFanIn(parameter, values, { runs, std: init.std });
  return values;
}

function uniforms(seed: number, name: string, bound: number): () => number {
  const random = new RandomStream('init', seed, name);
  return () => bound * (2 * random.uniform() - 1);
}

/** Normal numbers of one parameter's stream, as far as they were drawn. */
interface Drawn {
  readonly random: RandomStream;
  numbers: Float64Array;
  count: number;
}

/** A parameter of more numbers than this draws them anew every time: 8 MiB. */
const KEPT_NUMBERS = 1 << 20;

/**
 * The streams of the last seed. The trials of a study share their seeds, and graphs differ only in
 * how many numbers of a stream they take: keeping what was drawn saves most of a start.
 */
let kept: { readonly seed: number; readonly streams: Map<string, Drawn> } = {
  seed: Number.NaN,
  streams: new Map(),
};

function normals(seed: number, parameter: ParameterInfo, std: number): () => number {
  const { name } = parameter;
  const count = existingNumbers(parameter);
  if (count > KEPT_NUMBERS) {
    const random = new RandomStream('init', seed, name);
    return () => std * random.normal();
  }
  if (kept.seed !== seed) kept = { seed, streams: new Map() };
  const drawn: Drawn = kept.streams.get(name) ?? {
    random: new RandomStream('init', seed, name),
    numbers: new Float64Array(0),
    count: 0,
  };
  kept.streams.set(name, drawn);
  if (drawn.numbers.length < count) {
    const longer = new Float64Array(Math.min(KEPT_NUMBERS, Math.ceil(1.25 * count)));
    longer.set(drawn.numbers);
    drawn.numbers = longer;
  }
  for (; drawn.count < count; drawn.count++) drawn.numbers[drawn.count] = drawn.random.normal();
  let at = 0;
  return () => std * drawn.numbers[at++];
}

/**
 * Rescales each row (output channel) of a weight from the standard deviation it was drawn with to
 * sqrt(2 / its existing weights).
 */
function scaleByFanIn(
  { shape }: ParameterInfo,
  values: Float64Array,
  { runs, std }: { readonly runs: readonly number[]; readonly std: number },
): void {
  const row = elements(shape) / shape[0];
  const fanIn = new Int32Array(shape[0]);
  // A run without a mask spans all rows.
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]; at < runs[run + 1];) {
      const end = Math.min(runs[run + 1], (Math.floor(at / row) + 1) * row);
      fanIn[Math.floor(at / row)] += end - at;
      at = end;
    }
  }
  for (let at = 0; at < values.length; at++)
    values[at] *= Math.sqrt(2 / Math.max(1, fanIn[Math.floor(at / row)])) / std;
}
