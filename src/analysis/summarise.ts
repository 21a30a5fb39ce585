import { must } from '../core/errors.js';
import { fitParabola } from '../stats/parabola.js';
import { listCaveats } from './caveats.js';
import { graphCourses } from './courses.js';
import { fidelityOf } from './fidelity.js';
import { confound } from './findings/regression.js';
import { freshExpectation } from './fresh-expectation.js';
import { isMeasured, type MeasuredGraph } from './graph-results.js';
import { mechanismOf } from './mechanism.js';
import { choicesOf, groundOf, outlineOn, type SummaryInput } from './outline.js';
import { blocksOf } from './paired.js';
import type { ErrorTable } from './result-table.js';
import { plexusRule, type RuledPlane } from './rules.js';
import { FIT_MINIMUM, SWEET_LEVEL } from './settings.js';
import type {
  BelowBaseline,
  Fit,
  FitAxis,
  GraphResult,
  Plane,
  Signal,
  StudySummary,
  SweetSpot,
} from './types.js';
import type { Verdict } from './verdict.js';

/** Mean errors over C, L or log density, in the graphs' order, for those that have both numbers. */
export function slicePoints(
  graphs: readonly MeasuredGraph[],
  x: FitAxis,
): readonly { readonly graph: MeasuredGraph; readonly x: number; readonly y: number }[] {
  return graphs.flatMap((graph) => {
    const value = graph[x];
    return value === null ? [] : [{ graph, x: value, y: graph.mean }];
  });
}

function fitSlice(graphs: readonly MeasuredGraph[], x: FitAxis): Fit | null {
  const points = slicePoints(graphs, x);
  if (points.length < FIT_MINIMUM) return null;
  const scale = x === 'density' ? Math.log : (value: number): number => value;
  const back = x === 'density' ? Math.exp : (value: number): number => value;
  const places = points.map((point) => scale(point.x));
  const parabola = fitParabola(
    places,
    points.map((point) => point.y),
  );
  if (parabola === null) return null;
  const [, b, c] = parabola.coefficients;
  const range = [Math.min(...places), Math.max(...places)] as const;
  const vertex = -b / (2 * c);
  const minimum = c > 0 && vertex >= range[0] && vertex <= range[1] ? back(vertex) : null;
  return {
    x,
    ...parabola,
    graphs: points.length,
    minimum,
    range: [back(range[0]), back(range[1])],
  };
}

/** Do graphs differ? The baseline is left out. */
function measureSignal(table: ErrorTable): Signal | null {
  const { fit, rows } = blocksOf(table, { baseline: false });
  if (
    fit === null ||
    fit.itemsTest === null ||
    fit.residual.variance === null ||
    // Trainings that differ by nothing do not tell the noise.
    fit.residual.variance === 0 ||
    fit.oneWay === null
  )
    return null;
  const { itemsTest, oneWay, gain } = fit;
  return {
    betweenGraphsStd: Math.sqrt(fit.betweenItems ?? 0),
    noiseStd: Math.sqrt(fit.residual.variance),
    f: itemsTest.f,
    p: itemsTest.p,
    dof: itemsTest.dof,
    unpaired: {
      f: oneWay.f,
      p: oneWay.p,
      dof: oneWay.dof,
      seedStd: Math.sqrt(gain?.withoutBlocks ?? fit.residual.variance),
    },
    pairingGain: gain?.relativeEfficiency ?? null,
    graphs: rows.length,
  };
}

/** The plane with the cells of the choice and the test errors of what is told. */
function planeOf(ruled: RuledPlane, told: RuledPlane): Plane {
  const cells = ruled.cells.map(({ i, j, p, isBest, sweet }, at) => ({
    i,
    j,
    mean: must(told.cells[at]).mean,
    p,
    isBest,
    sweet,
    graphs: must(told.cells[at]).rows.map(({ graph }) => graph),
    errors: must(told.cells[at]).rows.flatMap(({ errors }) =>
      errors.filter((error) => error !== null),
    ),
  }));
  return {
    clusteringEdges: ruled.clusteringEdges,
    pathLengthEdges: ruled.pathLengthEdges,
    cells,
    outside: ruled.outside,
  };
}

function sweetSpotOf(
  { cells, rectangle }: RuledPlane,
  graphs: readonly GraphResult[],
  verdict: Verdict,
): SweetSpot {
  const tested = graphs.filter(({ p }) => p !== null);
  const reason =
    cells.length === 0
      ? 'no graph with a complete trial lies in the plane'
      : 'there is no noise to judge by; use two training seeds or more, whose errors differ';
  return {
    clustering: rectangle?.clustering ?? null,
    pathLength: rectangle?.pathLength ?? null,
    called: rectangle !== null && verdict.winner === 'graphs',
    cells: cells.filter(({ sweet }) => sweet).length,
    occupied: cells.length,
    graphs:
      tested.length === 0 ? null : 1 + tested.filter(({ p }) => (p ?? 0) >= SWEET_LEVEL).length,
    level: SWEET_LEVEL,
    reason: rectangle === null ? reason : null,
  };
}

function belowBaseline(table: ErrorTable): BelowBaseline | null {
  const { baseline } = table;
  if (baseline === null) return null;
  const differences = choicesOf(table)
    .map(({ errors }) =>
      errors.flatMap((error, seed) =>
        error === null ? [] : [{ error, base: baseline.errors[seed] ?? null }],
      ),
    )
    .map((pairs) => pairs.flatMap(({ error, base }) => (base === null ? [] : [error - base])))
    .filter((values) => values.length > 0);
  if (differences.length === 0) return null;
  return {
    graphs: differences.length,
    onAverage: differences.filter((values) => values.reduce((sum, value) => sum + value, 0) < 0)
      .length,
    onEverySeed: differences.filter((values) => values.every((value) => value < 0)).length,
  };
}

/**
 * Everything the analysis says of a study: baseline and best graph, the verdict, the (C, L) plane,
 * the sweet spot by the rule of Plexus, quadratic fits, analysis of variance, what fresh seeds
 * confirm. A function of the set of records alone: their order, the wall times and the number of
 * workers do not matter. Works for any records, none included; what cannot be computed is null.
 */
export function summarise(input: SummaryInput): StudySummary {
  const { spec } = input;
  const ground = groundOf(input);
  const { results, table, blocks, chosen, choice, lowest } = ground;
  const outline = outlineOn(input, ground);
  const { graphs } = outline;
  const measured = graphs.filter(isMeasured);
  const plane = plexusRule.plane(chosen, choice);
  const told = chosen === table ? plane : plexusRule.plane(table, blocks);
  const summary = {
    ...outline,
    arch: spec.arch,
    seeds: spec.seeds.length,
    epochs: spec.train.epochs,
    comparison: ground.comparison,
    expected: lowest === null || outline.search !== null ? null : freshExpectation(table, lowest),
    confirmation: ground.confirmation,
    below: belowBaseline(table),
    mechanism: mechanismOf(results, table),
    courses: graphCourses(spec, ground.ordered),
    plane: planeOf(plane, told),
    sweetSpot: sweetSpotOf(plane, graphs, ground.verdict),
    fits: {
      clustering: fitSlice(measured, 'clustering'),
      pathLength: fitSlice(measured, 'pathLength'),
      density: fitSlice(measured, 'density'),
    },
    signal: measureSignal(table),
    location: confound(table)?.planeGivenDensity ?? null,
    fidelity: spec.arch === 'mlp' ? fidelityOf(table) : null,
  };
  return { ...summary, caveats: listCaveats(summary) };
}
