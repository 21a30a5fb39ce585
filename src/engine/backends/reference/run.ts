import { invariant } from '../../../core/errors.js';
import type { BufferId, Call, CallOf, ParamId } from '../../calls.js';
import type { StepSettings } from '../../types.js';
import { activation, activationGrad } from './kernels/activation.js';
import { attention, attentionGrad, layerNorm, layerNormGrad } from './kernels/attention.js';
import {
  batchNormEval,
  batchNormGrad,
  batchNormStatistics,
  batchNormTrain,
  type Normalisation,
} from './kernels/batch-norm.js';
import {
  biasGrad,
  type Columns,
  type DenseWeight,
  linear,
  linearInputGrad,
  linearWeightGrad,
} from './kernels/linear.js';
import {
  conv,
  convInputGrad,
  type ConvWeight,
  convWeightGrad,
  depthwise,
  depthwiseInputGrad,
  depthwiseWeightGrad,
  planeSums,
} from './kernels/planes.js';
import {
  addRows,
  averagePool,
  averagePoolGrad,
  gate,
  gateGrad,
  globalPool,
  globalPoolGrad,
  maxPool,
  maxPoolGrad,
  position,
  positionWeightGrad,
} from './kernels/pool.js';
import { softmaxLoss } from './kernels/softmax-loss.js';
import { update } from './kernels/update.js';
import { learnedOf, type State } from './state.js';

type Run<Op extends Call['op']> = (call: CallOf<Op>, at: Access) => void;

/** What kernels are given: the numbers behind ids, and the batch. */
interface Access {
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
  const access: Access = {
    state,
    settings,
    columns: { batch: state.program.batch, count: state.progress.count },
    b,
    orNull: (id) => (id === null ? null : b(id)),
    value: (id) => state.parameters[id].value,
    grad: (id) => learnedOf(state, id).grad,
    rows: (id) => state.program.buffers[id].rows,
  };
  (RUNS[call.op] as Run<Call['op']>)(call, access);
}

