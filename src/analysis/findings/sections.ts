import { fitParabola, mean } from '../stats.js';
import { fixed, plural, pValue, span } from '../text.js';
import { bootstrapIntervals } from './bootstrap.js';
import { advantage, betterThanBaseline, cellReliability, heldOut, sweetSpotIntervals } from './honest.js';
import { commonCells, commonGraphs, correlationOf, minimumOf, paperBest, SLICES, sliceOf, slicePointsOf, subsetPairs, sweetSpotOfCells, sweetSpotOfGraphs } from './paper.js';
import { PUBLISHED, PUBLISHED_CORRELATIONS, PUBLISHED_EARLY, PUBLISHED_INTERSECTION, PUBLISHED_SUBSET } from './published.js';
import { confound } from './regression.js';
import { intersection, meanError, measuredRows, pearson, present } from './rows.js';
import type { ErrorTable, Rectangle } from './types.js';

/** One of the paper's claims with what the data say of it. */
export interface Section {
  readonly title: string;
  /** What the paper says. */
  readonly claim: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Published figures that came out as published, of those that can be checked with these data. */
  readonly agreeing: number;
  readonly checked: number;
  /** What may be said, given the noise. */
  readonly verdict: string;
  /** What the numbers are. */
  readonly definition: string;
}

/** A task's tables by epoch, ascending; the last one counts. */
export interface TaskTables {
  readonly name: string;
  readonly arch: string;
  readonly tables: readonly (ErrorTable & { readonly epoch: number })[];
}

export interface FindingsInput {
  readonly tasks: readonly TaskTables[];
  /** Spec lines of the 52 graphs that stand for all. */
  readonly subset: ReadonlySet<string>;
  /** Of the bootstrap. */
  readonly resamples: number;
  /** The tasks are the paper's own: set its figures beside. */
  readonly published: boolean;
}

/** Counts comparisons of a computed with a published number at the published number of decimals. */
class Agreement {
  agreeing = 0;
  checked = 0;
  constructor(private readonly published: boolean) {}
  /** Both numbers as text, and whether they agree. */
  of(ours: number, published: number | undefined, digits: number): string {
    if (published === undefined || !this.published) return '–';
    this.checked += 1;
    // Half a unit of the last published decimal, and rounding.
    if (Math.abs(ours - published) <= 0.5 * 10 ** -digits + 1e-9) this.agreeing += 1;
    return fixed(published, digits);
  }
}

/** What a task is called: by its architecture among the paper's own. */
const nameOf = (task: TaskTables, published: boolean): string => (published ? task.arch : task.name);
const last = (task: TaskTables): ErrorTable & { readonly epoch: number } => task.tables[task.tables.length - 1];
const interval = (range: readonly [number, number] | null | undefined, digits = 2): string => (range ? `[${fixed(range[0], digits)}, ${fixed(range[1], digits)}]` : 'too few');

