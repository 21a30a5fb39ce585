/** Other people's formats. */
export { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../core/safetensors.js';
export { readSafetensorsFile, writeSafetensorsFile } from '../platform/safetensors-files.js';
export type { Tensor } from '../core/tensor.js';
export { readGraph2nn } from './graph2nn/folder.js';
export { studyOf, writeStudies, type ImportedStudy } from './graph2nn/study.js';
export {
  RESULT_COLUMNS,
  type PublishedFolder,
  type PublishedGraph,
  type PublishedRow,
  type PublishedTable,
  type PublishedTask,
} from './graph2nn/types.js';
export { onnxNetwork, type OnnxLayer, type OnnxNetwork } from './onnx/layers.js';
export { exportTarget, exportTargets } from './export/registry.js';
export type {
  ExportedFiles,
  ExportOptions,
  ExportTarget,
  NetworkTarget,
  Origin,
  StudyOrigin,
  StudyRecords,
  StudyTarget,
  TrainedNetwork,
} from './export/types.js';
