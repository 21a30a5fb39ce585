/** A place with the value of the function there. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

/** Where a minimisation by simplices begins and when it ends. */
export interface SimplexOptions {
  /** Length of the first simplex along each axis. */
  readonly step: number;
  /** Most evaluations of the function. */
  readonly evaluations: number;
  /** Ends where the values at the corners differ by no more. */
  readonly tolerance: number;
}

/**
 * Nelder and Mead's simplex search (1965; coefficients 1, 2, 1/2, 1/2) for a minimum near `start`.
 * Deterministic; needs no gradient. The function may return Infinity where it is not defined, not
 * at `start`.
 */
export function nelderMead(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  options: SimplexOptions,
): Minimum {
  const { step, evaluations, tolerance } = options;
  let used = 0;
  const corner = (at: readonly number[]): Minimum => {
    used += 1;
    return { at, value: f(at) };
  };
  const moved = start.map((_, axis) =>
    start.map((value, i) => (i === axis ? value + step : value)),
  );
  let corners = [start, ...moved].map(corner);
  for (;;) {
    corners.sort((a, b) => a.value - b.value);
    const worst = corners[corners.length - 1];
    if (used >= evaluations || worst.value - corners[0].value <= tolerance) return corners[0];
    const kept = corners.slice(0, -1);
    const centre = start.map((_, i) => kept.reduce((sum, { at }) => sum + at[i], 0) / kept.length);
    const along = (factor: number): Minimum =>
      corner(centre.map((value, i) => value + factor * (value - worst.at[i])));
    const next = replacement(along, corners, worst);
    const [best] = corners;
    const halved = ({ at }: Minimum): Minimum =>
      corner(at.map((value, i) => (value + best.at[i]) / 2));
    corners = next === null ? [best, ...corners.slice(1).map(halved)] : [...kept, next];
  }
}

/**
 * What takes the worst corner's place: reflected, expanded or contracted; null where the simplex
 * must shrink.
 */
function replacement(
  along: (factor: number) => Minimum,
  corners: readonly Minimum[],
  worst: Minimum,
): Minimum | null {
  const reflected = along(1);
  if (reflected.value < corners[0].value) {
    const expanded = along(2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < corners[corners.length - 2].value) return reflected;
  const outside = reflected.value < worst.value;
  const contracted = along(outside ? 0.5 : -0.5);
  return contracted.value < (outside ? reflected.value : worst.value) ? contracted : null;
}
