import { connectomes } from '../../../graph/connectomes.js';
import { mean } from '../../../stats/descriptive.js';
import { falseDiscovery } from '../../../stats/false-discovery.js';
import { SWEET_LEVEL } from '../../settings.js';
import type { BiologicalGraph, BiologicalPlace, Place } from '../biological-types.js';
import { lastTable, type TaskTables } from '../input.js';
import {
  type PlaneSurface,
  type Prediction,
  processSurface,
  quadraticSurface,
} from '../plane-surface.js';
import type { RankingRule } from '../presenter.js';
import { meanError } from '../rows.js';
import type { ErrorRow, Rectangle } from '../types.js';
import { type SurfaceFact, surfaceOfTask } from './surface.js';
import type { SweetSpotFact } from './sweet-spot.js';

/** The connectomes of the catalogue as published, where none of their files is at hand. */
export function cataloguedGraphs(): BiologicalGraph[] {
  return connectomes.map(({ name, nodes, undirected: { edges, clustering, pathLength } }) => ({
    name,
    atHand: false,
    graph: null,
    places: [
      {
        directed: false,
        nodes,
        edges,
        density: (2 * edges) / nodes ** 2,
        clustering,
        pathLength,
        nulls: null,
      },
    ],
  }));
}

/** How a network's predicted error ranks among those of random graphs of its degrees. */
export interface RankTest {
  /** Mean of their predicted errors, %. */
  readonly predicted: number;
  /** (1 + those whose predicted error is no higher) / (1 + all). */
  readonly asGood: number;
  /** Two-sided: twice the smaller tail. */
  readonly p: number;
  /** p after Benjamini and Hochberg over all networks and tasks, by the same kind of surface. */
  readonly adjusted: number;
}

/** What one kind of surface says of a network. */
export interface SurfaceView {
  /** Null without a surface. */
  readonly prediction: Prediction | null;
  /**
   * Null without a surface or random graphs, and where the network or half of them lie beyond the
   * graphs of the task.
   */
  readonly test: RankTest | null;
}

/** One biological network in the plane of one task. */
export interface BiologicalFact {
  readonly task: TaskTables;
  readonly sweetSpot: Rectangle;
  readonly graph: BiologicalGraph;
  readonly place: BiologicalPlace;
  readonly inSweetSpot: boolean;
  /**
   * Random graphs of its degrees: how many, and the share in the sweet spot; null where the network
   * is not at hand.
   */
  readonly nulls: { readonly count: number; readonly inSweetSpot: number } | null;
  readonly process: SurfaceView;
  readonly quadratic: SurfaceView;
}

/** A task's own side of the comparison. */
export interface ArtificialFact {
  readonly task: TaskTables;
  readonly sweetSpot: Rectangle;
  readonly best: ErrorRow;
  /** Mean errors, %. */
  readonly bestError: number;
  readonly baselineError: number | null;
  readonly process: PlaneSurface | null;
  readonly quadratic: PlaneSurface | null;
  readonly biological: readonly BiologicalFact[];
}

/**
 * How far a place lies beyond a rectangle: below it (negative), above it (positive), or 0 within
 * its borders.
 */
export function beyond({ clustering, pathLength }: Place, box: Rectangle): Place {
  const along = (value: number, [low, high]: readonly [number, number]): number =>
    value < low ? value - low : Math.max(0, value - high);
  return {
    clustering: along(clustering, box.clustering),
    pathLength: along(pathLength, box.pathLength),
  };
}

/** Whether a place lies in a rectangle, its border included. */
export function within(place: Place, box: Rectangle): boolean {
  const { clustering, pathLength } = beyond(place, box);
  return clustering === 0 && pathLength === 0;
}

