import { readFileSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { readSafetensors, writeSafetensors } from '../core/safetensors.js';
import type { Tensor } from '../core/tensor.js';
import { withFileErrors, writeFileAtomic } from './fs.js';

/** `readSafetensors` of a file; errors name the path. */
export function readSafetensorsFile(path: string): Map<string, Tensor> {
  const bytes = withFileErrors('read', path, () => readFileSync(path));
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message}`, { cause: error });
  }
}

/**
 * Writes a safetensors file in one step: a reader sees the old file or the new one. Throws
 * `UserError`s that name the path.
 */
export function writeSafetensorsFile(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata?: Readonly<Record<string, string>>,
): void {
  writeFileAtomic(path, writeSafetensors(tensors, metadata));
}
