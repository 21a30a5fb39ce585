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
  const { parameters, inference } = executable.program;
  const most = parameters.reduce((size, { shape }) => Math.max(size, elements(shape)), 0);
  // Of one array after another the fresh pages would cost as much as the numbers in them.
  const [values, zeros] = [new Float64Array(most), new Float32Array(inference ? 0 : most)];
  for (const parameter of parameters) {
    const size = elements(parameter.shape);
    // Entries that do not exist hold what earlier parameters left there; nobody takes them.
    const own = values.subarray(0, size);
    draw(parameter, seed, start, own);
    executable.upload(parameter.name, own);
    if (parameter.learnable && !inference)
      executable.uploadMomentum(parameter.name, zeros.subarray(0, size));
  }
}

/** One parameter's numbers at the start, row-major; absent entries 0. */
export function initialValues(
  parameter: ParameterInfo,
  seed: number,
  start: WeightStart = 'published',
): Float64Array {
  const values = new Float64Array(elements(parameter.shape));
  draw(parameter, seed, start, values);
  return values;
}

/** Writes the entries that exist of one parameter's numbers at the start. */
function draw(
  parameter: ParameterInfo,
  seed: number,
  start: WeightStart,
  values: Float64Array,
): void {
  const { init, name } = parameter;
  if (init.kind === 'constant') {
    values.fill(init.value);
    return;
  }
  const runs = existingRuns(parameter);
  if (init.kind === 'normal') {
    const numbers = normals(seed, parameter);
    let next = 0;
    for (let run = 0; run < runs.length; run += 2)
      for (let at = runs[run]; at < runs[run + 1]; at++) values[at] = init.std * numbers[next++];
  } else {
    const random = new RandomStream('init', seed, name);
    for (let run = 0; run < runs.length; run += 2)
      for (let at = runs[run]; at < runs[run + 1]; at++)
        values[at] = init.bound * (2 * random.uniform() - 1);
  }
  if (start === 'fan-in' && init.kind === 'normal' && parameter.role === 'weight')
    scaleByFanIn(parameter, values, { runs, std: init.std });
}

/** Normal numbers of one parameter's stream, as far as they were drawn. */
interface Drawn {
  readonly random: RandomStream;
  numbers: Float64Array;
  count: number;
}

/** So many numbers are kept in all, of the parameters that come first: 32 MiB. */
const KEPT_NUMBERS = 1 << 22;

/**
 * The streams of the last seed. The trials of a study share their seeds, and graphs differ only in
 * how many numbers of a stream they take: keeping what was drawn saves most of a start.
 */
let kept: { readonly seed: number; readonly streams: Map<string, Drawn>; room: number } = {
  seed: Number.NaN,
  streams: new Map(),
  room: 0,
};

/** The first normal numbers of a parameter's stream: at least as many as it has. */
function normals(seed: number, parameter: ParameterInfo): Float64Array {
  const { name } = parameter;
  const count = existingNumbers(parameter);
  if (kept.seed !== seed) kept = { seed, streams: new Map(), room: KEPT_NUMBERS };
  const drawn: Drawn = kept.streams.get(name) ?? {
    random: new RandomStream('init', seed, name),
    numbers: new Float64Array(0),
    count: 0,
  };
  const longer = count - drawn.numbers.length;
  if (longer > kept.room) {
    const all = new Float64Array(count);
    new RandomStream('init', seed, name).normals(all);
    return all;
  }
  if (longer > 0) {
    const numbers = new Float64Array(
      Math.min(drawn.numbers.length + kept.room, Math.ceil(1.25 * count)),
    );
    numbers.set(drawn.numbers);
    kept.room -= numbers.length - drawn.numbers.length;
    drawn.numbers = numbers;
    kept.streams.set(name, drawn);
  }
  if (drawn.count < count) drawn.random.normals(drawn.numbers.subarray(drawn.count, count));
  drawn.count = Math.max(drawn.count, count);
  return drawn.numbers;
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
  const inRows = (act: (channel: number, from: number, to: number) => void): void => {
    for (let run = 0; run < runs.length; run += 2) {
      for (let at = runs[run]; at < runs[run + 1];) {
        const channel = Math.floor(at / row);
        const end = Math.min(runs[run + 1], (channel + 1) * row);
        act(channel, at, end);
        at = end;
      }
    }
  };
  inRows((channel, from, to) => (fanIn[channel] += to - from));
  inRows((channel, from, to) => {
    const factor = Math.sqrt(2 / fanIn[channel]) / std;
    for (let at = from; at < to; at++) values[at] *= factor;
  });
}
