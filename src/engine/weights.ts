import { UserError } from '../core/errors.js';
import { elements, type Tensor } from '../core/tensor.js';
import type { ParameterInfo } from '../network/types.js';
import type { Executable } from './types.js';

/** Weights by parameter name. */
export type Weights = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/** PyTorch's batch norms carry this counter; nothing here depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

/** Every parameter and running statistic as a tensor of its logical shape, absent entries 0. */
export async function readWeights(executable: Executable): Promise<Map<string, Tensor>> {
  return readAll(executable, executable.program.parameters, 'value');
}

/** Gradients of the learnable parameters, of the last backward pass. */
export async function readGradients(executable: Executable): Promise<Map<string, Tensor>> {
  return readAll(
    executable,
    executable.program.parameters.filter((parameter) => parameter.learnable),
    'grad',
  );
}

/** All are asked for before the first is waited for, so that they are of one moment. */
async function readAll(
  executable: Executable,
  parameters: readonly ParameterInfo[],
  what: 'value' | 'grad',
): Promise<Map<string, Tensor>> {
  const tensors = parameters.map(
    async ({ name, shape }) => [name, { shape, data: await executable.read(name, what) }] as const,
  );
  return new Map(await Promise.all(tensors));
}

/**
 * Writes named weights and running statistics into an executable, all or nothing: everything is
 * checked first. Entries of absent blocks are ignored, and so are PyTorch's `num_batches_tracked`.
 * Momenta stay as they are.
 *
 * @param strict whether every parameter must be given and nothing else
 * @throws UserError for a missing or unexpected name (when strict) or a shape that differs
 */
export function writeWeights(executable: Executable, weights: Weights, strict: boolean): void {
  const given = new Map(entriesOf(weights).filter(([name]) => !IGNORED.test(name)));
  const { parameters } = executable.program;
  if (strict)
    checkNames(
      [...given.keys()],
      parameters.map((parameter) => parameter.name),
    );
  const loads = parameters.flatMap((parameter) => {
    const tensor = given.get(parameter.name);
    return tensor === undefined ? [] : [{ parameter, tensor }];
  });
  for (const { parameter, tensor } of loads) checkShape(parameter, tensor);
  for (const { parameter, tensor } of loads) executable.upload(parameter.name, tensor.data);
}

function entriesOf(weights: Weights): [string, Tensor][] {
  return weights instanceof Map ? [...weights] : Object.entries(weights);
}

function checkNames(given: readonly string[], valid: readonly string[]): void {
  const missing = valid.filter((name) => !given.includes(name));
  const unexpected = given.filter((name) => !valid.includes(name));
  if (missing.length === 0 && unexpected.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${unexpected.join(', ')}`] : []),
  ];
  throw new UserError(
    `these weights do not fit the network: ${parts.join('; ')}; load with strict = false ` +
      'to take what fits',
  );
}

function checkShape({ name, shape }: ParameterInfo, tensor: Tensor): void {
  const same =
    tensor.shape.length === shape.length && shape.every((axis, i) => tensor.shape[i] === axis);
  if (!same)
    throw new UserError(
      `parameter "${name}" has shape [${shape.join(', ')}], the weights given have ` +
        `[${tensor.shape.join(', ')}]`,
    );
  const size = elements(shape);
  if (tensor.data.length !== size) {
    throw new UserError(
      `the tensor for "${name}" of shape [${shape.join(', ')}] needs ${size} numbers, ` +
        `holds ${tensor.data.length}`,
    );
  }
}
