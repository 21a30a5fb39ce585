import { RandomStream } from '../core/random/index.js';
import { deathOf } from '../executors/threads.js';
import { removeCheckpoint } from '../store/checkpoints.js';
import type { Claims } from '../store/claims.js';
import type { Study } from '../store/directory.js';
import { graphOfStudy } from '../store/graph-files.js';
import type { SharedLogReader, WorkerLog } from '../store/shared-log.js';
import { agendaOf } from '../study/agenda.js';
import type { PortableJob } from '../study/executor.js';
import type { Trial, TrialRecord } from '../study/types.js';
import { type Agenda, continued, type Progress } from '../study/work.js';
import { portableJobs, type StudyPlan } from './plan.js';

/** A training is not begun where less than so many times its time is left. */
const ROOM = 1.5;
/** The part of its time that a worker has when it begins, at least. */
const FRESH = 0.8;
/** Deaths of trials' threads that make a machine leave itself out. */
const DEATHS_OF_HOST = 3;
/** Deaths after which a trial is put aside. */
const DEATHS_OF_TRIAL = 2;

/** Misses in a row that count: more workers than a thousand are spread enough by these. */
const MOST_MISSES = 12;

/** What a worker stands on. */
export interface WorkerGround {
  readonly plan: StudyPlan;
  readonly study: Pick<Study, 'spec' | 'trials' | 'paths'>;
  readonly claims: Claims;
  readonly reader: SharedLogReader;
  readonly log: WorkerLog;
  readonly host: string;
  /** Seconds that it has in all, and that are left to it; Infinity: as long as it takes. */
  readonly seconds: number;
  readonly left: () => number;
  readonly checkpointSeconds?: number | undefined;
  readonly signal: AbortSignal;
  /**
   * Waits until it is worth while to look at the others again, who are at work at so many trials.
   */
  readonly pause: (taken: number) => Promise<void>;
  readonly note: (line: string) => void;
}

/** One of several processes that train the trials of a study. */
export class StudyWorker {
  /** Trials that it recorded, and what they took together. */
  recorded = 0;
  private seconds = 0;
  /** Whether it left a trial to others because its time is too short. */
  drained = false;
  private readonly agenda: Agenda;
  /** Trials in a row that others had, and those that are passed over because of it. */
  private misses = 0;
  private passes = 0;
  private readonly random: RandomStream;

  constructor(private readonly ground: WorkerGround) {
    const { spec, trials, paths } = ground.study;
    const graphOf = (line: string) => graphOfStudy(line, paths.directory);
    this.agenda = agendaOf(spec, trials, { graphOf });
    this.random = new RandomStream(`passes of ${ground.log.worker}`);
  }

  /** How much of the study is recorded, by whomever. */
  get progress(): Progress {
    return this.agenda.progress(this.ground.reader.news.records);
  }

  /** Whether anything of the study is to be trained, be it by others. */
  get hasWork(): boolean {
    return this.agenda.next(this.ground.reader.news.records).jobs.length > 0;
  }

  /** Whether threads of too many trials ended by themselves on this machine. */
  get unfit(): boolean {
    const { reader, host } = this.ground;
    const here = reader.news.standingDeaths().filter((death) => death.host === host);
    return new Set(here.map(({ trial }) => trial)).size >= DEATHS_OF_HOST;
  }

  /** Trials that are to be trained and that nobody has, in their order; waits while there may be. */
  async open(): Promise<readonly PortableJob[]> {
    const { plan, claims, reader, signal, pause, checkpointSeconds } = this.ground;
    while (this.mayBegin() && !signal.aborted) {
      await reader.refresh();
      const { jobs } = this.agenda.next(reader.news.records);
      if (jobs.length === 0) return [];
      const taken = await claims.taken();
      [this.misses, this.passes] = [0, 0];
      const free = jobs.filter(({ trial }) => !taken.has(trial.index));
      if (free.length > 0) return portableJobs(plan, free, checkpointSeconds);
      await pause(taken.size);
    }
    return [];
  }

