import { UserError } from '../core/errors.js';
import type { Precision } from './bf16.js';
import type { BackendInfo } from './types.js';

/**
 * A backend as the one that trains with products of a precision: those in bf16 have bits of their own,
 * which its description says.
 *
 * @throws UserError for a backend that does not know them
 */
export function inPrecision(info: BackendInfo, precision: Precision): BackendInfo {
  if (precision === 'float32') return info;
  if (info.bf16 === undefined)
    throw new UserError(
      `the precision of a training must be one that its backend knows, and ${info.name} does not ` +
        'know bf16; use float32 or another backend',
    );
  const how = info.bf16 === 'pairs' ? 'bf16 in pairs' : 'bf16';
  return { ...info, description: `${info.description}, ${how}` };
}

/** A backend as a study's state names it. */
export function backendWords(backend: BackendInfo, precision: Precision): string {
  const { name, description, version } = inPrecision(backend, precision);
  // Studies of the first version do not name it.
  const kernels = version === 1 ? '' : `, kernels ${version}`;
  return `${name} (${description}${kernels})`;
}
