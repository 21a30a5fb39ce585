import { must } from '../core/errors.js';
import { correlationInterval, partialCorrelation, pearson } from '../stats/correlation.js';
import type { CorrelationPrediction } from '../study/types.js';
import { adjustedMeans, type Interval } from './paired.js';
import { PUBLISHED_IMAGENET } from './published-imagenet.js';
import { PUBLISHED_MLP } from './published-mlp.js';
import type { ErrorTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/** A correlation over graphs with its interval (Fisher's z). */
export interface GraphCorrelation {
  readonly r: number;
  readonly interval: Interval | null;
}

/** How a study's errors agree with the published ones over the graphs that both have. */
export interface Fidelity {
  /** Graphs of the published set of 52 with a complete trial in the study. */
  readonly graphs: number;
  /** Pearson's r of the study's mean errors with the published surface. */
  readonly plain: GraphCorrelation;
  /** Partial r of the same given log density: what agrees beyond "sparser is better". */
  readonly givenDensity: GraphCorrelation | null;
  /**
   * Pearson's r of the study's mean errors with log density, and of the published surface with it.
   */
  readonly withDensity: { readonly own: number; readonly published: number } | null;
  /** Each graph's pair, for the figure: study's mean, published surface. */
  readonly pairs: readonly {
    readonly graph: string;
    readonly own: number;
    readonly published: number;
  }[];
}

/** Below so many common graphs a correlation says nothing. */
const LEAST_GRAPHS = 10;

/** The published surface of the MLP at each of the 52 graphs (CIFAR-10, 200 epochs). */
const MLP_SURFACE: ReadonlyMap<string, number> = new Map(
  PUBLISHED_MLP.map(([graph, , , , value]) => [graph, value]),
);

/** The published errors that a prediction names: the MLP's surface, or an architecture's means. */
export function publishedErrors(of: CorrelationPrediction['with']): ReadonlyMap<string, number> {
  if (of === 'published') return MLP_SURFACE;
  const name = of.slice('published-'.length) as keyof typeof PUBLISHED_IMAGENET;
  const errors = PUBLISHED_IMAGENET[name];
  return new Map(PUBLISHED_MLP.map(([graph], at) => [graph, must(errors[at])]));
}

/**
 * The agreement of a study with published errors; null where fewer than ten of the 52 published
 * graphs were measured. Graphs are the unit: the interval says how far r would move with other
 * graphs and seeds, given the published errors.
 *
 * @param least so many common graphs are enough; a registered prediction says what it takes r for
 * @param surface published errors by graph; the MLP's where none are given
 */
export function fidelityOf(
  table: ErrorTable,
  least = LEAST_GRAPHS,
  surface = MLP_SURFACE,
): Fidelity | null {
  const means = adjustedMeans(table);
  const known = table.graphs.flatMap(({ graph, density }) => {
    const [own, published] = [means.get(graph), surface.get(graph)];
    return own === undefined || published === undefined ? [] : [{ graph, own, published, density }];
  });
  if (known.length < least) return null;
  const own = known.map((each) => each.own);
  const published = known.map((each) => each.published);
  const density = known.map((each) => Math.log(each.density));
  const plain = correlation(pearson(own, published), known.length, 0);
  if (plain === null) return null;
  const [withOwn, withPublished] = [pearson(own, density), pearson(published, density)];
  return {
    graphs: known.length,
    plain,
    givenDensity: correlation(partialCorrelation(own, published, [density]), known.length, 1),
    withDensity:
      withOwn === null || withPublished === null
        ? null
        : { own: withOwn, published: withPublished },
    pairs: known.map(({ graph, own: mine, published: theirs }) => ({
      graph,
      own: mine,
      published: theirs,
    })),
  };
}

function correlation(r: number | null, n: number, given: number): GraphCorrelation | null {
  return r === null ? null : { r, interval: correlationInterval(r, n, CONFIDENCE_LEVEL, given) };
}