/** Whether the best graph beats the dense baseline, and by how much once luck is taken out. */
export function baselineSection({ tasks, published }: FindingsInput): Section {
  const agreement = new Agreement(published);
  let [supported, tested] = [0, 0];
  const shrinkage: number[] = [];
  const rows = tasks.flatMap((task) => {
    const table = last(task);
    const best = paperBest(table);
    if (!best?.baseline || table.baseline === null) return [];
    const figures = PUBLISHED[task.arch];
    const gain = advantage(present(table.baseline), present(best.row));
    const held = heldOut(table);
    const better = betterThanBaseline(table);
    if (held !== null) tested += 1;
    if (held !== null && held.range[0] > 0) supported += 1;
    if (held !== null && held.chosen > 0) shrinkage.push(held.reported / held.chosen);
    return [[
      nameOf(task, published), agreement.of(best.baseline.mean, figures?.baseline, 2), fixed(best.baseline.mean, 2), agreement.of(best.best.mean, figures?.best, 2), fixed(best.best.mean, 2),
      `${fixed(gain.value, 2)} ${interval(gain.interval)}`,
      held === null ? 'one seed' : `${fixed(held.chosen, 2)} → ${fixed(held.reported, 2)} (${span(held.range)})`,
      better === null ? 'one seed' : `${better.controlled} of ${better.graphs} (${better.single})`,
    ]];
  });
  const kept = shrinkage.length === 0 ? null : 100 * mean(shrinkage);
  return {
    title: '1. Sparse graphs beat the dense network at the same cost',
    claim: 'The best relational graph has a lower error than the complete graph, the baseline.',
    columns: ['architecture', 'published', 'baseline', 'published', 'best', 'advantage [95 %]', 'chosen → held out (range)', 'better, FDR 5 % (single tests)'],
    rows,
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: tested === 0 ? 'Cannot be told: it needs a baseline and two seeds of it and of the graphs.' :
      `${supported === tested ? 'Holds' : supported === 0 ? 'Not shown' : 'Holds in part'}: on seeds that did not choose it, the best graph beats the baseline in every split of ${supported} of ${tested}. ` +
      `The advantage of the one picked is partly luck of the choice: ${kept === null ? 'it cannot be told how much' : `${fixed(kept, 0)} % of it is left on held-out seeds`}, on average.`,
    definition: 'Top-1 test error, %, mean over seeds. best: as the paper picks it (lowest mean; MLP: third lowest). advantage: baseline − best, points, Welch’s interval, which does not know that the best was picked. chosen → held out: advantage of the graph of lowest mean on half of the seeds (rounded up), on those seeds and on the others; mean over all splits, range over them. better: graphs whose one-sided t-test against the baseline is significant at a false discovery rate of 5 % (Benjamini–Hochberg), and without that control.',
  };
}

/** Where the sweet spot is. */
export function sweetSpotSection({ tasks, resamples, published }: FindingsInput): Section {
  const agreement = new Agreement(published);
  const boxes: Rectangle[] = [];
  const rows = tasks.flatMap((task) => {
    const table = last(task);
    const found = task.arch === 'mlp' ? sweetSpotOfCells(table)?.rectangle : sweetSpotOfGraphs(table)?.rectangle;
    if (!found) return [];
    boxes.push(found);
    const figures = PUBLISHED[task.arch]?.sweetSpot;
    const ours = [...found.clustering, ...found.pathLength];
    const text = ours.map((edge, i) => agreement.of(edge, figures?.[i], 2));
    const moved = sweetSpotIntervals(table, resamples);
    return [[
      nameOf(task, published), figures && published ? `C ${text[0]}–${text[1]}, L ${text[2]}–${text[3]}` : '–', `C ${span(found.clustering)}, L ${span(found.pathLength)}`,
      moved === null ? 'one seed' : `C ${interval(moved.clustering[0])} – ${interval(moved.clustering[1])}`,
      moved === null ? 'one seed' : `L ${interval(moved.pathLength[0])} – ${interval(moved.pathLength[1])}`,
    ]];
  });
  const common = intersection(boxes);
  const shared = common === null ? 'nothing' : `C ${span(common.clustering)}, L ${span(common.pathLength)}`;
  if (common !== null && tasks.length === Object.keys(PUBLISHED).length) [...common.clustering, ...common.pathLength].forEach((edge, i) => agreement.of(edge, PUBLISHED_INTERSECTION[i], 2));
  return {
    title: '2. There is a sweet spot in the plane of C and L',
    claim: 'What is not significantly worse than the best lies in one rectangle; those of all architectures overlap in C 0.43–0.50, L 1.82–2.28.',
    columns: ['architecture', 'published', 'sweet spot', 'edges in C [95 %]', 'edges in L [95 %]'],
    rows,
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: boxes.length === 0 ? 'No graph was measured: there is nothing to tell.' : `${agreement.checked > 0 && agreement.agreeing === agreement.checked ? 'The rectangles come out as published. ' : ''}${boxes.length === 1 ? 'One rectangle' : `${boxes.length} rectangles`} here ${boxes.length === 1 ? 'spans' : 'share'} ${shared}. But a bounding box of what a test could not tell from the best grows with the noise: fewer seeds make a larger sweet spot, and one cell moves an edge. The intervals say how far its edges move; read it as a region, not as a border.`,
    definition: 'MLP: bounding box of the centres of the cells (15 x 15 over C 0–1, L 1–4.5) whose errors are not significantly higher than those of the cell of lowest mean; others: of the graphs not significantly worse than the best one (one-sided t-test, 5 %). Edges: 95 % bootstrap intervals of the rectangle of cells, graphs drawn anew within cells.',
  };
}

