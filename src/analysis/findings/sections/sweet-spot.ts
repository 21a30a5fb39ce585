import { fixed, span } from '../../text.js';
import { commonFacts, sweetSpotFacts, type CommonFact, type SweetSpotFact } from '../facts.js';
import { PUBLISHED, PUBLISHED_INTERSECTION } from '../published.js';
import { Agreement, interval, nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

function valuesOf({ task, rectangle, intervals }: SweetSpotFact, published: boolean): SectionValues {
  return {
    name: task.name, arch: task.arch, published: published ? (PUBLISHED[task.arch]?.sweetSpot ?? null) : null,
    clustering: rectangle.clustering, pathLength: rectangle.pathLength,
    clusteringLowInterval: intervals?.clustering[0] ?? null, clusteringHighInterval: intervals?.clustering[1] ?? null,
    pathLengthLowInterval: intervals?.pathLength[0] ?? null, pathLengthHighInterval: intervals?.pathLength[1] ?? null,
  };
}

function verdictOf(common: CommonFact, agrees: boolean): string {
  const { rectangle, draws, tasks } = common;
  const shared = rectangle === null ? 'nothing' : `C ${span(rectangle.clustering)}, L ${span(rectangle.pathLength)}`;
  const empty = tasks < 2 || draws === null ? '' : ` Drawn anew together, the rectangles of cells have no point in common in ${fixed(100 * draws.empty, 0)} % of the resamples.`;
  return `${agrees ? 'The rectangles come out as published. ' : ''}${tasks === 1 ? 'One rectangle' : `${tasks} rectangles`} here ${tasks === 1 ? 'spans' : 'share'} ${shared}.${empty} But a bounding box of what a test could not tell from the best grows with the noise: fewer seeds make a larger sweet spot, and one cell moves an edge. The intervals say how far its edges move; read it as a region, not as a border.`;
}

/**
 * Where the sweet spot is. Values: `name`, `arch`, `published` (edges in C, then in L), `clustering`, `pathLength` (its edges),
 * `clusteringLowInterval`, `clusteringHighInterval`, `pathLengthLowInterval`, `pathLengthHighInterval`.
 */
export function sweetSpotSection(input: FindingsInput): Section {
  const { published, tasks } = input;
  const agreement = new Agreement(published);
  const facts = sweetSpotFacts(input);
  const rows = facts.map(({ task, rectangle, intervals }) => {
    const figures = PUBLISHED[task.arch]?.sweetSpot;
    const text = [...rectangle.clustering, ...rectangle.pathLength].map((edge, i) => agreement.of(edge, figures?.[i], 2));
    return [
      nameOf(task, published), figures && published ? `C ${text[0]}–${text[1]}, L ${text[2]}–${text[3]}` : '–', `C ${span(rectangle.clustering)}, L ${span(rectangle.pathLength)}`,
      intervals === null ? 'one seed' : `C ${interval(intervals.clustering[0])} – ${interval(intervals.clustering[1])}`,
      intervals === null ? 'one seed' : `L ${interval(intervals.pathLength[0])} – ${interval(intervals.pathLength[1])}`,
    ];
  });
  const common = commonFacts(input).at(0);
  const shared = common?.rectangle ?? null;
  if (shared !== null && tasks.length === Object.keys(PUBLISHED).length) [...shared.clustering, ...shared.pathLength].forEach((edge, i) => agreement.of(edge, PUBLISHED_INTERSECTION[i], 2));
  return {
    title: '2. There is a sweet spot in the plane of C and L',
    claim: 'What is not significantly worse than the best lies in one rectangle; those of all architectures overlap in C 0.43–0.50, L 1.82–2.28.',
    columns: ['architecture', 'published', 'sweet spot', 'edges in C [95 %]', 'edges in L [95 %]'],
    rows,
    values: facts.map((fact) => valuesOf(fact, published)),
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: common === undefined ? 'No graph was measured: there is nothing to tell.' : verdictOf(common, agreement.checked > 0 && agreement.agreeing === agreement.checked),
    definition: 'MLP: bounding box of the centres of the cells (15 x 15 over C 0–1, L 1–4.5) whose errors are not significantly higher than those of the cell of lowest mean; others: of the graphs not significantly worse than the best one (one-sided t-test, 5 %). Edges: 95 % bootstrap intervals of the rectangle of cells, graphs drawn anew within cells.',
  };
}
