import { invariant } from '../../../core/errors.js';
import type { BufferId, Call, Hyper, ParamId } from '../../types.js';
import { batchNormEval, batchNormGrad, batchNormTrain, type Normalisation } from './kernels/batch-norm.js';
import { biasGrad, linear, linearInputGrad, linearWeightGrad, type Columns, type DenseWeight } from './kernels/linear.js';
import { relu, reluGrad } from './kernels/relu.js';
import { softmaxLoss } from './kernels/softmax-loss.js';
import { update } from './kernels/update.js';
import { learnedOf, type State } from './state.js';

type CallOf<Op extends Call['op']> = Extract<Call, { op: Op }>;

/** Runs one kernel call over the valid samples of the current batch. */
export function runCall(state: State, call: Call, hyper: Hyper | undefined): void {
  const columns: Columns = { batch: state.program.batch, count: state.progress.count };
  const buffers = state.buffers;
  switch (call.op) {
    case 'linear': {
      const bias = call.bias === null ? null : state.parameters[call.bias].value;
      return linear(weightOf(state, call), bias, buffers[call.x], buffers[call.y], columns);
    }
    case 'linearInputGrad':
      return linearInputGrad(weightOf(state, call), buffers[call.dy], buffers[call.dx], columns);
    case 'linearWeightGrad':
      return runWeightGrad(state, call, columns);
    case 'batchNormTrain':
      return batchNormTrain(normalisationOf(state, call), buffers[call.x], buffers[call.y], columns);
    case 'batchNormEval':
      return batchNormEval(normalisationOf(state, call), buffers[call.x], buffers[call.y], columns);
    case 'batchNormGrad':
      return runBatchNormGrad(state, call, columns);
    case 'relu':
      return relu(buffers[call.x], buffers[call.y], state.program.buffers[call.y].rows, columns);
    case 'reluGrad':
      return reluGrad(buffers[call.y], buffers[call.dy], buffers[call.dx], state.program.buffers[call.y].rows, columns);
    case 'softmaxLoss': {
      const dlogits = call.dlogits === null ? null : buffers[call.dlogits];
      state.metrics = softmaxLoss(buffers[call.logits], dlogits, state.labels, call.classes, columns);
      return;
    }
    case 'update':
      return runUpdate(state, call.param, hyper);
    default:
      call satisfies never;
  }
}

function weightOf(state: State, call: CallOf<'linear' | 'linearInputGrad' | 'linearWeightGrad'>): DenseWeight {
  const { value, mask } = state.parameters[call.weight];
  return { values: value, mask, inFeatures: call.inFeatures, outFeatures: call.outFeatures };
}

function runWeightGrad(state: State, call: CallOf<'linearWeightGrad'>, columns: Columns): void {
  const [x, dy] = [state.buffers[call.x], state.buffers[call.dy]];
  linearWeightGrad(weightOf(state, call), x, dy, learnedOf(state, call.weight).grad, columns);
  if (call.bias !== null) biasGrad(dy, learnedOf(state, call.bias).grad, columns);
}

function normalisationOf(state: State, call: CallOf<'batchNormTrain' | 'batchNormEval' | 'batchNormGrad'>): Normalisation {
  const value = (id: ParamId): Float64Array => state.parameters[id].value;
  return {
    gamma: value(call.gamma),
    beta: value(call.beta),
    runningMean: value(call.runningMean),
    runningVar: value(call.runningVar),
    savedMean: state.buffers[call.savedMean],
    savedInvStd: state.buffers[call.savedInvStd],
    eps: call.eps,
    momentum: call.momentum,
    relu: call.relu,
  };
}

function runBatchNormGrad(state: State, call: CallOf<'batchNormGrad'>, columns: Columns): void {
  const grads = { gamma: learnedOf(state, call.gamma).grad, beta: learnedOf(state, call.beta).grad };
  const at = (id: BufferId): Float64Array => state.buffers[id];
  batchNormGrad(normalisationOf(state, call), at(call.x), at(call.y), at(call.dy), at(call.dx), grads, columns);
}

function runUpdate(state: State, param: ParamId, hyper: Hyper | undefined): void {
  invariant(hyper !== undefined, 'an update without its settings');
  const { grad, momentum } = learnedOf(state, param);
  update(state.parameters[param].value, grad, momentum, hyper);
}
