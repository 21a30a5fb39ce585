import { labelOf } from '../../../analysis/graph-results.js';
import { outline, type StudyOutline } from '../../../analysis/outline.js';
import { nullSentence, searchSentence } from '../../../analysis/sentences.js';
import { type StudyStatus, studyStatus } from '../../../analysis/status.js';
import { plural } from '../../../analysis/text.js';
import type { Study } from '../../../store/directory.js';
import { lockHolder } from '../../../store/lock.js';
import { workersOf, type WorkersStatus, workersStatus } from '../../../store/workers.js';
import {
  confirmationProgress,
  type ConfirmationProgress,
  confirmSeeds,
} from '../../../study/confirm.js';
import { graphLabel, graphNames } from '../../../study/names.js';
import type { SearchOutcome, StudySpec } from '../../../study/types.js';
import { type CliContext, outJson } from '../../context.js';
import { workerLines } from './workers.js';

/** `confirmed with 5 fresh seeds, beside the baseline: GRAPH; GRAPH; 4 of 15 trials ended`. */
function confirmationLine(
  spec: StudySpec,
  { graphs, total, ended, superseded }: ConfirmationProgress,
): string {
  const seeds = plural(confirmSeeds(spec).length, 'fresh seed');
  const before =
    superseded > 0
      ? `; ${plural(superseded, 'earlier trial')} with fresh seeds of graphs that are not ` +
        'chosen now'
      : '';
  if (graphs === null)
    return `to confirm when all others have ended: ${plural(total, 'trial')} with ${seeds}${before}`;
  if (graphs.length === 0) return `nothing to confirm: no graph has a complete trial${before}`;
  const names = graphNames(spec);
  const labels = graphs.map((graph) => graphLabel(names, graph));
  return (
    `confirmed with ${seeds}, beside the baseline: ${labels.join('; ')}; ${ended} of ` +
    `${total} trials ended${before}`
  );
}

/** What a study has come to, and who runs it. */
interface Status {
  readonly study: Study;
  readonly summary: StudyOutline;
  readonly search: SearchOutcome | null;
  readonly confirm: ConfirmationProgress | null;
  readonly runBy: string | null;
}

/** Says how far a study is. */
export function showStatus(context: CliContext, study: Study, json: boolean): void {
  const { state, spec, records, paths, registration } = study;
  const search = study.search();
  const summary = outline({ spec, records, dataIdentity: state.data, search, registration });
  const confirm = confirmationProgress(spec, records, search);
  const status = { study, summary, search, confirm, runBy: lockHolder(paths.lock) };
  if (json) outJson(context, statusValue(status));
  else statusLines(status).forEach((line) => context.out(line));
}

function statusValue({
  study,
  summary,
  search,
  confirm,
  runBy,
}: Status): StudyStatus & Partial<WorkersStatus> {
  const { state, paths, registration } = study;
  const running = runBy !== null;
  const { directory } = paths;
  return {
    ...studyStatus({
      summary,
      search,
      confirm,
      registration,
      directory,
      running,
      backend: state.backend,
    }),
    ...workersStatus(study),
  };
}

function statusLines({ study, summary, confirm, runBy }: Status): string[] {
  const { state, spec, paths, registration } = study;
  const { trials, failures, baseline, best } = summary;
  const error = (graph: typeof best): string =>
    graph?.mean == null ? 'none yet' : `${graph.mean.toFixed(2)} % (${labelOf(graph)})`;
  const stopped = trials.stopped > 0 ? `, ${trials.stopped} stopped early` : '';
  const goOn = trials.pending > 0 ? `; continue with: plexus study run ${paths.directory}` : '';
  const searched = searchSentence(summary);
  const registered = registration && [
    `${plural(registration.predictions.length, 'prediction')} registered before the ` +
      `first trial, ${registration.when}, hash ${registration.hash}`,
    ...summary.predictions.map(({ sentence }) => `predicted: ${sentence}`),
  ];
  return [
    `${spec.name}: ${trials.complete} of ${trials.total} trials complete, ` +
      `${trials.failed} failed${stopped}, ${trials.pending} to do`,
    runBy !== null
      ? `run by ${runBy}`
      : workersOf(study).some(({ silent }) => silent !== null)
        ? 'run by workers'
        : `not running${goOn}`,
    ...workerLines(study, trials.pending),
    `data ${state.data}; ${state.backend}`,
    `best so far ${error(best)}; baseline ${error(baseline)}`,
    ...summary.nulls.map(nullSentence),
    ...(searched === null ? [] : [searched]),
    ...(confirm === null ? [] : [confirmationLine(spec, confirm)]),
    ...(registered ?? []),
    ...failures.map(
      ({ graph, name, seed, reason }) => `failed: ${name ?? graph}, seed ${seed}: ${reason}`,
    ),
  ];
}
