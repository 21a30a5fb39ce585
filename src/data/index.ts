export type {
  Augmentation,
  CropKind,
  DataSpec,
  Dataset,
  DecodedPictures,
  ImageSplit,
  MemoryDataset,
  NormaliseKind,
  PackedFiles,
  PictureChanges,
  PictureDataset,
  PictureSplit,
  Split,
} from './types.js';
export { evaluationBatches, imageToNumbers, trainingBatches } from './batches.js';
export type { BatchPlan, TrainingBatches, TrainingOptions } from './batches.js';
export { openSource } from './source.js';
export type { BatchSource, LoadedBatch, SourceOptions } from './source.js';
export { checkDataSpec, dataKeysOf, dataNames, dataProblem } from './settings.js';
export { shapeLimits } from './shapes.js';
export { loadDataset, resolveDataSpec } from './load.js';
export type { LoadOptions, ResolvedDataSpec } from './load.js';
export { dataPlaces, userCache } from '../platform/places.js';
export type { DataOptions, DataPlace, Environment } from '../platform/places.js';
export { dataFormatNames, dataFormats, dataSetNames, dataSets, listDataSets } from './registry.js';
export type {
  DataFormatInfo,
  DataFormatName,
  DataSetInfo,
  DataSetName,
  DataSetStatus,
} from './registry.js';
export { getCifar10 } from './get.js';
export type { Archive, GetOptions, GetResult } from './get.js';
export { getConnectomes, listConnectomes } from './connectomes.js';
export type {
  ConnectomeStatus,
  GetConnectomesOptions,
  GetConnectomesResult,
} from './connectomes.js';
export { NetworkError } from './download.js';
export type { Progress } from './download.js';
