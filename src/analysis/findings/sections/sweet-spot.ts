import { fixed, span } from '../../text.js';
import type { CommonFact, SweetSpotFact } from '../facts/sweet-spot.js';
import type { Findings } from '../findings.js';
import { choiceNote } from '../input.js';
import type { Presenter, PublishedRecord } from '../presenter.js';
import { sentences } from '../texts/common.js';
import {
  AS_PUBLISHED,
  BOX_CAVEAT,
  emptySentence,
  NO_GRAPH,
  NO_SWEET_SPOT,
  NOT_BEATEN,
  NOT_TESTED,
  sharedSentence,
  SWEET_SPOT_CLAIM,
  SWEET_SPOT_TITLE,
  sweetSpotDefinition,
} from '../texts/sweet-spot.js';
import type { Rectangle } from '../types.js';
import { agreementOf, type Check, type Column, interval, tableOf } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * Where the sweet spot is. Values: `name`, `arch`, `published` (edges in C, then in L),
 * `clustering`, `pathLength` (its edges), `sweetSpot` (whether the baseline is beaten, so that it
 * is one), `clusteringLowInterval`, `clusteringHighInterval`, `pathLengthLowInterval`,
 * `pathLengthHighInterval`.
 */
export function sweetSpotSection(findings: Findings): Section {
  const { presenter } = findings;
  const { published, rule } = presenter;
  const facts = findings.sweetSpots();
  const agreement = agreementOf(published === null ? [] : checksOf(findings, published));
  const agrees = agreement.checked > 0 && agreement.agreeing === agreement.checked;
  const common = findings.common();
  return {
    title: SWEET_SPOT_TITLE,
    claim: SWEET_SPOT_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map((fact) => valuesOf(fact, published)),
    ...agreement,
    verdict:
      common === null ? (facts.length === 0 ? NO_GRAPH : NOT_BEATEN) : verdictOf(common, agrees),
    definition: sweetSpotDefinition(rule.words.sweetSpot + choiceNote(findings.tasks)),
  };
}

/** Edges in C, then in L. */
const edgesOf = ({ clustering, pathLength }: Rectangle): number[] => [...clustering, ...pathLength];

function edgeChecks(rectangle: Rectangle, published: readonly number[] | undefined): Check[] {
  return edgesOf(rectangle).map((ours, i) => ({ ours, published: published?.[i], digits: 2 }));
}

/** Every rectangle, and what all share where all of the paper's architectures are there. */
function checksOf({ tasks, sweetSpots, common }: Findings, published: PublishedRecord): Check[] {
  const own = sweetSpots().flatMap(({ task, rectangle }) =>
    rectangle === null ? [] : edgeChecks(rectangle, published.of(task.arch)?.sweetSpot),
  );
  const shared = common()?.rectangle ?? null;
  const all = tasks.length === published.architectures;
  return [...own, ...(shared !== null && all ? edgeChecks(shared, published.intersection) : [])];
}

const placeOf = (clustering: string, pathLength: string): string =>
  `C ${clustering}, L ${pathLength}`;

function publishedCell(arch: string, published: PublishedRecord): string {
  const edges = published.of(arch)?.sweetSpot;
  if (edges === undefined) return '–';
  const [c0, c1, l0, l1] = edges.map((edge) => fixed(edge, 2));
  return placeOf(`${c0}–${c1}`, `${l0}–${l1}`);
}

function columnsFor({ nameOf, noun, published }: Presenter): Column<SweetSpotFact>[] {
  const edges = (letter: 'C' | 'L', axis: keyof Rectangle): Column<SweetSpotFact> => ({
    title: `edges in ${letter} [95 %]`,
    cell: ({ draws, intervals }) =>
      intervals === null
        ? draws === null
          ? 'one seed'
          : 'too few'
        : `${letter} ${interval(intervals[axis][0])} – ${interval(intervals[axis][1])}`,
  });
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    ...(published === null
      ? []
      : [
          {
            title: 'published',
            cell: ({ task }: SweetSpotFact) => publishedCell(task.arch, published),
          },
        ]),
    {
      title: 'sweet spot',
      cell: ({ rectangle, called }) =>
        rectangle === null
          ? '–'
          : placeOf(span(rectangle.clustering), span(rectangle.pathLength)) +
            (called ? '' : ` (${NO_SWEET_SPOT})`),
    },
    edges('C', 'clustering'),
    edges('L', 'pathLength'),
  ];
}

function valuesOf(
  { task, rectangle, called, intervals }: SweetSpotFact,
  published: PublishedRecord | null,
): SectionValues {
  return {
    name: task.name,
    arch: task.arch,
    published: published?.of(task.arch)?.sweetSpot ?? null,
    clustering: rectangle?.clustering ?? null,
    pathLength: rectangle?.pathLength ?? null,
    sweetSpot: called,
    clusteringLowInterval: intervals?.clustering[0] ?? null,
    clusteringHighInterval: intervals?.clustering[1] ?? null,
    pathLengthLowInterval: intervals?.pathLength[0] ?? null,
    pathLengthHighInterval: intervals?.pathLength[1] ?? null,
  };
}

function verdictOf({ rectangle, draws, tasks }: CommonFact, agrees: boolean): string {
  if (rectangle === null && draws === null) return NOT_TESTED;
  const empty = tasks < 2 || draws === null ? '' : emptySentence(draws.empty);
  return sentences(agrees ? AS_PUBLISHED : '', sharedSentence(tasks, rectangle), empty, BOX_CAVEAT);
}
