import { UserError } from '../core/errors.js';
import { programBytes } from '../engine/memory.js';
import type { BackendInfo, Program } from '../engine/types.js';
import { machineMemory } from '../platform/machine.js';

const GIB = 2 ** 30;

/** `12.3 GiB`. */
export function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/**
 * Refuses a training that needs more memory than the machine has, before it is allocated.
 *
 * @param available bytes; default: what this process may use
 * @throws UserError with both numbers
 */
export function checkMemory(
  program: Program,
  backend: BackendInfo,
  available: number = machineMemory(),
): void {
  const { total, activations, parameters } = programBytes(program, backend);
  if (total <= available) return;
  throw new UserError(
    `training this network must fit into the machine's ${gibibytes(available)} of ` +
      `memory, but needs ${gibibytes(total)} ` +
      `(activations of ${program.batch} images ${gibibytes(activations)}, parameters ` +
      `${gibibytes(parameters)}); lower the batch, or raise accumulate, which cuts it ` +
      'into smaller parts',
  );
}
