import type { ParsedGraph } from '../../src/graph-formats/parse.js';
import { placeNodes } from '../../src/figures/graph-layout.js';
import { must } from '../../src/core/errors.js';
import { linspace } from '../../src/graph/space/numbers.js';
import { familyPlaces, type FamilyPlaces } from '../../src/graph/space/families.js';
import { findGraph, type FindOptions } from '../../src/graph/space/find.js';
import { placer } from '../../src/graph/space/place.js';
import { publishedSet, publishedSets } from '../../src/graph/sets/published.js';
import {
  type EnsembleOptions,
  type NullEnsemble,
  nullEnsembleSteps,
} from '../../src/graph/ensemble.js';
import { graphMeasure } from '../../src/graph/measures/registry.js';
import { formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import type { Shape } from '../../src/core/shape.js';
import type { Graph } from '../../src/graph/types.js';
import type { CommunityPlaces } from '../explore/community-places.js';
import type { EventsAsked, EventsPart } from '../train/events.js';
import type { FrameMeasures } from '../train/frame-measures.js';
import type { Frame } from '../train/messages.js';
import type { Design } from '../../src/network/design.js';

/** Places of WS-flex graphs in the plane, and what makes each of them again. */
export interface Cloud {
  readonly nodes: number;
  /** Of the set that was published; null where these graphs were made for this page. */
  readonly published: number | null;
  readonly clustering: Float64Array;
  readonly pathLength: Float64Array;
  readonly k: Float64Array;
  readonly p: Float64Array;
  readonly seed: Float64Array;
}

/** Places of nodes on paper: see `Layout` of the figures. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Found {
  readonly line: string;
  readonly clustering: number;
  readonly pathLength: number;
  readonly tried: number;
}

/** A file that somebody dropped on the page. */
export interface Dropped {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The least weight of the edges that are taken; null where weights must all be 1. */
  readonly threshold: number | null;
}

/** The network that is asked for: on the graph of a spec, or on a graph. */
export interface Designed {
  readonly line: string | null;
  readonly graph: Graph | null;
  readonly arch: string;
  readonly input: Shape;
  readonly classes: number;
}

/** The value of a measure, and how long it took. */
export interface Measured {
  readonly name: string;
  readonly value: number | boolean | null;
  readonly milliseconds: number;
}

/** Milliseconds after which it is told again how far something is. */
const TELL = 100;

/**
 * What workers do, by name: functions of plain values. Anything that can take longer than a frame is
 * one of these. What a task tells while it goes on is told to `tell`.
 */
export const tasks = {
  cloud: (nodes: number): Cloud => cloudOf(nodes),
  families: (nodes: number): readonly FamilyPlaces[] => familyPlaces(nodes),
  communities: async (graph: Graph): Promise<CommunityPlaces | null> => {
    const { communityPlaces } = await import('../explore/community-places.js');
    return communityPlaces(graph);
  },
  forces: (graph: Graph): Places => placeNodes(graph, 'force'),
  find: async (options: FindOptions): Promise<Found> => {
    const { spec, clustering, pathLength, tried } = await findGraph(options);
    return { line: formatGraphSpec(spec), clustering, pathLength, tried };
  },
  parse: async ({ name, bytes, threshold }: Dropped): Promise<ParsedGraph> => {
    const { parseDropped } = await import('../graph/formats.js');
    return parseDropped(name, bytes, { threshold });
  },
  design: async ({ line, graph, ...task }: Designed): Promise<Design> => {
    const { designNetwork } = await import('../../src/network/design.js');
    const source = graph ?? parseGraphSpec(line ?? '');
    return designNetwork({ ...task, graph: source });
  },
  nulls: (
    { graph, ...options }: EnsembleOptions & { readonly graph: Graph },
    tell: (drawn: number) => void,
  ): NullEnsemble => {
    const steps = nullEnsembleSteps(graph, options);
    let told = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - told < TELL) continue;
      told = performance.now();
      tell(step.value);
    }
  },
  weighted: async (frames: readonly Frame[]): Promise<readonly FrameMeasures[]> => {
    const { measureFrame } = await import('../train/frame-measures.js');
    return frames.map(measureFrame);
  },
  events: async (asked: EventsAsked, tell: (part: EventsPart) => void): Promise<number> => {
    const { runEvents } = await import('../train/events.js');
    return runEvents(asked, tell);
  },
  measures: (
    { graph, names }: { readonly graph: Graph; readonly names: readonly string[] },
    tell: (measured: Measured) => void,
  ): number => {
    for (const name of names) {
      const from = performance.now();
      const value = graphMeasure(name).compute(graph, { seed: 1, references: 10 });
      tell({ name, value, milliseconds: performance.now() - from });
    }
    return names.length;
  },
} as const;

export type Tasks = typeof tasks;

/** Steps along k and p of the graphs that are made where no set was published. */
function gridSide(nodes: number): number {
  return Math.round(Math.min(60, Math.max(8, 3000 / nodes)));
}

function cloudOf(nodes: number): Cloud {
  const set = publishedSets.find((each) => each.nodes === nodes);
  const specs =
    set === undefined
      ? gridOf(nodes)
      : publishedSet(set).map(({ params }) =>
          ['k', 'p', 'seed'].map((name) => Number(params[name])),
        );
  const place = placer(nodes);
  const found = specs
    .map((spec, at) => ({ spec, at }))
    .sort((a, b) => must(a.spec[2]) - must(b.spec[2]) || a.at - b.at)
    .flatMap(({ spec, at }) => {
      const [k = 0, p = 0, seed = 0] = spec;
      const there = place(k, p, seed);
      return there === null ? [] : [{ at, k, p, seed, ...there }];
    })
    .sort((a, b) => a.at - b.at);
  const column = (name: 'clustering' | 'pathLength' | 'k' | 'p' | 'seed'): Float64Array =>
    Float64Array.from(found, (each) => each[name]);
  return {
    nodes,
    published: set?.count ?? null,
    clustering: column('clustering'),
    pathLength: column('pathLength'),
    k: column('k'),
    p: column('p'),
    seed: column('seed'),
  };
}

/** Even steps of log k and the root of p, each with six decimals as specs are written. */
function gridOf(nodes: number): number[][] {
  const side = gridSide(nodes);
  const sixDecimals = (value: number): number => Number(value.toFixed(6));
  return linspace(Math.log(Math.min(4, nodes)), Math.log(nodes - 1), side).flatMap((logK) =>
    linspace(0, 1, side).map((root) => [
      sixDecimals((2 * Math.round((Math.exp(logK) * nodes) / 2)) / nodes),
      sixDecimals(root * root),
      0,
    ]),
  );
}
