// Single bits are flipped in the log, in workers' logs, in a checkpoint, and in what else a study's
// directory holds.
// Whoever reads it then says what is damaged, or reads what was written.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../dist/core/errors.js';
import { readStudy } from '../../dist/store/directory.js';
import { beginStudy, parseStudySpec } from '../../dist/public/study.js';
import { ended, start, startStudy, writeSpec } from './study.mjs';
import { readCheckpoint } from '../../dist/train-files/checkpoint.js';

/** A study that was stopped in the middle: records, and checkpoints of what was under way. */
async function stoppedStudy(directory) {
  // Long enough that the signal finds trials under way.
  const spec = writeSpec(directory, 60);
  const out = join(directory, 'stopped');
  const child = startStudy(spec, out, '--workers', '2');
  const end = ended(child);
  const log = join(out, 'trials.ndjson');
  const records = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
  while (child.exitCode === null && records() < 3) await sleep(20);
  child.kill('SIGTERM');
  const { notes } = await end;
  const folder = join(out, 'checkpoints');
  const [name] = existsSync(folder) ? readdirSync(folder) : [];
  if (name === undefined) throw new Error(`no checkpoint was left: ${notes}`);
  return { out, checkpoint: join(folder, name) };
}

/** A study at which two workers were stopped: their logs, some with records. */
async function stoppedWorkers(directory) {
  const spec = writeSpec(directory, 60);
  const out = join(directory, 'shared');
  await beginStudy({
    directory: out,
    spec: parseStudySpec(readFileSync(spec, 'utf8'), spec),
    data: { env: {} },
  });
  const children = [1, 2].map(() => start('study', 'work', out, '--workers', '1'));
  const ends = children.map(ended);
  const living = () => children.some((child) => child.exitCode === null);
  while (living() && readStudy(out).records.length < 3) await sleep(20);
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ends);
  return out;
}

/** What of a study counts: whoever continues it does so from this. */
function contentOf(directory) {
  const { state, spec, records, registration, damaged, tornBytes, shared } = readStudy(directory);
  const inShared = shared ? shared.damaged.length + shared.torn.length : 0;
  const named = damaged.length + tornBytes + inShared > 0;
  return { content: { state, spec, records, registration }, named };
}

/** What became of a study, of which something is damaged since. */
function lookAt(directory) {
  const before = contentOf(directory).content;
  return () => {
    const { content, named } = contentOf(directory);
    if (isDeepStrictEqual(content, before)) return 'harmless';
    // Records that are missing run again; those that are there are those that were written.
    const known = content.records.every((record) =>
      before.records.some((one) => isDeepStrictEqual(one, record)),
    );
    const rest = isDeepStrictEqual({ ...content, records: [] }, { ...before, records: [] });
    return named && known && rest ? 'named' : 'silent';
  };
}

export async function flips({ directory, count, random, say }) {
  const { out, checkpoint } = await stoppedStudy(directory);
  const copy = join(directory, 'flipped');
  cpSync(out, copy, { recursive: true });
  const study = lookAt(copy);
  const shared = await stoppedWorkers(directory);
  const logs = readdirSync(join(shared, 'log')).map((name) => join(shared, 'log', name));
  const ofEach = Math.ceil(count / logs.length);
  const written = readCheckpoint(checkpoint);
  const kept = ({ identity, state, tensors }) => ({ identity, state, tensors });
  const training = (path) =>
    isDeepStrictEqual(kept(readCheckpoint(path)), kept(written)) ? 'harmless' : 'silent';
  const states = ['study.json', 'study.yaml', 'registration.json'].map((name) => join(copy, name));
  const each = Math.ceil(count / states.length);
  const results = {
    log: flipBits(join(copy, 'trials.ndjson'), count, random, study),
    workers: logs.map((path) => flipBits(path, ofEach, random, lookAt(shared))).reduce(sum),
    checkpoint: flipBits(join(copy, 'checkpoints', 'flipped'), count, random, training, checkpoint),
    state: states.map((path) => flipBits(path, each, random, study)).reduce(sum),
  };
  for (const [what, { n, named, harmless, silent }] of Object.entries(results))
    say(`flips of the ${what}: ${n}, named ${named}, harmless ${harmless}, silent ${silent}`);
  return results;
}

function flipBits(path, count, random, look, source = path) {
  const bytes = readFileSync(source);
  const found = { n: 0, named: 0, harmless: 0, silent: 0 };
  for (; found.n < count; found.n++) {
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
    writeFileSync(path, flipped);
    try {
      found[look(path)] += 1;
    } catch (error) {
      found[error instanceof UserError ? 'named' : 'silent'] += 1;
    }
  }
  writeFileSync(path, bytes);
  return found;
}

const sum = (a, b) => Object.fromEntries(Object.keys(a).map((key) => [key, a[key] + b[key]]));
