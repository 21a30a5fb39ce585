import { isCollection, LineCounter, parseDocument, visit } from 'yaml';
import { deeperThan } from '../core/depth.js';
import { messageOf, must, printable, UserError } from '../core/errors.js';
import { dataProblem } from '../data/spec.js';
import type { DataSpec } from '../data/types.js';
import type { Architecture } from '../network/architectures/architecture.js';
import { architecture } from '../network/architectures/registry.js';
import { stemOf } from '../network/task.js';
import { rungsOf } from '../search/rungs.js';
import { settingProblem } from '../train/setting-rules.js';
import { trainSettingsFor } from '../train/settings.js';
import type { TrainSettings } from '../train/types.js';
import { confirmIn } from './confirm.js';
import { explain } from './explain.js';
import { nullGraphs } from './nulls.js';
import { predictionKeys, predictionsIn } from './predictions.js';
import { type GivenSearch, type GivenStudy, studySchema, validKeys } from './schema.js';
import { at, placed, type Source, type SpecFiles } from './source.js';
import { graphsIn } from './spec-graphs.js';
import type { SearchSpec, StudySpec } from './types.js';

/** How a spec's text is read. */
export interface SpecReading {
  /** Where the text came from; messages start with it. */
  readonly path: string;
  /** What paths in the text are relative to; null leaves them as they are, as of a frozen spec. */
  readonly directory: string | null;
  /** Null where there are no files, as in a browser. */
  readonly files: SpecFiles | null;
  /** Makes a search of the study, with these keys over those that the text has. */
  readonly search?: GivenSearch | undefined;
}

/** The keys that the section at a path may hold. */
function keysAt(path: readonly PropertyKey[], kind: unknown): readonly string[] {
  const section = String(path[0] ?? '');
  return section === 'predictions' ? predictionKeys(path, kind) : (validKeys[section] ?? []);
}

/** Lists and graphs have no keys that somebody puts elsewhere. */
function sectionsWith(key: string): readonly string[] {
  return ['', 'data', 'train', 'search', 'confirm'].filter((name) =>
    must(validKeys[name]).includes(key),
  );
}

/**
 * A study's spec from its YAML: checked, defaults filled in, `{file: PATH}` entries read, every
 * graph spec in canonical form.
 *
 * @throws UserError naming the line, the rule and the value; for unknown keys also the valid ones
 */
export function studySpecOf(
  text: string,
  { path, directory, files, search }: SpecReading,
): StudySpec {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const source: Source = { path, document, lines, directory, files };
  // What the parser only warns of, a tag or a version that it does not know, would be guessed at.
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const what =
      problem.code === 'MULTIPLE_DOCS'
        ? 'a study is one YAML document; remove this line and what follows it'
        : yamlProblem(problem.message);
    throw new UserError(`${path}:${lines.linePos(problem.pos[0]).line}: ${what}`);
  }
  refuseListKeys(source);
  const value = withSearch(plainValue(source), search);
  const parsed = studySchema.safeParse(value);
  if (!parsed.success) throw explain(parsed.error.issues, value, source, keysAt, sectionsWith);
  return complete(parsed.data, source);
}

/** A key in braces or brackets is none that a spec knows, and would be told by another name. */
function refuseListKeys({ path, document, lines }: Source): void {
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key)) return;
      const { line } = lines.linePos(key.range?.[0] ?? 0);
      throw new UserError(
        `${path}:${line}: a key is a word; got ${String(key)}; put in quotes what belongs together`,
      );
    },
  });
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

/** Lists in lists in lists: more than a study has, less than the stack holds. */
const MAX_DEPTH = 100;
const TOO_DEEP = `lists and mappings may be nested ${MAX_DEPTH} deep; flatten this one`;

