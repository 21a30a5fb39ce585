import { must, printable, UserError } from '../../src/core/errors.js';
import type { ArraySplit } from '../../src/data-formats/dataset.js';
import { type DroppedFile, PICTURE_TYPES, type Splits } from './files.js';

/** Of pictures that are not split every so-manieth of a class is tested on. */
const EVERY = 5;

function typeOf(path: string): string {
  return must(PICTURE_TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]);
}

interface Labelled {
  readonly file: DroppedFile;
  readonly label: string;
  readonly split: 'train' | 'test' | null;
}

/** `train/CLASS/x.png`, `val/CLASS/x.png`, or `CLASS/x.png`, below any folder. */
function labelled(file: DroppedFile): Labelled {
  const folders = file.path.split('/').slice(0, -1);
  const label = folders.at(-1);
  if (label === undefined)
    throw new UserError(
      `pictures must lie in a folder for each class, got ${printable(file.path)} in none; drop ` +
        'the folder that holds those of all classes',
    );
  const above = folders.at(-2)?.toLowerCase() ?? '';
  const split = above === 'train' ? 'train' : /^(test|val|validation)$/.test(above) ? 'test' : null;
  return { file, label, split };
}

/**
 * Pictures in a folder for each class, cut square in their middle and scaled. Where they are not in
 * `train` and `val` (or `test`), every fifth of each class is for the test.
 */
export async function pictureSplits(files: readonly DroppedFile[], side: number): Promise<Splits> {
  const found = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(labelled);
  const classes = [...new Set(found.map(({ label }) => label))].sort();
  if (classes.length < 2)
    throw new UserError(
      `there must be folders of at least two classes, got ${printable(classes.join(', '))}; drop ` +
        'the folder that holds those of all classes',
    );
  const split = found.some((each) => each.split === 'train');
  const seen = new Map<string, number>();
  const isTest = (each: Labelled): boolean => {
    if (split) return each.split === 'test';
    const before = seen.get(each.label) ?? 0;
    seen.set(each.label, before + 1);
    return before % EVERY === EVERY - 1;
  };
  const parts: Record<'train' | 'test', Labelled[]> = { train: [], test: [] };
  for (const each of found) parts[isTest(each) ? 'test' : 'train'].push(each);
  const decode = async (name: 'train' | 'test'): Promise<ArraySplit> => {
    if (parts[name].length === 0)
      throw new UserError(
        `there must be pictures to ${name === 'test' ? 'test on' : 'train on'}, got none; put some ` +
          `into ${name}/CLASS`,
      );
    const pictures: Uint8Array[] = [];
    for (const { file } of parts[name]) pictures.push(await pixelsOf(file, side));
    return {
      count: pictures.length,
      shape: { channels: 3, height: side, width: side },
      where: `the pictures to ${name}`,
      labels: parts[name].map(({ label }) => classes.indexOf(label)),
      writeImages: (target, count) => {
        for (const [i, pixels] of pictures.slice(0, count).entries())
          target.set(pixels, i * pixels.length);
      },
    };
  };
  return {
    train: await decode('train'),
    test: await decode('test'),
    classes,
    note: `pictures scaled to ${side} x ${side}${split ? '' : ', every fifth of a class for the test'}`,
  };
}

/** Bytes of the middle square, planar. */
async function pixelsOf({ path, bytes }: DroppedFile, side: number): Promise<Uint8Array> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: typeOf(path) });
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw new UserError(
      `${printable(path)}: a picture must be whole, this one cannot be decoded; save it again`,
    );
  });
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  if (context === null) throw new UserError('this browser gives workers no canvas; use another');
  const square = Math.min(bitmap.width, bitmap.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    bitmap,
    (bitmap.width - square) / 2,
    (bitmap.height - square) / 2,
    square,
    square,
    0,
    0,
    side,
    side,
  );
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  const plane = side * side;
  const planar = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) planar[c * plane + i] = must(data[4 * i + c]);
  return planar;
}
