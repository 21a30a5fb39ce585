import { join } from 'node:path';
import { stringify } from 'yaml';
import { DEFINITIONS } from '../analysis/definitions.js';
import { apart, intervalPhrase, studySentences } from '../analysis/sentences.js';
import { resultsTable } from '../analysis/table.js';
import { fixed, plural, signed, span } from '../analysis/text.js';
import type { GraphResult, StudySummary } from '../analysis/types.js';
import type { Graph } from '../graph/types.js';
import { isShare } from '../network/budget.js';
import { makeDirectory, writeFileAtomic, writeJsonAtomic } from '../platform/fs.js';
import { writtenSpec } from '../study/spec-text.js';
import type { StudySpec, TrialRecord } from '../study/types.js';
import { courseFigure } from './courses.js';
import { graphDrawing } from './graph-drawing.js';
import { heatMap } from './heat-map.js';
import { learningCurves } from './learning-curves.js';
import { publishedMap } from './published-map.js';
import { HOVER_CSS, HOVER_SCRIPT } from './report-hover.js';
import { predictionFigure } from './predictions.js';
import { PREDICTIONS_NOTE, predictionTable } from './report-predictions.js';
import { REPORT_CSS, REPORT_SCRIPT } from './report-style.js';
import { failureTable, graphTable, TABLE_NOTE } from './report-table.js';
import { searchCourse } from './search-course.js';
import { slice } from './slice.js';
import { htmlPage } from './page.js';
import { escapeText } from './svg.js';

/**
 * What a report is made of. A report is a function of these alone: no date, no machine, no wall
 * times.
 */
export interface ReportInput {
  readonly summary: StudySummary;
  readonly spec: StudySpec;
  readonly records: readonly TrialRecord[];
  /** The graph of `summary.best`, to be drawn; null leaves the drawing out. */
  readonly bestGraph: Graph | null;
}

/** What figures are drawn from. */
export type FigureInput = Pick<ReportInput, 'summary' | 'bestGraph'>;

/** How each figure is drawn, by file name without its ending; null where there is nothing to draw. */
const FIGURES: Readonly<Record<string, (input: FigureInput) => string | null>> = {
  search: ({ summary }) => summary.search && searchCourse(summary, summary.search),
  'heat-map': ({ summary }) => heatMap(summary),
  'published-map': ({ summary }) => summary.fidelity && publishedMap(summary, summary.fidelity),
  'error-over-clustering': ({ summary }) => slice(summary, 'clustering'),
  'error-over-path-length': ({ summary }) => slice(summary, 'pathLength'),
  'error-over-density': ({ summary }) => slice(summary, 'density'),
  'learning-curves': ({ summary }) => learningCurves(summary),
  predictions: ({ summary }) => predictionFigure(summary),
  courses: ({ summary }) => (summary.courses.length === 0 ? null : courseFigure(summary)),
  'best-graph': ({ summary: { best }, bestGraph }) =>
    best === null || bestGraph === null ? null : graphDrawing(best, bestGraph),
};

/** One figure of a study as a standalone SVG; null where it has none of that name. */
export function drawFigure(name: string, input: FigureInput): string | null {
  return Object.hasOwn(FIGURES, name) ? (FIGURES[name]?.(input) ?? null) : null;
}

/** Every figure of a study as a standalone SVG, by file name without its ending. */
export function renderFigures(input: FigureInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(FIGURES).flatMap(([name, draw]) => {
      const svg = draw(input);
      return svg === null ? [] : [[name, svg]];
    }),
  );
}

function tile(value: string | readonly string[], label: string): string {
  return (
    '<div ' +
    `class="tile"><b>${[value].flat().map(escapeText).join('<br>')}</b>` +
    `<span>${escapeText(label)}</span></div>`
  );
}

