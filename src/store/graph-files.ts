import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { invariant, UserError } from '../core/errors.js';
import { checksumOf } from '../graph-files/formats/read.js';
import { mapPlainGraphs, plainGraphs } from '../graph/inner.js';
import { graphFamilies } from '../graph/registry.js';
import { buildGraph, formatGraphSpec, parseGraphSpec, parseGraphSpecIn } from '../graph/spec.js';
import type { GraphSpec } from '../graph/types.js';
import { makeDirectory, readBytes, writeFileAtomic } from '../platform/fs.js';
import { mapGraphs } from '../study/predictions.js';
import type { StudySpec } from '../study/types.js';
import '../graph-files/register.js';

/** The folder of a study's directory that holds copies of the files of its graphs. */
export const GRAPHS_FOLDER = 'graphs';

/** A file that graphs of a study are read from, and its copy in the study's directory. */
export interface GraphFile {
  /** The author's file. */
  readonly from: string;
  /** The copy, relative to the study's directory, with slashes. */
  readonly copy: string;
  /** As a spec has it. */
  readonly checksum: string;
}

/** A spec whose graph files lie in the study's directory, and the files to be copied there. */
export interface PortableSpec {
  readonly spec: StudySpec;
  readonly files: readonly GraphFile[];
}

const readFamilies = graphFamilies.filter(({ reads }) => reads).map(({ name }) => name);

/**
 * Whether a line may have a graph that is read from a file in it. Most lines of a large study have
 * none and need no parsing.
 */
function mayRead(line: string): boolean {
  return readFamilies.some((family) => line.includes(family));
}

/**
 * The spec with every graph file named by a copy in the study's directory, `graphs/NAME`, so that
 * the directory can be moved and the spec does not depend on where it was written. Nothing is read
 * or written.
 */
export function portableSpec(spec: StudySpec): PortableSpec {
  const files = new Map<string, GraphFile>();
  const moved = (line: string): string =>
    mayRead(line)
      ? formatGraphSpec(mapPlainGraphs(parseGraphSpec(line), (plain) => withCopy(plain, files)))
      : line;
  const { predictions } = spec;
  const portable = {
    ...spec,
    baseline: moved(spec.baseline),
    graphs: spec.graphs.map(moved),
    ...(spec.names && { names: spec.names.map((each) => ({ ...each, graph: moved(each.graph) })) }),
    ...(spec.nulls && { nulls: spec.nulls.map((each) => ({ ...each, of: moved(each.of) })) }),
    predictions: predictions && mapGraphs(predictions, moved),
  };
  return { spec: portable, files: [...files.values()] };
}

function withCopy(plain: GraphSpec, files: Map<string, GraphFile>): GraphSpec {
  const { path, sha256 } = plain.params;
  if (plain.family !== 'file') return plain;
  invariant(
    typeof path === 'string' && typeof sha256 === 'string',
    'the spec of a graph file without path or checksum',
  );
  const key = `${sha256} ${path}`;
  const known = files.get(key) ?? {
    from: path,
    copy: freeName(path, [...files.values()]),
    checksum: sha256,
  };
  files.set(key, known);
  return { ...plain, params: { ...plain.params, path: known.copy } };
}

/**
 * The file's own name, with a number where another file has taken it (on some systems letters of
 * either case are the same).
 */
function freeName(path: string, taken: readonly GraphFile[]): string {
  const name = basename(path);
  const ending = extname(name);
  for (let number = 1; ; number++) {
    const numbered = `${name.slice(0, name.length - ending.length)}-${number}${ending}`;
    const copy = `${GRAPHS_FOLDER}/${number === 1 ? name : numbered}`;
    if (taken.every((file) => file.copy.toLowerCase() !== copy.toLowerCase())) return copy;
  }
}

/**
 * Copies graph files into a study's directory; copies that are there stay. Throws a `UserError`
 * where one is not as it was.
 */
export function copyGraphFiles(files: readonly GraphFile[], directory: string): void {
  if (files.length > 0) makeDirectory(join(directory, GRAPHS_FOLDER));
  for (const { from, copy, checksum } of files) {
    const target = join(directory, copy);
    if (existsSync(target)) {
      if (checksumOf(readBytes(target)) === checksum) continue;
      throw new UserError(
        `${target} must be the study's copy of ${from}, but it is another file; remove ` +
          'it, or choose another directory with --out',
      );
    }
    const bytes = readBytes(from);
    if (checksumOf(bytes) !== checksum)
      throw new UserError(`${from} changed while the study was begun; run the same command again`);
    writeFileAtomic(target, bytes);
  }
}

/** The spec on a study's line, its graph files found in the study's directory. */
export function graphOfStudy(line: string, directory: string): GraphSpec {
  return parseGraphSpecIn(resolve(directory), line);
}

/**
 * Reads every graph that comes from a file of the user's, alone or within others, so that one that
 * is missing, damaged or changed is told before anything is trained. Throws the `UserError` of the
 * first.
 *
 * @param directory what paths in the lines are relative to
 */
export function checkGraphFiles(lines: readonly string[], directory: string): void {
  const checked = new Set<string>();
  for (const plain of lines
    .filter(mayRead)
    .flatMap((line) => plainGraphs(graphOfStudy(line, directory)))) {
    const line = formatGraphSpec(plain);
    if (!readFamilies.includes(plain.family) || checked.has(line)) continue;
    checked.add(line);
    buildGraph(plain);
  }
}

/** The files that the graphs on a study's lines are read from, as absolute paths. Nothing is read. */
export function graphFilePaths(lines: readonly string[], directory: string): readonly string[] {
  return lines
    .filter(mayRead)
    .flatMap((line) => plainGraphs(graphOfStudy(line, directory)))
    .filter(({ family }) => family === 'file')
    .map(({ params }) => resolve(directory, String(params.path)));
}
