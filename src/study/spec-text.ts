import { stringify } from 'yaml';
import { canonicalJson } from '../core/canonical-json.js';
import type { TrainSettings } from '../train/types.js';
import { nullGraphs } from './nulls.js';
import type { NamedGraph, StudySpec } from './types.js';

/**
 * The spec in the form in which its author would have written it: graphs with their names, null
 * ensembles in place of their graphs. Parsing it as a frozen spec gives the same spec back; files
 * hold this form.
 */
export function writtenSpec({ names = [], ...spec }: StudySpec): Readonly<Record<string, unknown>> {
  const drawn = nullGraphs(spec);
  const known = new Map(names.map((each) => [each.graph, each]));
  const entry = (graph: string): string | NamedGraph => known.get(graph) ?? graph;
  return {
    ...spec,
    baseline: entry(spec.baseline),
    graphs: spec.graphs.filter((graph) => !drawn.has(graph)).map(entry),
  };
}

/**
 * The spec as the YAML that is frozen in the study's directory; `parseStudySpec` gives the same
 * spec back.
 */
export function formatStudySpec(spec: StudySpec): string {
  const head =
    '# The frozen spec of this study, written by plexus. Do not edit: a changed spec is refused.\n';
  return head + stringify(writtenSpec(spec), { lineWidth: 0 });
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
  precision: 'float32',
} as const satisfies Partial<TrainSettings>;

/**
 * A text that is equal exactly for specs that ask for the same trials. The number of threads does
 * not matter, as the number of workers does not, nor what graphs are called and what is predicted.
 */
export function specIdentity({ stem, train, ...rest }: StudySpec): string {
  const known = Object.entries(train).filter(
    ([name, value]) => name !== 'threads' && value !== Reflect.get(FORMERLY, name),
  );
  return canonicalJson({
    ...rest,
    names: undefined,
    predictions: undefined,
    stem: stem === 'auto' ? undefined : stem,
    train: Object.fromEntries(known),
  });
}
