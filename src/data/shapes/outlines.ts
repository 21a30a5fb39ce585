/**
 * The ten outlines of the built-in data set, as signed distances: negative inside, positive
 * outside, in units where every outline just fits into the unit disc. No two are the same under
 * rotation, mirroring and scaling. Only + - * / and square roots are used, which IEEE 754 rounds
 * exactly: the same picture on every machine.
 */
export interface Outline {
  readonly name: string;
  /** Signed distance of the point (x, y) from the outline. */
  readonly distance: (x: number, y: number) => number;
}

/**
 * Signed distance of a closed polygon: the nearest edge, with the sign by the even-odd rule
 * (crossings of a horizontal ray).
 */
function polygon(...corners: readonly (readonly [number, number])[]): Outline['distance'] {
  const count = corners.length;
  const x0 = Float64Array.from(corners, (corner) => corner[0]);
  const y0 = Float64Array.from(corners, (corner) => corner[1]);
  const ex = x0.map((x, i) => x0[(i + 1) % count] - x);
  const ey = y0.map((y, i) => y0[(i + 1) % count] - y);
  const inverse = ex.map((x, i) => 1 / (x * x + ey[i] * ey[i]));
  return (x, y) => {
    let nearest = Infinity;
    let inside = false;
    for (let i = 0; i < count; i++) {
      const wx = x - x0[i];
      const wy = y - y0[i];
      const dx = ex[i];
      const dy = ey[i];
      const along = Math.min(1, Math.max(0, (wx * dx + wy * dy) * inverse[i]));
      const bx = wx - dx * along;
      const by = wy - dy * along;
      nearest = Math.min(nearest, bx * bx + by * by);
      // The edge spans the height of the point, and the point lies on its left: the ray crosses it.
      if (wy >= 0 !== wy >= dy && (dx * wy - dy * wx) * dy < 0) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}

function disc(centreX: number, centreY: number, radius: number): Outline['distance'] {
  return (x, y) =>
    Math.sqrt((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)) - radius;
}

/** Distance from the segment between two points, less half its thickness. */
export function stroke(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
): Outline['distance'] {
  const ex = bx - ax;
  const ey = by - ay;
  const inverse = 1 / Math.max(ex * ex + ey * ey, 1e-12);
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - ax) * ex + (y - ay) * ey) * inverse));
    const dx = x - ax - ex * along;
    const dy = y - ay - ey * along;
    return Math.sqrt(dx * dx + dy * dy) - radius;
  };
}

const HALF_ROOT_2 = Math.SQRT1_2;
const HALF_ROOT_3 = Math.sqrt(3) / 2;

/** Corners of a five-pointed star: tips on the unit circle, notches at radius 0.42. */
function starCorners(): [number, number][] {
  // Cosine and sine of 36 and 72 degrees in closed form.
  const root5 = Math.sqrt(5);
  const c36 = (1 + root5) / 4;
  const c72 = (root5 - 1) / 4;
  const s36 = Math.sqrt(10 - 2 * root5) / 4;
  const s72 = Math.sqrt(10 + 2 * root5) / 4;
  const turns: [number, number][] = [
    [0, -1],
    [s36, -c36],
    [s72, -c72],
    [s72, c72],
    [s36, c36],
    [0, 1],
    [-s36, c36],
    [-s72, c72],
    [-s72, -c72],
    [-s36, -c36],
  ];
  return turns.map(([x, y], i) => (i % 2 === 0 ? [x, y] : [0.42 * x, 0.42 * y]));
}

/** A square on its corner (half diagonal 0.74) with a disc on each of its upper sides. */
function heart(): Outline['distance'] {
  const half = 0.74;
  const middle = 0.08;
  const square = polygon([0, middle - half], [half, middle], [0, middle + half], [-half, middle]);
  const left = disc(-half / 2, middle - half / 2, half * HALF_ROOT_2);
  const right = disc(half / 2, middle - half / 2, half * HALF_ROOT_2);
  return (x, y) => Math.min(square(x, y), left(x, y), right(x, y));
}

function ring(): Outline['distance'] {
  const outer = disc(0, 0, 0.72);
  return (x, y) => Math.abs(outer(x, y)) - 0.22;
}

function crescent(): Outline['distance'] {
  const outer = disc(0, 0, 0.95);
  const bite = disc(0.52, 0, 0.78);
  return (x, y) => Math.max(outer(x, y), -bite(x, y));
}

/** Classes of the data set, in the order of their labels. */
export const outlines: readonly Outline[] = [
  { name: 'circle', distance: disc(0, 0, 0.85) },
  {
    name: 'square',
    distance: polygon(
      [-HALF_ROOT_2, -HALF_ROOT_2],
      [HALF_ROOT_2, -HALF_ROOT_2],
      [HALF_ROOT_2, HALF_ROOT_2],
      [-HALF_ROOT_2, HALF_ROOT_2],
    ),
  },
  { name: 'triangle', distance: polygon([0, -1], [HALF_ROOT_3, 0.5], [-HALF_ROOT_3, 0.5]) },
  { name: 'star', distance: polygon(...starCorners()) },
  {
    name: 'cross',
    distance: polygon(
      [-0.28, -0.95],
      [0.28, -0.95],
      [0.28, -0.28],
      [0.95, -0.28],
      [0.95, 0.28],
      [0.28, 0.28],
      [0.28, 0.95],
      [-0.28, 0.95],
      [-0.28, 0.28],
      [-0.95, 0.28],
      [-0.95, -0.28],
      [-0.28, -0.28],
    ),
  },
  { name: 'ring', distance: ring() },
  { name: 'crescent', distance: crescent() },
  {
    name: 'arrow',
    distance: polygon(
      [0, -1],
      [0.75, -0.1],
      [0.25, -0.1],
      [0.25, 0.95],
      [-0.25, 0.95],
      [-0.25, -0.1],
      [-0.75, -0.1],
    ),
  },
  { name: 'heart', distance: heart() },
  {
    name: 'hourglass',
    distance: polygon(
      [-0.62, -0.75],
      [0.62, -0.75],
      [0.12, 0],
      [0.62, 0.75],
      [-0.62, 0.75],
      [-0.12, 0],
    ),
  },
];