  /**
   * Takes a trial, unless somebody else has, or the time that is left is too short for it. All
   * workers have the same list of trials: who meets others there passes over some, twice as many
   * with each that others have, so that they spread and hardly meet. Those are left for later.
   */
  async take(job: PortableJob): Promise<boolean> {
    const { claims, reader } = this.ground;
    const { index } = job.trial;
    if (!this.mayBegin() || this.isDone(job)) return false;
    if (this.passes > 0) {
      this.passes -= 1;
      return false;
    }
    if (this.tooLate()) {
      this.drained = true;
      return false;
    }
    if (!(await claims.take(index))) {
      this.misses = Math.min(MOST_MISSES, this.misses + 1);
      this.passes = this.random.below(2 ** this.misses);
      return false;
    }
    this.misses = 0;
    // It may have been recorded, and its claim given up, since the logs were read.
    await reader.refresh();
    if (!this.isDone(job)) return true;
    await claims.release(index);
    return false;
  }

  /** Records what became of a trial; gives the record that the study has of it now, if any. */
  async keep(found: TrialRecord): Promise<TrialRecord | null> {
    const { reader } = this.ground;
    // What others know matters to what went wrong alone: looking costs as much as all else here.
    if (found.status === 'failed') await reader.refresh();
    const death = deathOf(found);
    if (death !== null) return this.bury(found, death);
    return this.write(continued(found, reader.news.recordOf(found.index)));
  }

  private mayBegin(): boolean {
    return !this.drained && !this.unfit;
  }

  private isDone({ trial, until }: PortableJob): boolean {
    const record = this.ground.reader.news.recordOf(trial.index);
    return record !== undefined && (record.status !== 'stopped' || record.epochs.length >= until);
  }

  /**
   * Whether another training would hardly end in the time that is left. Where it would not in a new
   * worker's time either, it is begun nevertheless: one worker after another goes on with it.
   */
  private tooLate(): boolean {
    const { left, seconds } = this.ground;
    if (!Number.isFinite(seconds)) return false;
    const needed = ROOM * this.timeOfTrial();
    return left() <= 0 || (left() < needed && needed <= FRESH * seconds);
  }

  /** Mean time of a training here, else of those that others recorded; 0 where nothing is known. */
  private timeOfTrial(): number {
    if (this.recorded > 0) return this.seconds / this.recorded;
    const { records } = this.ground.reader.news;
    return records.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, records.length);
  }

  private async write(record: TrialRecord): Promise<TrialRecord> {
    const { log, claims, study } = this.ground;
    await log.write({ kind: 'record', record });
    this.recorded += 1;
    this.seconds += record.seconds;
    if (record.status !== 'stopped') removeCheckpoint(study.paths.checkpoints, record);
    await claims.release(record.index);
    return record;
  }

  /** The thread of a trial ended by itself: the trial is tried again, by whoever takes it. */
  private async bury(record: TrialRecord, reason: string): Promise<TrialRecord | null> {
    const { log, claims, reader, host, note } = this.ground;
    const { index } = record;
    await log.write({ kind: 'death', host, trial: index, reason });
    const deaths = reader.news.standingDeaths().filter(({ trial }) => trial === index);
    if (deaths.length >= DEATHS_OF_TRIAL) {
      const hosts = [...new Set(deaths.map((death) => death.host))].join(' and ');
      const why = `the threads that trained it ended by themselves, on ${hosts}: ${reason}`;
      const failed = { facts: null, epochs: [], ...trialOf(record), seconds: record.seconds };
      return this.write({ ...failed, status: 'failed', reason: why });
    }
    note(`note: the thread of trial ${index} ended by itself (${reason}); it is tried again`);
    if (this.unfit)
      note(
        `note: threads of ${DEATHS_OF_HOST} trials ended by themselves on ${host}: it is left out`,
      );
    await claims.release(index);
    return null;
  }
}

function trialOf({ index, role, graph, seed }: TrialRecord): Trial {
  return { index, role, graph, seed };
}
