import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

let directory = '';
/** The study as it ends, the lines of its log, and what a plain export makes of it. */
let done = '';
let lines: string[] = [];
let whole = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-follow-'));
  const spec = join(directory, 'small.yaml');
  writeFileSync(spec, SMALL_STUDY);
  done = join(directory, 'done');
  expect((await plexus(['study', 'run', spec, '--out', done, '--workers', '1'])).status).toBe(0);
  lines = readFileSync(join(done, 'trials.ndjson'), 'utf8').trimEnd().split('\n');
  whole = join(directory, 'whole');
  expect((await plexus(['export', done, '--to', 'tensorboard', '-o', whole])).status).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The study as it was when so many trials had ended. */
function studyAfter(name: string, trials: number): string {
  const place = join(directory, name);
  cpSync(done, place, { recursive: true });
  writeFileSync(
    join(place, 'trials.ndjson'),
    lines
      .slice(0, trials)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return place;
}

/** Every file of a folder with its bytes. */
const contents = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

const follow = (study: string, output: string, signal = new AbortController().signal) =>
  plexus(['export', study, '--to', 'tensorboard', '--follow', '-o', output], { signal });

describe('plexus export --to tensorboard --follow', () => {
  it('writes trials as they end, whole, and ends with the study', async () => {
    expect(lines.length).toBeGreaterThan(2);
    const study = studyAfter('growing', 1);
    const output = join(directory, 'growing-events');
    const following = follow(study, output);
    await vi.waitFor(() => expect(readdirSync(output)).toHaveLength(1), 10_000);
    const [first] = contents(output);
    expect(contents(whole).get(first![0])).toBe(first![1]);
    // A line whose end is still to come is no trial.
    const rest = `${lines.slice(1).join('\n')}\n`;
    const cut = lines[1]!.length >> 1;
    appendFileSync(join(study, 'trials.ndjson'), rest.slice(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 300));
    appendFileSync(join(study, 'trials.ndjson'), rest.slice(cut));
    const { status, notes } = await following;
    expect(status).toBe(0);
    expect(notes).toContain(`${lines.length} trials of ${lines.length} written to ${output}`);
    expect(contents(output)).toEqual(contents(whole));
  });

  it('is left off by a signal, and goes on without writing anything twice', async () => {
    const study = studyAfter('left-off', 2);
    const output = join(directory, 'left-off-events');
    const control = new AbortController();
    const following = follow(study, output, control.signal);
    await vi.waitFor(() => expect(readdirSync(output)).toHaveLength(2), 10_000);
    control.abort();
    expect((await following).notes).toContain(
      `left off: ${lines.length - 2} trial${lines.length === 3 ? '' : 's'} to come; the same command goes on`,
    );
    const times = () =>
      readdirSync(output).map((name) => [
        name,
        statSync(join(output, name, 'events.out.tfevents.0.plexus')).mtimeMs,
      ]);
    const before = times();
    writeFileSync(join(study, 'trials.ndjson'), `${lines.join('\n')}\n`);
    expect((await follow(study, output)).status).toBe(0);
    expect(times()).toEqual(expect.arrayContaining(before));
    expect(contents(output)).toEqual(contents(whole));
  });

  it('refuses folders of others, other targets and parts of a study', async () => {
    const output = join(directory, 'foreign');
    cpSync(whole, output, { recursive: true });
    writeFileSync(join(output, 'notes.txt'), 'mine');
    const foreign = await follow(done, output);
    expect(foreign.status).toBe(2);
    expect(foreign.notes).toContain('holds notes.txt, which is not of the export');
    const other = await plexus(['export', done, '--to', 'wandb', '--follow']);
    expect(other.notes).toContain('--follow is of tensorboard');
    const part = await follow(`${done}:1`, join(directory, 'part'));
    expect(part.notes).toContain('takes a study as a whole; leave :1 out');
    expect(existsSync(join(directory, 'part'))).toBe(false);
  });
});
