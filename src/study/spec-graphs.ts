import { messageOf, printable, UserError } from '../core/errors.js';
import { expandGraphSpecs, graphSpecsOfLine } from '../graph/sets/reference.js';
import { formatGraphSpec, parseGraphSpec, parseGraphSpecIn } from '../graph/spec.js';
import type { GraphSpec } from '../graph/types.js';
import type { Architecture } from '../network/architectures/architecture.js';
import { layerSpecs } from '../network/relational.js';
import { checkNames } from './names.js';
import { nullsOf } from './nulls.js';
import type { GivenStudy } from './schema.js';
import { at, atPlace, placed, placeOf, type Source, type SpecList } from './source.js';
import type { NamedGraph, NullsSpec, StudySpec } from './types.js';

/** One graph spec and where it was written, for messages. */
interface PlacedGraph {
  readonly spec: string;
  readonly place: string;
  /** The entry's number in the list of graphs; of a null graph that of its ensemble. */
  readonly key: readonly PropertyKey[];
  readonly name?: string | undefined;
}

/** The graphs of a study, canonical, with their names; those of null ensembles come last. */
export function graphsIn(
  given: GivenStudy,
  arch: Architecture,
  source: Source,
): Pick<StudySpec, 'baseline' | 'graphs' | 'names' | 'nulls'> {
  const { name: baselineName, graph: line } = namedEntry(given.baseline);
  const baseline = at(source, ['baseline'], () => fitting(parsedLine(line, source), arch));
  refuseSplitSpecs(given, source);
  const listed = given.graphs.flatMap((entry, index) => placedGraphs(entry, index, source));
  const named = namesIn([{ spec: baseline, key: ['baseline'], name: baselineName }, ...listed]);
  checkNames(named, source);
  const nulls = (given.nulls ?? []).map((each, index) =>
    nullsIn(each, index, { listed, named, source, isSearch: given.search !== undefined }),
  );
  const drawn = nulls.flatMap((each, index): PlacedGraph[] =>
    nullsOf(each).map((spec) => ({
      spec,
      key: ['nulls', index],
      place: placeOf(source, ['nulls', index]),
    })),
  );
  const all = [...listed, ...drawn];
  for (const { spec, place } of all)
    atPlace(
      () => place,
      () => fitting(parseGraphSpec(spec), arch),
    );
  return {
    baseline,
    graphs: distinctGraphs(all, baseline),
    ...(named.length === 0 ? {} : { names: named.map(({ name, graph }) => ({ name, graph })) }),
    ...(nulls.length === 0 ? {} : { nulls }),
  };
}

/** A graph with or without a name. */
function namedEntry(entry: GivenStudy['baseline']): {
  readonly name?: string;
  readonly graph: string;
} {
  return typeof entry === 'string' ? { graph: entry } : entry;
}

function parsedLine(line: string, { directory }: Source): GraphSpec {
  return directory === null ? parseGraphSpec(line) : parseGraphSpecIn(directory, line);
}

/** The graphs that have a name, and where it stands. */
function namesIn(
  graphs: readonly Omit<PlacedGraph, 'place'>[],
): (NamedGraph & { readonly key: readonly PropertyKey[] })[] {
  return graphs.flatMap(({ spec, key, name }) =>
    name === undefined ? [] : [{ name, graph: spec, key: [...key, 'name'] }],
  );
}

interface NullsGround {
  readonly listed: readonly PlacedGraph[];
  readonly named: readonly NamedGraph[];
  readonly source: Source;
  readonly isSearch: boolean;
}

/** A null ensemble of one of the graphs that are listed, which is given by its name or its spec. */
function nullsIn(
  given: NonNullable<GivenStudy['nulls']>[number],
  index: number,
  { listed, named, source, isSearch }: NullsGround,
): NullsSpec {
  const key = ['nulls', index];
  if (isSearch)
    throw placed(
      source,
      key,
      'a search trains only what it chooses, and nulls are not chosen among; leave out nulls ' +
        'or search',
    );
  const known = named.find(({ name }) => name === given.of)?.graph;
  const spelt = (): string => formatGraphSpec(parsedLine(given.of, source));
  // Without a colon it is meant as a name.
  const of = known ?? (given.of.includes(':') ? at(source, [...key, 'of'], spelt) : null);
  if (of === null || !listed.some(({ spec }) => spec === of))
    throw placed(
      source,
      [...key, 'of'],
      'nulls.of must be one of the graphs, by its name or its spec, got ' +
        `"${printable(given.of)}"; list it under graphs`,
    );
  return { ...given, of };
}

