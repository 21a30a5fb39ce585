import type { Place } from '../analysis/findings/biological-types.js';
import type { ArtificialFact } from '../analysis/findings/facts/biological.js';
import { must } from '../core/errors.js';
import { byName } from './biological-marks.js';
import { ellipseOf } from './ellipse.js';
import { type Obstacle, placeLabels } from './label-places.js';
import type { Part } from './svg.js';
import { COLOURS } from './theme.js';
export const WIDTH = 780;
export const HEIGHT = 560;
export const MARGINS = {
  marginLeft: 58,
  marginRight: 16,
  marginTop: 10,
  marginBottom: 46,
} as const;

export type Range = readonly [number, number];

/** Places along the straight line from one place to another. */
const between = (from: Place, to: Place): Place[] =>
  Array.from({ length: 25 }, (_, i) => ({
    clustering: from.clustering + ((to.clustering - from.clustering) * i) / 24,
    pathLength: from.pathLength + ((to.pathLength - from.pathLength) * i) / 24,
  }));

/** The ends of the lines that are drawn: with and without directions, a network and its nulls. */
const linesOf = (biological: ArtificialFact['biological']): [Place, Place][] => [
  ...byName(biological).flatMap(({ facts: [one, two] }): [Place, Place][] =>
    one === undefined || two === undefined ? [] : [[one.place, two.place]],
  ),
  ...biological.flatMap(({ place }): [Place, Place][] =>
    place.nulls === null || place.nulls.length < 3
      ? []
      : [[place, ellipseOf(place.nulls, 4).centre]],
  ),
];

/** Names of networks and of the best graph, clear of the marks and of each other. */
export function labelParts({ best, biological }: ArtificialFact, x: Range, y: Range): Part[] {
  const [left, right, top, bottom] = [
    MARGINS.marginLeft,
    WIDTH - MARGINS.marginRight,
    MARGINS.marginTop,
    HEIGHT - MARGINS.marginBottom,
  ];
  const pixel = ({ clustering, pathLength }: Place): { x: number; y: number } => ({
    x: left + ((clustering - x[0]) / (x[1] - x[0])) * (right - left),
    y: bottom - ((pathLength - y[0]) / (y[1] - y[0])) * (bottom - top),
  });
  const around = (place: Place, size: number): Obstacle => {
    const at = pixel(place);
    return { left: at.x - size, right: at.x + size, top: at.y - size, bottom: at.y + size };
  };
  const networks = byName(biological);
  const marks = networks.map(({ name, colour, facts }) => ({
    ...pixel(must(facts[0]).place),
    text: name,
    colour,
  }));
  const clouds = biological.flatMap(({ place }) =>
    place.nulls === null || place.nulls.length < 3
      ? []
      : ellipseOf(place.nulls, 12).border.map((corner) => around(corner, 2)),
  );
  const all = [{ ...pixel(best), text: 'best graph', colour: COLOURS.ink }, ...marks];
  const lines = linesOf(biological).flatMap(([from, to]) =>
    between(from, to).map((place) => around(place, 1.5)),
  );
  const placed = placeLabels(
    all,
    [around(best, 9), ...biological.map(({ place }) => around(place, 6)), ...clouds, ...lines],
    { left, right, top, bottom },
  );
  return placed.map((label, i) => ({
    drawing:
      '<text text-anchor="start" dy="0.32em" font-size="11" font-weight="600" ' +
      `fill="${must(all[i]).colour}" stroke="white" stroke-width="3" ` +
      `paint-order="stroke">${label.text}</text>`,
    x: label.left,
    y: label.middle,
  }));
}
