import { InternalError, invariant } from '../../core/errors.js';
import type { BufferId, Call } from '../calls.js';
import { gradientsOf, readsOf, writesOf } from './access.js';
import type { Draft, DraftBuffer } from './draft.js';

/** What the pass knows while it walks the forward calls from the loss back to the input. */
interface Reverse {
  readonly buffers: DraftBuffer[];
  readonly backward: Call[];
  /** Gradient buffer of each activation of which a part at least has been produced. */
  readonly gradients: Map<BufferId, BufferId>;
  /**
   * Activations that depend on a learnable parameter: the only ones whose gradient anybody reads.
   */
  readonly wanted: ReadonlySet<BufferId>;
}

/**
 * Reverse-mode differentiation: the forward calls in reverse order, each with the gradient calls of
 * its kind, then one update per learnable parameter. An activation with several readers gets the
 * sum of their gradients: the first one (in reverse order) writes it, the others add to it. A
 * layer's input gradient comes before its weight gradient, so that a backend may apply the weight's
 * update as soon as its gradient exists.
 */
export function differentiate(draft: Draft): Draft {
  verifyReaders(draft);
  const reverse: Reverse = {
    buffers: [...draft.buffers],
    backward: [],
    gradients: new Map(),
    wanted: learnedBuffers(draft),
  };
  const forward = draft.forward.map((call) => {
    if (call.op !== 'softmaxLoss') return call;
    return { ...call, dlogits: writeGradient(call.logits, reverse) };
  });
  for (const call of [...draft.forward].reverse()) differentiateCall(call, reverse);
  const learnable = draft.parameters.flatMap((parameter, id) => (parameter.learnable ? [id] : []));
  const update = learnable.map((param): Call => ({ op: 'update', param }));
  verifyGradients(draft, reverse.backward, learnable);
  return { ...draft, buffers: reverse.buffers, forward, backward: reverse.backward, update };
}

/** Nobody's input has no gradient. */
function verifyReaders(draft: Draft): void {
  invariant(draft.backward.length === 0 && draft.update.length === 0, 'differentiate runs once');
  const read = new Set(draft.forward.flatMap((call) => [...readsOf(call)]));
  draft.buffers.forEach((buffer, id) => {
    invariant(
      !buffer.perBatch || id === draft.input || read.has(id),
      `the output of "${buffer.name}" is read by nobody`,
    );
  });
}

function learnedBuffers(draft: Draft): Set<BufferId> {
  const learned = new Set<BufferId>();
  for (const call of draft.forward) {
    const learns =
      'weight' in call || 'gamma' in call || readsOf(call).some((id) => learned.has(id));
    if (learns) for (const id of writesOf(call)) learned.add(id);
    invariant(
      call.op !== 'softmaxLoss' || learned.has(call.logits),
      'the network has nothing to learn',
    );
  }
  return learned;
}

function differentiateCall(call: Call, reverse: Reverse): void {
  const { backward, gradients, wanted } = reverse;
  const dy = 'y' in call ? gradients.get(call.y) : undefined;
  if (call.op === 'softmaxLoss' || !writesOf(call).some((id) => wanted.has(id))) return;
  invariant(dy !== undefined, `${call.op} has an output without a gradient`);
  switch (call.op) {
    case 'linear': {
      const { x, y: _y, op: _op, ...args } = call;
      if (wanted.has(x))
        backward.push({ op: 'linearInputGrad', dy, ...addTo(x, reverse), ...args });
      backward.push({ op: 'linearWeightGrad', x, dy, ...args });
      return;
    }
    case 'conv': {
      const { x, y: _y, op: _op, ...args } = call;
      if (wanted.has(x)) backward.push({ op: 'convInputGrad', dy, ...addTo(x, reverse), ...args });
      backward.push({ op: 'convWeightGrad', x, dy, ...args });
      return;
    }
    case 'depthwise': {
      const { x, y: _y, op: _op, ...args } = call;
      if (wanted.has(x))
        backward.push({ op: 'depthwiseInputGrad', dy, ...addTo(x, reverse), ...args });
      backward.push({ op: 'depthwiseWeightGrad', x, dy, ...args });
      return;
    }
    case 'batchNormTrain':
      return differentiateBatchNorm(call, dy, reverse);
    // Of the norms the kernel gives gamma's and beta's gradients together with dx, which nobody
    // reads at the network's input.
    case 'layerNorm':
      return write(call.x, reverse, (dx) => ({ ...call, op: 'layerNormGrad', dy, dx }));
    case 'position':
      if (wanted.has(call.x)) passOn(dy, call.x, reverse);
      backward.push({
        op: 'positionWeightGrad',
        dy,
        weight: call.weight,
        channels: call.channels,
        plane: call.plane,
      });
      return;
    case 'add':
      // A copy first: what is handed on as it is may be added to later.
      if (wanted.has(call.b)) backward.push({ op: 'addGrad', dy, ...addTo(call.b, reverse) });
      if (wanted.has(call.a)) passOn(dy, call.a, reverse);
      return;
    default:
      differentiateFixed(call, dy, reverse);
  }
}

