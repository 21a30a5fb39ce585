import { type Shipped, SHIPPED_NODES } from './plane-file.js';
import { tasks } from './tasks.js';

/** Makes the plane that comes with the build, as text. */
export function shippedPlane(): string {
  const { published, clustering, pathLength, k, p, seed } = tasks.cloud(SHIPPED_NODES);
  const rounded = (values: Float64Array): number[] =>
    [...values].map((value) => Number(value.toFixed(6)));
  const shipped: Shipped = {
    published,
    clustering: rounded(clustering),
    pathLength: rounded(pathLength),
    k: [...k],
    p: [...p],
    seed: [...seed],
    families: tasks.families(SHIPPED_NODES),
  };
  return JSON.stringify(shipped);
}
