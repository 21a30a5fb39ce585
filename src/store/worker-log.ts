import { z } from 'zod';
import { jsonOrNull } from '../core/json.js';
import type { StudySpec, Trial, TrialRecord } from '../study/types.js';
import { sealLine, unsealLine } from '../study/line-checksum.js';
import { isOf, recordSchema } from '../study/log-line.js';

/*
 * The log of one worker process of a study: `log/WORKER.ndjson`, which nobody else ever writes. Every
 * line says who wrote it and which of its lines it is, so that lines may be moved together into one
 * file (`compact.ts`) and told twice; and how many steps the study had come to as its writer knew it
 * (Lamport, Communications of the ACM 21, 1978), so that of two lines that concern one trial the
 * later one is known without a clock.
 */

const common = {
  worker: z.string(),
  /** From 0. */
  line: z.int().min(0),
  /** One more than of every line that the writer knew. */
  clock: z.int().min(1),
  /** When, by the clock of the writer's machine: for people; nothing is decided by it. */
  at: z.string(),
};
const lineSchema = z.discriminatedUnion('kind', [
  /** The worker begins. */
  z.strictObject({
    ...common,
    kind: z.literal('begin'),
    host: z.string(),
    pid: z.int(),
    plexus: z.string(),
    backend: z.string(),
    workers: z.int(),
    /** The task of a batch system that it is an attempt of. */
    task: z.string().optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('record'), record: recordSchema }),
  /** The thread that trained a trial ended by itself: that says nothing of the trial yet. */
  z.strictObject({
    ...common,
    kind: z.literal('death'),
    host: z.string(),
    trial: z.int().min(0),
    reason: z.string(),
  }),
  /** These trials are to be run again: what was recorded of them as failed before counts no more. */
  z.strictObject({ ...common, kind: z.literal('retry'), trials: z.array(z.int().min(0)) }),
  /** The worker ends, and why. */
  z.strictObject({ ...common, kind: z.literal('end'), why: z.string() }),
]);

type Written = z.output<typeof lineSchema>;
/** A line that tells of what became of a trial. */
type RecordLine = Omit<Extract<Written, { readonly kind: 'record' }>, 'record'> & {
  readonly record: TrialRecord;
};
export type WorkerLine = Exclude<Written, { readonly kind: 'record' }> | RecordLine;
/** What a line says, without who says it when. */
export type WorkerNews = WorkerLine extends infer Line
  ? Line extends WorkerLine
    ? Omit<Line, 'worker' | 'line' | 'clock' | 'at'>
    : never
  : never;

/** The line with its checksum and its line end. */
export function formatWorkerLine(line: WorkerLine): string {
  return sealLine(JSON.stringify(line));
}

/** The line without its line end; null where it is not what was written. */
export function parseWorkerLine(bytes: Uint8Array): WorkerLine | null {
  const found = unsealLine(bytes);
  if (found === null || !found.sealed) return null;
  const parsed = lineSchema.safeParse(jsonOrNull(found.json));
  return parsed.success ? parsed.data : null;
}

/** Lines of a file's bytes; those of a torn end are left for later. */
export interface ParsedBytes {
  readonly lines: readonly { readonly number: number; readonly line: WorkerLine }[];
  /** Numbers of lines that are damaged, from 1, counted from the first byte given. */
  readonly damaged: readonly number[];
  /** Lines, damaged ones included, and the bytes that they take. */
  readonly count: number;
  readonly bytes: number;
}

export function parseWorkerBytes(bytes: Uint8Array): ParsedBytes {
  const lines: { readonly number: number; readonly line: WorkerLine }[] = [];
  const damaged: number[] = [];
  let [from, count] = [0, 0];
  for (let to = bytes.indexOf(0x0a); to >= 0; to = bytes.indexOf(0x0a, from)) {
    count += 1;
    const line = parseWorkerLine(bytes.subarray(from, to));
    if (line === null) damaged.push(count);
    else lines.push({ number: count, line });
    from = to + 1;
  }
  return { lines, damaged, count, bytes: from };
}

/** Two trainings of one trial that came out differently: what must not be. */
export interface Conflict {
  readonly trial: number;
  /** The workers that wrote them; an empty name is the study's own log. */
  readonly workers: readonly [string, string];
}

/** A record with its place in the order of all. */
interface Told {
  readonly worker: string;
  readonly line: number;
  readonly clock: number;
  readonly record: TrialRecord;
}

