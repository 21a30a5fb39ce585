import { UserError } from '../core/errors.js';
import type { Network } from '../network/types.js';
import type { Precision } from './bf16.js';
import { differentiate } from './passes/differentiate.js';
import { type Draft, verifyDraft } from './passes/draft.js';
import { evaluation } from './passes/evaluation.js';
import { fuse } from './passes/fuse.js';
import { lower } from './passes/lower.js';
import { plan } from './passes/plan.js';
import { probe as probePass } from './passes/probe.js';
import { precision as precisionPass } from './passes/precision.js';
import { statistics } from './passes/statistics.js';
import type { Program } from './types.js';

type Passes = readonly (readonly [
  name: string,
  pass: (draft: Draft, precision: Precision) => Draft,
])[];

/** The passes between lowering and planning, in order. */
const PASSES: Passes = [
  ['fuse', fuse],
  ['evaluation', evaluation],
  ['statistics', statistics],
  ['precision', precisionPass],
  ['differentiate', differentiate],
];
/** Those of a program that looks at missing blocks. */
const PROBING: Passes = [...PASSES, ['probe', probePass]];
/** Those of a program that only evaluates. */
const INFERENCE: Passes = [
  ['fuse', fuse],
  ['evaluation', evaluation],
  ['inference', (draft) => ({ ...draft, inference: true, forward: [] })],
];

/** What `compile` is told. */
export interface CompileOptions {
  /** The most samples one dispatch takes, at least 1. */
  readonly batch: number;
  /** Share of every label that training spreads over all classes, 0 (the default) <= s < 1. */
  readonly labelSmoothing?: number;
  /**
   * A program that only evaluates (default: false): its parameters take a third of the memory, and
   * for a batch of 1 to 8 samples the C kernels have linear layers of their own (native/rows.h).
   */
  readonly inference?: boolean;
  /**
   * Whether a backward pass also gives the gradients of blocks that are missing, under the names of
   * `probeOf` (default: false). Such a program is not to be updated.
   */
  readonly probe?: boolean;
  /** Of the products of training; default float32. */
  readonly precision?: Precision;
}

/**
 * Compiles a network for one batch size: lower, fuse, evaluation, statistics, precision,
 * differentiate, plan; the draft is verified after every pass. The program holds no weights and may be
 * prepared on any backend, any number of times.
 *
 * @throws UserError when `batch` is not a whole number >= 1, or the smoothing out of range
 */
export function compile(network: Network, options: CompileOptions): Program {
  const { batch, labelSmoothing = 0, inference = false, precision = 'float32' } = options;
  const passes = inference ? INFERENCE : options.probe ? PROBING : PASSES;
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new UserError(`the batch size must be a whole number of at least 1, got ${batch}`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new UserError(`label smoothing must be at least 0 and below 1, got ${labelSmoothing}`);
  let draft = lower(network, batch, { labelSmoothing });
  verifyDraft(draft, 'lower');
  for (const [name, pass] of passes) {
    draft = pass(draft, precision);
    verifyDraft(draft, name);
  }
  return plan(draft);
}
