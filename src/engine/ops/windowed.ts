import type { Window } from '../../network/types.js';

/** A window over planes, with the planes' sides. */
export interface Windowed {
  readonly window: Window;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** The operands of CONV_SHAPE in native/run.h. */
export function shapeWords(
  { window, inHeight, inWidth, outHeight, outWidth }: Windowed,
  inChannels: number,
  outChannels: number,
): number[] {
  return [
    window.kernel,
    window.stride,
    window.padding,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    inChannels,
    outChannels,
  ];
}