/** Resamples that a parabola is fitted to at most: each is a fit to up to 1500 graphs, and 2000 settle an interval's second decimal. */
const MOST_FITS = 2000;

/** The cuts through the plane. */
export function sliceSection({ tasks, resamples, published }: FindingsInput): Section {
  const rows = tasks.flatMap((task) => (['pathLength', 'clustering'] as const).flatMap((x) => {
    const slice = sliceOf(last(task), x);
    if (slice === null || slice.fit.r2 === null) return [];
    const points = slicePointsOf(last(task), x);
    const [r2, minimum] = bootstrapIntervals(points.length, (drawn) => {
      const sample = Array.from(drawn, (i) => points[i]);
      const fit = fitParabola(sample.map((point) => point.x), sample.map((point) => point.y));
      return fit === null ? [null, null] : [fit.r2, minimumOf(fit, sample)];
    }, { name: `${task.name} ${x}`, resamples: Math.min(resamples, MOST_FITS) });
    const [letter, other] = x === 'pathLength' ? ['L', 'C'] : ['C', 'L'];
    return [[nameOf(task, published), `${letter} where ${other} is ${span(SLICES[x], 1)}`, String(slice.graphs), `${fixed(slice.fit.r2, 2)} ${interval(r2)}`, slice.minimum === null ? 'at an end' : `${fixed(slice.minimum, 2)} ${minimum === null ? 'not always inside' : interval(minimum)}`]];
  }));
  const inside = rows.filter((row) => row[4].includes('[')).length;
  const slopes = rows.length - inside;
  return {
    title: '3. Error is a smooth, U-shaped function of L and of C',
    claim: 'With C held near 0.5, or L near 2.25, a second-degree fit follows the error.',
    columns: ['architecture', 'cut', 'graphs', 'R² [95 %]', 'lowest at [95 %]'],
    rows,
    agreeing: 0,
    checked: 0,
    verdict: rows.length === 0 ? 'Too few graphs in the cuts to tell.' : `${inside} of ${plural(rows.length, 'cut')} have their lowest point inside and keep it there in nine of ten resamples; ${slopes === 0 ? 'the U is no accident of the sample' : `for ${slopes} a U is not shown`}. A cut holds the other measure in a range only, and density not at all.`,
    definition: 'Least-squares parabola through the graphs’ mean errors in the cut, baseline included where it lies in it. R²: 1 − residual / total sum of squares. Lowest at: vertex, where the parabola opens upwards within the graphs’ range. Percentile bootstrap over graphs, at most 2000 resamples.',
  };
}

