/** Data sets from files: CIFAR-10 and others by name, one's own, downloads, batches of any of them. */
import './register.js';
export { openSource } from './source.js';
export { loadDataset, resolveDataSpec } from './load.js';
export type { LoadOptions } from './load.js';
export { dataFormats, listDataSets } from './status.js';
export type { DataFormat, DataSetStatus } from './status.js';
export { getConnectomes, listConnectomes } from './connectomes.js';
export type {
  ConnectomeStatus,
  GetConnectomesOptions,
  GetConnectomesResult,
} from './connectomes.js';
export { NetworkError } from './download.js';
export { dataPlaces, userCache } from '../platform/places.js';
export type { DataOptions, Environment } from '../platform/places.js';
export type { DataPlace } from '../core/data-places.js';
