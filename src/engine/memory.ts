import { existingNumbers } from '../network/parameters.js';
import type { BackendInfo, Program } from './types.js';

/** Bytes that a program takes on a backend, before anything is allocated. */
export interface ProgramBytes {
  /** Activations and their gradients: the storage slots for a whole batch. */
  readonly activations: number;
  /** Saved statistics: the buffers that do not depend on the batch. */
  readonly statistics: number;
  /**
   * Parameters that exist and running statistics; learnable ones three times (value, gradient,
   * momentum). On fast backends the weights of convolutions twice more: turned for the input
   * gradient, and in which order.
   */
  readonly parameters: number;
  readonly total: number;
}

/** Columns that a batch is padded to on the fast backends. */
const COLUMNS = 16;

/**
 * The memory that a program needs, an estimate from below: tables, alignment and a backend's
 * working space, a few per cent, are not counted. Fast backends hold float32 with the batch padded
 * to 16 columns, the reference float64.
 */
export function programBytes(
  program: Program,
  precision: BackendInfo['precision'] = 'float32',
): ProgramBytes {
  const { batch, slots, buffers, parameters } = program;
  const [width, columns] =
    precision === 'float32' ? [4, Math.ceil(batch / COLUMNS) * COLUMNS] : [8, batch];
  const bytes = {
    activations: width * columns * sum(slots),
    statistics: width * sum(buffers.filter(({ perBatch }) => !perBatch).map(({ rows }) => rows)),
    parameters:
      width *
      (sum(
        parameters.map((parameter) => (parameter.learnable ? 3 : 1) * existingNumbers(parameter)),
      ) +
        (precision === 'float32' ? turnedNumbers(program) : 0)),
  };
  return { ...bytes, total: bytes.activations + bytes.statistics + bytes.parameters };
}

function turnedNumbers({ backward, parameters }: Program): number {
  return (
    2 *
    sum(
      backward.map((call) =>
        call.op === 'convInputGrad' ? existingNumbers(parameters[call.weight]) : 0,
      ),
    )
  );
}

function sum(list: readonly number[]): number {
  return list.reduce((total, value) => total + value, 0);
}
