import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { loadDataset } from '../../src/public/data.js';
import { RandomStream } from '../../src/core/random/index.js';
import {
  beginStudy,
  type Executor,
  parseStudySpec,
  readStudy,
  runStudy,
  type Study,
  type TrialRecord,
  workStudy,
} from '../../src/public/study.js';
import { formatLine } from '../../src/study/log-line.js';
import { LONG } from '../long.js';
import { rememberingExecutor } from './remembering-executor.js';
import { SMALL_STUDY } from './small-study.js';

const PLACES = LONG ? 1000 : 40;

let root: string;
let serial: string;
let stopped: string;
let remembering: Executor;
const at = (name: string): string => join(root, name);
const spec = parseStudySpec(SMALL_STUDY, 'small.yaml');
const data = { env: {} };
const timeless = (records: readonly TrialRecord[]): string =>
  JSON.stringify(records.map((record) => ({ ...record, seconds: 0 })));

/** A study in the middle: records in its own log and a worker's, a checkpoint, a claim of the dead. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-damage-'));
  const { records } = await runStudy({ directory: at('serial'), spec, data, workers: 1 });
  serial = timeless(records);
  remembering = rememberingExecutor(await loadDataset(spec.data, data));
  stopped = at('stopped');
  await beginStudy({ directory: stopped, spec, data });
  writeFileSync(join(stopped, 'trials.ndjson'), records.slice(0, 3).map(formatLine).join(''));
  const stop = new AbortController();
  await workStudy({
    directory: stopped,
    data,
    workers: 1,
    checkpointSeconds: 0,
    signal: stop.signal,
    onEvent: (event) => {
      const recorded = readStudy(stopped).records.length;
      if (event.kind === 'epoch' && recorded === records.length - 1) stop.abort();
    },
  });
  mkdirSync(join(stopped, 'alive'), { recursive: true });
  mkdirSync(join(stopped, 'claims/7.1/dead'), { recursive: true });
  writeFileSync(join(stopped, 'alive/dead'), '{"host":"elsewhere","pid":1,"start":"1"}');
  // It gave its last sign of life long ago.
  utimesSync(join(stopped, 'alive/dead'), 1e9, 1e9);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

const filesOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .toSorted();

/** How many lines or files of a study are named as damaged. */
function damagesOf({ damaged, tornBytes, shared }: Study): number {
  return damaged.length + tornBytes + (shared ? shared.damaged.length + shared.torn.length : 0);
}

/** Looks at a study that is damaged: what it has is of the serial table, and what it lacks is named. */
function readOnly(directory: string, where: string): 'repaired' | 'harmless' {
  const study = readStudy(directory);
  const table = JSON.parse(serial) as unknown[];
  for (const record of study.records)
    expect(table[record.index], where).toEqual({ ...record, seconds: 0 });
  const lacks = study.records.length < readStudy(stopped).records.length;
  if (lacks) expect(damagesOf(study), where).toBeGreaterThan(0);
  return damagesOf(study) > 0 ? 'repaired' : 'harmless';
}

/**
 * Goes on with a study that is damaged: what it comes to, and everything that was said.
 *
 * @param executor default: a worker thread, as users have it
 */
async function goOn(
  directory: string,
  executor?: Executor,
): Promise<{ records: string; said: string }> {
  const notes: string[] = [];
  const before = readStudy(directory);
  const damages = damagesOf(before);
  await workStudy({
    directory,
    data,
    workers: 1,
    executor,
    // What is damaged was just written, so that its holder is taken to live for so long.
    lease: 0.3,
    look: 0.05,
    note: (line) => notes.push(line),
    onEvent: (event) => {
      if (event.kind === 'note' || event.kind === 'warning') notes.push(event.text);
    },
  });
  const named = damages > 0 ? 'damaged' : '';
  return { records: timeless(readStudy(directory).records), said: named + notes.join('\n') };
}

it(
  'names or repairs a byte that is wrong anywhere: the serial table, or an error with the file',
  { timeout: LONG ? 3_600_000 : 120_000, tags: ['long'] },
  async () => {
    const random = new RandomStream('damaged bytes');
    const files = filesOf(stopped);
    const kinds = ['trials.ndjson', 'study.json', 'study.yaml', 'log', 'checkpoints', 'alive'];
    for (const kind of kinds) expect(files.some((name) => name.startsWith(kind))).toBe(true);
    const counts = { refused: 0, repaired: 0, harmless: 0 };
    for (let place = 0; place < PLACES; place++) {
      const file = files[place % files.length]!;
      const directory = at(`copy-${place}`);
      cpSync(stopped, directory, { recursive: true, preserveTimestamps: true });
      const path = join(directory, file);
      const bytes = readFileSync(path);
      const byte = random.below(bytes.length);
      bytes[byte] = bytes[byte]! ^ (1 + random.below(255));
      writeFileSync(path, bytes);
      const where = `place ${place}: byte ${byte} of ${file}`;
      try {
        // Every fifth is of each kind of file in turn.
        if (!LONG && place % 5 !== 1) {
          counts[readOnly(directory, where)] += 1;
          rmSync(directory, { recursive: true });
          continue;
        }
        // Most trainings are those of places before, and a thread for them costs more than all else.
        // 25 and the six files have no divisor in common, so that each kind gets its threads.
        const thread = place % 25 === 1;
        const { records, said } = await goOn(directory, thread ? undefined : remembering);
        expect(records, where).toBe(serial);
        counts[said === '' ? 'harmless' : 'repaired'] += 1;
        // Nothing of a log or a checkpoint that is damaged goes without a word.
        if (/ndjson|^checkpoints/.test(file)) expect(said, where).not.toBe('');
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message, where).toContain(basename(file));
        counts.refused += 1;
      }
      rmSync(directory, { recursive: true });
    }
    expect(counts.refused).toBeGreaterThan(PLACES / 10);
    expect(counts.repaired).toBeGreaterThan(PLACES / 5);
  },
);
