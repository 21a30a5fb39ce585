import type { Place } from '../analysis/findings/biological-types.js';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The centre of places, and the ellipse that holds 95 % of a normal cloud of their covariance
 * (chi-squared of 2: 5.991).
 */
export function ellipseOf(
  places: readonly Place[],
  corners = 48,
): { readonly centre: Place; readonly border: readonly Place[] } {
  const centre = {
    clustering: mean(places.map((place) => place.clustering)),
    pathLength: mean(places.map((place) => place.pathLength)),
  };
  const deviations = places.map(
    (place) =>
      [place.clustering - centre.clustering, place.pathLength - centre.pathLength] as const,
  );
  const over = Math.max(1, places.length - 1);
  const [cc, cl, ll] = [
    deviations.reduce((sum, [c]) => sum + c * c, 0) / over,
    deviations.reduce((sum, [c, l]) => sum + c * l, 0) / over,
    deviations.reduce((sum, [, l]) => sum + l * l, 0) / over,
  ];
  // Cholesky's factor turns a circle into the ellipse.
  const a = Math.sqrt(cc);
  const b = a === 0 ? 0 : cl / a;
  const c = Math.sqrt(Math.max(0, ll - b * b));
  const radius = Math.sqrt(5.991);
  const border = Array.from({ length: corners + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    const [u, v] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return { clustering: centre.clustering + a * u, pathLength: centre.pathLength + b * u + c * v };
  });
  return { centre, border };
}
