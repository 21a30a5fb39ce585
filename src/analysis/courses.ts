import { rewireOfSpec } from '../graph/generators/evolving.js';
import { textParam } from '../graph/generators/params.js';
import type { RewireRule } from '../graph/rewire-settings.js';
import { graphMembers } from '../graph/sequence.js';
import { parseGraphSpec } from '../graph/spec.js';
import type { GraphSpec } from '../graph/types.js';
import { graphNames } from '../study/names.js';
import type { LoggedEpoch, StudySpec, TrialRecord } from '../study/types.js';
import type { Rectangle } from './findings/types.js';
import { PUBLISHED, PUBLISHED_INTERSECTION } from './findings/published.js';
import { fixed, plural } from './text.js';

/** Where graphs are after an epoch; 0: where training begins. */
export interface CoursePoint {
  readonly epoch: number;
  readonly clustering: number;
  /** Null where a graph is not connected. */
  readonly pathLength: number | null;
}

/** Where the graphs of one relational layer went while they were trained. */
export interface LayerCourse {
  /** 1-based; null of a graph that all layers share. */
  readonly layer: number | null;
  /** Means over the complete trials, by epoch. */
  readonly mean: readonly CoursePoint[];
  /** Where the graph of each complete trial ended. */
  readonly ends: readonly (CoursePoint & { readonly seed: number })[];
}

/** The course of a graph that was rewired while it was trained, through the plane of C and L. */
export interface GraphCourse {
  readonly graph: string;
  /** What it is called; null: by its spec. */
  readonly name: string | null;
  readonly rule: RewireRule;
  /** The graph that training began with, as people are shown it. */
  readonly start: string;
  readonly layers: readonly LayerCourse[];
}

/** Courses of a study's rewired graphs, in the order of its graphs; none where all graphs stayed. */
export function graphCourses(
  spec: StudySpec,
  records: readonly TrialRecord[],
): readonly GraphCourse[] {
  const moved = records.filter(
    ({ role, status, epochs }) =>
      role === 'graph' && status === 'complete' && epochs.some(({ graphs }) => graphs),
  );
  if (moved.length === 0) return [];
  const names = graphNames(spec);
  return spec.graphs.flatMap((graph) => {
    const trials = moved.filter((trial) => trial.graph === graph);
    const line = parseGraphSpec(graph);
    const own = rewireOfSpec(line);
    const rule = own?.rule ?? spec.train.rewire?.rule;
    if (trials.length === 0 || rule === undefined) return [];
    const start = own === null ? graph : textParam(line.params, 'of');
    const name = names.get(graph) ?? null;
    const count = trials[0]?.epochs.at(-1)?.graphs?.length ?? 0;
    return [
      {
        graph,
        name,
        rule,
        start: names.get(start) ?? (own === null ? (name ?? start) : start),
        layers: Array.from({ length: count }, (_, at) => layerCourse(trials, at, count)),
      },
    ];
  });
}

function layerCourse(trials: readonly TrialRecord[], at: number, count: number): LayerCourse {
  const paths = trials.map((trial) => trialCourse(trial)[at] ?? []);
  const all = paths.flat();
  const epochs = [...new Set(all.map(({ epoch }) => epoch))].sort((a, b) => a - b);
  return {
    layer: count === 1 ? null : at + 1,
    mean: epochs.map((epoch) => ({
      epoch,
      ...meanPlace(all.filter((point) => point.epoch === epoch)),
    })),
    ends: trials.flatMap(({ seed }, trial) => {
      const end = paths[trial]?.at(-1);
      return end === undefined ? [] : [{ seed, ...end }];
    }),
  };
}

/**
 * The course of one trial's graphs, layer by layer; none where its graph stayed. It begins at epoch 0
 * where the trial's facts say so: of a sequence of graphs they are means over the layers.
 */
export function trialCourse({
  graph,
  epochs,
  facts,
}: Pick<TrialRecord, 'graph' | 'epochs' | 'facts'>): readonly (readonly CoursePoint[])[] {
  const count = epochs.at(-1)?.graphs?.length ?? 0;
  if (count === 0) return [];
  const begins = graphMembers(startOf(parseGraphSpec(graph))).per === 'network';
  const start = begins && facts !== null ? [{ epoch: 0, ...placeOf(facts) }] : [];
  return Array.from({ length: count }, (_, at) => [
    ...start,
    ...epochs.flatMap((epoch) => pointOf(epoch, at)),
  ]);
}

/** The graph that training begins with. */
const startOf = (spec: GraphSpec): GraphSpec =>
  rewireOfSpec(spec) === null ? spec : parseGraphSpec(textParam(spec.params, 'of'));

function pointOf({ epoch, graphs }: LoggedEpoch, at: number): readonly CoursePoint[] {
  const place = graphs?.[at];
  return place === undefined ? [] : [{ epoch, ...placeOf(place) }];
}

type Place = Omit<CoursePoint, 'epoch'>;

const placeOf = ({ clustering, pathLength }: Place): Place => ({ clustering, pathLength });

function meanPlace(points: readonly Place[]): Place {
  const lengths = points.flatMap(({ pathLength }) => (pathLength === null ? [] : [pathLength]));
  return {
    clustering: mean(points.map(({ clustering }) => clustering)),
    pathLength: lengths.length < points.length ? null : mean(lengths),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The sweet spot that was published for an architecture; of others what all published ones share. */
export function publishedSweetSpot(arch: string): Rectangle {
  const [c0, c1, l0, l1] = PUBLISHED[arch]?.sweetSpot ?? PUBLISHED_INTERSECTION;
  return { clustering: [c0, c1], pathLength: [l0, l1] };
}

function isIn({ clustering, pathLength }: Rectangle, place: Place): boolean {
  const between = (value: number, [low, high]: readonly [number, number]): boolean =>
    value >= low && value <= high;
  return (
    place.pathLength !== null &&
    between(place.clustering, clustering) &&
    between(place.pathLength, pathLength)
  );
}

/**
 * Where a rule took graphs, in a sentence: how many of the mean courses (one for each graph and layer)
 * began and ended in the published sweet spot, and mean C and L before and after.
 */
export function courseSentence(
  rule: RewireRule,
  courses: readonly GraphCourse[],
  arch: string,
): string {
  const paths = courses.filter((course) => course.rule === rule).flatMap(({ layers }) => layers);
  const ends = paths.flatMap(({ mean: points }) => points.slice(-1));
  const starts = paths.flatMap(({ mean: points }) => points.slice(0, 1));
  const spot = publishedSweetSpot(arch);
  const inside = (points: readonly Place[]): number =>
    points.filter((point) => isIn(spot, point)).length;
  const [from, to] = [meanPlace(starts), meanPlace(ends)];
  const moved = (what: keyof Place): string => `${fixed(from[what], 2)} → ${fixed(to[what], 2)}`;
  return (
    `Rewired by ${rule}: mean C ${moved('clustering')}, L ${moved('pathLength')}; ` +
    `${inside(starts)} of ${plural(paths.length, 'course')} began in the published sweet spot, ` +
    `${inside(ends)} ended there.`
  );
}

/** The rules by which graphs were rewired, each once. */
export function rulesOf(courses: readonly GraphCourse[]): readonly RewireRule[] {
  return [...new Set(courses.map(({ rule }) => rule))];
}
