import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { RandomStream } from '../../../src/core/random/stream.js';

/** A picture of smooth colours and noise that depends on its seed; interleaved RGB. */
export function pixelsOf(width: number, height: number, seed: number): Uint8Array {
  const random = new RandomStream('test picture', seed);
  const phase = Array.from({ length: 6 }, () => 6 * random.uniform());
  const bytes = new Uint8Array(3 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, at++)
        bytes[at] =
          128 +
          80 * Math.sin(x / 4 + phase[c]) * Math.cos(y / 5 + phase[c + 3]) +
          20 * (random.uniform() - 0.5);
    }
  }
  return bytes;
}

export type Kind = 'jpg' | 'png' | 'webp';

/** The bytes of an image file of such a picture. */
export async function fileOf(
  width: number,
  height: number,
  seed: number,
  kind: Kind = 'png',
): Promise<Buffer> {
  const image = sharp(pixelsOf(width, height, seed), { raw: { width, height, channels: 3 } });
  return {
    jpg: image.jpeg({ quality: 92 }),
    png: image.png(),
    webp: image.webp({ lossless: true }),
  }[kind].toBuffer();
}

export interface FolderPlan {
  readonly classes?: readonly string[];
  /** Pictures of each class. */
  readonly train?: number;
  readonly test?: number;
  readonly evaluation?: string;
  /** Sides of picture `i` of a class. */
  readonly sides?: (i: number) => readonly [number, number];
  readonly kind?: Kind;
}

/** Writes a folder of pictures, `train/CLASS/0.png` and so on, and returns its path. */
export async function makeFolder(plan: FolderPlan = {}): Promise<string> {
  const {
    classes = ['cat', 'dog', 'emu'],
    train = 5,
    test = 2,
    evaluation = 'val',
    sides = () => [12, 12],
    kind = 'png',
  } = plan;
  const root = mkdtempSync(join(tmpdir(), 'plexus-folder-'));
  let seed = 0;
  for (const [split, count] of [
    ['train', train],
    [evaluation, test],
  ] as const) {
    for (const name of classes) {
      for (let i = 0; i < count; i++)
        put(join(root, split, name, `${i}.${kind}`), await fileOf(...sides(i), seed++, kind));
    }
  }
  return root;
}

/** Writes a file and the directories it needs. */
export function put(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
