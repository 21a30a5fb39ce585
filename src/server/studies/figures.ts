import type { StudySummary } from '../../analysis/types.js';
import { UserError } from '../../core/errors.js';
import { graphMembers } from '../../graph/sequence.js';
import { buildGraph } from '../../graph/spec.js';
import type { Graph } from '../../graph/types.js';
import { graphOfStudy } from '../../store/graph-files.js';
import type { LiveStudy } from './live.js';

/** Pictures that are kept. */
const MOST_KEPT = 40;
const kept = new WeakMap<LiveStudy, Map<string, string>>();

/**
 * A figure of a study's report, as SVG; null where the report has none of that name.
 *
 * @param name as the report calls its file, without its ending
 */
export async function studyFigure(study: LiveStudy, name: string): Promise<string | null> {
  const known = kept.get(study) ?? new Map<string, string>();
  kept.set(study, known);
  const key = `${study.version} ${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const drawn = await draw(study, study.summary(), name);
  if (drawn === null) return null;
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, drawn);
  return drawn;
}

async function draw(study: LiveStudy, summary: StudySummary, name: string): Promise<string | null> {
  // Loaded here only: drawing needs large libraries.
  const { drawFigure } = await import('../../figures/report.js');
  const bestGraph = name === 'best-graph' ? bestGraphOf(study, summary) : null;
  return drawFigure(name, { summary, bestGraph });
}

/** The best graph, where it can be drawn. */
function bestGraphOf(study: LiveStudy, { best }: StudySummary): Graph | null {
  if (best === null) return null;
  study.checkGraphs();
  const spec = graphOfStudy(best.spec, study.directory);
  if (graphMembers(spec).per !== 'network') return null;
  try {
    return buildGraph(spec);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return null;
  }
}
