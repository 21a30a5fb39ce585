import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { messageOf, printable, UserError } from '../core/errors.js';
import { dataProblem } from '../data/spec.js';
import type { DataSpec } from '../data/types.js';
import { expandGraphSpecs, graphSpecsOfLine } from '../graph/sets/reference.js';
import { formatGraphSpec, parseGraphSpec, parseGraphSpecIn } from '../graph/spec.js';
import type { GraphSpec } from '../graph/types.js';
import type { Architecture } from '../network/architectures/architecture.js';
import { architecture } from '../network/architectures/registry.js';
import { layerSpecs } from '../network/relational.js';
import { stemOf } from '../network/task.js';
import { fileError } from '../platform/fs.js';
import { canonicalJson, sha256Hex } from '../platform/hash.js';
import { rungsOf } from '../search/rungs.js';
import { settingProblem, trainSettingsFor } from '../train/settings.js';
import type { TrainSettings } from '../train/types.js';
import { confirmIn, confirmSeeds } from './confirm.js';
import { predictionKeys, predictionsIn } from './predictions.js';
import { type GivenSearch, type StudyDraft, studySchema, validKeys } from './schema.js';
import { at, atPlace, placed, placeOf, type Source } from './source.js';
import type { SearchSpec, StudySpec, Trial } from './types.js';
import '../data-files/register.js';
import '../graph-files/register.js';

/** One graph spec and where it was written, for messages. */
interface PlacedGraph {
  readonly spec: string;
  readonly place: string;
}

/**
 * A study's spec from its YAML: checked, defaults filled in, `{file: PATH}` entries read (relative
 * to the spec's own directory), every graph spec in canonical form, with the paths in it absolute
 * (in the YAML they are relative to its directory).
 *
 * @param path where the text came from; messages start with it, `file` entries are relative to its
 * directory
 * @param options.frozen the text is a study's own spec, whose paths are relative to the study's
 * directory and stay so
 * @param options.search makes a search of the study, with these keys over those that the text has
 * @throws UserError naming the line, the rule and the value; for unknown keys also the valid ones
 */
export function parseStudySpec(
  text: string,
  path: string,
  {
    frozen = false,
    search,
  }: { readonly frozen?: boolean; readonly search?: GivenSearch | undefined } = {},
): StudySpec {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // Absolute, so that graph files are found again from elsewhere.
  const source: Source = {
    path,
    document,
    lines,
    directory: frozen ? null : resolve(dirname(path)),
  };
  const problem = document.errors[0];
  if (problem) {
    const what =
      problem.code === 'MULTIPLE_DOCS'
        ? 'a study is one YAML document; remove this line and what follows it'
        : `not valid YAML: ${printable(problem.message)}`;
    throw new UserError(`${path}:${lines.linePos(problem.pos[0]).line}: ${what}`);
  }
  const value = withSearch(plainValue(source), search);
  const parsed = studySchema.safeParse(value);
  if (!parsed.success) throw explain(parsed.error.issues, value, source);
  return complete(parsed.data, source);
}

/**
 * The document with the given keys in its search section; what is no mapping is left to the schema.
 */
function withSearch(value: unknown, given: GivenSearch | undefined): unknown {
  if (given === undefined || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const section: unknown = Reflect.get(value, 'search') ?? {};
  return {
    ...value,
    search:
      typeof section === 'object' && !Array.isArray(section) ? { ...section, ...given } : section,
  };
}

function plainValue({ document, path }: Source): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UserError(`${path}: not valid YAML: ${messageOf(error)}`);
  }
}

function complete(draft: StudyDraft, source: Source): StudySpec {
  const arch = at(source, ['arch'], () => architecture(draft.arch));
  const { directory } = source;
  const baseline = at(source, ['baseline'], () =>
    fitting(
      directory === null
        ? parseGraphSpec(draft.baseline)
        : parseGraphSpecIn(directory, draft.baseline),
      arch,
    ),
  );
  refuseSplitSpecs(draft, source);
  const listed = draft.graphs.flatMap((entry, index) => placedGraphs(entry, index, source));
  for (const { spec, place } of listed)
    atPlace(
      () => place,
      () => fitting(parseGraphSpec(spec), arch),
    );
  const graphs = distinctGraphs(listed, baseline);
  const seeds = seedsIn(draft, source);
  const train = trainIn(draft, source);
  const search = searchIn(draft, { train, seeds, source });
  const confirm = confirmIn(draft, { seeds, graphs: graphs.length, source });
  const spec: StudySpec = {
    plexus: 1,
    name: draft.name,
    arch: draft.arch,
    stem: stemIn(draft, arch, source),
    data: dataIn(draft, source),
    baseline,
    graphs,
    seeds,
    train,
    ...(search && { search }),
    ...(confirm && { confirm }),
  };
  const predictions = predictionsIn(draft.predictions, { spec, source });
  return predictions === undefined ? spec : { ...spec, predictions };
}

