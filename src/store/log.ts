import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { errorCode, withFileErrors } from '../platform/fs.js';
import type { Trial, TrialRecord } from '../study/types.js';

const finite = z.number();
/** Null where an older version, which did not count it, wrote the record. */
const later = finite.nullable().default(null);
/** Null in imported records, whose source did not keep it. */
const unkept = finite.nullable();
const epochRecord = z.strictObject({
  epoch: z.int(),
  learningRate: unkept,
  trainLoss: unkept,
  trainError: unkept,
  trainError5: later,
  validationLoss: finite.optional(),
  validationError: finite.optional(),
  validationError5: finite.optional(),
  testLoss: unkept,
  testError: finite,
  testError5: later,
});
const facts = z.strictObject({
  // Means over the layers where these have different graphs.
  nodes: finite,
  edges: finite,
  clustering: finite,
  pathLength: finite.nullable(),
  widths: z.array(z.int()),
  macs: z.int(),
  params: z.int(),
});
const common = {
  index: z.int().min(0),
  role: z.enum(['baseline', 'graph']),
  graph: z.string(),
  seed: z.int(),
  epochs: z.array(epochRecord),
  seconds: finite,
  published: z.array(finite).optional(),
};
const recordSchema = z.discriminatedUnion('status', [
  z.strictObject({ ...common, status: z.literal('complete'), facts, error: finite }),
  z.strictObject({ ...common, status: z.literal('stopped'), facts }),
  z.strictObject({
    ...common,
    status: z.literal('failed'),
    reason: z.string(),
    facts: facts.nullable(),
  }),
]) satisfies z.ZodType<TrialRecord>;

/** What a log holds. */
export interface LogContent {
  /** One record a trial, by index: the first complete one, else the last one. */
  readonly records: readonly TrialRecord[];
  /** Bytes of the whole lines; what follows is a line that was cut off while it was written. */
  readonly wholeBytes: number;
  /** Bytes of the torn last line; 0 when the log is whole. */
  readonly tornBytes: number;
  /** The last record is whole but lacks its line end. */
  readonly unterminated: boolean;
}

/**
 * Reads a study's log; a missing file is an empty log. A last line that was cut off is left out and
 * reported; a damaged line anywhere else, or a record that is not one of `trials`, is a `UserError`
 * that gives its number.
 */
export function readLog(path: string, trials: readonly Trial[]): LogContent {
  if (!existsSync(path)) return { records: [], wholeBytes: 0, tornBytes: 0, unterminated: false };
  const bytes = withFileErrors('read', path, () => readFileSync(path));
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const records = lines.map((line, at) => {
    const record = parseRecord(line);
    if (!record)
      throw new UserError(
        `${path}, line ${at + 1}: damaged record; remove that line and its trial runs again`,
      );
    checkTrial(record, trials, path, at + 1);
    return record;
  });
  const rest = bytes.subarray(end);
  const last = rest.length === 0 ? null : parseRecord(rest.toString('utf8'));
  if (last) checkTrial(last, trials, path, lines.length + 1);
  return {
    records: onePerTrial(last ? [...records, last] : records),
    wholeBytes: last ? bytes.length : end,
    tornBytes: last ? 0 : rest.length,
    unterminated: last !== null,
  };
}

function parseRecord(line: string): TrialRecord | null {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the caller says which line.
    return null;
  }
}

function checkTrial(
  record: TrialRecord,
  trials: readonly Trial[],
  path: string,
  line: number,
): void {
  const trial = trials[record.index];
  if (
    trial &&
    trial.graph === record.graph &&
    trial.seed === record.seed &&
    trial.role === record.role
  )
    return;
  throw new UserError(
    `${path}, line ${line}: trial ${record.index} (${record.graph}, seed ${record.seed}) ` +
      "is not one of this study's; remove that line",
  );
}

/**
 * The first complete record of a trial counts, so that a result never changes; else the last one.
 * By index.
 */
function onePerTrial(records: readonly TrialRecord[]): TrialRecord[] {
  const kept = new Map<number, TrialRecord>();
  for (const record of records) {
    if (kept.get(record.index)?.status !== 'complete') kept.set(record.index, record);
  }
  return [...kept.values()].sort((a, b) => a.index - b.index);
}

/** An open log. */
export interface LogWriter {
  /**
   * Adds one record and flushes it to the disk. On failure the log is as before and a `UserError`
   * is thrown.
   */
  append(record: TrialRecord): void;
  close(): void;
}

/**
 * Opens a log for appending, repaired first: a torn last line is cut off, a missing line end is
 * added.
 *
 * @param content what `readLog` said of it just now, under the study's lock
 */
export function openLog(path: string, content: LogContent): LogWriter {
  // Not append mode: positions are explicit, so that a failed write can be undone and the next one
  // lands right.
  const descriptor = withFileErrors('open', path, () =>
    openSync(path, existsSync(path) ? 'r+' : 'wx+'),
  );
  let length = content.wholeBytes;
  const write = (bytes: Buffer): void => {
    try {
      withFileErrors('write', path, () => writeWhole(descriptor, bytes, length));
    } catch (error) {
      undo(descriptor, length);
      throw error;
    }
    length += bytes.length;
  };
  withFileErrors(
    'write',
    path,
    () => fstatSync(descriptor).size > length && ftruncateSync(descriptor, length),
  );
  if (content.unterminated) write(Buffer.from('\n'));
  return {
    append: (record) => write(Buffer.from(`${JSON.stringify(record)}\n`)),
    close: () => closeSync(descriptor),
  };
}

/**
 * Cuts off a part of a line that was written. Where even that fails, the next reader does it: it is
 * a torn last line.
 */
function undo(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}

/**
 * One write of everything; a short one (a disk filling up) is finished by further ones, which then
 * give the reason.
 */
function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  fsyncSync(descriptor);
}
