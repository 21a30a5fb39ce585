import { UserError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { DataSource } from '../data/descriptor.js';
import { wholeNumbers } from '../data/keys.js';
import type { DataSpec, MemoryDataset } from '../data/types.js';
import { arrayDataset } from '../data-formats/dataset.js';
import { readIdxDirectory } from './arrays/idx.js';
import { getPublished } from './get.js';
import {
  checkPublished,
  type Download,
  findPublished,
  grouped,
  type PublishedSet,
  remedyOf,
  requirePublished,
} from './published.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly 'fashion-mnist': MemoryDataset;
  }
}

const SHAPE: Shape = { channels: 1, height: 28, width: 28 };
const MOST = { train: 60_000, test: 10_000 } as const;
const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** Address of the files' folder; their checksums are in the README there. */
const HOME = 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion';

function fileOf(file: string, bytes: number, md5: string): Download {
  return { url: `${HOME}/${file}`, file, bytes, md5 };
}

/** Fashion-MNIST as it is published: four packed IDX files. */
export const fashionMnistFiles: readonly Download[] = [
  fileOf('train-images-idx3-ubyte.gz', 26_421_880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
  fileOf('train-labels-idx1-ubyte.gz', 29_515, '25c81989df183df01b3e8a0aad5dffbe'),
  fileOf('t10k-images-idx3-ubyte.gz', 4_422_102, 'bef4ecab320f06d8554ea6380940ec79'),
  fileOf('t10k-labels-idx1-ubyte.gz', 5_148, 'bb300cfdad3c16e7a12a480ee83cd310'),
];

/**
 * Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf, 2017) made of such files; others only in tests.
 */
export function fashionMnistSource(files: readonly Download[]): DataSource {
  const set: PublishedSet = {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    folder: 'fashion-mnist',
    files: files.map(({ file, bytes }) => ({
      name: file,
      bytes,
      what: `the published file has ${grouped(bytes)}`,
    })),
    // MNIST's files have the same names.
    telling: false,
    fetch: { each: files },
    extras: [],
  };
  const counts = (spec: DataSpec) => ({
    train: spec.train ?? MOST.train,
    test: spec.test ?? MOST.test,
  });
  return {
    name: set.name,
    meaning: 'grey pictures of ten kinds of clothes, in the format of MNIST (Xiao et al., 2017)',
    keys: { train: wholeNumbers(1, MOST.train), test: wholeNumbers(1, MOST.test) },
    facts: { classes: CLASSES, shape: SHAPE, ...MOST },
    settle: (spec) => ({ name: set.name, ...counts(spec) }),
    load: (spec, { places }) => {
      const words = counts(spec);
      const folder = requirePublished(set, places);
      checkPublished(set, folder);
      return { dataset: readClothes(set, folder, words), words };
    },
    find: (places) => findPublished(set, places),
    download: {
      title: set.title,
      size: '31 MB to fetch',
      get: (options) => getPublished(set, options),
    },
  };
}

/** Fashion-MNIST. */
export const fashionMnist = fashionMnistSource(fashionMnistFiles);

function readClothes(
  set: PublishedSet,
  folder: string,
  counts: { readonly train: number; readonly test: number },
): Omit<MemoryDataset, 'name' | 'identity'> {
  const { train, test } = readIdxDirectory(folder);
  const dataset = arrayDataset(train, test, { ...counts, flip: true });
  const { channels, height, width } = dataset.shape;
  if (dataset.classes.length !== CLASSES.length || channels * height * width !== 28 * 28)
    throw new UserError(
      `${folder} must hold ${set.title}, ${CLASSES.length} classes of 28x28 pixels, but has ` +
        `${dataset.classes.length} of ${height}x${width}; ${remedyOf(set)}`,
    );
  return {
    ...dataset,
    classes: CLASSES,
    // Of all training images, rounded to hundredths.
    mean: [72.94],
    std: [90.02],
    // Mirrored and shifted, as in the results with wide residual networks that its README lists.
    augmentation: { flip: true, pad: 4 },
  };
}
