/** Something that labels keep clear of: a box in pixels. */
export interface Obstacle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A mark, in pixels, that wants a label. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Where a label's text starts, and the middle of its line. */
export interface PlacedLabel extends Labelled {
  readonly left: number;
  readonly middle: number;
}

/** Width of a letter and half the height of a line, pixels, at 11 px. */
const LETTER = 7.2;
const HALF = 7;
/** Where a label goes from its mark, in these distances; the likeliest places first. */
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [1, -0.7],
  [1, 0.7],
  [-1, -0.7],
  [-1, 0.7],
  [0, -1],
  [0, 1],
] as const;
/** Distances from the mark that are tried, nearest first. */
const AWAY = [9, 16, 24, 34, 46, 60, 76] as const;

const overlap = (a: Obstacle, b: Obstacle): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/**
 * Places a label near each mark, one after the other: at the nearest of some places around it where
 * it lies in the frame and overlaps neither an obstacle nor an earlier label, else where it
 * overlaps least.
 */
export function placeLabels(
  marks: readonly Labelled[],
  obstacles: readonly Obstacle[],
  frame: Obstacle,
): PlacedLabel[] {
  const taken = [...obstacles];
  return marks.map((mark) => {
    const width = LETTER * mark.text.length;
    const places = AWAY.flatMap((away) =>
      DIRECTIONS.map(([x, y]) => {
        const middle = mark.y + y * away;
        const left = mark.x + x * away - (x === 0 ? width / 2 : x < 0 ? width : 0);
        return {
          left,
          middle,
          box: { left, right: left + width, top: middle - HALF, bottom: middle + HALF },
        };
      }),
    );
    const cost = ({ box }: (typeof places)[number]): number =>
      taken.reduce((sum, each) => sum + overlap(box, each), 0) +
      4 * (width * 2 * HALF - overlap(box, frame));
    const best = places.reduce((low, place) => (cost(place) < cost(low) - 1e-9 ? place : low));
    taken.push(best.box);
    return { ...mark, left: best.left, middle: best.middle };
  });
}
