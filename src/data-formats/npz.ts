import { must, printable, UserError } from '../core/errors.js';
import { features, type Shape } from '../core/shape.js';
import { sizesApart, sizeText } from '../core/sizes.js';
import { describeNpy, type NpyArray, parseNpy } from '../graph-formats/npy.js';
import { numberAt } from '../graph-formats/numbers.js';
import { type Inflate, memberBytes, type ZipMember, zipMembers } from '../graph-formats/zip.js';
import type { ArraySplit } from './dataset.js';
import { copyImages, IMAGES_RULE, layoutOf } from './strided.js';
import { mostUnfolded } from './unfolded.js';

/**
 * Names of the four arrays, in lower case, the usual one first: Keras has `x_train`, MedMNIST
 * `train_images`.
 */
const synonyms = {
  train: {
    images: ['x_train', 'train_images', 'train_x', 'images_train', 'train_data'],
    labels: ['y_train', 'train_labels', 'train_y', 'labels_train'],
  },
  test: {
    images: [
      'x_test',
      'test_images',
      'test_x',
      'images_test',
      'test_data',
      'x_val',
      'val_images',
      'val_x',
      'images_val',
    ],
    labels: [
      'y_test',
      'test_labels',
      'test_y',
      'labels_test',
      'y_val',
      'val_labels',
      'val_y',
      'labels_val',
    ],
  },
} as const;

/** Most members that are looked through. */
const MOST_MEMBERS = 1000;

const KINDS_OF_LABELS: readonly string[] = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'b1'];

/**
 * The training and test split in a .npz file: `x_train`, `y_train`, `x_test`, `y_test` or names
 * that mean the same. Other arrays in it are passed over, and never unpacked.
 *
 * Throws a `UserError` naming file and place where an array is missing, damaged, or something else.
 */
export function npzSplits(
  path: string,
  bytes: Uint8Array,
  inflate: Inflate,
): {
  readonly train: ArraySplit;
  readonly test: ArraySplit;
} {
  const members = named(path, () => zipMembers(bytes, MOST_MEMBERS)).filter(({ name }) =>
    name.endsWith('.npy'),
  );
  const found = (kind: 'train' | 'test'): readonly [images: ZipMember, labels: ZipMember] => [
    findMember(members, synonyms[kind].images),
    findMember(members, synonyms[kind].labels),
  ];
  const [train, test] = named(path, () => [found('train'), found('test')]);
  // By what the archive's directory says, before anything is unpacked.
  named(path, () => requireBounded([...train, ...test], bytes.length));
  const read = ([images, labels]: readonly [ZipMember, ZipMember]): ArraySplit =>
    splitOf(
      path,
      named(path, () => arrayOf(bytes, images, inflate)),
      named(path, () => arrayOf(bytes, labels, inflate)),
    );
  return { train: read(train), test: read(test) };
}

/** Images of an archive or of a single array, without labels. */
export interface ImageArray {
  /** Of the array. */
  readonly name: string;
  readonly count: number;
  readonly shape: Shape;
  /** Image after image, planar. */
  readonly images: Uint8Array;
}

/** Names of images that have no labels, the usual one first. */
const UNLABELLED = ['images', 'x', 'data', ...synonyms.test.images, ...synonyms.train.images];

/**
 * The images in a .npz file, `images`, `x` or those of a split, the test split first, or its only
 * array; or those of a .npy file.
 *
 * Throws a `UserError` naming file and place where there are none.
 */
export function imageArray(path: string, bytes: Uint8Array, inflate: Inflate): ImageArray {
  const array = named(path, (): NamedArray => {
    if (path.toLowerCase().endsWith('.npy')) return { ...parseNpy(bytes), name: 'the array' };
    const members = zipMembers(bytes, MOST_MEMBERS).filter(({ name }) => name.endsWith('.npy'));
    const [only] = members.length === 1 ? members : [];
    const known = UNLABELLED.find((name) =>
      members.some((member) => keyOf(member).toLowerCase() === name),
    );
    const member =
      only ?? findMember(members, known === undefined ? synonyms.test.images : [known]);
    requireBounded([member], bytes.length);
    return arrayOf(bytes, member, inflate);
  });
  const { count, shape, writeImages } = imagesIn(path, array);
  const images = new Uint8Array(count * features(shape));
  writeImages(images, count);
  return { name: array.name, count, shape, images };
}