/** Calls without parameters. */
function differentiateFixed(call: Call, dy: BufferId, reverse: Reverse): void {
  switch (call.op) {
    case 'activation':
      return write(call.x, reverse, (dx) => ({ ...call, op: 'activationGrad', dy, dx }));
    case 'maxPool':
      return write(call.x, reverse, (dx) => ({ ...call, op: 'maxPoolGrad', dy, dx }));
    case 'averagePool': {
      const { x, y: _, ...args } = call;
      return write(x, reverse, (dx) => ({ ...args, op: 'averagePoolGrad', dy, dx }));
    }
    case 'globalPool':
      return write(call.x, reverse, (dx) => ({
        op: 'globalPoolGrad',
        dy,
        dx,
        channels: call.channels,
        plane: call.plane,
      }));
    case 'gate':
      return writeAll([call.x, call.s], reverse, ([dx, ds]) => ({
        ...call,
        op: 'gateGrad',
        dy,
        dx,
        ds,
      }));
    case 'attention':
      return writeAll([call.q, call.k, call.v], reverse, ([dq, dk, dv]) => ({
        ...call,
        op: 'attentionGrad',
        dy,
        dq,
        dk,
        dv,
      }));
    default:
      throw new InternalError(`${call.op} in a forward pass`);
  }
}

function differentiateBatchNorm(
  call: Extract<Call, { op: 'batchNormTrain' }>,
  dy: BufferId,
  reverse: Reverse,
): void {
  const { residual, activation } = call;
  const learns = residual !== null && reverse.wanted.has(residual);
  // Without an activation the residual's gradient is dy itself.
  const own =
    learns && activation !== null ? addTo(residual, reverse) : { dx: null, accumulate: false };
  write(call.x, reverse, (dx) => ({
    ...call,
    op: 'batchNormGrad',
    dy,
    dx,
    dresidual: own.dx,
    accumulate: own.accumulate,
  }));
  if (learns && activation === null) passOn(dy, residual, reverse);
}

/** The gradient `dy` is also that of `x`: handed on as it is where it is the first, else added. */
function passOn(dy: BufferId, x: BufferId, reverse: Reverse): void {
  if (!reverse.gradients.has(x)) reverse.gradients.set(x, dy);
  else reverse.backward.push({ op: 'addGrad', dy, ...addTo(x, reverse) });
}

/** Where a call that can add puts the gradient of `x`. */
function addTo(
  x: BufferId,
  reverse: Reverse,
): { readonly dx: BufferId; readonly accumulate: boolean } {
  const there = reverse.gradients.get(x);
  return there === undefined
    ? { dx: writeGradient(x, reverse), accumulate: false }
    : { dx: there, accumulate: true };
}

/**
 * Emits a call that can only write the gradient of `x`; where there is a part of it already, an
 * `addGrad` follows.
 */
function write(x: BufferId, reverse: Reverse, make: (dx: BufferId) => Call): void {
  writeAll([x], reverse, ([dx]) => make(dx));
}

/** The same with several inputs, of which some may be one buffer. */
function writeAll(
  inputs: readonly BufferId[],
  reverse: Reverse,
  make: (gradients: readonly BufferId[]) => Call,
): void {
  const { gradients, backward } = reverse;
  const sums = new Map(inputs.map((x) => [x, gradients.get(x)]));
  const written = inputs.map((x) => writeGradient(x, reverse));
  backward.push(make(written));
  inputs.forEach((x, i) => {
    const there = sums.get(x);
    if (there === undefined) sums.set(x, written[i]);
    else backward.push({ op: 'addGrad', dy: written[i], dx: there, accumulate: true });
    gradients.set(x, sums.get(x)!);
  });
}

/** A new buffer for (a part of) the gradient of an activation. */
function writeGradient(of: BufferId, reverse: Reverse): BufferId {
  const { name, rows, shape } = reverse.buffers[of];
  const part = reverse.buffers.filter(
    (buffer) => buffer.name === `${name}.grad` || buffer.name.startsWith(`${name}.grad `),
  ).length;
  const id =
    reverse.buffers.push({
      name: part === 0 ? `${name}.grad` : `${name}.grad ${part + 1}`,
      rows,
      shape,
      perBatch: true,
    }) - 1;
  reverse.gradients.set(of, id);
  return id;
}

function verifyGradients(
  draft: Draft,
  backward: readonly Call[],
  learnable: readonly number[],
): void {
  const stored = backward.flatMap((call) => [...gradientsOf(call)]).sort((a, b) => a - b);
  const complete =
    stored.length === learnable.length && stored.every((id, i) => id === learnable[i]);
  invariant(
    complete,
    `differentiate gives ${stored.length} gradients for ${learnable.length} parameters ` +
      `of a ${draft.network.arch}`,
  );
}
