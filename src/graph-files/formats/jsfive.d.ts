/** What is used of jsfive, which comes without types. */
declare module 'jsfive' {
  /** An array in an HDF5 file. */
  export interface Dataset {
    readonly shape: readonly number[];
    /** As NumPy writes it, e.g. `<f8`; an array for types that are no numbers. */
    readonly dtype: unknown;
    /** Row by row; a hole where nothing was written. */
    readonly value: ArrayLike<unknown>;
    readonly _dataobjects: {
      /** The file from the first byte of HDF5 on. */
      readonly fh: ArrayBuffer;
      /** The messages of that type in the head of the object; their places are known by name. */
      find_msg_type(type: number): readonly ReadonlyMap<string, unknown>[];
      readonly chunks: readonly number[] | null;
      /**
       * Byte of the root of the tree of chunks, and dimensions of its keys; known once `chunks` was
       * read.
       */
      readonly _chunk_address: number | null;
      readonly _chunk_dims: number | null;
    };
  }
  export class Group {
    readonly keys: string[];
    get(name: string): Group | Dataset | null;
  }
  /** Throws strings and errors of many kinds where the bytes are not what it expects. */
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }
  /** Decompressors by the number that HDF5 gives them. */
  export const Filters: Map<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>;
}
