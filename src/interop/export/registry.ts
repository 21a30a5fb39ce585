import { unknownName } from '../../core/errors.js';
import { graph } from './graph.js';
import { huggingface } from './huggingface.js';
import { jax } from './jax/target.js';
import { onnx } from './onnx/target.js';
import { pytorch } from './pytorch/target.js';
import { mlflow } from './trackers/mlflow.js';
import { tensorboard } from './trackers/tensorboard.js';
import { wandb } from './trackers/wandb.js';
import type { ExportTarget } from './types.js';
import { weights } from './weights.js';

/** All that can be exported to, in the order that help texts list them. */
export const exportTargets: readonly ExportTarget[] = [
  onnx,
  pytorch,
  jax,
  huggingface,
  graph,
  weights,
  tensorboard,
  wandb,
  mlflow,
];

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
