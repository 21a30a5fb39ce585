import { computed, signal } from '@preact/signals';
import type { Graph } from '../../src/graph/types.js';
import { MOST_LINES, ringPlaces } from '../draw/graph.js';
import { graph } from '../graph/current.js';
import { view } from '../state/store.js';
import type { LayoutChoice } from '../state/types.js';
import { Lane } from '../threads/lane.js';
import type { CommunityPlaces } from './community-places.js';
import type { Places } from '../threads/tasks.js';

/** Where forces put the nodes of a graph; of which one, since they come a little later. */
export const forced = signal<{ readonly of: Graph; readonly places: Places } | null>(null);
export const forces = new Lane('forces');
/** The communities of a graph; null places: it is directed and has none. */
export const grouped = signal<{
  readonly of: Graph;
  readonly found: CommunityPlaces | null;
} | null>(null);
export const communities = new Lane('communities');

/** The communities of the graph that is shown, once they are there. */
export const shownCommunities = computed((): CommunityPlaces | null => {
  const known = grouped.value;
  return known?.of === graph.value ? known.found : null;
});

/** How the graph is drawn: a graph of too many edges to be told apart as its matrix. */
export const shownLayout = computed((): LayoutChoice =>
  graph.value.edges > MOST_LINES ? 'matrix' : view.value.layout,
);

/** Places of the nodes in the unit square; null for a matrix, and while forces are at work. */
export const places = computed((): Places | null => {
  if (shownLayout.value === 'matrix') return null;
  if (shownLayout.value === 'ring') return ringPlaces(graph.value.nodes);
  if (shownLayout.value === 'communities') return shownCommunities.value?.places ?? null;
  const known = forced.value;
  return known !== null && known.places.x.length === graph.value.nodes ? known.places : null;
});
