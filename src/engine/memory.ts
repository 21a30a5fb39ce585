import { must } from '../core/errors.js';
import { existingNumbers } from '../network/parameters.js';
import type { Capabilities, Program } from './types.js';

/** Bytes that a program takes on a backend, before anything is allocated. */
export interface ProgramBytes {
  /** Activations and their gradients: the storage slots for a whole batch. */
  readonly activations: number;
  /** Saved statistics: the buffers that do not depend on the batch. */
  readonly statistics: number;
  /**
   * Parameters that exist and running statistics; learnable ones three times (value, gradient,
   * momentum) where they are trained. On the C kernels the weights of convolutions twice more:
   * transposed for the input gradient, and in which order.
   */
  readonly parameters: number;
  readonly total: number;
}

/** What decides the memory of a program. */
export type MemoryCapabilities = Pick<Capabilities, 'precision' | 'columns' | 'transposedWeights'>;

/** Those of the C kernels. */
const KERNELS: MemoryCapabilities = { precision: 'float32', columns: 16, transposedWeights: true };

/**
 * The memory that a program needs, an estimate from below: tables, alignment and a backend's
 * working space, a few per cent, are not counted.
 *
 * @param capabilities of the backend, as its `info` has them; default: those of the C kernels
 */
export function programBytes(
  program: Program,
  capabilities: MemoryCapabilities = KERNELS,
): ProgramBytes {
  const { batch, slots, buffers, parameters } = program;
  const { precision, transposedWeights } = capabilities;
  const copies = program.inference ? 1 : 3;
  const width = precision === 'float32' ? 4 : 8;
  const columns = Math.ceil(batch / capabilities.columns) * capabilities.columns;
  const bytes = {
    activations: width * columns * sum(slots),
    statistics: sum(
      buffers
        .filter(({ perBatch }) => !perBatch)
        .map(({ rows, double }) => rows * (double ? 8 : width)),
    ),
    parameters:
      width *
      (sum(
        parameters.map(
          (parameter) => (parameter.learnable ? copies : 1) * existingNumbers(parameter),
        ),
      ) +
        (transposedWeights ? transposedNumbers(program) : 0)),
  };
  return { ...bytes, total: bytes.activations + bytes.statistics + bytes.parameters };
}

function transposedNumbers({ backward, parameters }: Program): number {
  return (
    2 *
    sum(
      backward.map((call) =>
        call.op === 'convInputGrad' ? existingNumbers(must(parameters[call.weight])) : 0,
      ),
    )
  );
}

function sum(list: readonly number[]): number {
  return list.reduce((total, value) => total + value, 0);
}
