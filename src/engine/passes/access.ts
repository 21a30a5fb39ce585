import type { BufferId, Call, ParamId } from '../types.js';

/** Buffers a call reads. */
export function readsOf(call: Call): readonly BufferId[] {
  switch (call.op) {
    case 'linear':
    case 'batchNormTrain':
    case 'batchNormEval':
    case 'relu':
      return [call.x];
    case 'linearInputGrad':
      return [call.dy];
    case 'linearWeightGrad':
      return [call.x, call.dy];
    case 'batchNormGrad':
      return [call.x, call.y, call.dy, call.savedMean, call.savedInvStd];
    case 'reluGrad':
      return [call.y, call.dy];
    case 'softmaxLoss':
      return [call.logits];
    case 'update':
      return [];
    default:
      return call satisfies never;
  }
}

/** Buffers a call writes, wholly. */
export function writesOf(call: Call): readonly BufferId[] {
  switch (call.op) {
    case 'linear':
    case 'batchNormEval':
    case 'relu':
      return [call.y];
    case 'batchNormTrain':
      return [call.y, call.savedMean, call.savedInvStd];
    case 'linearInputGrad':
    case 'batchNormGrad':
    case 'reluGrad':
      return [call.dx];
    case 'softmaxLoss':
      return call.dlogits === null ? [] : [call.dlogits];
    case 'linearWeightGrad':
    case 'update':
      return [];
    default:
      return call satisfies never;
  }
}

/** Parameters whose gradient a call stores. */
export function gradientsOf(call: Call): readonly ParamId[] {
  switch (call.op) {
    case 'linearWeightGrad':
      return call.bias === null ? [call.weight] : [call.weight, call.bias];
    case 'batchNormGrad':
      return [call.gamma, call.beta];
    case 'linear':
    case 'linearInputGrad':
    case 'batchNormTrain':
    case 'batchNormEval':
    case 'relu':
    case 'reluGrad':
    case 'softmaxLoss':
    case 'update':
      return [];
    default:
      return call satisfies never;
  }
}

/** The same call on other buffers: every buffer id goes through `map`. */
export function mapBuffers(call: Call, map: (id: BufferId) => BufferId): Call {
  switch (call.op) {
    case 'linear':
    case 'relu':
      return { ...call, x: map(call.x), y: map(call.y) };
    case 'batchNormTrain':
    case 'batchNormEval':
      return { ...call, x: map(call.x), y: map(call.y), ...mapSaved(call, map) };
    case 'batchNormGrad':
      return { ...call, x: map(call.x), y: map(call.y), dy: map(call.dy), dx: map(call.dx), ...mapSaved(call, map) };
    case 'linearInputGrad':
      return { ...call, dy: map(call.dy), dx: map(call.dx) };
    case 'linearWeightGrad':
      return { ...call, x: map(call.x), dy: map(call.dy) };
    case 'reluGrad':
      return { ...call, y: map(call.y), dy: map(call.dy), dx: map(call.dx) };
    case 'softmaxLoss':
      return { ...call, logits: map(call.logits), dlogits: call.dlogits === null ? null : map(call.dlogits) };
    case 'update':
      return call;
    default:
      return call satisfies never;
  }
}

interface Saved {
  readonly savedMean: BufferId;
  readonly savedInvStd: BufferId;
}

function mapSaved(call: Saved, map: (id: BufferId) => BufferId): Saved {
  return { savedMean: map(call.savedMean), savedInvStd: map(call.savedInvStd) };
}
