import { messageOf, printable, UserError } from '../core/errors.js';
import { expandGraphSpecs, graphSpecsOfLine } from '../graph/sets/reference.js';
import { formatGraphSpec, parseGraphSpec, parseGraphSpecIn } from '../graph/spec.js';
import type { GraphSpec } from '../graph/types.js';
import type { Architecture } from '../network/architectures/architecture.js';
import { layerSpecs } from '../network/relational.js';
import type { GivenStudy } from './schema.js';
import { at, atPlace, placed, placeOf, type Source, type SpecList } from './source.js';

/** One graph spec and where it was written, for messages. */
interface PlacedGraph {
  readonly spec: string;
  readonly place: string;
}

/** The graphs of a study, canonical: the baseline, and those that are compared with it. */
export function graphsIn(
  given: GivenStudy,
  arch: Architecture,
  source: Source,
): { readonly baseline: string; readonly graphs: readonly string[] } {
  const { directory } = source;
  const baseline = at(source, ['baseline'], () =>
    fitting(
      directory === null
        ? parseGraphSpec(given.baseline)
        : parseGraphSpecIn(directory, given.baseline),
      arch,
    ),
  );
  refuseSplitSpecs(given, source);
  const listed = given.graphs.flatMap((entry, index) => placedGraphs(entry, index, source));
  for (const { spec, place } of listed)
    atPlace(
      () => place,
      () => fitting(parseGraphSpec(spec), arch),
    );
  return { baseline, graphs: distinctGraphs(listed, baseline) };
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
  entry: string | { readonly file: string },
  index: number,
  source: Source,
): readonly PlacedGraph[] {
  if (typeof entry === 'string') {
    const specs = at(source, ['graphs', index], () =>
      distinctSpecs(expandGraphSpecs(entry, source.directory)),
    );
    return specs.map((spec) => ({ spec, place: placeOf(source, ['graphs', index]) }));
  }
  const { files } = source;
  if (files === null)
    throw placed(
      source,
      ['graphs', index],
      `a list of graphs in a file can be read only where there are files; got ${entry.file}; ` +
        'list the graphs themselves',
    );
  const specs = at(source, ['graphs', index], () => graphsOfList(files.readList(entry.file)));
  if (specs.length === 0)
    throw placed(
      source,
      ['graphs', index],
      `${entry.file} lists no graph; it needs one graph spec a line`,
    );
  return specs;
}

function graphsOfList({ path, name, directory, text }: SpecList): PlacedGraph[] {
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
