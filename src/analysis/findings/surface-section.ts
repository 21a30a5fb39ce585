import { mean } from '../../stats/index.js';
import { fixed, plural, span } from '../text.js';
import { interval, nameOf } from './sections/common.js';
import type { FindingsInput, Section, SectionValues } from './sections/types.js';
import type { SurfaceFit } from './surface.js';
import { surfaceFacts, type SurfaceFact } from './surface-facts.js';

/** Log evidence by which a richer surface must be ahead: odds of about 20 to 1. */
const AHEAD = 3;

function valuesOf({ task, surface: { graphs, process, withDensity, quadratic, ceiling, minimum } }: SurfaceFact): SectionValues {
  return {
    name: task.name, arch: task.arch, graphs,
    quadraticR2: quadratic.r2, quadraticLeftOutR2: quadratic.crossValidatedR2, processR2: process.r2, processLeftOutR2: process.crossValidatedR2,
    withDensityR2: withDensity?.r2 ?? null, withDensityLeftOutR2: withDensity?.crossValidatedR2 ?? null, densityLogEvidence: withDensity === null ? null : withDensity.logEvidence - process.logEvidence,
    ceiling, coverage: process.coverage, ownStd: process.ownStd, scaleClustering: process.scales[0], scalePathLength: process.scales[1], inducing: process.inducing,
    minimumClustering: minimum.clustering, minimumPathLength: minimum.pathLength, minimumError: minimum.value, minimumSd: minimum.sd,
    regionClustering: minimum.region.clustering, regionPathLength: minimum.region.pathLength, edgeShare: minimum.region.edgeShare,
    quadraticMinimumClustering: quadratic.minimum.clustering, quadraticMinimumPathLength: quadratic.minimum.pathLength, quadraticMinimumError: quadratic.minimum.value,
    quadraticRegionClustering: quadratic.minimum.region.clustering, quadraticRegionPathLength: quadratic.minimum.region.pathLength,
  };
}

const inOut = ({ r2, crossValidatedR2 }: { readonly r2: number; readonly crossValidatedR2: number }): string => `${fixed(r2, 2)} / ${fixed(crossValidatedR2, 2)}`;

function rowOf({ task, surface }: SurfaceFact, published: boolean): string[] {
  const { graphs, process, withDensity, quadratic, ceiling, minimum } = surface;
  const { region } = minimum;
  return [
    nameOf(task, published), String(graphs), inOut(quadratic), inOut(process),
    withDensity === null ? 'one density' : `${inOut(withDensity)} (${fixed(withDensity.logEvidence - process.logEvidence, 1)})`,
    ceiling === null ? 'one seed' : fixed(ceiling, 2), `${fixed(100 * process.coverage, 0)} %`,
    `C ${fixed(minimum.clustering, 2)} ${interval(region.clustering)}, L ${fixed(minimum.pathLength, 2)} ${interval(region.pathLength)}`,
    `${fixed(minimum.value, 2)} ± ${fixed(minimum.sd, 2)}`, `${fixed(100 * region.edgeShare, 0)} %`,
  ];
}

/** How much of what can be explained is. */
function explainedText(facts: readonly SurfaceFact[]): string {
  const out = facts.map(({ surface }) => surface.process.crossValidatedR2);
  const range = `the Gaussian process explains ${facts.length === 1 ? fixed(out[0], 2) : span([Math.min(...out), Math.max(...out)])} of the variance of graphs that it has not seen`;
  const known = facts.filter(({ surface: { ceiling, process } }) => ceiling !== null && ceiling > 0 && process.crossValidatedR2 <= ceiling);
  if (known.length === 0) return `${range}; what seed noise leaves to explain cannot be told.`;
  const shares = known.map(({ surface }) => surface.process.crossValidatedR2 / surface.ceiling!);
  return `${range}, ${fixed(100 * mean(shares), 0)} % of what seed noise leaves to explain${known.length === 1 ? '' : ` on average (lowest ${fixed(100 * Math.min(...shares), 0)} %)`}.`;
}

const namesOf = (facts: readonly SurfaceFact[], published: boolean, which: (surface: SurfaceFit) => boolean): string[] => facts.filter(({ surface }) => which(surface)).map(({ task }) => nameOf(task, published));

