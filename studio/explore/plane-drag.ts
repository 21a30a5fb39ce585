import { signal } from '@preact/signals';
import { planeDistance } from '../../src/graph/space/distance.js';
import { announcement, basics } from '../graph/current.js';
import { endGesture, show, view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { lineInCloud, nearestInCloud, type Spot } from './cloud.js';
import { cloud } from './plane-data.js';

/** The place that is asked for: while it is dragged, and while a nearer graph is looked for. */
export const wanted = signal<Spot | null>(null);

/** How the search for a graph near a place stands. */
export type Search =
  | { readonly state: 'idle' }
  | { readonly state: 'searching'; readonly wanted: Spot }
  | {
      readonly state: 'found';
      readonly wanted: Spot;
      readonly tried: number;
      readonly distance: number;
    }
  | { readonly state: 'failed'; readonly message: string };

export const search = signal<Search>({ state: 'idle' });
const finder = new Lane('find');

/** All changes of one drag are one step. */
const GESTURE = 'plane';

/** The nearest graph of the cloud, at once. */
export function dragTo(spot: Spot): void {
  finder.cancel();
  search.value = { state: 'idle' };
  wanted.value = spot;
  const points = cloud.value;
  if (points === null) return;
  const at = nearestInCloud(points, spot);
  const line = at < 0 ? null : lineInCloud(points, at);
  if (line !== null && !isShown(line)) show({ graph: { kind: 'spec', line } }, GESTURE);
}

function isShown(line: string): boolean {
  const { graph } = view.value;
  return graph.kind === 'spec' && graph.line === line;
}

/** Looks among all WS-flex graphs for one that is nearer than the cloud's, as `graph find` does. */
export function dropAt(spot: Spot): void {
  const { nodes } = cloud.value ?? basics.value;
  search.value = { state: 'searching', wanted: spot };
  finder.ask(
    { nodes, ...spot },
    {
      onDone: (found) => {
        wanted.value = null;
        const distance = planeDistance(found, spot);
        if (distance < distanceNow(spot))
          show({ graph: { kind: 'spec', line: found.line } }, GESTURE);
        endGesture();
        search.value = { state: 'found', wanted: spot, tried: found.tried, distance };
        const [c, l] = [found.clustering.toFixed(3), found.pathLength.toFixed(3)];
        announcement.value = `Nearest graph: C ${c}, L ${l}`;
      },
      onFailed: (message) => {
        wanted.value = null;
        endGesture();
        search.value = { state: 'failed', message };
      },
    },
    true,
  );
}

function distanceNow(spot: Spot): number {
  const { clustering, pathLength } = basics.value;
  return pathLength === null ? Infinity : planeDistance({ clustering, pathLength }, spot);
}

/** Stops looking: the graph that is shown stays. */
export function stopSearch(): void {
  finder.cancel();
  endGesture();
  wanted.value = null;
  search.value = { state: 'idle' };
}

/** Steps of the arrow keys, in C and L. */
const STEP = { clustering: 0.02, pathLength: 0.05 } as const;

/**
 * One step along an axis: the nearest graph of the cloud that lies further that way than the present
 * one.
 */
export function stepPlane(axis: keyof Spot, direction: 1 | -1, large: boolean): void {
  const points = cloud.value;
  const { clustering, pathLength } = basics.value;
  if (points === null || pathLength === null) return;
  stopSearch();
  const here: Spot = { clustering, pathLength };
  const step = direction * STEP[axis] * (large ? 5 : 1);
  const values = points[axis];
  const least = here[axis] + step / 3;
  const at = nearestInCloud(
    points,
    { ...here, [axis]: here[axis] + step },
    (each) => direction * ((values[each] ?? 0) - least) > 0,
  );
  if (at < 0) return;
  show({ graph: { kind: 'spec', line: lineInCloud(points, at) } }, `plane ${axis}`);
  const { clustering: c, pathLength: l } = basics.value;
  announcement.value = `C ${c.toFixed(3)}, L ${l?.toFixed(3) ?? 'none'}`;
}
