import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { countTrials } from '../../analysis/graph-results.js';
import { errorsAfter, resultTable } from '../../analysis/result-table.js';
import type { ComparedStudy } from '../../analysis/study-comparison.js';
import { studyStatus, type StudyStatus } from '../../analysis/status.js';
import type { StudioRun, StudyEntry, StudyState } from '../../analysis/study-entry.js';
import { summarise } from '../../analysis/summarise.js';
import {
  type TrialRows,
  trialRows,
  type TrialTable,
  trialTable,
} from '../../analysis/trial-table.js';
import type { StudySummary, TrialCounts } from '../../analysis/types.js';
import { messageOf, UserError } from '../../core/errors.js';
import { errorCode } from '../../platform/fs.js';
import { lockHolder } from '../../store/lock.js';
import { studyPaths } from '../../store/paths.js';
import { type FollowerNews, StudyFollower } from '../../store/study-follower.js';
import { type Worked, workersOf, type WorkersStatus, workersStatus } from '../../store/workers.js';
import { confirmationProgress } from '../../study/confirm.js';
import type { TrialRecord } from '../../study/types.js';
import { checkGraphPlaces, checkLinks, entriesOf } from './folder.js';

/** A list's numbers may be behind by so many times the time that computing them takes. */
const PATIENCE = 10;
/** Seconds without a sign of life after which a worker is no longer taken to be at work. */
const SILENCE = 120;

interface Computed {
  readonly version: number;
  readonly value: StudySummary;
  /** When it was computed, and what that took, milliseconds. */
  readonly at: number;
  readonly took: number;
}

/** A study as the server has it: read on when somebody asks, its summary kept until it changes. */
export class LiveStudy {
  private readonly follower: StudyFollower;
  private computed: Computed | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private checked: string | null = null;
  private tabled: { readonly version: number; readonly text: Buffer } | null = null;
  private counted: {
    readonly version: number;
    readonly trials: TrialCounts;
    readonly imported: boolean;
  } | null = null;

  /**
   * @param root of all studies: nothing outside of it is read
   */
  constructor(
    readonly id: string,
    readonly directory: string,
    readonly root: string,
  ) {
    this.follower = new StudyFollower(directory);
  }

  /** How much of memory it takes, in trials. */
  get weight(): number {
    try {
      return this.follower.study.trials.length;
    } catch {
      return 1;
    }
  }

  /** Reads what is new; one look after the other. */
  look(): Promise<FollowerNews> {
    const look = this.turn.then(async () => {
      checkLinks(this.root, this.directory);
      return this.follower.refresh();
    });
    this.turn = look.catch(() => undefined);
    return look;
  }

  /** Everything the analysis says of the study; curves have the epochs that are kept. */
  summary(): StudySummary {
    const { version, study, records } = this.follower;
    if (this.computed?.version !== version) {
      const began = performance.now();
      const value = summarise({
        spec: study.spec,
        records,
        dataIdentity: study.state.data,
        search: this.search(),
        registration: study.registration,
      });
      const at = performance.now();
      this.computed = { version, value, at, took: at - began };
    }
    return this.computed.value;
  }

  /** The summary as it was lately, so that a list costs little while studies run. */
  private lately(): StudySummary {
    const known = this.computed;
    if (known === null || performance.now() - known.at > PATIENCE * known.took)
      return this.summary();
    return known.value;
  }

  private search(): ReturnType<StudyFollower['search']> {
    this.checkGraphs();
    return this.follower.search();
  }

  /** Throws a `UserError` where graphs of the study would be read from elsewhere. */
  checkGraphs(): void {
    const { spec, stamp } = this.follower.study;
    if (this.checked === stamp) return;
    checkGraphPlaces(this.root, this.directory, spec);
    this.checked = stamp;
  }

  /** What `plexus study status --json` prints. */
  status(): StudyStatus & Partial<WorkersStatus> {
    const { study } = this.follower;
    const search = this.search();
    return {
      ...studyStatus({
        summary: this.summary(),
        search,
        confirm: confirmationProgress(study.spec, this.follower.records, search),
        registration: study.registration,
        directory: this.directory,
        backend: study.state.backend,
        running: this.runBy() !== null,
      }),
      ...workersStatus(this.worked()),
    };
  }

  /** What it is compared with other studies by. */
  compared(): Omit<ComparedStudy, 'seedDesign'> & { readonly imported: boolean } {
    const { study, records } = this.follower;
    const { spec, state } = study;
    return {
      name: spec.name,
      spec,
      data: state.data,
      table: errorsAfter(resultTable({ spec, records })),
      imported: isImported(records),
    };
  }

