import { UserError } from '../core/errors.js';
import type { Network } from '../network/types.js';
import type { Precision } from './bf16.js';
import { differentiate } from './passes/differentiate.js';
import { type Draft, verifyDraft } from './passes/draft.js';
import { evaluation } from './passes/evaluation.js';
import { fuse } from './passes/fuse.js';
import { lower } from './passes/lower.js';
import { plan } from './passes/plan.js';
import { precision as precisionPass } from './passes/precision.js';
import { statistics } from './passes/statistics.js';
import type { Program } from './types.js';

/** The passes between lowering and planning, in order. */
const PASSES: readonly (readonly [
  name: string,
  pass: (draft: Draft, precision: Precision) => Draft,
])[] = [
  ['fuse', fuse],
  ['evaluation', evaluation],
  ['statistics', statistics],
  ['precision', precisionPass],
  ['differentiate', differentiate],
];

/**
 * Compiles a network for one batch size: lower, fuse, evaluation, statistics, precision,
 * differentiate, plan; the draft is verified after every pass. The program holds no weights and may be
 * prepared on any backend, any number of times.
 *
 * @param options.batch the most samples one dispatch takes, at least 1
 * @param options.labelSmoothing share of every label that training spreads over all classes, 0 (the
 * default) <= s < 1
 * @param options.precision of the products of training; default float32
 * @throws UserError when `batch` is not a whole number >= 1, or the smoothing out of range
 */
export function compile(
  network: Network,
  options: {
    readonly batch: number;
    readonly labelSmoothing?: number;
    readonly precision?: Precision;
  },
): Program {
  const { batch, labelSmoothing = 0, precision = 'float32' } = options;
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new UserError(`the batch size must be a whole number of at least 1, got ${batch}`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new UserError(`label smoothing must be at least 0 and below 1, got ${labelSmoothing}`);
  let draft = lower(network, batch, { labelSmoothing });
  verifyDraft(draft, 'lower');
  for (const [name, pass] of PASSES) {
    draft = pass(draft, precision);
    verifyDraft(draft, name);
  }
  return plan(draft);
}
