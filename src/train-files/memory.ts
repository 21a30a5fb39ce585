import { UserError } from '../core/errors.js';
import { sizesApart, sizeText } from '../core/sizes.js';
import { programBytes } from '../engine/memory.js';
import type { BackendInfo, Program } from '../engine/types.js';
import { machineMemory } from '../platform/machine.js';

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
  const [most, needed] = sizesApart(available, total);
  throw new UserError(
    `training this network must fit into the machine's ${most} of ` +
      `memory, but needs ${needed} ` +
      `(activations of ${program.batch} images ${sizeText(activations)}, parameters ` +
      `${sizeText(parameters)}); lower the batch, or raise accumulate, which cuts it ` +
      'into smaller parts',
  );
}