  /** All trials with a record, as the text that is sent: of a large study a megabyte. */
  tableText(): Buffer {
    const { study, records } = this.follower;
    if (this.tabled?.version !== this.version) {
      const { spec, trials } = study;
      const table: TrialTable = trialTable(spec, trials.length, records, this.position());
      this.tabled = { version: this.version, text: Buffer.from(JSON.stringify(table)) };
    }
    return this.tabled.text;
  }

  rows(trials: ReadonlySet<number>): TrialRows {
    const { spec } = this.follower.study;
    return trialRows(
      spec,
      [...trials].map((trial) => [trial, this.follower.recordOf(trial)]),
    );
  }

  position(): string | null {
    return this.follower.position();
  }

  /** The trials that were written behind a position; null where that is none of these logs. */
  since(position: string): ReadonlySet<number> | null {
    return this.follower.since(position);
  }

  wholeRecord(trial: number): Promise<TrialRecord | null> {
    return this.follower.wholeRecord(trial);
  }

  /** As its spec has it. */
  get name(): string {
    return this.follower.study.spec.name;
  }

  get version(): number {
    return this.follower.version;
  }

  private runBy(): string | null {
    return lockHolder(this.follower.paths.lock);
  }

  private worked(): Worked {
    const { paths, news, damaged } = this.follower;
    const shared = news.begins.length === 0 ? null : { news, damaged };
    return {
      paths,
      shared: shared && { news, damaged: damaged.filter(({ file }) => file !== '') },
    };
  }

  /** The study in a list. */
  entry(run: StudioRun | null): StudyEntry {
    const { study, records, damaged } = this.follower;
    const { spec, state } = study;
    const summary = this.lately();
    if (this.counted?.version !== this.version)
      this.counted = {
        version: this.version,
        trials: countTrials(spec, records, summary.search),
        imported: isImported(records),
      };
    const { trials, imported } = this.counted;
    const runBy = this.runBy();
    const atWork = workersOf(this.worked()).some(
      ({ silent, ended }) => silent !== null && silent < SILENCE && ended === null,
    );
    const doing: StudyState =
      runBy !== null ? 'running' : atWork ? 'workers' : trials.pending > 0 ? 'stopped' : 'complete';
    const graph = (found: typeof summary.best) =>
      found && { spec: found.spec, name: found.name, error: found.mean };
    return {
      id: this.id,
      name: spec.name,
      state: doing,
      problem: null,
      version: this.version,
      changed: changedAt(this.follower.paths.log, join(this.directory, 'log')),
      arch: spec.arch,
      data: state.data,
      trials,
      baseline: graph(summary.baseline),
      best: graph(summary.best),
      verdict: summary.verdict,
      imported,
      runBy,
      run,
      damaged: damaged.length,
    };
  }
}

/** Changes whenever something changes that an entry tells of. */
export function stampOf(directory: string): string {
  const { state, log, lock } = studyPaths(directory);
  const workers = [join(directory, 'log'), join(directory, 'alive')];
  const files = workers.flatMap((folder) => [
    folder,
    ...entriesOf(folder).map(({ name }) => join(folder, name)),
  ]);
  return [state, log, lock, ...files]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeMs}`;
    })
    .join('/');
}

function isImported(records: readonly TrialRecord[]): boolean {
  return records.some(({ published }) => published !== undefined);
}

function changedAt(...paths: readonly string[]): number | null {
  const times = paths.map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity,
  );
  const last = Math.max(...times);
  return last === -Infinity ? null : Math.round(last);
}

/** The entry of a directory that cannot be read as a study, or was not begun yet. */
export function entryWithout(
  id: string,
  directory: string,
  error: unknown,
  run: StudioRun | null,
): StudyEntry {
  const message = messageOf(error);
  const registered = / is registered but was not begun/.test(message);
  // What is no mistake of the user's and nothing that the disk did is one of ours, and is told too.
  const ours = !(error instanceof UserError) && errorCode(error) === null;
  const problem = ours && !message.startsWith('internal:') ? `internal: ${message}` : message;
  return {
    ...unreadEntry(id, directory),
    state: registered ? 'registered' : 'unreadable',
    problem: registered ? null : problem,
    run,
  };
}

/** The entry of a study before it is read. */
export function unreadEntry(id: string, directory: string): StudyEntry {
  return {
    id,
    name: id === '.' ? basename(directory) : id,
    state: 'reading',
    problem: null,
    version: 0,
    changed: null,
    arch: '',
    data: '',
    trials: null,
    baseline: null,
    best: null,
    verdict: null,
    imported: false,
    runBy: null,
    run: null,
    damaged: 0,
  };
}
