import { writtenSpec } from './spec-text.js';
import type { StudySpec } from './types.js';

/**
 * Version of the layout and of the log's records. Since 2 the state has a hash and every line of
 * the log a checksum; 1 is read, and goes on, as it is.
 */
export const STUDY_FORMAT = 2;

/** What a study was begun with; `study.json`. */
export interface StudyState {
  /** Version of Plexus that began it. */
  readonly plexus: string;
  readonly specHash: string;
  /** Identity of the data set. */
  readonly data: string;
  /** Name and description of the backend. */
  readonly backend: string;
  readonly spec: StudySpec;
  /** Hash of the registration that the study began with; absent where nothing was predicted. */
  readonly registration?: string | undefined;
}

/**
 * What `study.json` holds but for its last field, `hash`: the SHA-256 of the canonical JSON of all
 * this.
 */
export function stateContent(state: StudyState): Readonly<Record<string, unknown>> {
  return { format: STUDY_FORMAT, ...state, spec: writtenSpec(state.spec) };
}
