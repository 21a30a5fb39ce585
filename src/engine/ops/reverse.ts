import type { Accumulates, AnyCall, BufferId, DraftBuffer } from '../base.js';

/** What differentiation knows while it walks the forward calls from the loss to the input. */
interface Gradients {
  readonly buffers: DraftBuffer[];
  /** Gradient buffer of each activation of which a part at least has been produced. */
  readonly gradients: Map<BufferId, BufferId>;
  /**
   * Activations that depend on a learnable parameter: the only ones whose gradient anybody reads.
   */
  readonly wanted: ReadonlySet<BufferId>;
}

/** The same for those that emit `Calls`. */
export interface Reverse<Calls extends AnyCall = AnyCall> extends Gradients {
  /** Adds a call to the backward pass. */
  readonly emit: (call: Calls) => void;
}

/**
 * dx = dy: the gradient of one input of a sum, and what adds up the gradients of a buffer with
 * several readers.
 */
export interface AddGradCall extends Accumulates {
  readonly op: 'addGrad';
  readonly dy: BufferId;
  readonly dx: BufferId;
}

/** The gradient `dy` is also that of `x`: handed on as it is where it is the first, else added. */
export function passOn(dy: BufferId, x: BufferId, reverse: Reverse<AddGradCall>): void {
  if (!reverse.gradients.has(x)) reverse.gradients.set(x, dy);
  else reverse.emit({ op: 'addGrad', dy, ...addTo(x, reverse) });
}

/** Where a call that can add puts the gradient of `x`. */
export function addTo(
  x: BufferId,
  reverse: Gradients,
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
export function write<Calls extends AnyCall>(
  x: BufferId,
  reverse: Reverse<Calls | AddGradCall>,
  make: (dx: BufferId) => Calls,
): void {
  writeAll<Calls>([x], reverse, ([dx]) => make(dx));
}

/** The same with several inputs, of which some may be one buffer. */
export function writeAll<Calls extends AnyCall>(
  inputs: readonly BufferId[],
  reverse: Reverse<Calls | AddGradCall>,
  make: (gradients: readonly BufferId[]) => Calls,
): void {
  const { gradients, emit } = reverse;
  const sums = new Map(inputs.map((x) => [x, gradients.get(x)]));
  const written = inputs.map((x) => writeGradient(x, reverse));
  emit(make(written));
  inputs.forEach((x, i) => {
    const there = sums.get(x);
    if (there === undefined) sums.set(x, written[i]);
    else emit({ op: 'addGrad', dy: written[i], dx: there, accumulate: true });
    gradients.set(x, sums.get(x)!);
  });
}

/** A new buffer for (a part of) the gradient of an activation. */
export function writeGradient(of: BufferId, reverse: Gradients): BufferId {
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
