import { unknownName } from '../../core/errors.js';
import { onnx } from './onnx/target.js';
import { pytorch } from './pytorch/target.js';
import { weights } from './weights.js';
import type { ExportTarget } from './types.js';

/** Every program that a trained network can be exported to, in the order that help texts list them. */
export const exportTargets: readonly ExportTarget[] = [onnx, pytorch, weights];

/** The target of that name; throws a `UserError` that lists the valid names. */
export function exportTarget(name: string): ExportTarget {
  const found = exportTargets.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    'export target',
    name,
    exportTargets.map((each) => each.name),
  );
}
