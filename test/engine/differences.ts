import { RandomStream } from '../../src/core/random/index.js';
import { elements } from '../../src/core/tensor.js';
import { compile } from '../../src/engine/compile.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import type { Executable } from '../../src/engine/types.js';
import { denseMask } from '../../src/network/index.js';
import type { Network, ParameterInfo } from '../../src/network/types.js';
import { expectClose } from './agreement.js';
import { loadBatch, randomBatch, randomise } from './networks.js';

const STEP = 1e-5;
/**
 * So short that hardly any ReLU or maximum changes sides on the way; its own error is of the order
 * of its square.
 */
const SHORT_STEP = 2e-7;

export interface CheckOptions {
  readonly batch: number;
  /** Valid samples; all of the batch unless said. */
  readonly count?: number;
  readonly labelSmoothing?: number;
}

/** The network on the reference with random numbers everywhere, its gradients taken. */
async function prepared(
  network: Network,
  seed: string,
  { batch, count = batch, labelSmoothing = 0 }: CheckOptions,
) {
  const random = new RandomStream('finite differences', seed);
  const executable = await referenceBackend().prepare(compile(network, { batch, labelSmoothing }));
  randomise([executable], random);
  loadBatch([executable], randomBatch(executable.program, count, random));
  executable.dispatch('forward');
  executable.dispatch('backward');
  const learnable = executable.program.parameters.filter((parameter) => parameter.learnable);
  const gradients = new Map(
    await Promise.all(
      learnable.map(async ({ name }) => [name, await executable.read(name, 'grad')] as const),
    ),
  );
  return { executable, learnable, gradients, random };
}

/**
 * The slope of the loss along one number of a parameter: central differences of two widths, error
 * O(STEP^4).
 */
async function slope(
  executable: Executable,
  name: string,
  values: Float64Array,
  at: number,
): Promise<number> {
  const kept = values[at];
  const lossAt = async (step: number): Promise<number> => {
    values[at] = kept + step;
    executable.upload(name, values);
    executable.dispatch('forward');
    return (await executable.metrics()).loss;
  };
  const central = async (step: number): Promise<number> =>
    ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
  const result = (4 * (await central(STEP)) - (await central(2 * STEP))) / 3;
  values[at] = kept;
  executable.upload(name, values);
  return result;
}

/**
 * Every gradient (of long parameters, some 40 numbers spread evenly) against finite differences of
 * the loss.
 */
export async function expectGradients(
  network: Network,
  seed: string,
  options: CheckOptions,
): Promise<void> {
  const { executable, learnable, gradients } = await prepared(network, seed, options);
  for (const { name, mask, shape } of learnable) {
    const values = Float64Array.from(await executable.read(name));
    const exists = mask === null ? null : denseMask(mask);
    const window = elements(shape.slice(2));
    const present = Array.from(values.keys()).filter(
      (at) => exists === null || exists[Math.floor(at / window)] === 1,
    );
    const stride = Math.ceil(present.length / 40);
    const places = present.filter((_, i) => i % stride === 0);
    const expected: number[] = [];
    for (const at of places) expected.push(await slope(executable, name, values, at));
    expectClose(
      places.map((at) => gradients.get(name)![at]),
      expected,
      { atol: 2e-9, rtol: 1e-6 },
      `gradient of ${name}`,
    );
  }
}

/** Parameters that move together: of each layer, or each alone. */
function groupsOf(learnable: readonly ParameterInfo[], by: 'layer' | 'name'): ParameterInfo[][] {
  const groups = new Map<string, ParameterInfo[]>();
  for (const parameter of learnable)
    groups.set(parameter[by], [...(groups.get(parameter[by]) ?? []), parameter]);
  return [...groups.values()];
}

/**
 * The slope of the loss along a random direction of each layer's (or parameter's) numbers against
 * the gradient's share of it; of `every` such group the first.
 */
export async function expectDirections(
  network: Network,
  seed: string,
  options: CheckOptions & { readonly by: 'layer' | 'name'; readonly every?: number },
): Promise<void> {
  const { executable, learnable, gradients, random } = await prepared(network, seed, options);
  const groups = groupsOf(learnable, options.by);
  for (const group of groups.filter((_, i) => i % (options.every ?? 1) === 0)) {
    const numbers = await Promise.all(group.map(({ name }) => executable.read(name)));
    const moves = group.map(({ name }, i) => {
      const kept = Float64Array.from(numbers[i]);
      const drawn = kept.map(() => random.normal());
      const length = Math.sqrt(drawn.reduce((sum, value) => sum + value * value, 0)) + 1;
      return { name, kept, direction: drawn.map((value) => value / length) };
    });
    const move = (step: number): void => {
      for (const { name, kept, direction } of moves)
        executable.upload(
          name,
          kept.map((value, i) => value + step * direction[i]),
        );
    };
    const lossAt = async (step: number): Promise<number> => {
      move(step);
      executable.dispatch('forward');
      return (await executable.metrics()).loss;
    };
    const expected = ((await lossAt(SHORT_STEP)) - (await lossAt(-SHORT_STEP))) / (2 * SHORT_STEP);
    move(0);
    const share = moves.reduce(
      (sum, { name, direction }) =>
        direction.reduce((part, d, i) => part + d * gradients.get(name)![i], sum),
      0,
    );
    expectClose(
      [share],
      [expected],
      { atol: 1e-7, rtol: 1e-5 },
      `slope of ${group.map(({ name }) => name).join(', ')}`,
    );
  }
}
