import { must, UserError } from '../core/errors.js';
import type { ArraySplit } from './dataset.js';
import { copyImages, type ImageLayout, IMAGES_RULE, layoutOf } from './strided.js';

/**
 * IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a byte for the type
 * of the numbers, a byte for the number of dimensions, the dimensions as 32-bit integers, high byte
 * first, then the numbers, last dimension fastest.
 */
export interface IdxArray {
  readonly type: IdxType;
  readonly sizes: readonly number[];
  readonly bytes: Uint8Array;
  /** Byte of the first number. */
  readonly start: number;
}

/** Types of numbers and their width in bytes. */
const widths = { uint8: 1, int8: 1, int16: 2, int32: 4, float32: 4, float64: 8 } as const;
type IdxType = keyof typeof widths;
const types: Readonly<Record<number, IdxType>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

const damaged = (path: string, at: number, message: string): UserError =>
  new UserError(`${path}, byte ${at}: ${message}; copy or download the file again`);

/**
 * The array of an IDX file; `path` is for messages. Throws a `UserError` naming the place where the
 * bytes are none.
 */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  const type = types[bytes[2] ?? 0];
  const dimensions = bytes[3] ?? 0;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    throw damaged(
      path,
      0,
      'an IDX file starts with two zero bytes and a type (8 for bytes), got ' +
        (bytes.length === 0 ? 'an empty file' : Array.from(bytes.subarray(0, 4)).join(' ')),
    );
  }
  const start = 4 + 4 * dimensions;
  if (dimensions === 0 || bytes.length < start)
    throw damaged(
      path,
      3,
      `a file of ${dimensions} dimensions must be longer than ${start} bytes, got ${bytes.length}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const needed = sizes.reduce((product, size) => product * size, widths[type]);
  if (bytes.length - start !== needed)
    throw damaged(
      path,
      bytes.length,
      `${sizes.join('x')} numbers of type ${type} take ${needed} bytes after the head, ` +
        `got ${bytes.length - start}`,
    );
  return { type, sizes, bytes, start };
}

/**
 * Names of a split's files: `train-images-idx3-ubyte`, `emnist-letters-test-labels-idx1-ubyte.gz`,
 * `t10k-images.idx3-ubyte`.
 */
const splitWords = { train: 'train', test: '(?:t10k|test)' } as const;
export type IdxSplit = keyof typeof splitWords;

/** Bytes of a file, unfolded, with what messages call it. */
export interface IdxFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * A split from the bytes of its two files.
 *
 * Throws a `UserError` naming file and place where they are damaged or do not belong together.
 */
export function idxSplit(imagesFile: IdxFile, labelsFile: IdxFile): ArraySplit {
  const [imagesPath, labelsPath] = [imagesFile.path, labelsFile.path];
  const images = parseIdx(imagesFile.bytes, imagesPath);
  const labels = parseIdx(labelsFile.bytes, labelsPath);
  const layout = imageLayout(images, imagesPath);
  const count = must(images.sizes[0]);
  if (labels.sizes.length !== 1)
    throw new UserError(
      `${labelsPath}: labels must have one dimension, got ${labels.sizes.join('x')}; is ` +
        'it a file of labels?',
    );
  if (labels.sizes[0] !== count)
    throw new UserError(
      `there must be one label for each image, got ${count} images in ${imagesPath} and ` +
        `${labels.sizes[0]} labels in ${labelsPath}; use files that belong together`,
    );
  return {
    count,
    shape: layout.shape,
    where: imagesPath,
    labels: labelNumbers(labels, labelsPath),
    writeImages: (target, wanted) => copyImages(images.bytes, layout, target, wanted),
  };
}

/**
 * The name of a split's file among others, which may be packed.
 *
 * Throws a `UserError` where there is none, or several
 *
 * @param where what messages call the place where the files are
 */
export function findIdxFile(
  where: string,
  files: readonly string[],
  split: IdxSplit,
  what: 'images' | 'labels',
): string {
  const pattern = new RegExp(
    `(?:^|[-_.])${splitWords[split]}[-_.]${what}[-_.]idx\\d[-_.]?ubyte(?:\\.gz)?$`,
    'i',
  );
  const found = files.filter((file) => pattern.test(file));
  const usual = `${split === 'train' ? 'train' : 't10k'}-${what}-idx${what === 'images' ? 3 : 1}-ubyte`;
  if (found.length === 0)
    throw new UserError(
      `${where} has no file such as ${usual} or ${usual}.gz; put the four files of ` +
        'the data set there, or correct the path',
    );
  // A file beside its own packed copy is one file.
  const names = new Set(found.map((file) => file.replace(/\.gz$/i, '')));
  if (names.size > 1)
    throw new UserError(
      `${where} must hold one data set, but has ` +
        `${[...names].slice(0, 2).join(' and ')}; put each into a directory of its own`,
    );
  return must(found[0]);
}

function imageLayout({ type, sizes, start }: IdxArray, path: string): ImageLayout {
  const layout = type === 'uint8' ? layoutOf(sizes, start, 'by-row') : null;
  if (layout === null)
    throw new UserError(
      `${path}: images must be ${IMAGES_RULE}, got ${sizes.join('x')} of type ${type}; ` +
        'save them so',
    );
  return layout;
}

function labelNumbers({ type, bytes, start, sizes }: IdxArray, path: string): ArrayLike<number> {
  if (type === 'uint8') return bytes.subarray(start);
  if (type !== 'int32' && type !== 'int16')
    throw new UserError(
      `${path}: labels must be of type uint8, int16 or int32, got ${type}; save them so`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: must(sizes[0]) }, (_, index) => {
    const at = start + index * widths[type];
    const label = type === 'int32' ? view.getInt32(at) : view.getInt16(at);
    if (label < 0)
      throw new UserError(
        `${path}, byte ${at}: labels are class numbers from 0, got ${label}; number the ` +
          'classes from 0',
      );
    return label;
  });
}