const RUNS: { readonly [Op in Call['op']]: Run<Op> } = {
  linear: (call, at) =>
    linear(
      weightOf(call, at),
      call.bias === null ? null : at.value(call.bias),
      at.b(call.x),
      at.b(call.y),
      at.columns,
    ),
  linearInputGrad: (call, at) =>
    linearInputGrad(weightOf(call, at), at.b(call.dy), at.b(call.dx), call.accumulate, at.columns),
  linearWeightGrad: (call, at) => {
    linearWeightGrad(
      weightOf(call, at),
      at.b(call.x),
      at.b(call.dy),
      at.grad(call.weight),
      at.columns,
    );
    if (call.bias !== null) biasGrad(at.b(call.dy), at.grad(call.bias), at.columns);
  },
  conv: (call, at) =>
    conv(
      convWeightOf(call, at),
      call.bias === null ? null : at.value(call.bias),
      call,
      at.b(call.x),
      at.b(call.y),
      at.columns,
    ),
  convInputGrad: (call, at) =>
    convInputGrad(
      convWeightOf(call, at),
      call,
      at.b(call.dy),
      at.b(call.dx),
      call.accumulate,
      at.columns,
    ),
  convWeightGrad: (call, at) => {
    convWeightGrad(
      convWeightOf(call, at),
      call,
      at.b(call.x),
      at.b(call.dy),
      at.grad(call.weight),
      at.columns,
    );
    if (call.bias !== null)
      planeSums(
        at.b(call.dy),
        call.outChannels,
        call.outHeight * call.outWidth,
        at.grad(call.bias),
        at.columns,
      );
  },
  depthwise: (call, at) =>
    depthwise(at.value(call.weight), call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  depthwiseInputGrad: (call, at) =>
    depthwiseInputGrad(
      at.value(call.weight),
      call.channels,
      call,
      at.b(call.dy),
      at.b(call.dx),
      call.accumulate,
      at.columns,
    ),
  depthwiseWeightGrad: (call, at) =>
    depthwiseWeightGrad(
      call.channels,
      call,
      at.b(call.x),
      at.b(call.dy),
      at.grad(call.weight),
      at.columns,
    ),
  batchNormTrain: (call, at) =>
    batchNormTrain(
      normalisationOf(call, at),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  batchNormEval: (call, at) =>
    batchNormEval(
      normalisationOf(call, at),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  batchNormStatistics: (call, at) =>
    batchNormStatistics(
      normalisationOf(call, at),
      at.b(call.sums),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  batchNormGrad: (call, at) => {
    const flow = {
      x: at.b(call.x),
      y: at.b(call.y),
      dy: at.b(call.dy),
      dx: at.b(call.dx),
      dresidual: at.orNull(call.dresidual),
      accumulate: call.accumulate,
    };
    batchNormGrad(
      normalisationOf(call, at),
      flow,
      { gamma: at.grad(call.gamma), beta: at.grad(call.beta) },
      at.columns,
    );
  },
  layerNorm: (call, at) =>
    layerNorm(
      { ...call, gamma: at.value(call.gamma), beta: at.value(call.beta) },
      at.b(call.x),
      at.b(call.y),
      at.columns,
    ),
  layerNormGrad: (call, at) => {
    const norm = { ...call, gamma: at.value(call.gamma), beta: at.value(call.beta) };
    layerNormGrad(
      norm,
      at.b(call.x),
      at.b(call.dy),
      at.b(call.dx),
      { gamma: at.grad(call.gamma), beta: at.grad(call.beta) },
      at.columns,
    );
  },
  activation: (call, at) =>
    activation(call.function, at.b(call.x), at.b(call.y), at.rows(call.y), at.columns),
  activationGrad: (call, at) =>
    activationGrad(
      call.function,
      at.b(call.x),
      at.b(call.y),
      at.b(call.dy),
      at.b(call.dx),
      at.rows(call.y),
      at.columns,
    ),
  maxPool: (call, at) => maxPool(call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  maxPoolGrad: (call, at) =>
    maxPoolGrad(
      call.channels,
      call,
      at.b(call.x),
      at.b(call.y),
      at.b(call.dy),
      at.b(call.dx),
      at.columns,
    ),
  averagePool: (call, at) =>
    averagePool(call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  averagePoolGrad: (call, at) =>
    averagePoolGrad(call.channels, call, at.b(call.dy), at.b(call.dx), at.columns),
  globalPool: (call, at) =>
    globalPool(call.channels, call.plane, at.b(call.x), at.b(call.y), at.columns),
  globalPoolGrad: (call, at) =>
    globalPoolGrad(call.channels, call.plane, at.b(call.dy), at.b(call.dx), at.columns),
  add: (call, at) => addRows(at.b(call.a), at.b(call.b), at.b(call.y), at.rows(call.y), at.columns),
  addGrad: (call, at) =>
    addRows(
      at.b(call.dy),
      call.accumulate ? at.b(call.dx) : null,
      at.b(call.dx),
      at.rows(call.dx),
      at.columns,
    ),
  gate: (call, at) =>
    gate(call.channels, call.plane, at.b(call.x), at.b(call.s), at.b(call.y), at.columns),
  gateGrad: (call, at) =>
    gateGrad(
      call.channels,
      call.plane,
      at.b(call.x),
      at.b(call.s),
      at.b(call.dy),
      at.b(call.dx),
      at.b(call.ds),
      at.columns,
    ),
  position: (call, at) => position(at.value(call.weight), at.b(call.x), at.b(call.y), at.columns),
  positionWeightGrad: (call, at) =>
    positionWeightGrad(at.b(call.dy), at.grad(call.weight), at.columns),
  attention: (call, at) =>
    attention(call, at.b(call.q), at.b(call.k), at.b(call.v), at.b(call.y), at.columns),
  attentionGrad: (call, at) => {
    const flow = {
      q: at.b(call.q),
      k: at.b(call.k),
      v: at.b(call.v),
      dy: at.b(call.dy),
      dq: at.b(call.dq),
      dk: at.b(call.dk),
      dv: at.b(call.dv),
    };
    attentionGrad(call, flow, at.columns);
  },
  softmaxLoss: (call, at) => {
    const { classes, smoothing } = call;
    at.state.metrics = softmaxLoss(
      {
        logits: at.b(call.logits),
        dlogits: at.orNull(call.dlogits),
        labels: at.state.labels,
        classes,
        smoothing,
      },
      at.columns,
    );
  },
  update: (call, at) => {
    invariant(at.settings !== undefined, 'an update without its settings');
    const { grad, momentum } = learnedOf(at.state, call.param);
    update(at.value(call.param), grad, momentum, at.settings);
  },
};

function weightOf(
  call: CallOf<'linear' | 'linearInputGrad' | 'linearWeightGrad'>,
  { state }: Access,
): DenseWeight {
  const { value, mask } = state.parameters[call.weight];
  return { values: value, mask, inFeatures: call.inFeatures, outFeatures: call.outFeatures };
}

function convWeightOf(
  call: CallOf<'conv' | 'convInputGrad' | 'convWeightGrad'>,
  { state }: Access,
): ConvWeight {
  const { value, mask } = state.parameters[call.weight];
  return {
    values: value,
    mask,
    inChannels: call.inChannels,
    outChannels: call.outChannels,
    taps: call.window.kernel ** 2,
  };
}

function normalisationOf(
  call: CallOf<'batchNormTrain' | 'batchNormEval' | 'batchNormStatistics' | 'batchNormGrad'>,
  { value, b }: Access,
): Normalisation {
  const { plane, eps, momentum } = call;
  return {
    gamma: value(call.gamma),
    beta: value(call.beta),
    runningMean: value(call.runningMean),
    runningVar: value(call.runningVar),
    savedMean: b(call.savedMean),
    savedInvStd: b(call.savedInvStd),
    plane,
    eps,
    momentum,
    activation: call.activation,
  };
}
