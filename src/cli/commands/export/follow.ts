import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countTrials } from '../../../analysis/graph-results.js';
import { plural } from '../../../analysis/text.js';
import { UserError } from '../../../core/errors.js';
import type { ExportedFiles, StudyTarget } from '../../../interop/export/types.js';
import { isFile, makeDirectory, writeFileAtomic } from '../../../platform/fs.js';
import { lockHolder } from '../../../store/lock.js';
import { studyHash } from '../../../store/spec-file.js';
import { StudyFollower } from '../../../store/study-follower.js';
import { workersOf } from '../../../store/workers.js';
import type { TrialRecord } from '../../../study/types.js';
import type { CliContext } from '../../context.js';

/** Seconds between two looks at the logs. */
const LOOK = 2;
/** Seconds without a sign of life after which a worker is no longer taken to be at work. */
const SILENCE = 120;

/** A study that is exported while it runs. */
export interface Followed {
  readonly directory: string;
  readonly target: StudyTarget;
  /** The folder that files are written into. */
  readonly output: string;
}

/**
 * Writes the files of every trial when it has ended, until the study has: then the folder is what a
 * plain export makes of it. A file is written once, whole; the next run goes on with what is missing.
 *
 * @returns all files of the folder that are of the export
 * @throws UserError where the folder holds what is not of such an export
 */
export async function followStudy(context: CliContext, followed: Followed): Promise<ExportedFiles> {
  const { directory, output } = followed;
  checkFolder(output);
  const follower = new StudyFollower(directory);
  const files = new Map<string, string | Uint8Array>();
  let seen = false;
  for (;;) {
    // Asked before the logs: what it wrote before it ended is read after.
    const locked = lockHolder(follower.paths.lock) !== null;
    const { anew, trials } = await follower.refresh();
    const changed = anew ? follower.records.map(({ index }) => index) : [...trials];
    for (const [name, content] of await filesOf(follower, followed, changed)) {
      files.set(name, content);
      writeNew(join(output, name), content);
    }
    const { pending, total } = countTrials(
      follower.study.spec,
      follower.records,
      follower.search(),
    );
    if (changed.length > 0)
      context.note(`${plural(total - pending, 'trial')} of ${total} written to ${output}`);
    if (pending === 0) return files;
    const running = locked || atWork(follower);
    if (context.signal.aborted || (seen && !running)) {
      context.note(
        `${context.signal.aborted ? 'left off' : 'nobody runs the study any more'}: ` +
          `${plural(pending, 'trial')} to come; the same command goes on`,
      );
      return files;
    }
    seen ||= running;
    await sleep(1000 * LOOK, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

/** Whether workers train trials of the study (`plexus study work`). */
function atWork({ paths, news }: StudyFollower): boolean {
  return workersOf({ paths, shared: { news, damaged: [] } }).some(
    ({ silent, ended }) => silent !== null && silent < SILENCE && ended === null,
  );
}

/** The files of some trials, with all their epochs. */
async function filesOf(
  follower: StudyFollower,
  { target }: Followed,
  trials: readonly number[],
): Promise<ExportedFiles> {
  const records: TrialRecord[] = [];
  for (const trial of trials) {
    const record = await follower.wholeRecord(trial);
    if (record !== null) records.push(record);
  }
  const { spec } = follower.study;
  return target.files({ name: spec.name, hash: studyHash(spec), spec, records }, {});
}

/** Only a folder that an export of this kind wrote may be gone on with. */
function checkFolder(output: string): void {
  if (!existsSync(output)) return;
  if (isFile(output)) throw new UserError(`${output} is a file; choose a folder`);
  const foreign = readdirSync(output).find((name) => !/^trial-\d+$/.test(name));
  if (foreign !== undefined)
    throw new UserError(
      `${output} holds ${foreign}, which is not of the export; choose another name, or remove it`,
    );
}

/** Leaves a file alone that says the same already: who reads it would read it again. */
function writeNew(path: string, content: string | Uint8Array): void {
  if (existsSync(path) && Buffer.from(content).equals(readFileSync(path))) return;
  makeDirectory(dirname(path));
  writeFileAtomic(path, content);
}
