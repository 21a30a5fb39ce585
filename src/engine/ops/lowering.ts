import { invariant } from '../../core/errors.js';
import { features, type Shape } from '../../core/shape.js';
import type { Layer, ParameterInfo, Window } from '../../network/types.js';
import type { BufferId, DraftBuffer, ParamId, Planes } from '../base.js';
import type { Windowed } from './windowed.js';

/** What `lower` fills while it walks the layers. */
export interface Lowering {
  readonly buffers: DraftBuffer[];
  readonly parameters: readonly ParameterInfo[];
  /** Buffer of each layer's output. */
  readonly outputs: Map<string, BufferId>;
}

/** A shape as channels of so many pixels. */
export function planesOf({ channels, height, width }: Shape): Planes {
  return { channels, plane: height * width };
}

/** The planes' sides, checked: floor((side + 2 padding - kernel) / stride) + 1. */
export function windowed(layer: Layer, window: Window, x: BufferId, lowering: Lowering): Windowed {
  const { height, width } = lowering.buffers[x].shape;
  const { kernel, stride, padding } = window;
  const side = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
  const { height: outHeight, width: outWidth } = layer.output;
  invariant(
    outHeight >= 1 && outWidth >= 1 && outHeight === side(height) && outWidth === side(width),
    `layer "${layer.id}" declares planes of ${outHeight}x${outWidth}, gives ` +
      `${side(height)}x${side(width)}`,
  );
  return { window, inHeight: height, inWidth: width, outHeight, outWidth };
}

export function sameChannels(layer: Layer, x: BufferId, lowering: Lowering): number {
  const [given, declared] = [lowering.buffers[x].shape.channels, layer.output.channels];
  invariant(
    given === declared,
    `layer "${layer.id}" declares ${declared} channels, is given ${given}`,
  );
  return declared;
}

export function sameShape(layer: Layer, x: BufferId, lowering: Lowering): void {
  const given = lowering.buffers[x].shape;
  const { channels, height, width } = layer.output;
  const same = given.channels === channels && given.height === height && given.width === width;
  invariant(
    same,
    `layer "${layer.id}" declares ${channels}x${height}x${width}, is given ` +
      `${given.channels}x${given.height}x${given.width}`,
  );
}

export function parameterOf(
  layer: Layer,
  role: ParameterInfo['role'],
  lowering: Lowering,
): ParamId {
  const id = lowering.parameters.findIndex(
    (parameter) => parameter.layer === layer.id && parameter.role === role,
  );
  invariant(id >= 0, `layer "${layer.id}" has no parameter of role ${role}`);
  return id;
}

export function addBuffer(
  lowering: Lowering,
  name: string,
  shape: Shape,
  perBatch: boolean,
): BufferId {
  return lowering.buffers.push({ name, rows: features(shape), shape, perBatch }) - 1;
}
