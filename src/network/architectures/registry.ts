import { unknownName } from '../../core/errors.js';
import type { Architecture } from './architecture.js';
import { cnn } from './cnn.js';
import { efficientnetB0 } from './efficientnet-b0.js';
import { mlp } from './mlp.js';
import { patchTransformer } from './patch-transformer.js';
import { resnet34Sep } from './resnet34-sep.js';
import { resnet34 } from './resnet34.js';
import { resnet50 } from './resnet50.js';

/** Every architecture, in the order that help texts list them. */
export const architectures: readonly Architecture[] = [
  mlp,
  cnn,
  resnet34,
  resnet34Sep,
  resnet50,
  efficientnetB0,
  patchTransformer,
];

/** The architecture of that name; throws a `UserError` that lists the valid names. */
export function architecture(name: string): Architecture {
  const found = architectures.find((candidate) => candidate.name === name);
  if (!found)
    throw unknownName(
      'architecture',
      name,
      architectures.map((candidate) => candidate.name),
    );
  return found;
}