/** Seeds that a graph has by default: a search comes back to the graphs that matter. */
const SEARCH_SEEDS = 5;

function seedsIn({ seeds: given, search }: StudyDraft, source: Source): number[] {
  const listed = given ?? (search === undefined ? 1 : SEARCH_SEEDS);
  const seeds =
    typeof listed === 'number' ? Array.from({ length: listed }, (_, index) => index + 1) : listed;
  const repeated = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
  if (repeated !== undefined)
    throw placed(source, ['seeds'], `seeds must differ; ${repeated} is listed twice`);
  return seeds;
}

/** Trainings of the baseline by default, as far as the seeds go: enough for an interval. */
const SEARCH_BASELINE = 3;
/** Trainings chosen at a time by default; with halving so many that one is left after two rungs. */
const TOGETHER = { whole: 4, halving: 9 } as const;

/** The search with what was not given filled in; undefined where the study trains everything. */
function searchIn(
  { search }: StudyDraft,
  {
    train,
    seeds,
    source,
  }: { readonly train: TrainSettings; readonly seeds: readonly number[]; readonly source: Source },
): SearchSpec | undefined {
  if (search === undefined) return undefined;
  const { baseline = Math.min(SEARCH_BASELINE, seeds.length), together } = search;
  if (baseline > seeds.length)
    throw placed(
      source,
      ['search', 'baseline'],
      `search.baseline must be at most the number of seeds, ${seeds.length}; got ${baseline}`,
    );
  const halving =
    search.halving === true
      ? { first: Math.max(1, Math.ceil(train.epochs / 9)), factor: 3 }
      : search.halving;
  if (halving !== false) at(source, ['search', 'halving'], () => rungsOf(train.epochs, halving));
  return {
    ...search,
    baseline,
    together: together ?? (halving === false ? TOGETHER.whole : TOGETHER.halving),
    halving,
  };
}

/** The stem as written; one that the architecture does not have is an error. */
function stemIn({ stem }: StudyDraft, arch: Architecture, source: Source): StudySpec['stem'] {
  if (stem !== 'auto') at(source, ['stem'], () => stemOf(arch, { stem }));
  return stem;
}

/** What is given, the architecture's own settings for the rest. */
function trainIn({ arch, train }: StudyDraft, source: Source): TrainSettings {
  const settings = trainSettingsFor(arch, train);
  const problem = settingProblem(settings);
  if (problem)
    throw placed(
      source,
      ['train', problem.name],
      `train.${problem.name} must be ${problem.rule}; got ${String(settings[problem.name])}`,
    );
  return settings;
}

/** The data spec with an absolute path; in the YAML it is relative to its directory. */
function dataIn({ data }: StudyDraft, source: Source): DataSpec {
  const problem = dataProblem(data);
  if (problem !== null) throw placed(source, ['data', problem.key], problem.message);
  const { path } = data;
  return path === undefined || source.directory === null
    ? data
    : { ...data, path: resolve(source.directory, path) };
}

/**
 * YAML splits `[ws-flex:n=64,k=8]` at the comma; without this the message would be about a missing
 * parameter.
 */
function refuseSplitSpecs({ graphs }: StudyDraft, source: Source): void {
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
  const file = resolve(dirname(source.path), entry.file);
  const specs = at(source, ['graphs', index], () => graphsOfFile(file));
  if (specs.length === 0)
    throw placed(
      source,
      ['graphs', index],
      `${entry.file} lists no graph; it needs one graph spec a line`,
    );
  return specs;
}

