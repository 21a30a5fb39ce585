import { UserError } from '../core/errors.js';
import { resolveDataSpec } from '../data-files/load.js';
import { specFor } from '../data/spec.js';
import type { DataSpec } from '../data/types.js';
import type { DataOptions } from '../platform/places.js';
import { describeDifferences, sameStudy } from '../study/differences.js';
import type { Registration, SearchSpec, StudySpec } from '../study/types.js';
import { portableSpec, type PortableSpec } from './graph-files.js';

/** What a directory holds already. */
export interface Held {
  readonly directory: string;
  /** The spec of the study that was begun there; null where none was. */
  readonly begun: StudySpec | null;
  readonly registration: Registration | null;
}

/** A frozen spec, and what of the author's is not in it. */
export interface FrozenSpec extends PortableSpec {
  /** The data as the author names them now: their path may be another one than at the start. */
  readonly data: DataSpec;
}

/**
 * The author's spec as a study runs and registers it, `auto` data resolved, and the graph files
 * that it names.
 *
 * @throws UserError when the directory holds a study, or the registration of one, that differs
 */
export function frozenSpec(
  authored: StudySpec,
  { directory, begun, registration }: Held,
  data: DataOptions,
): FrozenSpec {
  const { spec: given, files } = portableSpec(authored);
  const held = begun ?? registration?.spec ?? null;
  if (held === null) {
    const search = given.search && settledSearch(given.search, true);
    const asked = search ? { validation: 'auto' as const, ...given.data } : given.data;
    const resolved = resolveDataSpec(asked, data);
    return { spec: { ...given, data: resolved, search }, files, data: resolved };
  }
  const search = given.search && settledSearch(given.search, held.search?.paired === true);
  const settled = {
    ...given,
    data: resolveDataSpec(settledData(given.data, held.data), data),
    search,
  };
  // Data may be moved while they stay what they are, which is looked at when they are loaded.
  const unmoved =
    begun !== null && settled.data.path !== undefined
      ? { ...settled, data: { ...settled.data, path: held.data.path } }
      : settled;
  // The same trials; what graphs are called, and how many threads train, may change at any time.
  if (sameStudy(held, unmoved)) {
    const { names: _, ...rest } = held;
    const train = { ...held.train, threads: settled.train.threads };
    const spec = { ...rest, train, ...(settled.names && { names: settled.names }) };
    return { spec, files, data: settled.data };
  }
  const differences = describeDifferences(held, settled);
  const remedy = 'change the spec back, give the new one another name or directory (--out DIR)';
  const [what, old] =
    begun === null
      ? ['was registered for another spec', 'run the registered one']
      : ['holds a study of another spec', 'continue the old one'];
  throw new UserError(
    `${directory} ${what}: ${differences}; ${remedy}, or ${old} with: plexus study run ` +
      directory,
  );
}

/**
 * What its author left open is by default; a search that is not paired is one of before there was
 * such a thing, to the hash too.
 */
function settledSearch({ paired, ...rest }: SearchSpec, byDefault: boolean): SearchSpec {
  return (paired ?? byDefault) ? { ...rest, paired: true } : rest;
}

/**
 * What `auto` meant was settled when the study began, and so was how many images are held out of
 * the training images where the author does not say.
 */
function settledData(given: DataSpec, { name, validation }: DataSpec): DataSpec {
  const named = given.name === 'auto' ? specFor(name, given) : given;
  return { ...(validation !== undefined && { validation }), ...named };
}
