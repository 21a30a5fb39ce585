import type { Place } from '../analysis/findings/biological-types.js';
import type { ArtificialFact, BiologicalFact } from '../analysis/findings/facts/biological.js';
import type { Findings } from '../analysis/findings/findings.js';
import type { TaskTables } from '../analysis/findings/input.js';
import { rowLabel } from '../analysis/result-table.js';
import { PATH_LENGTH_RANGE } from '../analysis/settings.js';
import { fixed } from '../analysis/text.js';
import { buildGraph, parseGraphSpec } from '../graph/spec.js';
import type { Graph } from '../graph/types.js';
import { emptyFigure, nameIn, textPart } from './findings/common.js';
import { drawGraph } from './graph-marks.js';
import { composeFigure } from './svg.js';
import { COLOURS } from './theme.js';

const WIDTH = 780;
const SIDE = 350;

/**
 * The network at hand that lies nearest to the best graph, axes in parts of the paper's ranges;
 * null where none is at hand.
 */
function nearest({
  best,
  biological,
}: ArtificialFact): (BiologicalFact & { readonly drawn: Graph }) | null {
  const away = ({ place }: BiologicalFact): number =>
    (place.clustering - best.clustering) ** 2 +
    ((place.pathLength - best.pathLength) / (PATH_LENGTH_RANGE[1] - PATH_LENGTH_RANGE[0])) ** 2;
  const known = biological.flatMap((each) =>
    each.graph.graph === null || each.place.directed ? [] : [{ ...each, drawn: each.graph.graph }],
  );
  return known.reduce<(typeof known)[number] | null>(
    (low, each) => (low === null || away(each) < away(low) ? each : low),
    null,
  );
}

/**
 * A task's best graph drawn beside the biological network, without directions, that lies nearest to
 * it in the plane. A standalone SVG.
 */
export function biologicalPairFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.biological().find((each) => each.task === task);
  const other = fact === undefined ? null : nearest(fact);
  if (fact === undefined || other === null)
    return emptyFigure(
      `${name}: no biological network to draw`,
      fact === undefined
        ? 'No graph was measured.'
        : 'None is at hand; fetch them with: plexus data get connectomes.',
    );
  const { best } = fact;
  const graph = buildGraph(parseGraphSpec(best.graph));
  const caption = (nodes: number, density: number, place: Place): string =>
    `${nodes} nodes, k / n ${fixed(density, 2)}, C ${fixed(place.clustering, 2)}, L ` +
    fixed(place.pathLength, 2);
  return composeFigure({
    title: `${name}: the best graph beside ${other.graph.name}`,
    subtitle:
      'Distances on paper follow distances in the graph; larger nodes have more ' +
      'neighbours. Without directions.',
    width: WIDTH,
    height: SIDE + 50,
    parts: [
      { drawing: drawGraph(graph, SIDE, 'force'), x: 20, y: 0 },
      { drawing: drawGraph(other.drawn, SIDE, 'force'), x: WIDTH - SIDE - 20, y: 0 },
      textPart(rowLabel(best), 20 + SIDE / 2, SIDE + 22, {
        anchor: 'middle',
        weight: 600,
        size: 11,
      }),
      textPart(caption(graph.nodes, best.density, best), 20 + SIDE / 2, SIDE + 40, {
        anchor: 'middle',
        colour: COLOURS.quiet,
      }),
      textPart(other.graph.name, WIDTH - SIDE / 2 - 20, SIDE + 22, {
        anchor: 'middle',
        weight: 600,
        size: 11,
      }),
      textPart(
        caption(other.place.nodes, other.place.density, other.place),
        WIDTH - SIDE / 2 - 20,
        SIDE + 40,
        { anchor: 'middle', colour: COLOURS.quiet },
      ),
    ],
    notes: [
      'Nearest in C and L, each in parts of its range in the paper (1 and 3.5); nearness ' +
        'there does not make graphs alike in anything else.',
    ],
  });
}
