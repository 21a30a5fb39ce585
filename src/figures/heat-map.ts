import { binRange } from '../analysis/bins.js';
import { isMeasured } from '../analysis/graph-results.js';
import { fixed, plural, span } from '../analysis/text.js';
import type { PlaneCell, StudySummary } from '../analysis/types.js';
import { describeGraph, describeSample, sampleNotes } from './describe.js';
import { type BaselinePlace, planeMap } from './plane-map.js';

function describeCell(
  { i, j, mean, p, isBest, graphs, errors }: PlaneCell,
  { clusteringEdges: c, pathLengthEdges: l }: StudySummary['plane'],
): string {
  const values = `${plural(graphs.length, 'graph')}, ${plural(errors.length, 'value')}`;
  const verdict = isBest
    ? 'best cell'
    : p === null
      ? 'not tested'
      : `p ${p.toPrecision(2)} against the best cell`;
  return (
    `C ${span(binRange(c, i))}, L ${span(binRange(l, j))}\n${fixed(mean, 2)} % ` +
    `(${values})\n${verdict}\n${graphs.join('\n')}`
  );
}

/** The baseline where it lies in the plane. */
function placeOfBaseline({ baseline }: StudySummary): BaselinePlace | null {
  if (
    baseline === null ||
    !isMeasured(baseline) ||
    baseline.clustering === null ||
    baseline.pathLength === null
  )
    return null;
  const { clustering, pathLength, mean } = baseline;
  return { clustering, pathLength, mean, title: `baseline\n${describeGraph(baseline)}` };
}

/**
 * What the diamond means, where it is drawn. In the subtitle: beside the diamond it would cover
 * cells.
 */
function diamond(summary: StudySummary): string {
  const place = placeOfBaseline(summary);
  const inside = place !== null && place.pathLength <= (summary.plane.pathLengthEdges.at(-1) ?? 0);
  return inside ? ` Diamond: the baseline, ${fixed(place.mean, 2)}\u00a0%.` : '';
}

function headline({ sweetSpot, plane, verdict }: StudySummary): string {
  const { clustering, pathLength, called } = sweetSpot;
  if (clustering === null || pathLength === null)
    return `Error over the plane: ${sweetSpot.reason ?? 'nothing was measured'}`;
  const where = `C ${span(clustering)}, L ${span(pathLength)}`;
  if (called) return `The sweet spot: ${where}`;
  const why =
    verdict.winner === 'untold' ? 'there is no baseline to beat' : 'the baseline is not beaten';
  return (
    (plane.cells.every(({ sweet }) => sweet)
      ? 'No cell is worse than the best'
      : `Lowest errors: ${where}`) +
    '; ' +
    why
  );
}

/**
 * Mean test error over the (C, L) plane in 15 x 15 bins, with the rectangle around the cells that
 * are not worse than the best one, these cells, the best cell and the baseline's place. A
 * standalone SVG.
 */
export function heatMap(summary: StudySummary): string {
  const { sweetSpot, plane } = summary;
  const notes = [
    ...(plane.outside > 0
      ? [`${plural(plane.outside, 'graph')} outside the plane or without a path length not shown.`]
      : []),
    ...sampleNotes(summary),
  ];
  const rule =
    sweetSpot.clustering === null
      ? ''
      : ' White outline: not significantly worse than the best cell ★ (paired by seed, ' +
        'one-sided, 5 %). Red: the rectangle around them.';
  return planeMap({
    title: headline(summary),
    subtitle: `${describeSample(summary)} Cells show the mean test error.${diamond(summary)}${rule}`,
    plane,
    cells: plane.cells.map((cell) => ({ ...cell, title: describeCell(cell, plane) })),
    frame:
      sweetSpot.clustering === null || sweetSpot.pathLength === null
        ? null
        : { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength },
    baseline: placeOfBaseline(summary),
    notes,
  });
}