/** All that the logs of a study say together, whatever the order in which they are read. */
export class StudyNews {
  private readonly told = new Map<number, Told[]>();
  /** Lines that were taken, by worker. */
  private readonly known = new Map<string, Set<number>>();
  private readonly retried = new Map<number, number>();
  private readonly chosen = new Map<number, TrialRecord>();
  readonly begins: Extract<WorkerLine, { readonly kind: 'begin' }>[] = [];
  readonly ends = new Map<string, Extract<WorkerLine, { readonly kind: 'end' }>>();
  readonly deaths: Extract<WorkerLine, { readonly kind: 'death' }>[] = [];
  /** Records by worker. */
  readonly counts = new Map<string, number>();
  /** Highest of all lines. */
  clock = 0;

  /**
   * @param trials of the study
   * @param precision of its trainings
   * @param own what the study's own log holds, which comes before all others
   */
  constructor(
    private readonly trials: readonly Trial[],
    private readonly precision: StudySpec['train']['precision'],
    own: readonly TrialRecord[],
  ) {
    for (const record of own) this.addOwn(record);
  }

  /** Takes a record of the study's own log, in that log's order. */
  addOwn(record: TrialRecord): void {
    this.tell({ worker: '', line: 0, clock: 0, record });
  }

  /** By the number of their trial. */
  get records(): TrialRecord[] {
    return [...this.chosen.values()].sort((a, b) => a.index - b.index);
  }

  recordOf(trial: number): TrialRecord | undefined {
    return this.chosen.get(trial);
  }

  /**
   * Takes a line; one that was taken before changes nothing.
   *
   * @returns false for a record of no trial of this study, which is not taken
   */
  add(line: WorkerLine): boolean {
    const known = this.known.get(line.worker) ?? new Set();
    if (known.has(line.line)) return true;
    if (line.kind === 'record' && !this.isOf(line.record)) return false;
    this.known.set(line.worker, known.add(line.line));
    this.clock = Math.max(this.clock, line.clock);
    if (line.kind === 'begin') this.begins.push(line);
    if (line.kind === 'end') this.ends.set(line.worker, line);
    if (line.kind === 'death') this.deaths.push(line);
    if (line.kind === 'record') {
      this.counts.set(line.worker, (this.counts.get(line.worker) ?? 0) + 1);
      this.tell(line);
    }
    if (line.kind === 'retry')
      for (const trial of line.trials) {
        this.retried.set(trial, Math.max(this.retried.get(trial) ?? 0, line.clock));
        this.choose(trial);
      }
    return true;
  }

  private isOf(record: TrialRecord): boolean {
    return isOf(record, this.trials) && (record.precision ?? 'float32') === this.precision;
  }

  /** Deaths of trials' threads since the trials were last asked to run again. */
  standingDeaths(): readonly Extract<WorkerLine, { readonly kind: 'death' }>[] {
    return this.deaths.filter(({ trial, clock }) => clock > (this.retried.get(trial) ?? 0));
  }

  /** Complete records of one trial that are not the same to the bit, times aside. */
  conflicts(): Conflict[] {
    return [...this.told].flatMap(([trial, all]) => {
      if (all.length === 1) return [];
      const [first, ...others] = inOrder(all).filter(({ record }) => record.status === 'complete');
      if (first === undefined || others.length === 0) return [];
      const timeless = textWithoutTimes(first.record);
      return others
        .filter(({ record }) => textWithoutTimes(record) !== timeless)
        .map(({ worker }): Conflict => ({ trial, workers: [first.worker, worker] }));
    });
  }

  private tell({ worker, line, clock, record }: Told): void {
    const all = this.told.get(record.index) ?? [];
    all.push({ worker, line, clock, record });
    this.told.set(record.index, all);
    // Nearly every trial is told of once.
    if (all.length === 1 && !this.retried.has(record.index)) this.chosen.set(record.index, record);
    else this.choose(record.index);
  }

  /**
   * The first complete record counts, in the order of the workers' names, so that a result never
   * changes by what comes later from the same; else the latest that was not asked to run again.
   */
  private choose(trial: number): void {
    const all = inOrder(this.told.get(trial) ?? []);
    const since = this.retried.get(trial) ?? 0;
    const counting = all.filter(
      ({ worker, record, clock }) => record.status !== 'failed' || worker === '' || clock >= since,
    );
    const latest = counting.reduce<Told | undefined>(
      (last, each) => (last === undefined || each.clock >= last.clock ? each : last),
      undefined,
    );
    const best = counting.find(({ record }) => record.status === 'complete') ?? latest;
    if (best === undefined) this.chosen.delete(trial);
    else this.chosen.set(trial, best.record);
  }
}

/** The study's own log first, then worker by worker, each in its own order. */
function inOrder(all: readonly Told[]): Told[] {
  return all.toSorted((a, b) =>
    a.worker === b.worker ? a.line - b.line : a.worker < b.worker ? -1 : 1,
  );
}

/** A record as text without what differs from one training to the next. */
function textWithoutTimes(record: TrialRecord): string {
  return JSON.stringify({ ...record, seconds: 0 });
}
