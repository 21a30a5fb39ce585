import type { GroupOf } from '../backends/cpu/commands.js';
import type { Window } from '../../network/types.js';

/** A window over planes, with the planes' sides. */
export interface Windowed {
  readonly window: Window;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** The operands that say what a windowed call works on. */
export function shapeOperands(
  { window, inHeight, inWidth, outHeight, outWidth }: Windowed,
  inChannels: number,
  outChannels: number,
): GroupOf<'shape'> {
  return { ...window, inHeight, inWidth, outHeight, outWidth, inChannels, outChannels };
}
