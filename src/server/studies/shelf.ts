import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioRun, StudyEntry, StudyList } from '../../analysis/study-entry.js';
import { UserError } from '../../core/errors.js';
import { notAStudy } from '../../store/directory.js';
import type { StudiesFolder } from './folder.js';
import { entryWithout, LiveStudy, stampOf, unreadEntry } from './live.js';
import type { Runs } from './runs.js';

/** Trials of the studies that are kept in memory; those not asked for longest go first. */
const MOST_TRIALS = 60_000;

/** Milliseconds that a list waits for studies that are being read. */
const PATIENCE = 300;

/** The studies of a directory, as far as they were asked for. */
export class StudyShelf {
  /** Those asked for last stand at the end. */
  private readonly kept = new Map<string, LiveStudy>();
  /** What the list said of studies that are no longer kept, by what their files were then. */
  private readonly entries = new Map<
    string,
    { readonly stamp: string; readonly entry: StudyEntry }
  >();

  private reading: Promise<void> | null = null;

  constructor(
    readonly folder: StudiesFolder,
    readonly runs: Runs,
  ) {}

  /** A study that was read just now; null where there is none of that id. */
  find(id: string): LiveStudy | null {
    const directory = this.folder.find(id);
    if (directory === null) {
      this.kept.delete(id);
      return null;
    }
    const study = this.kept.get(id) ?? new LiveStudy(id, directory, this.folder.root);
    this.kept.delete(id);
    this.kept.set(id, study);
    return study;
  }

  /** A study's entry in the list; null where there is none of that id. */
  async entry(id: string): Promise<StudyEntry | null> {
    const directory = this.folder.find(id);
    if (directory === null) return null;
    const run = this.runs.of(directory);
    const stamp = stampOf(directory);
    const known = this.entries.get(id);
    if (!this.kept.has(id) && known?.stamp === stamp) return { ...known.entry, run };
    const entry = await this.read(id, directory, run);
    this.entries.set(id, { stamp, entry });
    return entry;
  }

  private async read(id: string, directory: string, run: StudioRun | null): Promise<StudyEntry> {
    try {
      const study = this.find(id);
      if (study === null) throw new UserError(notAStudy(directory));
      await study.look();
      return study.entry(run);
    } catch (error) {
      return entryWithout(id, directory, error, run);
    }
  }

  /** All studies, as far as they have been read; a long list gets whole with time. */
  async list(): Promise<StudyList> {
    const ids = this.folder.list();
    this.reading ??= this.readAll(ids).finally(() => (this.reading = null));
    await Promise.race([this.reading, sleep(PATIENCE, undefined, { ref: false })]);
    const studies = ids.map((id) => {
      const known = this.entries.get(id)?.entry;
      const directory = join(this.folder.root, id);
      return known === undefined
        ? unreadEntry(id, directory)
        : { ...known, run: this.runs.of(directory) };
    });
    return { directory: this.folder.root, studies };
  }

  private async readAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.entry(id);
      this.tidy();
      // Others get their turn.
      await sleep(0);
    }
  }

  /** Lets go of studies that nobody has asked for lately, where there are too many. */
  private tidy(): void {
    let trials = [...this.kept.values()].reduce((sum, { weight }) => sum + weight, 0);
    for (const [id, { weight }] of this.kept) {
      if (trials <= MOST_TRIALS || this.kept.size === 1) return;
      this.kept.delete(id);
      trials -= weight;
    }
  }
}
