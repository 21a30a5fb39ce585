import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFileErrors } from '../platform/fs.js';
import { FileReplaced, type SharedFiles } from './shared-files.js';
import {
  formatWorkerLine,
  type ParsedBytes,
  parseWorkerBytes,
  type StudyNews,
  type WorkerLine,
  type WorkerNews,
} from './worker-log.js';

/** Where the logs of workers are, in a study's directory. */
export const LOG_FOLDER = 'log';
/** What the name of a log ends in. */
export const LOG_ENDING = '.ndjson';

/** A damaged line of a worker's log. */
export interface DamagedWorkerLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Reads the logs of all workers of a study, again and again, each time what is new. */
export interface SharedLogReader {
  /** Puts what was added since the last call into `news`. */
  refresh(): Promise<void>;
  readonly news: StudyNews;
  /** Lines that are not what was written; the trials that they were of run again. */
  readonly damaged: readonly DamagedWorkerLine[];
}

export function sharedLogReader(files: SharedFiles, news: StudyNews): SharedLogReader {
  const read = new Map<string, { bytes: number; lines: number }>();
  const damaged: DamagedWorkerLine[] = [];
  return {
    news,
    damaged,
    refresh: async () => {
      for (const name of await files.list(LOG_FOLDER)) {
        if (!isLog(name)) continue;
        const known = read.get(name) ?? { bytes: 0, lines: 0 };
        const bytes = await files.read(`${LOG_FOLDER}/${name}`, known.bytes);
        // Gone between the two: its lines are in another file now.
        if (bytes === null) continue;
        const found = takeBytes(news, bytes);
        for (const line of found.damaged) damaged.push({ file: name, line: known.lines + line });
        read.set(name, { bytes: known.bytes + found.bytes, lines: known.lines + found.count });
      }
    },
  };
}

/** Puts the lines of a log's bytes into `news`; those of no trial of the study count as damaged. */
function takeBytes(news: StudyNews, bytes: Uint8Array): Omit<ParsedBytes, 'lines'> {
  const { lines, damaged, ...rest } = parseWorkerBytes(bytes);
  const foreign = lines.filter(({ line }) => !news.add(line)).map(({ number }) => number);
  return { ...rest, damaged: [...damaged, ...foreign].toSorted((a, b) => a - b) };
}

/** What the logs of workers say, read once. */
export interface SharedLogs {
  readonly news: StudyNews;
  readonly damaged: readonly DamagedWorkerLine[];
  /** Logs whose last line was cut off: of workers that were killed, or write it just now. */
  readonly torn: readonly string[];
}

/**
 * Reads the logs of all workers; null where no worker was ever at this study.
 *
 * @param news what the study's own log says; what they say is put into it
 */
export function readSharedLogs(directory: string, news: StudyNews): SharedLogs | null {
  const folder = join(directory, LOG_FOLDER);
  if (!existsSync(folder)) return null;
  const damaged: DamagedWorkerLine[] = [];
  const torn: string[] = [];
  const names = withFileErrors('read', folder, () => readdirSync(folder)).filter(isLog);
  for (const file of names.toSorted()) {
    const path = join(folder, file);
    // A log that was put into another one meanwhile.
    if (!existsSync(path)) continue;
    const bytes = withFileErrors('read', path, () => readFileSync(path));
    const found = takeBytes(news, bytes);
    for (const line of found.damaged) damaged.push({ file, line });
    if (found.bytes < bytes.length) torn.push(file);
  }
  return { news, damaged, torn };
}

/** Whether a name is that of a worker's log. */
export function isLog(name: string): boolean {
  return name.endsWith(LOG_ENDING) && !name.startsWith('.');
}

/** Writes the log of one worker. */
export interface WorkerLog {
  readonly worker: string;
  /** Adds a line and flushes it; `news` has it then too. */
  write(line: WorkerNews): Promise<void>;
}

/**
 * The log of a worker that begins.
 *
 * @param time now, for people
 */
export function workerLog(
  files: SharedFiles,
  worker: string,
  news: StudyNews,
  time: () => string = () => new Date().toISOString(),
): WorkerLog {
  let [turn, line, length] = [1, 0, 0];
  const add = async (said: WorkerNews): Promise<void> => {
    const name = turn === 1 ? worker : `${worker}-${turn}`;
    const about = { worker: name, line, clock: news.clock + 1, at: time() };
    const whole = { ...about, ...said } as WorkerLine;
    const bytes = new TextEncoder().encode(formatWorkerLine(whole));
    await files.append(`${LOG_FOLDER}/${name}${LOG_ENDING}`, bytes, length);
    line += 1;
    length += bytes.length;
    news.add(whole);
  };
  return {
    worker,
    write: async (said) => {
      try {
        await add(said);
      } catch (error) {
        if (!(error instanceof FileReplaced)) throw error;
        // This process was away for so long that others took it for dead, and put its log into
        // another file: it goes on with a new one.
        [turn, line, length] = [turn + 1, 0, 0];
        await add(said);
      }
    },
  };
}
