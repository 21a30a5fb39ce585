import * as Plot from '@observablehq/plot';
import type { BiologicalFact } from '../analysis/findings/facts/biological.js';
import { fixed, plural } from '../analysis/text.js';
import { mapTuple } from '../core/tuples.js';
import { ellipseOf } from './ellipse.js';
import { seriesOf } from './findings/common.js';

export const AT = { x: 'clustering', y: 'pathLength' } as const;

/** Networks by name, in the order of the input, each with its ways of measuring. */
export function byName(
  facts: readonly BiologicalFact[],
): { readonly name: string; readonly colour: string; readonly facts: readonly BiologicalFact[] }[] {
  const names = [...new Set(facts.map(({ graph }) => graph.name))];
  return names.map((name, at) => ({
    name,
    colour: seriesOf(at).colour,
    facts: facts.filter(({ graph }) => graph.name === name),
  }));
}

/** What a mark tells when it is pointed at. */
function titleOf({ graph, place, nulls: drawn, process: { prediction } }: BiologicalFact): string {
  const error =
    prediction === null
      ? ''
      : `\npredicted ${fixed(prediction.value, 2)} ` +
        `%${prediction.extrapolated ? ' (extrapolated)' : ''}`;
  const nulls =
    drawn === null
      ? ''
      : `\n${fixed(100 * drawn.inSweetSpot, 0)} % of its ${drawn.count} random graphs in ` +
        'the sweet spot';
  return (
    `${graph.name}, ${place.directed ? 'with' : 'without'} ` +
    `directions\n${plural(place.nodes, 'node')}, C ${fixed(place.clustering, 3)}, L ` +
    `${fixed(place.pathLength, 3)}${error}${nulls}`
  );
}

/**
 * A network's two marks joined by a line, and its random graphs with a dashed line from their
 * centre.
 */
export function networkMarks({ colour, facts }: ReturnType<typeof byName>[number]): Plot.Markish[] {
  const clouds = facts.flatMap(({ place }) =>
    place.nulls === null || place.nulls.length < 3 ? [] : [{ place, ...ellipseOf(place.nulls) }],
  );
  const [plain, directed] = mapTuple([false, true], (each) =>
    facts.filter(({ place }) => place.directed === each),
  );
  const at = {
    x: ({ place }: BiologicalFact) => place.clustering,
    y: ({ place }: BiologicalFact) => place.pathLength,
    title: titleOf,
  };
  return [
    ...clouds.flatMap(({ place, centre, border }) => [
      Plot.line([centre, place], {
        ...AT,
        className: 'from-nulls',
        stroke: colour,
        strokeWidth: 1.2,
        strokeDasharray: '2,3',
      }),
      Plot.line(border, {
        ...AT,
        className: 'nulls',
        curve: 'linear-closed',
        fill: colour,
        fillOpacity: 0.35,
        stroke: colour,
        strokeWidth: 1,
      }),
    ]),
    ...(facts.length < 2
      ? []
      : [
          Plot.line(
            [...plain, ...directed].map(({ place }) => place),
            { ...AT, className: 'ways', stroke: colour, strokeWidth: 2 },
          ),
        ]),
    Plot.dot(plain, {
      ...at,
      className: 'undirected',
      r: 5.5,
      fill: colour,
      stroke: 'white',
      strokeWidth: 1.2,
    }),
    Plot.dot(directed, {
      ...at,
      className: 'directed',
      r: 5,
      fill: 'white',
      stroke: colour,
      strokeWidth: 2.2,
    }),
  ];
}