/**
 * YAML splits `[ws-flex:n=64,k=8]` at the comma; without this the message would be about a missing
 * parameter.
 */
function refuseSplitSpecs({ graphs }: GivenStudy, source: Source): void {
  for (const [index, entry] of graphs.entries()) {
    if (typeof entry !== 'string' || !/^\w+\s*=/.test(entry)) continue;
    throw placed(
      source,
      ['graphs', index],
      `a graph spec must begin with its family, got "${printable(entry)}"; in a YAML ` +
        'list in brackets put specs with commas in quotes: ["ws-flex:n=64,k=8"]',
    );
  }
}

/**
 * A graph's canonical line. Throws a `UserError` for a sequence that does not fit the architecture.
 */
function fitting(spec: GraphSpec, arch: Architecture): string {
  layerSpecs(spec, arch);
  return formatGraphSpec(spec);
}

function placedGraphs(
  entry: GivenStudy['graphs'][number],
  index: number,
  source: Source,
): readonly PlacedGraph[] {
  const key = ['graphs', index];
  if (typeof entry === 'object' && 'file' in entry) return listedGraphs(entry, key, source);
  const { graph, name } = namedEntry(entry);
  const specs = at(source, key, () => distinctSpecs(expandGraphSpecs(graph, source.directory)));
  if (name !== undefined && specs.length > 1)
    throw placed(
      source,
      [...key, 'graph'],
      `a name must be that of one graph, but ${printable(graph)} stands for ${specs.length}; ` +
        'list the set without a name',
    );
  return specs.map((spec) => ({ spec, place: placeOf(source, key), key, name }));
}

function listedGraphs(
  { file }: { readonly file: string },
  key: readonly PropertyKey[],
  source: Source,
): readonly PlacedGraph[] {
  const { files } = source;
  if (files === null)
    throw placed(
      source,
      key,
      `a list of graphs in a file can be read only where there are files; got ${file}; ` +
        'list the graphs themselves',
    );
  const specs = at(source, key, () => graphsOfList(files.readList(file)));
  if (specs.length === 0)
    throw placed(source, key, `${file} lists no graph; it needs one graph spec a line`);
  return specs.map((each) => ({ ...each, key }));
}

function graphsOfList({ path, name, directory, text }: SpecList): Omit<PlacedGraph, 'key'>[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    try {
      return distinctSpecs(graphSpecsOfLine(line, index + 1, directory)).map((spec) => ({
        spec,
        place: `${path}:${index + 1}`,
      }));
    } catch (error) {
      const hint = /^[a-z-]+\s*:/.test(line.trim())
        ? ''
        : '; {file: PATH} is a list of graph specs, one a line, and a graph in a file is ' +
          `written without a space: file:${name}`;
      throw new UserError(`${path}, ${messageOf(error)}${hint}`);
    }
  });
}

/**
 * The canonical lines of what one entry stands for; a set may hold a graph twice, which is trained
 * once.
 */
function distinctSpecs(specs: readonly GraphSpec[]): string[] {
  return [...new Set(specs.map(formatGraphSpec))];
}

function distinctGraphs(graphs: readonly PlacedGraph[], baseline: string): string[] {
  const seen = new Map<string, string>();
  for (const { spec, place } of graphs) {
    if (spec === baseline)
      throw new UserError(
        `${place}: ${spec} is the baseline, which is trained anyway; remove it from the graphs`,
      );
    const before = seen.get(spec);
    if (before !== undefined)
      throw new UserError(
        `${place}: every graph is listed once; ${spec} stands at ${before} already`,
      );
    seen.set(spec, place);
  }
  return [...seen.keys()];
}
