import { must } from '../../../core/errors.js';
import { fixed } from '../../text.js';
import type { SurfaceFact } from '../facts/surface.js';
import type { Findings } from '../findings.js';
import type { Presenter } from '../presenter.js';
import type { SurfaceFit, SurfaceQuality } from '../surface.js';
import { sentences } from '../texts/common.js';
import {
  aboveCeiling,
  atEdge,
  densityAdds,
  explained,
  SURFACE_CLAIM,
  SURFACE_DEFINITION,
  SURFACE_TITLE,
  SURFACE_UNKNOWN,
  surfacesMissing,
  surfaceStart,
  tooStiff,
} from '../texts/surface.js';
import { type Column, interval, tableOf, UNCHECKED } from './common.js';
import type { Section, SectionValues } from './types.js';

/** Log evidence by which a richer surface must be ahead: odds of about 20 to 1. */
const AHEAD = 3;

/**
 * The error as a surface. Values: `name`, `arch`, `graphs`, R² (`quadratic…`, `process…`,
 * `withDensity…`, each `R2` and `LeftOutR2`), `densityLogEvidence`, `ceiling`, `coverage`,
 * `ownStd`, `scaleClustering`, `scalePathLength`, `inducing`, the minimum (`minimum…`, `region…`,
 * `edgeShare`) and that of the quadratic (`quadraticMinimum…`, `quadraticRegion…`).
 */
export function surfaceSection({ tasks, presenter, surfaces }: Findings): Section {
  const facts = surfaces();
  const missing = surfacesMissing(tasks.length - facts.length);
  return {
    title: SURFACE_TITLE,
    claim: SURFACE_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(valuesOf),
    ...UNCHECKED,
    verdict: facts.length === 0 ? SURFACE_UNKNOWN : sentences(verdictOf(facts, presenter), missing),
    definition: SURFACE_DEFINITION,
  };
}

const inOut = ({ r2, crossValidatedR2 }: SurfaceQuality): string =>
  `${fixed(r2, 2)} / ${fixed(crossValidatedR2, 2)}`;

/** Log evidence of the process with density less that without; null where density does not vary. */
const densityEvidence = ({ process, withDensity }: SurfaceFit): number | null =>
  withDensity === null ? null : withDensity.logEvidence - process.logEvidence;

function columnsFor({ nameOf, noun }: Presenter): Column<SurfaceFact>[] {
  const of = (title: string, cell: (surface: SurfaceFit) => string): Column<SurfaceFact> => ({
    title,
    cell: ({ surface }) => cell(surface),
  });
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    of('graphs', ({ graphs }) => String(graphs)),
    of('quadratic R² in / out', ({ quadratic }) => inOut(quadratic)),
    of('process R² in / out', ({ process }) => inOut(process)),
    of('with density in / out (ln evidence)', densityCell),
    of('ceiling', ({ ceiling }) => (ceiling === null ? 'one seed' : fixed(ceiling, 2))),
    of('inside 95 %', ({ process }) => `${fixed(100 * process.coverage, 0)} %`),
    of('lowest at [95 %]', minimumCell),
    of('error there', ({ minimum }) => `${fixed(minimum.value, 2)} ± ${fixed(minimum.sd, 2)}`),
    of('at the edge', ({ minimum }) => `${fixed(100 * minimum.region.edgeShare, 0)} %`),
  ];
}

function densityCell(surface: SurfaceFit): string {
  const { withDensity } = surface;
  return withDensity === null
    ? 'one density'
    : `${inOut(withDensity)} (${fixed(densityEvidence(surface), 1)})`;
}

function minimumCell({ minimum: { clustering, pathLength, region } }: SurfaceFit): string {
  const c = `C ${fixed(clustering, 2)} ${interval(region.clustering)}`;
  return `${c}, L ${fixed(pathLength, 2)} ${interval(region.pathLength)}`;
}

function valuesOf({ task, surface }: SurfaceFact): SectionValues {
  const { graphs, process, withDensity, quadratic, ceiling, minimum } = surface;
  return {
    name: task.name,
    arch: task.arch,
    graphs,
    quadraticR2: quadratic.r2,
    quadraticLeftOutR2: quadratic.crossValidatedR2,
    processR2: process.r2,
    processLeftOutR2: process.crossValidatedR2,
    withDensityR2: withDensity?.r2 ?? null,
    withDensityLeftOutR2: withDensity?.crossValidatedR2 ?? null,
    densityLogEvidence: densityEvidence(surface),
    ceiling,
    coverage: process.coverage,
    ownStd: process.ownStd,
    scaleClustering: must(process.scales[0]),
    scalePathLength: must(process.scales[1]),
    inducing: process.inducing,
    minimumClustering: minimum.clustering,
    minimumPathLength: minimum.pathLength,
    minimumError: minimum.value,
    minimumSd: minimum.sd,
    regionClustering: minimum.region.clustering,
    regionPathLength: minimum.region.pathLength,
    edgeShare: minimum.region.edgeShare,
    quadraticMinimumClustering: quadratic.minimum.clustering,
    quadraticMinimumPathLength: quadratic.minimum.pathLength,
    quadraticMinimumError: quadratic.minimum.value,
    quadraticRegionClustering: quadratic.minimum.region.clustering,
    quadraticRegionPathLength: quadratic.minimum.region.pathLength,
  };
}

/** R² over the ceiling; null where the ceiling is not known, or below what is explained. */
function shareOf({ ceiling, process: { crossValidatedR2 } }: SurfaceFit): number | null {
  return ceiling === null || ceiling <= 0 || crossValidatedR2 > ceiling
    ? null
    : Math.max(0, crossValidatedR2) / ceiling;
}

function verdictOf(facts: readonly SurfaceFact[], { nameOf }: Presenter): string {
  const names = (which: (surface: SurfaceFit) => boolean): string[] =>
    facts.filter(({ surface }) => which(surface)).map(({ task }) => nameOf(task));
  const out = facts.map(({ surface }) => surface.process.crossValidatedR2);
  const shares = facts.flatMap(({ surface }) => shareOf(surface) ?? []);
  return sentences(
    surfaceStart(out.some((r2) => r2 > 0)),
    explained(out, shares),
    tooStiff(
      names(
        ({ process, quadratic }) => process.crossValidatedR2 > quadratic.crossValidatedR2 + 0.05,
      ),
    ),
    densityAdds(AHEAD)(names((surface) => (densityEvidence(surface) ?? 0) > AHEAD)),
    aboveCeiling(
      names(({ process, ceiling }) => ceiling !== null && process.crossValidatedR2 > ceiling),
    ),
    atEdge(names(({ minimum }) => minimum.region.edgeShare > 0.5)),
  );
}
