import { compareStudies, type StudyComparison } from '../../analysis/study-comparison.js';
import { UserError } from '../../core/errors.js';
import { HttpError } from '../answers.js';
import type { LiveStudy } from './live.js';
import type { StudyShelf } from './shelf.js';

/** Studies that are compared at a time. */
const MOST_COMPARED = 6;

/**
 * Every further study against the first, as `plexus study compare --json` says it.
 *
 * @throws HttpError where one is not there
 * @throws UserError where one has no complete trial
 */
export async function comparisonsOf(
  shelf: StudyShelf,
  ids: readonly string[],
): Promise<readonly StudyComparison[]> {
  if (ids.length < 2 || ids.length > MOST_COMPARED)
    throw new HttpError(400, `2 to ${MOST_COMPARED} studies can be compared, got ${ids.length}`);
  const studies: ({ readonly id: string } & ReturnType<LiveStudy['compared']>)[] = [];
  for (const id of ids) {
    const study = shelf.find(id);
    if (study === null) throw new HttpError(404, 'there is no such study');
    await study.look();
    studies.push({ id, ...study.compared() });
  }
  const named = studies.map((study) => {
    if (study.table.graphs.length === 0 && study.table.baseline === null)
      throw new UserError(
        `${study.id} must have a complete trial to be compared, has none; continue it`,
      );
    const twice = studies.filter(({ name }) => name === study.name).length > 1;
    return { ...study, name: twice ? study.id : study.name };
  });
  const [first, ...others] = named.map(({ imported, ...study }) => ({
    ...study,
    // The seeds of imported results only number a graph's trainings.
    seedDesign: imported ? ('independent' as const) : ('shared' as const),
  }));
  return first === undefined ? [] : others.map((other) => compareStudies(first, other));
}