function viewOf(place: BiologicalPlace, surface: PlaneSurface | null): SurfaceView {
  const prediction = surface?.at(place) ?? null;
  const { nulls } = place;
  if (
    surface === null ||
    prediction === null ||
    prediction.extrapolated ||
    nulls === null ||
    nulls.length === 0
  )
    return { prediction, test: null };
  const predicted = nulls.map((each) => surface.at(each));
  if (2 * predicted.filter(({ extrapolated }) => extrapolated).length > nulls.length)
    return { prediction, test: null };
  const tail = (holds: (error: number) => boolean): number =>
    (1 + predicted.filter(({ value }) => holds(value)).length) / (1 + nulls.length);
  const asGood = tail((error) => error <= prediction.value);
  const p = Math.min(
    1,
    2 *
      Math.min(
        asGood,
        tail((error) => error >= prediction.value),
      ),
  );
  return {
    prediction,
    test: { predicted: mean(predicted.map(({ value }) => value)), asGood, p, adjusted: p },
  };
}

/** What the comparison is made of. */
interface Ingredients {
  readonly sweetSpots: readonly SweetSpotFact[];
  readonly surfaces: readonly SurfaceFact[];
  readonly graphs: readonly BiologicalGraph[];
  readonly rule: RankingRule;
}

/**
 * The best graph of every task beside every biological network, measured with and without
 * directions. Tasks without a measured graph or a sweet spot are left out.
 */
export function biologicalFacts(ingredients: Ingredients): ArtificialFact[] {
  const facts = ingredients.sweetSpots.flatMap((fact) => taskFact(fact, ingredients));
  return adjust(adjust(facts, 'process'), 'quadratic');
}

function taskFact(fact: SweetSpotFact, { surfaces, graphs, rule }: Ingredients): ArtificialFact[] {
  const { task, rectangle: sweetSpot } = fact;
  const table = lastTable(task);
  const best = rule.best(table);
  if (best === null || sweetSpot === null) return [];
  const surface = surfaceOfTask(surfaces, task);
  const [process, quadratic] =
    surface === null ? [null, null] : [processSurface(surface), quadraticSurface(surface)];
  const factOf = (graph: BiologicalGraph, place: BiologicalPlace): BiologicalFact => ({
    task,
    sweetSpot,
    graph,
    place,
    inSweetSpot: within(place, sweetSpot),
    nulls: nullsOf(place, sweetSpot),
    process: viewOf(place, process),
    quadratic: viewOf(place, quadratic),
  });
  return [
    {
      task,
      sweetSpot,
      best: best.row,
      bestError: meanError(best.row)!,
      baselineError: best.baseline?.mean ?? null,
      process,
      quadratic,
      biological: graphs.flatMap((graph) => graph.places.map((place) => factOf(graph, place))),
    },
  ];
}

function nullsOf({ nulls }: BiologicalPlace, sweetSpot: Rectangle): BiologicalFact['nulls'] {
  if (nulls === null || nulls.length === 0) return null;
  const inside = nulls.filter((each) => within(each, sweetSpot)).length;
  return { count: nulls.length, inSweetSpot: inside / nulls.length };
}

/** p-values of one kind of surface after all its tests of all tasks were counted. */
function adjust(facts: readonly ArtificialFact[], kind: 'process' | 'quadratic'): ArtificialFact[] {
  const adjusted = falseDiscovery(
    facts.flatMap(({ biological }) => biological.flatMap((each) => each[kind].test?.p ?? [])),
  );
  let next = 0;
  return facts.map((fact) => ({
    ...fact,
    biological: fact.biological.map((each) =>
      each[kind].test === null
        ? each
        : {
            ...each,
            [kind]: { ...each[kind], test: { ...each[kind].test, adjusted: adjusted[next++] } },
          },
    ),
  }));
}

/**
 * Whether a network's predicted error differs from those of its degrees: lower, higher, or not
 * shown; null without a test.
 */
export function outcomeOf({ test }: SurfaceView): 'better' | 'worse' | 'alike' | null {
  if (test === null) return null;
  return test.adjusted > SWEET_LEVEL ? 'alike' : test.asGood < 0.5 ? 'better' : 'worse';
}
