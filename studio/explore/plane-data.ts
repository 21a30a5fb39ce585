import { computed, effect, signal } from '@preact/signals';
import { PUBLISHED } from '../../src/analysis/findings/published.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { connectomes } from '../../src/graph/connectomes.js';
import type { FamilyPlaces } from '../../src/graph/space/families.js';
import { basics } from '../graph/current.js';
import { view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { PLANE_FILE, planeOf, SHIPPED_NODES } from '../threads/plane-file.js';
import type { Cloud } from '../threads/tasks.js';
import type { Spot } from './cloud.js';

/** Something on the plane that can be named, and mostly chosen. */
export interface Mark extends Spot {
  readonly kind: 'family' | 'connectome' | 'error';
  readonly title: string;
  /** Null where the graph is in a file that this page has not. */
  readonly line: string | null;
  /** Published test error in %, of the graphs that have one. */
  readonly error?: number;
}

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
const clouds = new Lane('cloud');
const familyLane = new Lane('families');

/** Milliseconds without a change of nodes after which another cloud is made. */
const PAUSE = 250;

/** Has cloud and families made, now and whenever the number of nodes has changed. */
export function followNodes(): () => void {
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
    ...(errors ? errorMarks : []),
    ...(withFamilies ? families.value.flatMap(familyMarks) : []),
    ...(withConnectomes ? connectomeMarks : []),
  ];
});

const errorMarks: readonly Mark[] = PUBLISHED_MLP.map(
  ([line, clustering, pathLength, error]): Mark => ({
    kind: 'error',
    title: line,
    line,
    clustering,
    pathLength,
    error,
  }),
);

/** The lowest and highest of the published errors, for their colours. */
export const errorRange = [
  Math.min(...errorMarks.map(({ error = NaN }) => error)),
  Math.max(...errorMarks.map(({ error = NaN }) => error)),
] as const;

function familyMarks({ graphs }: FamilyPlaces): Mark[] {
  return graphs.map(({ spec, clustering, pathLength }) => ({
    kind: 'family',
    title: spec,
    line: spec,
    clustering,
    pathLength,
  }));
}

const connectomeMarks: readonly Mark[] = connectomes.map(({ name, meaning, undirected }) => ({
  kind: 'connectome',
  title: `${name}: ${meaning}`,
  line: null,
  clustering: undirected.clustering,
  pathLength: undirected.pathLength,
}));

/** The sweet spot that the paper found for the view's architecture: C from, to, L from, to. */
export const sweetSpot = computed(() => PUBLISHED[view.value.arch]?.sweetSpot ?? null);
