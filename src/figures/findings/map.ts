import { binEdges, binRange } from '../../analysis/bins.js';
import { isTested, type SweetSpotFact } from '../../analysis/findings/facts/sweet-spot.js';
import type { Findings } from '../../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../../analysis/findings/input.js';
import type { RulesCell } from '../../analysis/findings/presenter.js';
import { meanError, placedBaseline } from '../../analysis/findings/rows.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS } from '../../analysis/settings.js';
import { fixed, plural, span } from '../../analysis/text.js';
import { type BaselinePlace, type MapCell, planeMap } from '../plane-map.js';
import { emptyFigure, nameIn, sampleOf } from './common.js';

const C_EDGES = binEdges(CLUSTERING_RANGE, PLANE_BINS);
const L_EDGES = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);

/** Cells where they lie in the plane; others (C = 0, L above 4.5) have no place in it. */
function drawnCells(cells: readonly RulesCell[]): MapCell[] {
  return cells.flatMap(({ i, j, mean, graphs }) => {
    if (i < 0 || j < 0 || i >= PLANE_BINS || j >= PLANE_BINS) return [];
    const where = `C ${span(binRange(C_EDGES, i))}, L ${span(binRange(L_EDGES, j))}`;
    return [
      {
        i,
        j,
        mean,
        isBest: false,
        sweet: false,
        title: `${where}\n${fixed(mean, 2)} %, ${plural(graphs, 'graph')}`,
      },
    ];
  });
}

function placeOfBaseline(task: TaskTables): BaselinePlace | null {
  const baseline = placedBaseline(lastTable(task));
  const mean = baseline && meanError(baseline);
  if (baseline === null || mean === null) return null;
  return {
    clustering: baseline.clustering,
    pathLength: baseline.pathLength,
    mean,
    title: `baseline\n${fixed(mean, 2)} %`,
  };
}

function titleOf(name: string, fact: SweetSpotFact): string {
  if (!isTested(fact)) return `${name}: one seed, so no sweet spot can be told`;
  const { clustering, pathLength } = fact.rectangle;
  const where = `C ${span(clustering)}, L ${span(pathLength)}`;
  return fact.called
    ? `${name}: the sweet spot spans ${where}`
    : `${name}: lowest errors in ${where}; the baseline is not beaten`;
}

const NO_SEEDS =
  'No graph has two seeds: what is not worse than the best cannot be tested, and no ' +
  'rectangle is drawn.';
const RAILS =
  'One-sided tests, 5 %. Bars above and to the right: 95 % bootstrap intervals of the ' +
  'edges of the rectangle of cells ' +
  '(rings: where these edges are), the lower edge’s nearer; graphs drawn anew within cells.';

/**
 * Mean test error of a task over the plane in 15 x 15 cells, its sweet spot by the presenter's rule
 * with the bootstrap intervals of the edges, the baseline. Where no graph has two seeds nothing can
 * be tested, and the figure says so. A standalone SVG.
 */
export function mapFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.sweetSpots().find((each) => each.task === task);
  if (fact === undefined)
    return emptyFigure(`${name}: no map`, 'No graph was measured: there is nothing to draw.');
  const { rule } = findings.presenter;
  const cells = rule.cells(lastTable(task));
  const drawn = drawnCells(cells);
  const baseline = placeOfBaseline(task);
  const diamond =
    baseline === null
      ? ' There is no baseline.'
      : ` Diamond: the dense baseline, ${fixed(baseline.mean, 2)} %.`;
  const outside = cells.length - drawn.length;
  return planeMap({
    title: titleOf(name, fact),
    subtitle:
      `${sampleOf(task)} Numbers and colours: mean test error of a cell, %.` +
      `${diamond} ${!isTested(fact) ? NO_SEEDS : `Red: ${rule.words.sweetSpotOf(task.arch)}.`}`,
    plane: { clusteringEdges: C_EDGES, pathLengthEdges: L_EDGES },
    cells: drawn,
    digits: 2,
    frame: isTested(fact) ? fact.rectangle : null,
    rails:
      !isTested(fact) || fact.intervals === null
        ? null
        : { intervals: fact.intervals, edges: fact.cells },
    baseline,
    notes: [
      ...(fact.intervals === null ? [] : [RAILS]),
      ...(outside > 0 ? [`${plural(outside, 'cell')} outside C 0–1, L 1–4.5 not shown.`] : []),
    ],
  });
}