function tiles(summary: StudySummary): string {
  const { sweetSpot, best, baseline, verdict, comparison } = summary;
  const { clustering, pathLength, called } = sweetSpot;
  const over = (graph: GraphResult | null): string =>
    graph?.std == null ? '' : `, ± ${fixed(graph.std, 2)} over seeds`;
  const region =
    clustering === null || pathLength === null
      ? tile('–', `no region: ${sweetSpot.reason ?? 'nothing was measured'}`)
      : tile(
          [`C ${span(clustering)}`, `L ${span(pathLength)}`],
          called
            ? 'the sweet spot'
            : 'the lowest errors; no sweet spot, since the baseline is not beaten',
        );
  const shown =
    verdict.difference === null
      ? null
      : { difference: verdict.difference, interval: verdict.interval };
  const whose =
    verdict.by === 'fresh'
      ? `chosen graphs − baseline on ${plural(verdict.seeds, 'fresh seed')}`
      : 'best − baseline, allowing for the choice';
  return [
    '<div class="tiles">',
    tile(
      shown === null ? '–' : `${signed(shown.difference, 2)} points`,
      [whose, intervalPhrase(shown?.interval ?? null)].filter((text) => text !== null).join(', '),
    ),
    region,
    tile(
      `${fixed(best?.mean ?? null, 2)} %`,
      'best ' +
        `graph${over(best)}${comparison === null ? '' : `, ${apart(comparison.difference)} the baseline`}`,
    ),
    tile(`${fixed(baseline?.mean ?? null, 2)} %`, `baseline${over(baseline)}`),
    '</div>',
  ].join('\n');
}

function paragraph(text: string, kind = ''): string {
  return `<p${kind === '' ? '' : ` class="${kind}"`}>${escapeText(text)}</p>`;
}

function headline(summary: StudySummary): string {
  const { trials } = summary;
  const stopped = trials.stopped > 0 ? `, ${trials.stopped} stopped early` : '';
  const [verdict, ...others] = studySentences(summary);
  return [
    `<h1>${escapeText(summary.study)}</h1>`,
    paragraph(
      `${summary.arch} on ${summary.data} · ${trials.complete} of ` +
        `${plural(trials.total, 'trial')} complete, ${trials.failed} failed${stopped}`,
      'under',
    ),
    ...(verdict === undefined ? [] : [paragraph(verdict, 'lead verdict')]),
    ...others.map((sentence) => paragraph(sentence, 'lead')),
    tiles(summary),
    summary.caveats.length === 0
      ? ''
      : '<ul ' +
        `class="caveats">${summary.caveats.map((caveat) => `<li>${escapeText(caveat)}</li>`).join('')}</ul>`,
  ].join('\n');
}

function section(id: string, title: string, ...content: readonly string[]): string {
  return `<section id="${id}"><h2>${escapeText(title)}</h2>\n${content.join('\n')}\n</section>`;
}

function figure(svg: string | undefined): string {
  return svg === undefined ? '' : `<figure>${svg}</figure>`;
}

function costSentence({ budget, width }: StudySpec): string {
  if (width !== undefined) return `Every network has the width ${width.join(', ')}`;
  if (budget === undefined)
    return 'Every network is widened until it costs as much as the baseline';
  const cost = isShare(budget)
    ? `${budget} of the dense network’s multiply-adds`
    : `${budget} multiply-adds`;
  return `Every network, the baseline’s too, is as wide as a budget of ${cost} allows`;
}

function method({ summary, spec }: ReportInput): string {
  const { train } = spec;
  const settings =
    `Trained for ${plural(train.epochs, 'epoch')} in batches of ${train.batch} by ` +
    `stochastic gradient descent with Nesterov momentum ${train.momentum}, ` +
    `weight decay ${train.weightDecay}, learning rate ${train.learningRate} ` +
    `(${train.schedule} schedule), ${train.augment ? 'with' : 'without'} augmentation` +
    `${train.precision === 'bf16' ? ', products in bf16' : ''}; ` +
    `seeds ${spec.seeds.join(', ')}. ` +
    `Data: ${summary.data}.`;
  return [
    paragraph(
      'Each graph becomes a network: its nodes hold slices of a layer’s channels, and ' +
        'one layer is one round of messages along its edges, so a sparse graph is a ' +
        `block-sparse weight. ${costSentence(spec)}, trained in the same way, and judged by its ` +
        'test error. The method is ' +
        'that of You, Leskovec, He and Xie, “Graph Structure of Neural Networks” (ICML ' +
        '2020, arXiv 2007.06559).',
    ),
    paragraph(settings),
    paragraph(
      'The error reported is that of the last epoch. The best graph, the cells that are ' +
        'not worse and a search’s course are chosen on ' +
        (summary.chosenOn !== 'validation'
          ? 'the test split; what is said of fresh seeds was chosen before they were trained, on ' +
            'the same test images.'
          : 'training images that were held out, the same ones for every trial; the test split ' +
            'had no part in any choice.'),
    ),
  ].join('\n');
}

function definitions(): string {
  const items = Object.values(DEFINITIONS).map(
    ({ term, meaning }) => `<dt>${escapeText(term)}</dt><dd>${escapeText(meaning)}</dd>`,
  );
  return `<dl>${items.join('\n')}</dl>`;
}

