import { computed, effect, signal } from '@preact/signals';
import { PUBLISHED } from '../../src/analysis/findings/published.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { connectomes } from '../../src/graph/connectomes.js';
import type { FamilyPlaces } from '../../src/graph/space/families.js';
import { planeDistance } from '../../src/graph/space/distance.js';
import { formatGraphSpec, graphSpec } from '../../src/graph/spec.js';
import { basics } from '../graph/current.js';
import { view } from '../state/store.js';
import { Lane } from '../work/lane.js';
import type { Cloud } from '../work/tasks.js';

/** A place in the plane. */
export interface Spot {
  readonly clustering: number;
  readonly pathLength: number;
}

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
        cloudFailure.value = null;
        clouds.ask(
          nodes,
          {
            onDone: (made) => (cloud.value = made),
            onFailed: (message) => (cloudFailure.value = message),
          },
          true,
        );
        familyLane.ask(nodes, { onDone: (made) => (families.value = made) }, true);
      },
      cloud.peek() === null ? 0 : PAUSE,
    );
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
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

/** The number of the cloud's graph nearest to a place; -1 of an empty cloud. */
export function nearestInCloud(
  { clustering, pathLength }: Cloud,
  wanted: Spot,
  accept: (at: number) => boolean = () => true,
): number {
  let nearest = -1;
  let least = Infinity;
  for (const [at, c] of clustering.entries()) {
    const distance = planeDistance({ clustering: c, pathLength: pathLength[at] ?? 0 }, wanted);
    if (distance < least && accept(at)) [nearest, least] = [at, distance];
  }
  return nearest;
}

/** The spec of a graph of the cloud. */
export function lineInCloud({ nodes, k, p, seed }: Cloud, at: number): string {
  return formatGraphSpec(
    graphSpec('ws-flex', { n: nodes, k: k[at] ?? 2, p: p[at] ?? 0, seed: seed[at] ?? 0 }),
  );
}
