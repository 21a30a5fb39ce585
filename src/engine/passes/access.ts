import type { BufferId, Call, CallOf, ParamId } from '../calls.js';

/**
 * The fields of one kind of call that name buffers it reads, buffers it writes wholly, and
 * parameters whose gradient it stores.
 */
interface Access<C> {
  readonly reads: readonly (keyof C)[];
  readonly writes: readonly (keyof C)[];
  readonly gradients?: readonly (keyof C)[];
  /** Buffers that it names and does not touch. */
  readonly idle?: readonly (keyof C)[];
}

const ACCESS: { readonly [Op in Call['op']]: Access<CallOf<Op>> } = {
  linear: { reads: ['x'], writes: ['y'] },
  linearInputGrad: { reads: ['dy'], writes: ['dx'] },
  linearWeightGrad: { reads: ['x', 'dy'], writes: [], gradients: ['weight', 'bias'] },
  conv: { reads: ['x'], writes: ['y'] },
  convInputGrad: { reads: ['dy'], writes: ['dx'] },
  convWeightGrad: { reads: ['x', 'dy'], writes: [], gradients: ['weight', 'bias'] },
  depthwise: { reads: ['x'], writes: ['y'] },
  depthwiseInputGrad: { reads: ['dy'], writes: ['dx'] },
  depthwiseWeightGrad: { reads: ['x', 'dy'], writes: [], gradients: ['weight'] },
  batchNormTrain: { reads: ['x', 'residual'], writes: ['y', 'savedMean', 'savedInvStd'] },
  batchNormEval: { reads: ['x', 'residual'], writes: ['y'], idle: ['savedMean', 'savedInvStd'] },
  batchNormStatistics: {
    reads: ['x', 'residual'],
    writes: ['y', 'savedMean', 'savedInvStd', 'sums'],
  },
  batchNormGrad: {
    reads: ['x', 'y', 'dy', 'savedMean', 'savedInvStd'],
    writes: ['dx', 'dresidual'],
    gradients: ['gamma', 'beta'],
    idle: ['residual'],
  },
  layerNorm: { reads: ['x'], writes: ['y'] },
  layerNormGrad: { reads: ['x', 'dy'], writes: ['dx'], gradients: ['gamma', 'beta'] },
  activation: { reads: ['x'], writes: ['y'] },
  activationGrad: { reads: ['x', 'y', 'dy'], writes: ['dx'] },
  maxPool: { reads: ['x'], writes: ['y'] },
  maxPoolGrad: { reads: ['x', 'y', 'dy'], writes: ['dx'] },
  averagePool: { reads: ['x'], writes: ['y'] },
  averagePoolGrad: { reads: ['dy'], writes: ['dx'] },
  globalPool: { reads: ['x'], writes: ['y'] },
  globalPoolGrad: { reads: ['dy'], writes: ['dx'] },
  add: { reads: ['a', 'b'], writes: ['y'] },
  addGrad: { reads: ['dy'], writes: ['dx'] },
  gate: { reads: ['x', 's'], writes: ['y'] },
  gateGrad: { reads: ['x', 's', 'dy'], writes: ['dx', 'ds'] },
  position: { reads: ['x'], writes: ['y'] },
  positionWeightGrad: { reads: ['dy'], writes: [], gradients: ['weight'] },
  attention: { reads: ['q', 'k', 'v'], writes: ['y'] },
  attentionGrad: { reads: ['q', 'k', 'v', 'dy'], writes: ['dq', 'dk', 'dv'] },
  softmaxLoss: { reads: ['logits'], writes: ['dlogits'] },
  update: { reads: [], writes: [] },
};

type Fields = Readonly<Record<string, number | null>>;

function accessOf(call: Call): { readonly [Part in keyof Access<Call>]-?: readonly string[] } {
  const {
    reads,
    writes,
    gradients = [],
    idle = [],
  } = ACCESS[call.op] as Access<Record<string, unknown>>;
  return { reads, writes, gradients, idle };
}

/** The numbers in these fields; a field that is null names nothing. */
function idsOf(call: Call, fields: readonly string[]): readonly number[] {
  const values = call as unknown as Fields;
  return fields.map((field) => values[field]).filter((id) => id !== null);
}

/** Buffers a call reads. What it adds to is read as well. */
export function readsOf(call: Call): readonly BufferId[] {
  const fields = accessOf(call).reads.filter((field) => !isUnread(call, field));
  return [...idsOf(call, fields), ...accumulatedOf(call)];
}

/**
 * Some gradients do without the forward pass's input or output, whose storage is then free earlier.
 */
function isUnread(call: Call, field: string): boolean {
  switch (call.op) {
    case 'activationGrad': {
      const fromOutput = call.function === 'relu' || call.function === 'sigmoid';
      return field === (fromOutput ? 'x' : 'y');
    }
    case 'batchNormGrad':
      return field === 'y' && call.activation !== 'relu';
    default:
      return false;
  }
}

/** Buffers that a call adds to. */
function accumulatedOf(call: Call): readonly BufferId[] {
  if (!('accumulate' in call) || !call.accumulate) return [];
  if (call.op === 'batchNormGrad') return call.dresidual === null ? [] : [call.dresidual];
  return [call.dx];
}

/** Buffers a call writes, wholly or by adding to all of it. */
export function writesOf(call: Call): readonly BufferId[] {
  return idsOf(call, accessOf(call).writes);
}

/** Parameters whose gradient a call stores. */
export function gradientsOf(call: Call): readonly ParamId[] {
  return idsOf(call, accessOf(call).gradients);
}

/** The same call on other buffers: every buffer id goes through `map`. */
export function mapBuffers(call: Call, map: (id: BufferId) => BufferId): Call {
  const { reads, writes, idle } = accessOf(call);
  const values = call as unknown as Fields;
  const renamed = [...reads, ...writes, ...idle].map((field) => {
    const id = values[field];
    return [field, id === null ? null : map(id)] as const;
  });
  return { ...call, ...Object.fromEntries(renamed) };
}
