import { valueDifferences } from '../core/differences.js';
import { specIdentity } from './spec-text.js';
import type { Prediction, StudySpec } from './types.js';

const SHOWN = 4;

/**
 * What differs between two specs, in words: `train.epochs was 3, is 5; 2 graphs were removed (first
 * ...)`.
 */
export function describeDifferences(before: StudySpec, after: StudySpec): string {
  const { graphs: graphsBefore, predictions: _, names: ___, ...restBefore } = before;
  const { graphs: graphsAfter, predictions: __, names: ____, ...restAfter } = after;
  const found = [
    ...valueDifferences(restBefore, restAfter),
    ...listDifferences(graphsBefore, graphsAfter),
    ...predictionDifferences(before, after),
  ];
  const more = found.length > SHOWN ? `, and ${found.length - SHOWN} more` : '';
  return `${found.slice(0, SHOWN).join(', ')}${more}`;
}

/** Whether two specs ask for the same trials and predict the same of them. */
export function sameStudy(before: StudySpec, after: StudySpec): boolean {
  return (
    specIdentity(before) === specIdentity(after) &&
    predictionDifferences(before, after).length === 0
  );
}

/** By the names of the predictions; their order says nothing. */
function predictionDifferences(before: StudySpec, after: StudySpec): string[] {
  const byName = (list: readonly Prediction[] = []): unknown =>
    Object.fromEntries(list.map((each) => [each.name, each]));
  return valueDifferences(byName(before.predictions), byName(after.predictions), 'predictions');
}

function listDifferences(before: readonly string[], after: readonly string[]): string[] {
  const kept = new Set(after);
  const known = new Set(before);
  const gone = before.filter((graph) => !kept.has(graph));
  const fresh = after.filter((graph) => !known.has(graph));
  const same = changedFiles(gone, fresh);
  const removed = gone.filter((graph) => !same.has(unpinned(graph)));
  const added = fresh.filter((graph) => !same.has(unpinned(graph)));
  const changes = [
    ...[...same].map((graph) => `the file of ${graph} has changed`),
    ...(removed.length > 0
      ? [`${removed.length} of the graphs removed (first: ${removed[0]})`]
      : []),
    ...(added.length > 0 ? [`${added.length} graphs added (first: ${added[0]})`] : []),
  ];
  if (changes.length > 0 || before.every((graph, index) => graph === after[index])) return changes;
  return ['the order of the graphs'];
}

/** Graphs that differ only in the checksum of their files, without these. */
function changedFiles(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const found = new Set(after.map(unpinned));
  return new Set(before.map(unpinned).filter((graph) => found.has(graph)));
}

function unpinned(graph: string): string {
  return graph.replace(/,sha256=[0-9a-f]{16}(?=[,)]|$)/g, '');
}
