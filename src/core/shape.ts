/**
 * Shape of one sample's activation: channels, then the spatial plane. A feature vector is `channels
 * x 1 x 1`.
 */
export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Numbers in one sample of that shape. */
export function features(shape: Shape): number {
  return shape.channels * shape.height * shape.width;
}
