import { existsSync, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { withFileErrors } from '../platform/fs.js';
import { agendaOf } from '../study/agenda.js';
import { trialsOf } from '../study/trials.js';
import type {
  LoggedEpoch,
  Registration,
  SearchOutcome,
  StudySpec,
  Trial,
  TrialFacts,
  TrialRecord,
} from '../study/types.js';
import { notAStudy } from './directory.js';
import { graphOfStudy } from './graph-files.js';
import { checkRecord } from './log.js';
import { parseLine } from '../study/log-line.js';
import { LogTail, type TailLine } from './log-tail.js';
import { formatPosition, type LogPosition, parsePosition } from './log-position.js';
import { type StudyPaths, studyPaths } from './paths.js';
import { readRegistration } from './registration.js';
import { isLog, LOG_FOLDER } from './shared-log.js';
import type { StudyState } from '../study/state.js';
import { readState } from './state.js';
import { parseWorkerLine, StudyNews } from './worker-log.js';

/** Epochs of all trainings together that are kept in memory; of larger studies the last ones are. */
const MOST_EPOCHS = 60_000;

/** A record with the number of epochs that its line has. */
export type FollowedRecord = TrialRecord & { readonly epochCount: number };

/** Where the line of a record lies. */
interface Place {
  readonly file: string;
  readonly from: number;
  readonly bytes: number;
}

/** What came from one log: its reader, and the trials that its lines are about. */
interface Source {
  readonly tail: LogTail;
  /** Ends of lines in the file, ascending, and the trial of each. */
  readonly ends: number[];
  readonly trials: number[];
}

/** What a look at the logs brought. */
export interface FollowerNews {
  /** Everything was read anew: another study lies there, or logs were replaced. */
  readonly anew: boolean;
  /** Trials whose records are others than before. */
  readonly trials: ReadonlySet<number>;
}

/**
 * A study that is read while others write it: each look reads what was added to its logs, and
 * nothing else. Nothing is written, locked or held open, so that whoever runs the study does not
 * notice. Says the same as `readStudy`.
 */
export class StudyFollower {
  readonly paths: StudyPaths;
  /** Counts changes of the records. */
  version = 0;
  /** Lines that are not what was written, with the files that they are in. */
  damaged: { readonly file: string; readonly line: number }[] = [];
  private begun: Begun | null = null;
  private sources = new Map<string, Source>();
  private places = new WeakMap<TrialRecord, Place>();
  private newsOfAll: StudyNews | null = null;
  private readonly facts = new Map<number, TrialFacts>();
  private touched = new Set<number>();
  private found: { readonly version: number; readonly value: SearchOutcome | null } | null = null;

  private listed: { readonly version: number; readonly value: FollowedRecord[] } | null = null;

  constructor(directory: string) {
    this.paths = studyPaths(directory);
  }

  /** What the study was begun with. Throws before the first `refresh`. */
  get study(): Begun {
    if (this.begun === null) throw new UserError(notAStudy(this.paths.directory));
    return this.begun;
  }

  /** What the logs of workers say too. */
  get news(): StudyNews {
    if (this.newsOfAll === null) throw new UserError(notAStudy(this.paths.directory));
    return this.newsOfAll;
  }

  /** Records by the number of their trial; of large studies with their last epoch alone. */
  get records(): readonly FollowedRecord[] {
    if (this.listed?.version !== this.version) {
      // All that `news` holds was made by `kept`.
      const value = this.news.records as FollowedRecord[];
      this.listed = { version: this.version, value };
    }
    return this.listed.value;
  }

  recordOf(trial: number): FollowedRecord | null {
    return (this.news.recordOf(trial) as FollowedRecord | undefined) ?? null;
  }

  /** Whether records have all their epochs. */
  get whole(): boolean {
    return keepsEpochs(this.study);
  }

  /** What a search has come to; computed when it is asked for. */
  search(): SearchOutcome | null {
    const { spec, trials } = this.study;
    if (spec.search === undefined) return null;
    if (this.found?.version !== this.version) {
      const graphOf = (line: string) => graphOfStudy(line, this.paths.directory);
      const value = agendaOf(spec, trials, { graphOf }).outcome(this.records);
      this.found = { version: this.version, value };
    }
    return this.found.value;
  }

  /**
   * Reads what is new.
   *
   * @throws UserError where the directory is no study, or one that is damaged (see `readStudy`)
   */
  async refresh(): Promise<FollowerNews> {
    let anew = this.begin();
    this.touched = new Set();
    if (!(await this.readLogs())) {
      anew = true;
      this.forget(this.study);
      await this.readLogs();
    }
    const trials = this.touched;
    if (anew || trials.size > 0) this.version += 1;
    return { anew, trials };
  }

  /** Where in the logs all that was read ends; null where it is too long to say. */
  position(): string | null {
    return formatPosition(
      new Map([...this.sources].map(([name, { tail }]) => [name, tail.offset])),
    );
  }

  /** The trials that lines behind a position are about; null where it is none of these logs. */
  since(position: string): ReadonlySet<number> | null {
    const before = parsePosition(position);
    if (before === null || !this.holds(before)) return null;
    const trials = new Set<number>();
    for (const [name, source] of this.sources) {
      const from = before.get(name) ?? 0;
      source.ends.forEach((end, at) => end > from && trials.add(source.trials[at] ?? 0));
    }
    return trials;
  }

  /** The record of a trial with all its epochs, read from its log; null where there is none. */
  async wholeRecord(trial: number): Promise<TrialRecord | null> {
    const record = this.news.recordOf(trial);
    const place = record && this.places.get(record);
    if (place === undefined) return null;
    const bytes = new Uint8Array(place.bytes);
    const file = await open(place.file, 'r');
    try {
      await file.read(bytes, 0, place.bytes, place.from);
    } finally {
      await file.close();
    }
    const line = parseWorkerLine(bytes);
    return line?.kind === 'record' ? line.record : parseLine(bytes);
  }

  private holds(position: LogPosition): boolean {
    return [...position].every(
      ([name, offset]) => offset <= (this.sources.get(name)?.tail.offset ?? -1),
    );
  }

  /** Reads what the study was begun with, where that is new. */
  private begin(): boolean {
    const stamp = stampOf(this.paths);
    if (this.begun !== null && stamp === this.begun.stamp) return false;
    const state = readState(this.paths);
    if (state === null) throw new UserError(notAStudy(this.paths.directory));
    const registration = readRegistration(this.paths.registration);
    const trials = trialsOf(state.spec);
    this.begun = { state, spec: state.spec, trials, registration, stamp };
    this.forget(this.begun);
    return true;
  }

  private forget({ spec, trials }: Begun): void {
    this.sources = new Map();
    this.places = new WeakMap();
    this.facts.clear();
    this.damaged = [];
    this.newsOfAll = new StudyNews(trials, spec.train.precision, []);
  }

  /** False where a log is not the one that was read before. */
  private async readLogs(): Promise<boolean> {
    const { trials, spec } = this.study;
    const own = this.sourceOf('', this.paths.log);
    const take = (line: TailLine): boolean => {
      const record = parseLine(line.bytes);
      if (record === null) return false;
      const { precision } = spec.train;
      checkRecord(record, { trials, precision, path: this.paths.log, line: line.number });
      this.news.addOwn(this.kept(record, own, line));
      return true;
    };
    const damaged = (line: TailLine, file: string): void =>
      void this.damaged.push({ file, line: line.number });
    const same = await own.tail.refresh((line) => {
      if (!take(line)) damaged(line, '');
    }, take);
    if (!same) return false;
    const names = this.logNames();
    if ([...this.sources.keys()].some((name) => name !== '' && !names.includes(name))) return false;
    for (const name of names) {
      const source = this.sourceOf(name, join(this.paths.directory, LOG_FOLDER, name));
      const known = await source.tail.refresh((line) => {
        if (!this.takeWorkerLine(line, source)) damaged(line, name);
      });
      if (!known) return false;
    }
    return true;
  }

  private takeWorkerLine(line: TailLine, source: Source): boolean {
    const said = parseWorkerLine(line.bytes);
    if (said === null) return false;
    if (said.kind === 'retry') for (const trial of said.trials) this.touch(source, trial, line);
    return this.news.add(
      said.kind === 'record' ? { ...said, record: this.kept(said.record, source, line) } : said,
    );
  }

  private logNames(): readonly string[] {
    const folder = join(this.paths.directory, LOG_FOLDER);
    if (!existsSync(folder)) return [];
    return withFileErrors('read', folder, () => readdirSync(folder))
      .filter(isLog)
      .toSorted();
  }

  private sourceOf(name: string, path: string): Source {
    const known = this.sources.get(name);
    if (known !== undefined) return known;
    const source = { tail: new LogTail(path), ends: [], trials: [] };
    this.sources.set(name, source);
    return source;
  }

  private touch({ ends, trials }: Source, trial: number, { from, bytes }: TailLine): void {
    ends.push(from + bytes.length);
    trials.push(trial);
    this.touched.add(trial);
  }

  private sharedFacts(trial: number, facts: TrialFacts): TrialFacts {
    const graph = trial % (this.study.spec.graphs.length + 1);
    const known = this.facts.get(graph);
    if (known !== undefined && sameFacts(known, facts)) return known;
    this.facts.set(graph, facts);
    return facts;
  }

  /** A record as it is kept, and where it came from. */
  private kept(record: TrialRecord, source: Source, line: TailLine): FollowedRecord {
    const { epochs, index } = record;
    const kept: FollowedRecord = {
      ...record,
      // One text and one set of facts for all trials of a graph.
      graph: this.study.trials[index]?.graph ?? record.graph,
      ...(record.facts && { facts: this.sharedFacts(index, record.facts) }),
      epochs: this.whole ? epochs : lastOf(epochs),
      epochCount: epochs.length,
    };
    this.places.set(kept, { file: source.tail.path, from: line.from, bytes: line.bytes.length });
    this.touch(source, index, line);
    return kept;
  }
}

/** What a study was begun with. */
interface Begun {
  readonly state: StudyState;
  readonly spec: StudySpec;
  readonly trials: readonly Trial[];
  readonly registration: Registration | null;
  /** Of the files that say it. */
  readonly stamp: string;
}

function keepsEpochs({ spec, trials }: Begun): boolean {
  // A search decides by what was known after each epoch, and trains few graphs.
  return spec.search !== undefined || trials.length * spec.train.epochs <= MOST_EPOCHS;
}

function sameFacts(one: TrialFacts, other: TrialFacts): boolean {
  return (
    one.nodes === other.nodes &&
    one.edges === other.edges &&
    one.clustering === other.clustering &&
    one.pathLength === other.pathLength &&
    one.macs === other.macs &&
    one.params === other.params &&
    one.widths.join() === other.widths.join()
  );
}

function lastOf(epochs: readonly LoggedEpoch[]): readonly LoggedEpoch[] {
  return epochs.slice(-1);
}

/** Changes whenever the files change that say what a study was begun with. */
function stampOf({ state, spec, registration }: StudyPaths): string {
  return [state, spec, registration]
    .map((path) => {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeNs}`;
    })
    .join('/');
}
