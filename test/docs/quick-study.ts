import { fileURLToPath } from 'node:url';
import {
  summarise,
  terminalReport,
  verdictSentence,
  type StudySummary,
} from '../../src/analysis/index.js';
import { renderFigures } from '../../src/figures/index.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/index.js';
import { readStudy } from '../../src/public/study.js';

const DIRECTORY = fileURLToPath(new URL('../../docs/evidence/quick/study', import.meta.url));

/**
 * What README and docs/images show of the committed quick study, as the commands print and draw it.
 */
export interface QuickStudyPictures {
  readonly summary: StudySummary;
  /** What `plexus study run` ends with. */
  readonly terminal: string;
  /** What `plexus study status` says of it, the line about predictions left out. */
  readonly status: string;
  readonly verdict: string;
  /** SVG files of docs/images, by name. */
  readonly figures: Readonly<Record<string, string>>;
}

/** Drawn anew from the log in docs/evidence/quick/study. */
export function quickStudyPictures(): QuickStudyPictures {
  const { spec, records, state } = readStudy(DIRECTORY);
  const summary = summarise({ spec, records, dataIdentity: state.data });
  const { trials, best, baseline } = summary;
  const bestGraph = best === null ? null : buildGraph(parseGraphSpec(best.spec));
  const all = renderFigures({ summary, bestGraph });
  const figures = Object.fromEntries(
    ['heat-map', 'published-map', 'best-graph'].map((name) => [
      name,
      `<?xml version="1.0" encoding="UTF-8"?>\n${all[name]}\n`,
    ]),
  );
  const result = (graph: typeof best): string => `${graph?.mean?.toFixed(2)} % (${graph?.spec})`;
  return {
    summary,
    terminal: `${terminalReport(summary).trimEnd()}\n\nreport: studies/quick/report.html\n`,
    status: [
      `${spec.name}: ${trials.complete} of ${trials.total} trials complete, ` +
        `${trials.failed} failed, ${trials.pending} to do`,
      'not running',
      `data ${state.data}; ${state.backend}`,
      `best so far ${result(best)}; baseline ${result(baseline)}`,
      '...',
    ].join('\n'),
    verdict: verdictSentence(summary),
    figures,
  };
}