/** Whether density explains it. */
export function densitySection({ tasks, published }: FindingsInput): Section {
  let [plane, density] = [0, 0];
  const rows = tasks.flatMap((task) => {
    const found = confound(last(task));
    if (found === null) return [];
    if (found.planeGivenDensity.p < 0.01) plane += 1;
    if (found.densityGivenPlane.p < 0.01) density += 1;
    const effect = (each: typeof found.planeGivenDensity): string => `${fixed(each.partialR2, 2)} (F = ${fixed(each.f, 1)}, p ${pValue(each.p)})`;
    return [[nameOf(task, published), String(found.graphs), fixed(found.density.crossValidatedR2, 2), fixed(found.plane.crossValidatedR2, 2), fixed(found.both.crossValidatedR2, 2), effect(found.planeGivenDensity), effect(found.densityGivenPlane)]];
  });
  return {
    title: '4. Is it more than density?',
    claim: 'Not asked by the paper: C, L and the number of edges move together over these graphs.',
    columns: ['architecture', 'graphs', 'R² density', 'R² C and L', 'R² both', 'C and L given density', 'density given C and L'],
    rows,
    agreeing: 0,
    checked: 0,
    verdict: rows.length === 0 ? 'Too few graphs to tell.' : `In ${plane} of ${plural(rows.length, 'architecture')} C and L explain error that density does not (p < 0.01): there the sweet spot is more than density. In ${density} density explains error that C and L do not: there the error is not a function of C and L alone, and graphs should be compared at fixed density.`,
    definition: 'Quadratic models of graphs’ mean errors, baseline left out: ln d and its square (d = k / n); C, L, C², L², C L; all of them. R²: of graphs left out of the fit, ten folds. given: share of the other model’s residual that the terms take away, with the F test of nested models.',
  };
}

/** Agreement of architectures. */
export function architectureSection({ tasks, resamples, published }: FindingsInput): Section {
  const agreement = new Agreement(published);
  let [positive, below] = [0, 0];
  const rows = tasks.flatMap((one, i) => tasks.slice(i + 1).flatMap((two) => {
    const [a, b] = [last(one), last(two)];
    const pairs = commonCells(a, b);
    const r = correlationOf(pairs);
    if (r === null) return [];
    const figure = PUBLISHED_CORRELATIONS.find((each) => [each.a, each.b].includes(one.arch) && [each.a, each.b].includes(two.arch));
    const range = correlationInterval(pairs, `${one.name} ${two.name}`, resamples);
    const reliabilities = [cellReliability(a), cellReliability(b)];
    const ceiling = reliabilities.includes(null) ? null : Math.sqrt(reliabilities[0]! * reliabilities[1]!);
    if (range !== null && range[0] > 0) positive += 1;
    if (range !== null && ceiling !== null && range[1] < ceiling) below += 1;
    return [[`${nameOf(one, published)}, ${nameOf(two, published)}`, String(pairs.a.length), agreement.of(r, figure?.r, 3), `${fixed(r, 3)} ${interval(range)}`, ceiling === null ? 'one seed' : fixed(ceiling, 2)]];
  }));
  return {
    title: '5. Architectures agree on which graphs are good',
    claim: 'Errors of cells correlate between architectures and data sets.',
    columns: ['architectures', 'cells', 'published', 'Pearson’s r [95 %]', 'ceiling'],
    rows,
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: rows.length === 0 ? 'One architecture here: nothing to compare.' : `The interval lies above 0 for ${positive} of ${plural(rows.length, 'pair')}. For ${below} it ends below the ceiling: these architectures differ in more than seed noise, and a graph good for one need not be good for the other. The dense baseline, in a cell of its own, is among the points.`,
    definition: 'Pearson’s correlation of cell means (15 x 15, cells closed below) over the cells that both have, the baseline’s included, a missing seed filled from the first; percentile bootstrap over cells. ceiling: the r that a perfect agreement would show given seed noise, the root of the product of both reliabilities of cell means (Spearman 1904).',
  };
}

