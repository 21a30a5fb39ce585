/** A decoded picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` bytes, interleaved RGB row by row. */
  readonly bytes: Uint8Array;
}
