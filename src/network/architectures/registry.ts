import { unknownName } from '../../core/errors.js';
import type { Architecture } from './architecture.js';
import { mlp } from './mlp.js';

/** Every architecture, in the order that help texts list them. */
export const architectures: readonly Architecture[] = [mlp];

/** The architecture of that name; throws a `UserError` that lists the valid names. */
export function architecture(name: string): Architecture {
  const found = architectures.find((candidate) => candidate.name === name);
  if (!found) throw unknownName('architecture', name, architectures.map((candidate) => candidate.name));
  return found;
}