/** A sentence for those it holds for; nothing where there are none. */
const about = (names: readonly string[], text: (names: string) => string): string => (names.length === 0 ? '' : ` ${text(names.join(', '))}`);

function verdictOf(facts: readonly SurfaceFact[], left: number, published: boolean): string {
  const missing = left === 0 ? '' : ` ${plural(left, 'task')} left out: a surface needs 20 graphs whose errors differ and that spread over C and L.`;
  if (facts.length === 0) return 'Cannot be told: a surface needs 20 graphs whose errors differ and that spread over C and L.';
  const names = (which: (surface: SurfaceFit) => boolean): string[] => namesOf(facts, published, which);
  const low = facts.filter(({ surface }) => surface.process.crossValidatedR2 <= 0).length;
  const start = low === facts.length ? 'Not shown: no surface predicts unseen graphs better than their mean does. Here' : 'The error over C and L is a smooth surface as far as it predicts graphs it has not seen:';
  return [
    `${start} ${explainedText(facts)}`,
    about(names(({ process, quadratic }) => process.crossValidatedR2 > quadratic.crossValidatedR2 + 0.05), (list) => `The quadratic is too stiff (more than 0.05 behind) for ${list}.`),
    about(names(({ process, withDensity }) => withDensity !== null && withDensity.logEvidence - process.logEvidence > AHEAD), (list) => `Density adds to C and L beyond doubt (log evidence higher by more than ${AHEAD}) for ${list}.`),
    about(names(({ process, ceiling }) => ceiling !== null && process.crossValidatedR2 > ceiling), (list) => `For ${list} left-out graphs are told better than the seeds’ spread allows, as happens by chance or where the errors of seeds are not independent: its ceiling is not to be relied on.`),
    about(names(({ minimum }) => minimum.region.edgeShare > 0.5), (list) => `The lowest place is more likely than not at the edge of the graphs for ${list}: graphs beyond might be better.`),
    missing,
  ].join('');
}

/**
 * The error as a surface. Values: `name`, `arch`, `graphs`, R² (`quadratic…`, `process…`, `withDensity…`, each `R2` and
 * `LeftOutR2`), `densityLogEvidence`, `ceiling`, `coverage`, `ownStd`, `scaleClustering`, `scalePathLength`, `inducing`, the minimum
 * (`minimum…`, `region…`, `edgeShare`) and that of the quadratic (`quadraticMinimum…`, `quadraticRegion…`).
 */
export function surfaceSection(input: FindingsInput): Section {
  const facts = surfaceFacts(input);
  return {
    title: '8. The surface of error over C and L',
    claim: 'The error is a smooth function of C and L with a sweet spot; the paper shows it by maps of cells and second-degree fits along cuts.',
    columns: ['architecture', 'graphs', 'quadratic R² in / out', 'process R² in / out', 'with density in / out (ln evidence)', 'ceiling', 'inside 95 %', 'lowest at [95 %]', 'error there', 'at the edge'],
    rows: facts.map((fact) => rowOf(fact, input.published)),
    values: facts.map(valuesOf),
    agreeing: 0,
    checked: 0,
    verdict: verdictOf(facts, input.tasks.length - facts.length, input.published),
    definition: 'Surfaces of graphs’ mean errors over C and L, baseline left out. quadratic: 1, C, L, C², L², C L by least squares. process: Gaussian process with Matérn’s kernel (5/2), a length scale for each axis, a constant, a variance of graphs’ own effects, and seed noise s² / seeds; parameters of the highest evidence (beyond 80 graphs of its bound through 64 inducing points, Titsias 2009); exact up to 500 graphs, beyond through those points. in: 1 − residual / total sum of squares; out: of graphs left out of the fit, ten folds (up to 80 graphs parameters anew for each fold). with density: the process over C, L and ln d, and its log evidence less that of C and L. ceiling: the R² of a surface that knew every graph, 1 − seed variance of means / variance of means. inside 95 %: left-out means within their 95 % predictive interval. lowest at: the process’s lowest place among the graphs (between them, or within 0.6 of their spacing of one), with the central 95 % of the lowest places of 1000 surfaces drawn from the posterior; error there: ± posterior standard deviation; at the edge: share of the draws whose lowest place borders on places without graphs.',
  };
}
