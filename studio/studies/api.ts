import type { StudyEntry, StudyList } from '../../src/analysis/study-entry.js';
import type { StudyComparison } from '../../src/analysis/study-comparison.js';
import type { TrialTable } from '../../src/analysis/trial-table.js';
import type { StudySummary } from '../../src/analysis/types.js';
import type { TrialRecord } from '../../src/study/types.js';
import { token } from '../state/token.js';

/** Why the server did not answer as it should, in a sentence for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** `absent`: there is no server behind these pages; `silent`: it does not answer now. */
    readonly kind: 'absent' | 'silent' | 'refused',
  ) {
    super(message);
  }
}

/** The address of a part of the API, beside the pages wherever they lie. */
export function apiAddress(...parts: readonly string[]): string {
  // A part that is a dot, the id of a directory that is a study itself, would be taken out.
  const words = parts.map((part) => encodeURIComponent(part === '.' ? './.' : part));
  return new URL(`api/${words.join('/')}`, document.baseURI).href;
}

async function ask<T>(parts: readonly string[], options: RequestInit = {}, query = ''): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(apiAddress(...parts) + query, options);
  } catch {
    throw new ApiError('The server does not answer.', 'silent');
  }
  if (!(answer.headers.get('content-type') ?? '').startsWith('application/json'))
    throw new ApiError('There is no server of studies behind this page.', 'absent');
  const value: unknown = await answer.json();
  if (answer.ok) return value as T;
  const said =
    typeof value === 'object' && value !== null && 'error' in value ? String(value.error) : '';
  throw new ApiError(said || `The server answered ${answer.status}.`, 'refused');
}

export const fetchList = (): Promise<StudyList> => ask(['studies']);
export const fetchTable = (id: string): Promise<TrialTable> => ask(['studies', id, 'trials']);
export const fetchSummary = (id: string): Promise<StudySummary> => ask(['studies', id, 'summary']);
export const fetchTrial = (id: string, trial: number): Promise<TrialRecord> =>
  ask(['studies', id, 'trials', String(trial)]);
/** Names of the figures of its networks as events. */
export const fetchSpikes = (id: string): Promise<{ readonly figures: readonly string[] }> =>
  ask(['studies', id, 'spikes']);

/** Every further study against the first. */
export function fetchComparisons(
  ids: readonly string[],
): Promise<{ readonly comparisons: readonly StudyComparison[] }> {
  const query = new URLSearchParams(ids.map((id) => ['study', id]));
  return ask(['compare'], {}, `?${query.toString()}`);
}

/** Asks for something to be done with a study; what comes back is its entry then. */
export function act(
  id: string,
  action: 'run' | 'stop' | 'retry',
  body: Readonly<Record<string, unknown>> = {},
): Promise<StudyEntry> {
  return post(['studies', id, action], body);
}

/** Begins a new study of a spec; what comes back is its entry once it has begun. */
export function beginStudy(spec: string): Promise<StudyEntry> {
  return post(['studies'], { spec });
}

function post<T>(parts: readonly string[], body: Readonly<Record<string, unknown>>): Promise<T> {
  return ask(parts, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token() ?? ''}` },
    body: JSON.stringify(body),
  });
}
