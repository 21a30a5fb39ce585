import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { outcomesOf } from '../../../analysis/status.js';
import { summarise } from '../../../analysis/summarise.js';
import { terminalReport } from '../../../analysis/terminal.js';
import type { StudySummary } from '../../../analysis/types.js';
import { UserError } from '../../../core/errors.js';
import { FIGURE_FORMATS, type FigureFormat } from '../../../figures/files.js';
import { graphMembers } from '../../../graph/sequence.js';
import { buildGraph } from '../../../graph/spec.js';
import type { Graph } from '../../../graph/types.js';
import { withFileErrors } from '../../../platform/fs.js';
import type { Study } from '../../../store/directory.js';
import { graphOfStudy } from '../../../store/graph-files.js';
import { type CliContext, outJson } from '../../context.js';

/** Writes a study's reports and prints what it found. */
export async function writeReports(
  context: CliContext,
  study: Study,
  json: boolean,
  formats: readonly FigureFormat[] = [],
): Promise<void> {
  const { spec, records, state, paths, registration } = study;
  const summary = summarise({
    spec,
    records,
    dataIdentity: state.data,
    search: study.search(),
    registration,
  });
  // Loaded here only: drawing needs large libraries.
  const { renderFigures, writeFigures, writeReport } = await import('../../../figures/index.js');
  const folder = join(paths.directory, 'figures');
  const bestGraph = bestGraphOf(context, study, summary);
  // The drawing of what was best when an earlier report was written.
  if (bestGraph === null)
    for (const format of FIGURE_FORMATS)
      withFileErrors('remove', paths.directory, () =>
        rmSync(join(folder, `best-graph.${format}`), { force: true }),
      );
  const { report: path } = writeReport(paths.directory, { spec, records, summary, bestGraph });
  // Files of an earlier report would show other numbers: they are written again.
  const more = FIGURE_FORMATS.filter(
    (format) =>
      format !== 'svg' &&
      (formats.includes(format) || existsSync(join(folder, `heat-map.${format}`))),
  );
  if (more.length > 0) await writeFigures(folder, renderFigures({ summary, bestGraph }), more);
  if (json) outJson(context, headline(summary, path));
  else context.out(`${terminalReport(summary).trimEnd()}\n\nreport: ${path}`);
}

/** The best graph, to be drawn; null where there is none, or it cannot be made here. */
function bestGraphOf(context: CliContext, { paths }: Study, { best }: StudySummary): Graph | null {
  if (best === null) return null;
  const spec = graphOfStudy(best.spec, paths.directory);
  // A sequence is several graphs: there is no one drawing of it.
  if (graphMembers(spec).per !== 'network') return null;
  try {
    return buildGraph(spec);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.note(`note: the best graph is not drawn: ${error.message}`);
    return null;
  }
}

/** The line that other tools rely on. */
function headline(
  {
    study,
    trials,
    baseline,
    best,
    expected,
    verdict,
    sweetSpot,
    fidelity,
    search,
    graphs,
    ...rest
  }: StudySummary,
  path: string,
): unknown {
  return {
    study,
    trials: trials.total,
    failed: trials.failed,
    baseline: { error: baseline?.mean ?? null },
    best: {
      spec: best?.spec ?? null,
      name: best?.name ?? undefined,
      clustering: best?.clustering ?? null,
      pathLength: best?.pathLength ?? null,
      error: best?.mean ?? null,
    },
    expected,
    verdict,
    nulls: rest.nulls.length === 0 ? undefined : rest.nulls,
    region: { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength },
    sweetSpot: sweetSpot.called
      ? { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength }
      : null,
    fidelity: fidelity && {
      graphs: fidelity.graphs,
      r: fidelity.plain,
      givenDensity: fidelity.givenDensity,
    },
    search: search
      ? { spent: search.spent, trainings: search.rules.trainings, ended: search.ended }
      : undefined,
    recommended: search === null ? undefined : recommendedOf(search, graphs),
    registration: rest.registration ?? undefined,
    predictions: rest.registration === null ? undefined : outcomesOf(rest),
    report: path,
  };
}

function recommendedOf(
  { recommended }: NonNullable<StudySummary['search']>,
  graphs: StudySummary['graphs'],
): unknown {
  if (recommended === null) return null;
  const place = graphs.find(({ spec }) => spec === recommended.graph);
  return {
    spec: recommended.graph,
    name: place?.name ?? undefined,
    clustering: place?.clustering ?? null,
    pathLength: place?.pathLength ?? null,
    error: recommended.mean,
    sd: recommended.sd,
  };
}