function graphsOfFile(file: string): PlacedGraph[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError('read', file, error);
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    try {
      return distinctSpecs(graphSpecsOfLine(line, index + 1, dirname(file))).map((spec) => ({
        spec,
        place: `${file}:${index + 1}`,
      }));
    } catch (error) {
      const hint = /^[a-z-]+\s*:/.test(line.trim())
        ? ''
        : '; {file: PATH} is a list of graph specs, one a line, and a graph in a file is ' +
          `written without a space: file:${basename(file)}`;
      throw new UserError(`${file}, ${messageOf(error)}${hint}`);
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

/**
 * The schema's first complaint as rule, value, remedy; a misspelt key comes before the key that is
 * therefore missing.
 */
function explain(issues: readonly z.core.$ZodIssue[], value: unknown, source: Source): UserError {
  const [issue] = issues;
  const unknown = issues.map((each) => unknownKey(each, value)).find((key) => key !== null);
  if (unknown) {
    const [section = ''] = unknown.path.map(String);
    const kind = valueAt(value, [...unknown.path, 'kind']);
    const valid =
      section === 'predictions' ? predictionKeys(unknown.path, kind) : (validKeys[section] ?? []);
    return placed(
      source,
      [...unknown.path, unknown.key],
      `unknown key "${unknown.key}"; expected one of ${valid.join(', ')}`,
    );
  }
  const found = valueAt(value, issue.path);
  const name = issue.path.map(String).join('.') || 'a study';
  return placed(
    source,
    issue.path,
    `${name} must be ${issue.message}; ` +
      (found === undefined ? 'it is missing' : `got ${shown(found)}`),
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}"`;
  // JSON has no word for NaN and the infinities.
  return typeof value === 'number' ? String(value) : printable(JSON.stringify(value));
}

/** The unknown key an issue is about; a union hides it one level down. */
function unknownKey(
  issue: z.core.$ZodIssue,
  value: unknown,
): { readonly path: readonly PropertyKey[]; readonly key: string } | null {
  if (issue.code === 'unrecognized_keys') return { path: issue.path, key: issue.keys[0] };
  const entry =
    issue.path.length === 2 && issue.path[0] === 'graphs' ? valueAt(value, issue.path) : null;
  if (
    issue.code !== 'invalid_union' ||
    typeof entry !== 'object' ||
    entry === null ||
    Array.isArray(entry)
  )
    return null;
  const key = Object.keys(entry).find((name) => name !== 'file');
  return key === undefined ? null : { path: issue.path, key };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

/**
 * The spec as the YAML that is frozen in the study's directory; `parseStudySpec` gives the same
 * spec back.
 */
export function formatStudySpec(spec: StudySpec): string {
  const head =
    '# The frozen spec of this study, written by plexus. Do not edit: a changed spec is refused.\n';
  return head + stringify(spec, { lineWidth: 0 });
}

/**
 * What settings that studies of format 1 did not have at first stood for then. They enter the hash
 * only where they are otherwise, so that those studies can go on.
 */
const FORMERLY = {
  start: 'published',
  warmupEpochs: 0,
  labelSmoothing: 0,
  accumulate: 1,
  preciseBatchNorm: 0,
} as const satisfies Partial<TrainSettings>;

/**
 * SHA-256 of a spec: equal exactly for specs that ask for the same trials. The number of threads
 * does not matter, as the number of workers does not, nor what is predicted.
 */
export function studyHash({ stem, train, ...rest }: StudySpec): string {
  const known = Object.entries(train).filter(
    ([name, value]) => name !== 'threads' && value !== Reflect.get(FORMERLY, name),
  );
  return sha256Hex(
    canonicalJson({
      ...rest,
      predictions: undefined,
      ...(stem !== 'auto' && { stem }),
      train: Object.fromEntries(known),
    }),
  );
}

/**
 * The trials in their fixed order, seed after seed: the baseline first, then the graphs. The seeds
 * that confirm come last. A search runs some of them; of those that confirm, the chosen graphs and
 * the baseline are run.
 */
export function trialsOf(spec: StudySpec): Trial[] {
  const lineUp = [
    { role: 'baseline' as const, graph: spec.baseline },
    ...spec.graphs.map((graph) => ({ role: 'graph' as const, graph })),
  ];
  return [...spec.seeds, ...confirmSeeds(spec)].flatMap((seed, round) =>
    lineUp.map((entry, place) => ({ index: round * lineUp.length + place, ...entry, seed })),
  );
}
