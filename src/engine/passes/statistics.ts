import { invariant, must } from '../../core/errors.js';
import type { DraftBuffer } from '../base.js';
import type { Call } from '../calls.js';
import type { Draft } from './draft.js';

/**
 * The pass over training batches that sets running statistics (precise batch norm): the forward
 * calls as far as the last batch norm, each norm with sums over the batches. Nothing of a network
 * without batch norms.
 */
export function statistics(draft: Draft): Draft {
  invariant(draft.statistics.length === 0, 'statistics is derived once');
  const buffers = [...draft.buffers];
  const last = draft.forward.findLastIndex(({ op }) => op === 'batchNormTrain');
  const calls = draft.forward.slice(0, last + 1).map((call): Call => {
    if (call.op !== 'batchNormTrain') return call;
    return { ...call, op: 'batchNormStatistics', sums: buffers.push(sumsOf(call, draft)) - 1 };
  });
  return { ...draft, buffers, statistics: calls };
}

function sumsOf(call: Extract<Call, { op: 'batchNormTrain' }>, { buffers }: Draft): DraftBuffer {
  const rows = 3 * call.channels;
  return {
    name: `${must(buffers[call.savedMean]).name}.sums`,
    rows,
    shape: { channels: rows, height: 1, width: 1 },
    perBatch: false,
    double: true,
  };
}
