import type { Rgb } from './colours.js';

/**
 * Pixels drawn by plain code, which on machines without a graphics processor is many times faster
 * than a canvas's own lines and circles. Lines are collected as coverage, so that where many cross
 * it gets darker, and then laid over the paper in one colour.
 */
export class Raster {
  readonly width: number;
  readonly height: number;
  private readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  private readonly coverage: Float32Array;

  constructor(width: number, height: number) {
    this.width = Math.max(1, Math.round(width));
    this.height = Math.max(1, Math.round(height));
    this.pixels = new Uint8ClampedArray(4 * this.width * this.height);
    this.coverage = new Float32Array(this.width * this.height);
  }

  /** Everything in one colour; `alpha` 0 lets what is behind the canvas be seen. */
  clear([r, g, b]: Rgb, alpha = 255): void {
    new Uint32Array(this.pixels.buffer).fill(((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0);
  }

  /**
   * Adds the coverage of a line of some pixels' width, `strength` where it is full. Runs along the
   * longer axis; each step covers a short span of the other, its ends in part.
   */
  line(x0: number, y0: number, x1: number, y1: number, width: number, strength: number): void {
    const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
    const [a0, b0, a1, b1] = steep ? [y0, x0, y1, x1] : [x0, y0, x1, y1];
    const [from, to, start] = a0 < a1 ? [a0, a1, b0] : [a1, a0, b1];
    if (to - from < 1e-9) return;
    const slope = (b1 - b0) / (a1 - a0);
    const half = (width / 2) * Math.sqrt(1 + slope * slope);
    const [along, across] = steep ? [this.height, this.width] : [this.width, this.height];
    const [stepA, stepB] = steep ? [this.width, 1] : [1, this.width];
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(along - 1, Math.floor(to));
    for (let a = first; a <= last; a++) {
      // The first and the last pixel are covered as far as the line goes in them.
      const share = Math.min(a + 1, to) - Math.max(a, from);
      const middle = start + slope * (a + 0.5 - from);
      const [low, high] = [middle - half, middle + half];
      const end = Math.min(across - 1, Math.floor(high));
      for (let b = Math.max(0, Math.floor(low)); b <= end; b++) {
        const covered = Math.min(high, b + 1) - Math.max(low, b);
        // Within the arrays: a and b are within the picture.
        this.coverage[a * stepA + b * stepB]! += covered * share * strength;
      }
    }
  }

  /** Lays all lines since the last time over the picture; n full ones on each other cover 1 - e^-n. */
  ink([r, g, b]: Rgb): void {
    const { coverage, pixels } = this;
    for (let at = 0; at < coverage.length; at++) {
      const c = coverage[at]!;
      if (c === 0) continue;
      coverage[at] = 0;
      const alpha = 1 - Math.exp(-c);
      const p = 4 * at;
      pixels[p] = pixels[p]! + alpha * (r - pixels[p]!);
      pixels[p + 1] = pixels[p + 1]! + alpha * (g - pixels[p + 1]!);
      pixels[p + 2] = pixels[p + 2]! + alpha * (b - pixels[p + 2]!);
    }
  }

  /** A disc with a soft edge. On a clear picture its colour is laid over with its alpha. */
  disc(x: number, y: number, radius: number, [r, g, b]: Rgb, opacity = 1): void {
    const { pixels, width, height } = this;
    const reach = radius + 1;
    const [left, right] = [
      Math.max(0, Math.floor(x - reach)),
      Math.min(width - 1, Math.ceil(x + reach)),
    ];
    const [top, bottom] = [
      Math.max(0, Math.floor(y - reach)),
      Math.min(height - 1, Math.ceil(y + reach)),
    ];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const alpha = opacity * Math.min(1, Math.max(0, radius - distance + 0.5));
        if (alpha === 0) continue;
        const p = 4 * (row * width + column);
        const below = pixels[p + 3]! / 255;
        const total = alpha + below * (1 - alpha);
        const share = alpha / total;
        pixels[p] = pixels[p]! + share * (r - pixels[p]!);
        pixels[p + 1] = pixels[p + 1]! + share * (g - pixels[p + 1]!);
        pixels[p + 2] = pixels[p + 2]! + share * (b - pixels[p + 2]!);
        pixels[p + 3] = 255 * total;
      }
    }
  }

  /** A rectangle of whole pixels. */
  block(x: number, y: number, width: number, height: number, [r, g, b]: Rgb): void {
    const colour = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    const words = new Uint32Array(this.pixels.buffer);
    for (let row = y; row < Math.min(this.height, y + height); row++)
      words.fill(colour, row * this.width + x, row * this.width + Math.min(this.width, x + width));
  }

  /** Puts the picture on a canvas, which gets its size. */
  show(canvas: HTMLCanvasElement): void {
    if (canvas.width !== this.width) canvas.width = this.width;
    if (canvas.height !== this.height) canvas.height = this.height;
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(this.pixels, this.width, this.height), 0, 0);
  }
}