/** Refuses arrays that claim far more bytes than a file of that size can mean. */
function requireBounded(members: readonly ZipMember[], fileBytes: number): void {
  const most = mostUnfolded(fileBytes);
  let total = 0;
  for (const member of members) {
    total += member.size;
    if (total <= most) continue;
    const [limit, size] = sizesApart(most, total);
    throw new UserError(
      `byte ${member.at}: the arrays of an archive of ${sizeText(fileBytes)} may take at most ` +
        `${limit} unpacked, but ${printable(keyOf(member))} makes it ${size}; save fewer images, ` +
        'or with numpy.savez, which does not compress',
    );
  }
}

/** Puts the file before the message of a `UserError`, which has the place. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}, ${error.message}`, { cause: error });
  }
}

interface NamedArray extends NpyArray {
  readonly name: string;
}

const keyOf = ({ name }: ZipMember): string => name.slice(0, -'.npy'.length);

function findMember(members: readonly ZipMember[], names: readonly string[]): ZipMember {
  for (const name of names) {
    const found = members.filter((member) => keyOf(member).toLowerCase() === name);
    const [first, second] = found;
    if (second !== undefined)
      throw new UserError(
        `byte ${second.at}: two arrays are called ${name}; save the file anew with numpy.savez`,
      );
    if (first !== undefined) return first;
  }
  const there = members.map(keyOf).slice(0, 12).join(', ');
  throw new UserError(
    `the archive: it must hold an array ${names[0]} (or ` +
      `${names.slice(1, 3).join(', ')}), got ` +
      `${there === '' ? 'no array' : printable(there)}; save it with numpy.savez(..., ` +
      `${names[0]}=...)`,
  );
}

function arrayOf(bytes: Uint8Array, member: ZipMember, inflate: Inflate): NamedArray {
  const name = keyOf(member);
  return { ...parseNpy(memberBytes(bytes, member, inflate), `${printable(member.name)}, `), name };
}

function splitOf(path: string, images: NamedArray, labels: NamedArray): ArraySplit {
  const found = imagesIn(path, images);
  return {
    ...found,
    where: `${images.name} in ${path}`,
    labels: labelsOf(path, labels, found.count, images.name),
  };
}

function imagesIn(
  path: string,
  images: NamedArray,
): Pick<ArraySplit, 'count' | 'shape' | 'writeImages'> {
  const { run, shape, bytes, start, fortran, name } = images;
  if (shape[0] === 0)
    throw new UserError(
      `${path}: ${printable(name)} must hold images, but there are none (${describeNpy(images)}); ` +
        'save at least one',
    );
  const layout =
    run?.kind === 'u1' ? layoutOf(shape, start, fortran ? 'by-column' : 'by-row') : null;
  if (layout === null) {
    throw new UserError(
      `${path}: ${printable(name)} must be images of ${IMAGES_RULE}, got ` +
        `${describeNpy(images)}; save them so, pixels from 0 to 255`,
    );
  }
  const count = must(shape[0]);
  return {
    count,
    shape: layout.shape,
    writeImages: (target, wanted) => copyImages(bytes, layout, target, wanted),
  };
}

/** How labels of another kind become class numbers. */
function labelRemedy({ run }: NamedArray, flat: boolean): string {
  if (!flat) return 'of one row for each class (one-hot) save numpy.argmax(labels, axis=1)';
  return run?.kind.startsWith('f') === true
    ? 'of whole numbers save labels.astype(int)'
    : 'of names save numpy.unique(labels, return_inverse=True)[1]';
}

/** One integer for each image, as N or N x 1 numbers. */
function labelsOf(path: string, labels: NamedArray, count: number, images: string): Int32Array {
  const { run, shape, name } = labels;
  const flat = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (run === null || !KINDS_OF_LABELS.includes(run.kind) || !flat) {
    throw new UserError(
      `${path}: ${printable(name)} must be a list of integers, the classes of the ` +
        `images, got ${describeNpy(labels)}; ${labelRemedy(labels, flat)}`,
    );
  }
  if (run.count !== count)
    throw new UserError(
      `${path}: there must be one label for each image, got ${count} images in ` +
        `${printable(images)} and ${run.count} labels in ${printable(name)}; save arrays ` +
        'that belong together',
    );
  return Int32Array.from({ length: count }, (_, index) => {
    const label = numberAt(run, index);
    if (label < 0 || label > 65_535)
      throw new UserError(
        `${path}: ${printable(name)} must be class numbers from 0 to 65535, got ${label} ` +
          `for image ${index}; number the classes from 0`,
      );
    return label;
  });
}
