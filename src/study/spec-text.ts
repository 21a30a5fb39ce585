import { stringify } from 'yaml';
import { canonicalJson } from '../core/canonical-json.js';
import type { TrainSettings } from '../train/types.js';
import type { StudySpec } from './types.js';

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
 * A text that is equal exactly for specs that ask for the same trials. The number of threads does
 * not matter, as the number of workers does not, nor what is predicted.
 */
export function specIdentity({ stem, train, ...rest }: StudySpec): string {
  const known = Object.entries(train).filter(
    ([name, value]) => name !== 'threads' && value !== Reflect.get(FORMERLY, name),
  );
  return canonicalJson({
    ...rest,
    predictions: undefined,
    stem: stem === 'auto' ? undefined : stem,
    train: Object.fromEntries(known),
  });
}
