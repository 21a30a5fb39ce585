/** Data sets without files: what a spec may say, the built-in shapes, batches and augmentation. */
export type {
  Augmentation,
  CropKind,
  DataSpec,
  Dataset,
  DecodedPictures,
  ImageSplit,
  KindOfData,
  MemoryDataset,
  NormaliseKind,
  PackedFiles,
  PictureChanges,
  PictureDataset,
  PictureSplit,
  Split,
} from './types.js';
export type {
  DataDownload,
  DataFacts,
  DataSource,
  FoundData,
  GetOptions,
  GetResult,
  LoadContext,
  LoadedData,
  Progress,
} from './descriptor.js';
export type { DataKey, KeyRule } from './keys.js';
export { dataNames, dataSource, dataSources, registerData } from './registry.js';
export { checkDataSpec, dataKeysOf, dataProblem, type DataProblem } from './spec.js';
export { shapeLimits } from './shapes.js';
export { evaluationBatches, imageToNumbers, trainingBatches } from './batches.js';
export type { BatchPlan, TrainingBatches, TrainingOptions } from './batches.js';
export type { BatchSource, LoadedBatch, SourceOptions } from './batch-source.js';
export { memorySource } from './memory-source.js';
export { type Normalisation } from './normalise.js';
