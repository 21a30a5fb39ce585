import { binOf } from './bins.js';
import { labelOf } from './graph-results.js';
import { fitPhrase, studySentences } from './sentences.js';
import { fixed, meanStd, plural, pValue } from './text.js';
import type { GraphResult, PlaneCell, StudySummary } from './types.js';

const WIDTH = 100;
const TOP = 5;
/** From the lowest errors to the highest. */
const SHADES = ['█', '▓', '▒', '░', '·'] as const;

function wrap(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + longer.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return [...lines, indent + line];
}

/** Sentences with a hanging indent. */
function item(text: string): readonly string[] {
  return wrap(text, '    ').map((line, i) => (i === 0 ? line.slice(2) : line));
}

function shadeOf(mean: number, range: readonly [number, number]): string {
  const [low, high] = range;
  const share = high === low ? 0 : (mean - low) / (high - low);
  return SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))] ?? '';
}

function drawCell(
  cell: PlaneCell | undefined,
  baselineHere: boolean,
  range: readonly [number, number],
): string {
  if (cell === undefined) return baselineHere ? ' B ' : '   ';
  const shade = shadeOf(cell.mean, range);
  if (baselineHere) return `${shade}B${shade}`;
  if (cell.isBest) return `[★]`;
  return cell.sweet ? `[${shade}]` : ` ${shade} `;
}

function binsOf(
  graph: GraphResult | null,
  plane: StudySummary['plane'],
): readonly [number, number] | null {
  if (graph === null || graph.clustering === null || graph.pathLength === null) return null;
  const i = binOf(graph.clustering, plane.clusteringEdges);
  const j = binOf(graph.pathLength, plane.pathLengthEdges);
  return i === null || j === null ? null : [i, j];
}

/**
 * The (C, L) plane in text: C to the right, L upwards, rows that hold nothing above the data left
 * out.
 */
function heatMap({ plane, baseline }: StudySummary): readonly string[] {
  if (plane.cells.length === 0) return [];
  const place = binsOf(baseline, plane);
  const means = plane.cells.map((cell) => cell.mean);
  const range = [Math.min(...means), Math.max(...means)] as const;
  const rows = [...plane.cells.map((cell) => cell.j), ...(place === null ? [] : [place[1]])];
  const bottom = Math.min(...rows);
  const columns = plane.clusteringEdges.length - 1;
  const lines = Array.from({ length: Math.max(...rows) - bottom + 1 }, (_, row) => {
    const j = Math.max(...rows) - row;
    const drawn = Array.from({ length: columns }, (__, i) =>
      drawCell(
        plane.cells.find((cell) => cell.i === i && cell.j === j),
        place?.[0] === i && place[1] === j,
        range,
      ),
    );
    return `  ${fixed(plane.pathLengthEdges[j] ?? 0, 2)} │${drawn.join('')}`.trimEnd();
  });
  const axis = ['0', '0.2', '0.4', '0.6', '0.8', '1']
    .map((label, tick) => label.padEnd(tick === 5 ? 0 : (3 * columns) / 5))
    .join('');
  return [
    `  Mean error by cell: █ ${fixed(range[0], 1)} % … · ${fixed(range[1], 1)} %  [ ] ` +
      'sweet  [★] best cell  B baseline',
    '    L',
    ...lines,
    `       └${'─'.repeat(3 * columns)}  C`,
    `        ${axis}`,
  ];
}

/** The mean that the summary's choices go by. */
function chosenBy(graph: GraphResult, { chosenOn }: StudySummary): number | null {
  return chosenOn === 'validation' ? graph.validationMean : graph.mean;
}

function topGraphs(summary: StudySummary): readonly string[] {
  const ranked = summary.graphs
    .filter(({ control }) => !control)
    .map((graph, order) => ({ graph, order, mean: chosenBy(graph, summary) ?? Infinity }))
    .filter((entry) => entry.mean < Infinity)
    .sort((a, b) => a.mean - b.mean || a.order - b.order)
    .slice(0, TOP);
  if (ranked.length === 0) return [];
  const validation = summary.chosenOn === 'validation';
  const lines = ranked.map(({ graph }, place) => {
    const against = graph.p === null ? '' : `  p ${pValue(graph.p)}`;
    const chosen = validation ? `${fixed(graph.validationMean, 2)}  ` : '';
    return (
      `  ${place + 1}. ${chosen}${meanStd(graph).padEnd(14)} C ${fixed(graph.clustering, 2)}  L ` +
      `${fixed(graph.pathLength, 2)}  ${labelOf(graph)}${against}`
    );
  });
  return [
    validation
      ? '  Lowest mean validation errors, then test errors (%, ± std over seeds; p: as the first)'
      : '  Lowest mean errors (%, ± std over seeds; p: of so high a mean were it as good as the first)',
    ...lines,
  ];
}

function failures({ failures: failed }: StudySummary): readonly string[] {
  const counts = new Map<string, number>();
  for (const { reason } of failed) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = reasons
    .slice(0, 3)
    .flatMap(([reason, count]) => item(`Failed, ${plural(count, 'trial')}: ${reason}`));
  return reasons.length > 3
    ? [...shown, `  … and ${plural(reasons.length - 3, 'more reason')} in the report`]
    : shown;
}

/**
 * The study's answer in plain text of some 40 lines, at most 100 columns: the verdict first, then
 * where, how sure, what was predicted, the (C, L) plane, the lowest graphs, failed trials, caveats.
 */
export function terminalReport(summary: StudySummary): string {
  const { trials, fits } = summary;
  const blocks = [
    wrap(
      `${summary.study}: ${trials.complete} of ${plural(trials.total, 'trial')} ` +
        `complete, ${trials.failed} ` +
        `failed${trials.stopped > 0 ? `, ${trials.stopped} stopped early` : ''} ` +
        `(${summary.arch} on ${summary.data})`,
      '',
    ),
    [
      ...studySentences(summary).flatMap(item),
      ...item(
        `Quadratic fits: over C ${fitPhrase(fits.clustering)}; over L ` +
          `${fitPhrase(fits.pathLength)}; over log density ${fitPhrase(fits.density)}.`,
      ),
    ],
    summary.predictions.flatMap(({ sentence }) => item(`Predicted: ${sentence}`)),
    heatMap(summary),
    topGraphs(summary),
    failures(summary),
    summary.caveats.flatMap((caveat) => item(`! ${caveat}`)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n')}\n`;
}
