import type { BufferId, StepSettings } from '../../base.js';
import type { Call } from '../../calls.js';
import type { ReferenceRun } from '../../ops/op.js';
import { opOf } from '../../ops/registry.js';
import { learnedOf, type State } from './state.js';

/**
 * Runs one kernel call over the valid samples of the current batch. Gradients of parameters are
 * added to.
 */
export function runCall(state: State, call: Call, settings: StepSettings | undefined): void {
  const b = (id: BufferId): Float64Array => state.buffers[id];
  const at: ReferenceRun = {
    settings,
    labels: state.labels,
    columns: { batch: state.program.batch, count: state.progress.count },
    b,
    orNull: (id) => (id === null ? null : b(id)),
    value: (id) => state.parameters[id].value,
    grad: (id) => learnedOf(state, id).grad,
    momentum: (id) => learnedOf(state, id).momentum,
    mask: (id) => state.parameters[id].mask,
    rows: (id) => state.program.buffers[id].rows,
    tell: (metrics) => void (state.metrics = metrics),
  };
  opOf(call).run(call, at);
}
