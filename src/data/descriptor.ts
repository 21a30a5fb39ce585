import type { DataPlace } from '../core/data-places.js';
import type { Shape } from '../core/shape.js';
import type { DataKey, KeyRule } from './keys.js';
import type { Dataset, DataSpec, MemoryDataset, PictureDataset } from './types.js';

/** What a data set is, whether or not it is on this machine. Counts are in images. */
export interface DataFacts {
  readonly classes: readonly string[];
  readonly shape: Shape;
  /** All that there are; of one that is drawn, as many as are drawn by default. */
  readonly train: number;
  readonly test: number;
}

/** Where to look for a data set, and how to load it. */
export interface LoadContext {
  /** Directories that may hold data sets, in the order in which they are looked at. */
  readonly places: readonly DataPlace[];
  /**
   * Bytes that decoded pictures may take; default: a quarter of the machine's memory, at most 4
   * GiB. Changes no result.
   */
  readonly memory?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes lines about the progress of decoding. */
  readonly note?: ((line: string) => void) | undefined;
}

/** A data set as its descriptor loads it, not yet named. */
export interface LoadedData {
  readonly dataset:
    Omit<MemoryDataset, 'name' | 'identity'> | Omit<PictureDataset, 'name' | 'identity'>;
  /** What the identity tells besides the name and the hash, in this order. */
  readonly words: Readonly<Record<string, string | number | boolean>>;
  /** The first 16 digits of a SHA-256 over the content; absent: over images and labels in memory. */
  readonly hash?: string;
}

/** A copy of a data set on this machine. */
export interface FoundData {
  readonly folder: string;
  readonly origin: DataPlace['origin'];
  /** What is wrong with it; null where it is complete. */
  readonly problem: string | null;
}

/** How far a download is. */
export interface Progress {
  /** Bytes on the disk, of how many. */
  readonly done: number;
  readonly total: number;
  /** Mean speed of this run; 0 until some time has passed. */
  readonly bytesPerSecond: number;
  /** Null while the speed is unknown. */
  readonly secondsLeft: number | null;
}

/** Where a download goes, and who is told of it. */
export interface GetOptions {
  /** The data directory (made where missing), or the folder of the files itself. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a download left on the disk. */
export interface GetResult {
  /** The folder with the files. */
  readonly folder: string;
  /** False: a complete copy was there already. */
  readonly changed: boolean;
}

/** How a data set is fetched from where it is published. */
export interface DataDownload {
  /** What messages call the data set. */
  readonly title: string;
  /** What there is to fetch, for help texts: `170 MB to fetch, 184 MB unpacked`. */
  readonly size: string;
  readonly get: (options: GetOptions) => Promise<GetResult>;
}

/**
 * A data set, or a format of somebody's own: what a spec may say of it, and how it is loaded. One
 * file each; specs, commands, help texts and errors follow from it.
 */
export interface DataSource {
  /** As specs name it. */
  readonly name: string;
  /** One line, for lists. */
  readonly meaning: string;
  /** The keys of a spec that it takes besides its name, with their rules. */
  readonly keys: Readonly<Partial<Record<DataKey, KeyRule>>>;
  /** Absent of a format of somebody's own files, which tell when they are read. */
  readonly facts?: DataFacts;
  /** Of a format: what the path of a spec must lead to. */
  readonly path?: string;
  /** `auto` stands for it where it is found. */
  readonly auto?: true;
  /** The checked spec with what it leaves open filled in, so that it means the same tomorrow. */
  readonly settle: (spec: DataSpec) => DataSpec;
  /** Loads what a settled spec says. */
  readonly load: (spec: DataSpec, context: LoadContext) => LoadedData | Promise<LoadedData>;
  /**
   * Looks for a copy, at names and sizes of files; damaged ones count. Absent of one that is built
   * in, and of formats.
   */
  readonly find?: (places: readonly DataPlace[]) => FoundData | null;
  /** Absent where there is nothing to fetch. */
  readonly download?: DataDownload;
}

/** What a data set in memory or made of pictures is before it has its name. */
export type Unnamed<T extends Dataset> = Omit<T, 'name' | 'identity'>;
