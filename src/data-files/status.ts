import type { DataFacts, DataSource } from '../data/descriptor.js';
import { dataSources } from '../data/registry.js';
import { type DataOptions, dataPlaces } from '../platform/places.js';
import './register.js';

/** A data set as `plexus data list` shows it. */
export interface DataSetStatus extends DataFacts {
  readonly name: string;
  readonly meaning: string;
  /** Complete and ready to use. */
  readonly found: boolean;
  /** The folder and why it was looked at, or `built in`; null where there is none. */
  readonly where: string | null;
  /** What is wrong with the copy that is there. */
  readonly problem: string | null;
}

/**
 * Every data set with its state on this machine. Looks at names and sizes of files, not into them.
 */
export function listDataSets(options: DataOptions = {}): readonly DataSetStatus[] {
  const places = dataPlaces(options);
  return dataSources.flatMap(({ name, meaning, facts, find }) => {
    if (facts === undefined) return [];
    const copy = find?.(places) ?? null;
    const where = copy && `${copy.folder} (${copy.origin})`;
    return [
      {
        name,
        meaning,
        ...facts,
        found: find === undefined || (copy !== null && copy.problem === null),
        where: find === undefined ? 'built in' : where,
        problem: copy && copy.problem,
      },
    ];
  });
}

/** A format of somebody's own files. */
export interface DataFormat extends Pick<DataSource, 'name' | 'meaning'> {
  /** What the path of a spec leads to. */
  readonly path: string;
}

/** The formats of somebody's own files. */
export function dataFormats(): readonly DataFormat[] {
  return dataSources.flatMap(({ name, meaning, path }) =>
    path === undefined ? [] : [{ name, meaning, path }],
  );
}
