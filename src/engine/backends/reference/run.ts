import type { BufferId, Call, ParamId } from '../../calls.js';
import { opOf } from '../../ops/registry.js';
import type { StepSettings } from '../../types.js';
import type { Columns } from './kernels/linear.js';
import { learnedOf, type State } from './state.js';

/** What kernels are given: the numbers behind ids, and the batch. */
export interface ReferenceRun {
  readonly state: State;
  readonly columns: Columns;
  readonly settings: StepSettings | undefined;
  /** Numbers of a buffer. */
  readonly b: (id: BufferId) => Float64Array;
  readonly orNull: (id: BufferId | null) => Float64Array | null;
  readonly value: (id: ParamId) => Float64Array;
  readonly grad: (id: ParamId) => Float64Array;
  readonly rows: (id: BufferId) => number;
}

/**
 * Runs one kernel call over the valid samples of the current batch. Gradients of parameters are
 * added to.
 */
export function runCall(state: State, call: Call, settings: StepSettings | undefined): void {
  const b = (id: BufferId): Float64Array => state.buffers[id];
  const at: ReferenceRun = {
    state,
    settings,
    columns: { batch: state.program.batch, count: state.progress.count },
    b,
    orNull: (id) => (id === null ? null : b(id)),
    value: (id) => state.parameters[id].value,
    grad: (id) => learnedOf(state, id).grad,
    rows: (id) => state.program.buffers[id].rows,
  };
  opOf(call).run(call, at);
}