/**
 * The spec with what a new study would fill in otherwise: a search of an older version is not
 * paired.
 */
function authored(spec: StudySpec): StudySpec {
  const { search } = spec;
  return search === undefined
    ? spec
    : { ...spec, search: { ...search, paired: search.paired === true } };
}

function reproduce(spec: StudySpec): string {
  return [
    '<p>Save the following as <code>study.yaml</code> and run <code>npx plexus study run ' +
      'study.yaml</code>. The table comes out the same, to the bit, on the same backend: ' +
      'whatever the number of workers, and however often the run is interrupted.</p>',
    `<pre id="spec">${escapeText(stringify(writtenSpec(authored(spec)), { lineWidth: 0 }))}</pre>`,
  ].join('\n');
}

/** When the predictions were registered, and what came of each. */
function predictions(
  summary: StudySummary,
  { when, hash }: NonNullable<StudySummary['registration']>,
  drawn: string | undefined,
): string {
  const clock = `${when} by the clock of the machine`;
  const registered = `Registered before the first trial, ${clock}, SHA-256 ${hash}.`;
  return section(
    'predictions',
    'Predictions',
    paragraph(registered),
    figure(drawn),
    predictionTable(summary),
    paragraph(PREDICTIONS_NOTE, 'small'),
  );
}

function slices(figures: Readonly<Record<string, string>>): string {
  return (
    '<div ' +
    `class="pair">` +
    ['clustering', 'path-length', 'density']
      .map((name) => figure(figures[`error-over-${name}`]))
      .join('') +
    '</div>'
  );
}

/**
 * The report as one HTML page that needs nothing else: no network, no fonts, no files. Figures are
 * inline SVG; a few lines of script sort the table, and the page is complete without them.
 */
export function renderReport(input: ReportInput): string {
  const { summary, spec } = input;
  const figures = renderFigures(input);
  const failures = failureTable(summary);
  const body = [
    headline(summary),
    ...(summary.registration === null
      ? []
      : [predictions(summary, summary.registration, figures.predictions)]),
    ...(figures.search === undefined
      ? []
      : [section('search', 'The search', figure(figures.search))]),
    section(
      'plane',
      'Error over the plane',
      paragraph(`${DEFINITIONS.sweetSpot.term}: ${DEFINITIONS.sweetSpot.meaning}`, 'small'),
      figure(figures['heat-map']),
      figure(figures['published-map']),
    ),
    section('slices', 'Error over clustering, path length and density', slices(figures)),
    section('curves', 'Learning curves', figure(figures['learning-curves'])),
    ...(figures.courses === undefined
      ? []
      : [section('courses', 'Where training took the graphs', figure(figures.courses))]),
    ...(figures['best-graph'] === undefined
      ? []
      : [section('best', 'The best graph', figure(figures['best-graph']))]),
    section('table', 'Every graph', paragraph(TABLE_NOTE, 'small'), graphTable(summary)),
    section('failed', 'Failed trials', failures === '' ? paragraph('None.') : failures),
    section('method', 'Method and settings', method(input)),
    section('definitions', 'What every number means', definitions()),
    section('reproduce', 'How to reproduce this', reproduce(spec)),
  ];
  return htmlPage({
    title: `${summary.study} · Plexus study`,
    style: `${REPORT_CSS}${HOVER_CSS}`,
    main: body.join('\n'),
    script: `${REPORT_SCRIPT}${HOVER_SCRIPT}`,
  });
}

/** Paths of what `writeReport` wrote. */
export interface WrittenReport {
  readonly report: string;
  readonly table: string;
  readonly summary: string;
  readonly figures: readonly string[];
}

/**
 * Writes `report.html`, `figures/*.svg`, `table.csv` and `summary.json` into a directory, each file
 * whole or not at all; the report last, so that it never speaks of files that are missing. Throws a
 * `UserError` where it cannot write.
 */
export function writeReport(directory: string, input: ReportInput): WrittenReport {
  const folder = join(directory, 'figures');
  makeDirectory(folder);
  const figures = Object.entries(renderFigures(input)).map(([name, svg]) => {
    const path = join(folder, `${name}.svg`);
    writeFileAtomic(path, `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`);
    return path;
  });
  const paths = {
    table: join(directory, 'table.csv'),
    summary: join(directory, 'summary.json'),
    report: join(directory, 'report.html'),
    figures,
  };
  writeFileAtomic(paths.table, resultsTable(input.records));
  writeJsonAtomic(paths.summary, input.summary);
  writeFileAtomic(paths.report, renderReport(input));
  return paths;
}
