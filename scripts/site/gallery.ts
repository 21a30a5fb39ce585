import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { studySentences, summarise, verdictSentence } from '../../src/analysis/index.js';
import { renderFigures, renderReport } from '../../src/figures/index.js';
import { UserError } from '../../src/core/errors.js';
import { buildGraph, type Graph, parseGraphSpec } from '../../src/graph/index.js';
import { readStudy } from '../../src/public/study.js';
import { DOCS } from './pages.js';

/** Pictures of a study that the gallery shows, where it has them, with what they show. */
const SHOWN: Readonly<Record<string, string>> = {
  'heat-map': 'Test error over clustering and path length',
  'published-map': 'The published errors of the same graphs',
  'best-graph': 'The best graph',
};

/** A study of the evidence, as the gallery shows it. */
interface Shown {
  /** Its folder in docs/evidence, without `study`. */
  readonly name: string;
  readonly section: string;
  readonly figures: Readonly<Record<string, string>>;
  readonly report: string;
}

/** The folders in docs/evidence that hold a study with a log. */
function studyFolders(): string[] {
  const root = join(DOCS, 'evidence');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('trials.ndjson'))
    .map((path) => posix.dirname(path))
    .filter((path) => existsSync(join(root, path, 'study.yaml')))
    .sort();
}

/** The graph of a spec, to be drawn; null where it needs a file that is fetched. */
function drawable(spec: string): Graph | null {
  try {
    return buildGraph(parseGraphSpec(spec));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function shown(folder: string): Shown {
  const name = folder.replace(/\/study$/, '').replaceAll('/', '-');
  const study = readStudy(join(DOCS, 'evidence', folder));
  const { spec, records, state, registration } = study;
  const summary = summarise({
    spec,
    records,
    dataIdentity: state.data,
    search: study.search(),
    registration,
  });
  const bestGraph = summary.best && drawable(summary.best.spec);
  const figures = Object.fromEntries(
    Object.entries(renderFigures({ summary, bestGraph })).filter(([figure]) => figure in SHOWN),
  );
  const { complete, total } = summary.trials;
  const count =
    complete === total ? `${total} trainings` : `under way: ${complete} of ${total} trainings`;
  const [verdict, ...sentences] = [verdictSentence(summary), ...studySentences(summary)];
  const section = [
    `## ${name}`,
    '',
    `${spec.arch} on ${spec.data.name}, ${count}. **${verdict}**`,
    '',
    ...sentences.filter((sentence) => sentence !== verdict).slice(0, 3),
    '',
    ...Object.keys(figures).flatMap((figure) => [`![${SHOWN[figure]}](${name}-${figure}.svg)`, '']),
    `<a href="../reports/${name}.html" target="_self">The whole report</a>, ` +
      `[its spec](../evidence/${folder}/study.yaml).`,
    '',
  ].join('\n');
  return { name, section, figures, report: renderReport({ summary, spec, records, bestGraph }) };
}

/**
 * Draws every study of docs/evidence anew from its log: a page with sentences and pictures into
 * `folder`. Nothing is trained.
 *
 * @returns the whole reports, HTML by name
 */
export function writeGallery(folder: string): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true });
  const studies = studyFolders().map(shown);
  const page = [
    '# Gallery of studies',
    '',
    "The project's own [evidence](../evidence/README.md), as `plexus study report` draws it.",
    '',
    ...studies.map(({ section }) => section),
  ].join('\n');
  writeFileSync(join(folder, 'index.md'), page);
  for (const { name, figures } of studies)
    for (const [figure, svg] of Object.entries(figures))
      writeFileSync(
        join(folder, `${name}-${figure}.svg`),
        `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`,
      );
  return new Map(studies.map(({ name, report }) => [name, report]));
}
