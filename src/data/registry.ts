import { messageOf, UserError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { type DataOptions, dataPlaces } from '../platform/places.js';
import { checkCifar10, cifar10, findCifar10, recordsPerFile } from './cifar10.js';
import { shapeClasses, shapeDefaults } from './shapes.js';

/** The data sets there are. */
export const dataSetNames = ['cifar10', 'shapes'] as const;
export type DataSetName = (typeof dataSetNames)[number];

/** The formats of other people's data sets; the path of one is part of a data spec. */
export const dataFormatNames = ['folder', 'idx', 'npz'] as const;
export type DataFormatName = (typeof dataFormatNames)[number];

/** A format of image data sets. */
export interface DataFormatInfo {
  readonly name: DataFormatName;
  readonly meaning: string;
  /** What the path of a spec leads to. */
  readonly path: string;
}

export const dataFormats: Readonly<Record<DataFormatName, DataFormatInfo>> = {
  folder: {
    name: 'folder',
    meaning: 'pictures (JPEG, PNG, WebP) in a folder for each class',
    path: 'the directory that holds train/CLASS/*.jpg and val/CLASS/*.jpg',
  },
  idx: {
    name: 'idx',
    meaning: "images in MNIST's format, also with .gz",
    path: 'the directory that holds train-images-idx3-ubyte and the three other files',
  },
  npz: {
    name: 'npz',
    meaning: 'NumPy arrays of images and labels',
    path: 'the .npz file that holds x_train, y_train, x_test and y_test',
  },
};

/** What a data set is, whether or not it is on this machine. Counts are in images. */
export interface DataSetInfo {
  readonly name: DataSetName;
  readonly meaning: string;
  readonly classes: readonly string[];
  readonly shape: Shape;
  /** All that there are; for `shapes`, which draws as many as are wanted, the default. */
  readonly train: number;
  readonly test: number;
}

/** A data set as `plexus data list` shows it. */
export interface DataSetStatus extends DataSetInfo {
  /** Complete and ready to use. */
  readonly found: boolean;
  /** The folder and why it was looked at, or `built in`; null where there is none. */
  readonly where: string | null;
  /** What is wrong with the copy that is there. */
  readonly problem: string | null;
}

export const dataSets: Readonly<Record<DataSetName, DataSetInfo>> = {
  cifar10: {
    name: 'cifar10',
    meaning: 'small colour photographs of ten kinds of animals and vehicles (Krizhevsky, 2009)',
    classes: cifar10.classes,
    shape: cifar10.shape,
    train: cifar10.trainFiles.length * recordsPerFile,
    test: cifar10.testFiles.length * recordsPerFile,
  },
  shapes: {
    name: 'shapes',
    meaning: 'ten classes of coloured shapes drawn over clutter; built in, any size and number',
    classes: shapeClasses,
    shape: { channels: 3, height: shapeDefaults.size, width: shapeDefaults.size },
    train: shapeDefaults.train,
    test: shapeDefaults.test,
  },
};

/**
 * Every data set with its state on this machine. Looks at names and sizes of files, not into them.
 */
export function listDataSets(options: DataOptions = {}): readonly DataSetStatus[] {
  return [
    cifar10Status(options),
    { ...dataSets.shapes, found: true, where: 'built in', problem: null },
  ];
}

function cifar10Status(options: DataOptions): DataSetStatus {
  const place = findCifar10(dataPlaces(options));
  if (place === null) return { ...dataSets.cifar10, found: false, where: null, problem: null };
  const where = `${place.folder} (${place.origin})`;
  try {
    checkCifar10(place.folder);
    return { ...dataSets.cifar10, found: true, where, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...dataSets.cifar10, found: false, where, problem: messageOf(error) };
  }
}