/** What is wrong with a text, by the words of the YAML reader where it has some of its own. */
function yamlProblem(message: string): string {
  if (/call stack/i.test(message)) return TOO_DEEP;
  if (/alias count/i.test(message))
    return 'aliases (*name) may not multiply what they stand for over and over; write it out';
  return `not valid YAML: ${printable(message)}`;
}

function plainValue({ document, path }: Source): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw new UserError(`${path}: ${yamlProblem(messageOf(error))}`);
  }
  if (deeperThan(value, MAX_DEPTH)) throw new UserError(`${path}: ${TOO_DEEP}`);
  return value;
}

function complete(given: GivenStudy, source: Source): StudySpec {
  const arch = at(source, ['arch'], () => architecture(given.arch));
  const graphs = graphsIn(given, arch, source);
  const seeds = seedsIn(given, source);
  const train = trainIn(given, source);
  const spec: StudySpec = {
    plexus: 1,
    name: given.name,
    arch: given.arch,
    stem: stemIn(given, arch, source),
    ...costIn(given, arch, source),
    data: dataIn(given, source),
    ...graphs,
    seeds,
    train,
    ...searchIn(given, { train, seeds, source }),
    ...confirmIn(given, { seeds, graphs: graphs.graphs.length - nullGraphs(graphs).size, source }),
  };
  const predictions = predictionsIn(given.predictions, { spec, source });
  return predictions === undefined ? spec : { ...spec, predictions };
}

/** Seeds that a graph has by default: a search comes back to the graphs that matter. */
const SEARCH_SEEDS = 5;

function seedsIn({ seeds: given, search }: GivenStudy, source: Source): number[] {
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

/** The search with what was not given filled in; empty where the study trains everything. */
function searchIn(
  { search }: GivenStudy,
  {
    train,
    seeds,
    source,
  }: { readonly train: TrainSettings; readonly seeds: readonly number[]; readonly source: Source },
): { readonly search?: SearchSpec } {
  if (search === undefined) return {};
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
  const size = together ?? (halving === false ? TOGETHER.whole : TOGETHER.halving);
  return { search: { ...search, baseline, together: size, halving } };
}

/** The stem as written; one that the architecture does not have is an error. */
function stemIn({ stem }: GivenStudy, arch: Architecture, source: Source): StudySpec['stem'] {
  if (stem !== 'auto') at(source, ['stem'], () => stemOf(arch, { stem }));
  return stem;
}

/** The budget or the widths, where the study has either. */
function costIn(
  { budget, width }: GivenStudy,
  { name, baselineWidths }: Architecture,
  source: Source,
): Pick<StudySpec, 'budget' | 'width'> {
  if (budget !== undefined && width !== undefined)
    throw placed(source, ['width'], 'give either a budget or a width, not both');
  if (budget !== undefined) return { budget };
  if (width === undefined) return {};
  const widths = typeof width === 'number' ? [width] : width;
  const stages = baselineWidths.length;
  if (widths.length === stages) return { width: widths };
  throw placed(
    source,
    ['width'],
    `width must be ${stages === 1 ? 'one number' : `a list of ${stages} numbers`} for ${name}; ` +
      `got ${widths.length}`,
  );
}

/** What is given, the architecture's own settings for the rest. */
function trainIn({ arch, train }: GivenStudy, source: Source): TrainSettings {
  const settings = trainSettingsFor(arch, train);
  const problem = settingProblem(settings);
  if (problem)
    throw placed(
      source,
      ['train', problem.name],
      `train.${problem.name} must be ${problem.rule}; got ${settings[problem.name]}`,
    );
  return settings;
}

/** The data spec with an absolute path; in the YAML it is relative to its directory. */
function dataIn({ data }: GivenStudy, source: Source): DataSpec {
  const problem = dataProblem(data);
  if (problem !== null) throw placed(source, ['data', problem.key], problem.message);
  const { path } = data;
  return path === undefined || source.files === null || source.directory === null
    ? data
    : { ...data, path: source.files.absolute(path) };
}