/** Few graphs, few epochs. */
export function economySection({ tasks, subset, resamples, published }: FindingsInput): Section {
  const agreement = new Agreement(published);
  const rows: string[][] = [];
  const weak: string[] = [];
  for (const task of tasks) {
    const table = last(task);
    const chosen = new Set(table.graphs.filter((row) => subset.has(row.graph)).map((row) => row.graph));
    if (chosen.size > 0 && table.graphs.length > 2 * chosen.size) {
      const pairs = subsetPairs(table, chosen);
      const r = correlationOf(pairs);
      const part = (keep: boolean): ErrorTable => ({ ...table, baseline: null, graphs: table.graphs.filter((row) => chosen.has(row.graph) === keep) });
      if (r !== null) rows.push([nameOf(task, published), `${chosen.size} graphs against all ${table.graphs.length}`, agreement.of(r, task.arch === 'mlp' ? PUBLISHED_SUBSET : undefined, 2), withInterval(pairs, `${task.name} subset`, resamples), `with the graphs that are not among them: r = ${fixed(correlationOf(commonCells(part(true), part(false))), 2)}`]);
    }
    const early = task.tables.find((each) => each.epoch === (published ? PUBLISHED_EARLY.epoch : Math.ceil(table.epoch / 10)));
    if (early === undefined || early.epoch >= table.epoch) continue;
    const pairs = commonGraphs(early, table);
    const r = correlationOf(pairs);
    if (r === null) continue;
    if (r < 0.8) weak.push(nameOf(task, published));
    rows.push([nameOf(task, published), `epoch ${early.epoch} against ${table.epoch}`, agreement.of(r, task.arch === PUBLISHED_EARLY.arch ? PUBLISHED_EARLY.r : undefined, 2), withInterval(pairs, `${task.name} early`, resamples), regretText(early, table)]);
  }
  return {
    title: '6. Few graphs and few epochs are enough',
    claim: '52 graphs give the map of 3942 (r = 0.90), 3 epochs that of 100 (r = 0.93, ResNet-34).',
    columns: ['architecture', 'what', 'published', 'Pearson’s r [95 %]', 'what it costs'],
    rows,
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: rows.length === 0 ? 'No early epochs and no larger set here: nothing to compare.' : `${weak.length === 0 ? 'The early order holds wherever it can be checked here.' : `So few epochs are not enough everywhere: r is below 0.8 for ${weak.join(', ')}.`} A correlation is mostly about telling bad graphs from good ones; what it costs to pick the early best says whether it finds the best.`,
    definition: 'r of cell means of the subset with those of all graphs (which contain it), over the subset’s cells; r of graphs’ mean errors after 3 epochs (studies of one’s own: a tenth of them) with those after the last, baseline included. what it costs: final error of the graph that was best early, less the lowest final error, points.',
  };
}

type Pairs = Parameters<typeof correlationOf>[0];

function correlationInterval({ a, b }: Pairs, name: string, resamples: number): readonly [number, number] | null {
  return bootstrapIntervals(a.length, (drawn) => [pearson(Array.from(drawn, (k) => a[k]), Array.from(drawn, (k) => b[k]))], { name, resamples })[0];
}

const withInterval = (pairs: Pairs, name: string, resamples: number): string => `${fixed(correlationOf(pairs), 3)} ${interval(correlationInterval(pairs, name, resamples))}`;

function regretText(early: ErrorTable, late: ErrorTable): string {
  const final = new Map(measuredRows(late).map((row) => [row.graph, meanError(row)!]));
  const known = measuredRows(early).filter((row) => final.has(row.graph));
  const pick = known.reduce((low, row) => (meanError(row)! < meanError(low)! ? row : low));
  const regret = final.get(pick.graph)! - Math.min(...final.values());
  const all = [...final.values()];
  return `picks a graph ${fixed(regret, 2)} above the best (a random one: ${fixed(mean(all) - Math.min(...all), 2)})`;
}

/** All sections, in the paper's order, each when it is asked for. */
export function* findings(input: FindingsInput): Generator<Section> {
  for (const make of [baselineSection, sweetSpotSection, sliceSection, densitySection, architectureSection, economySection]) {
    const section = make(input);
    yield input.published ? section : unpublished(section);
  }
}

/** A section of one's own studies: no column of published figures. */
function unpublished(section: Section): Section {
  const kept = section.columns.flatMap((column, i) => (column === 'published' ? [] : [i]));
  const pick = (cells: readonly string[]): string[] => kept.map((i) => (i === 0 && cells === section.columns ? cells[i].replace('architecture', 'study').replace('studys', 'studies') : cells[i]));
  return { ...section, columns: pick(section.columns), rows: section.rows.map(pick) };
}
