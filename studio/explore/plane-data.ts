import { computed, effect, signal } from '@preact/signals';
import { PUBLISHED } from '../../src/analysis/findings/published.js';
import type { FamilyPlaces } from '../../src/graph/space/families.js';
import { basics } from '../graph/current.js';
import { allFamilies } from '../graph/further.js';
import { view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { PLANE_FILE, planeOf, SHIPPED_NODES } from '../threads/plane-file.js';
import type { Cloud } from '../threads/tasks.js';
import type { KnownGraphs, Mark } from './known-graphs.js';

/** Larger clouds take seconds; the plane then has the one of this many nodes. */
const MOST_NODES = 512;
const FEWEST_NODES = 8;

/** Of how many nodes the graphs of the cloud are: as many as the graph has, within limits. */
export const cloudNodes = computed(() =>
  Math.min(MOST_NODES, Math.max(FEWEST_NODES, basics.value.nodes)),
);

export const cloud = signal<Cloud | null>(null);
export const cloudFailure = signal<string | null>(null);
export const families = signal<readonly FamilyPlaces[]>([]);

/** None of them until they are fetched. */
export const known = signal<KnownGraphs>({ errors: [], connectomes: [], errorRange: [0, 1] });

const clouds = new Lane('cloud');
const familyLane = new Lane('families');

/** Milliseconds without a change of nodes after which another cloud is made. */
const PAUSE = 250;

/** Has cloud and families made, now and whenever the number of nodes has changed. */
export function followNodes(): () => void {
  // Where they do not come, the plane goes without.
  import('./known-graphs.js').then(
    ({ KNOWN_GRAPHS }) => (known.value = KNOWN_GRAPHS),
    () => undefined,
  );
  let timer: ReturnType<typeof setTimeout>;
  const stop = effect(() => {
    const nodes = cloudNodes.value;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (cloud.peek()?.nodes === nodes) return;
        void makePlane(nodes);
      },
      cloud.peek() === null ? 0 : PAUSE,
    );
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Takes the plane that came with the build, or has one made. */
async function makePlane(nodes: number): Promise<void> {
  cloudFailure.value = null;
  const shipped = nodes === SHIPPED_NODES ? await fetchPlane() : null;
  // Meanwhile the graph may have got another number of nodes.
  if (cloudNodes.peek() !== nodes) return;
  if (shipped !== null) {
    clouds.cancel();
    familyLane.cancel();
    cloud.value = shipped.cloud;
    families.value = shipped.families;
    return;
  }
  const onFailed = (message: string): void => void (cloudFailure.value = message);
  clouds.ask(nodes, { onDone: (made) => (cloud.value = made), onFailed }, true);
  familyLane.ask(nodes, { onDone: (made) => (families.value = made), onFailed }, true);
}

async function fetchPlane(): Promise<ReturnType<typeof planeOf> | null> {
  try {
    const answer = await fetch(new URL(PLANE_FILE, document.baseURI));
    return answer.ok ? planeOf(await answer.text()) : null;
  } catch {
    // The same is made here, in a second.
    return null;
  }
}

/** The marks that the view asks for. */
export const marks = computed((): readonly Mark[] => {
  const { families: withFamilies, connectomes: withConnectomes, errors } = view.value;
  return [
    ...(errors ? known.value.errors : []),
    ...(withFamilies && allFamilies.value ? families.value.flatMap(familyMarks) : []),
    ...(withConnectomes ? known.value.connectomes : []),
  ];
});

function familyMarks({ graphs }: FamilyPlaces): Mark[] {
  return graphs.map(({ spec, clustering, pathLength }) => ({
    kind: 'family',
    title: spec,
    line: spec,
    clustering,
    pathLength,
  }));
}

/** The sweet spot that the paper found for the view's architecture: C from, to, L from, to. */
export const sweetSpot = computed(() => PUBLISHED[view.value.arch]?.sweetSpot ?? null);
