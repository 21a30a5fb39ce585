import { invariant } from '../../../core/errors.js';
import { elements } from '../../../core/tensor.js';
import { isProbe } from '../../passes/probe.js';
import { denseMask } from '../../../network/mask.js';
import type { Metrics, ParamId, Program } from '../../types.js';
import { noProgress, type Progress } from '../checks.js';

/** One parameter's numbers, logical row-major shape, absent entries 0. */
interface ParameterState {
  readonly value: Float64Array;
  /** Null for running statistics. */
  readonly learned: { readonly grad: Float64Array; readonly momentum: Float64Array } | null;
  /**
   * 1 where an entry (of a convolution a pair of channels, with its whole window) exists; null =
   * everywhere.
   */
  readonly mask: Uint8Array | null;
  /** Numbers for each entry of the mask. */
  readonly window: number;
}

/** All the numbers of one prepared program. */
export interface State {
  readonly program: Program;
  /**
   * By buffer id: `rows x batch`, feature-major; buffers of one slot are views of the same storage.
   */
  readonly buffers: readonly Float64Array[];
  readonly parameters: readonly ParameterState[];
  readonly labels: Int32Array;
  readonly progress: Progress;
  metrics: Metrics;
}

/** Allocates everything, all zero but the running variances, which start at 1. */
export function allocate(program: Program): State {
  const slots = program.slots.map((rows) => new Float64Array(rows * program.batch));
  const buffers = program.buffers.map(({ rows, perBatch, slot }) => {
    return perBatch ? slots[slot].subarray(0, rows * program.batch) : new Float64Array(rows);
  });
  const parameters = program.parameters.map(({ shape, learnable, role, mask }): ParameterState => {
    const size = elements(shape);
    return {
      value: new Float64Array(size).fill(role === 'runningVar' ? 1 : 0),
      learned: learnable
        ? { grad: new Float64Array(size), momentum: new Float64Array(size) }
        : null,
      mask: mask === null ? null : denseMask(mask),
      window: elements(shape.slice(2)),
    };
  });
  const labels = new Int32Array(program.batch);
  return {
    program,
    buffers,
    parameters,
    labels,
    progress: noProgress(),
    metrics: { loss: 0, correct: 0, correct5: 0 },
  };
}

/** The numbers of a program in one that differs in masks alone; what comes is 0. */
export function carriedOver(old: State, program: Program): State {
  const made = allocate(program);
  made.parameters.forEach(({ value, learned, mask, window }, id) => {
    const from = old.parameters[id];
    // Probes come and go.
    if (from === undefined || isProbe(program.parameters[id])) return;
    value.set(from.value);
    if (learned !== null && from.learned !== null) learned.momentum.set(from.learned.momentum);
    if (mask === null) return;
    for (let i = 0; i < value.length; i++) {
      if (mask[Math.floor(i / window)] === 1) continue;
      value[i] = 0;
      if (learned !== null) learned.momentum[i] = 0;
    }
  });
  return made;
}

/** Gradient and momentum of a learnable parameter. */
export function learnedOf(
  state: State,
  id: ParamId,
): { readonly grad: Float64Array; readonly momentum: Float64Array } {
  const { learned } = state.parameters[id];
  invariant(learned !== null, `parameter ${id} has no gradient`);
  return learned;
}
