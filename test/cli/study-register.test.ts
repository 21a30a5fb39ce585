import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

const PREDICTIONS = `predictions:
  - {name: sparse-beats-dense, kind: compare, below: all, than: baseline, by: 0.5}
  - {name: seen, kind: text, text: the second graph is best}
`;

let directory: string;
let spec: string;
let out: string;

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-register-'));
  spec = write('small.yaml', `${SMALL_STUDY.replace('epochs: 2', 'epochs: 1')}${PREDICTIONS}`);
  out = join(directory, 'study');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('plexus study register', () => {
  it('registers predictions once, and says so when it is asked again', async () => {
    const first = await plexus(['study', 'register', spec, '--out', out]);
    expect([first.status, first.notes]).toEqual([0, '']);
    const [line, hashLine, next] = first.out.split('\n');
    expect(line).toMatch(
      /^2 predictions registered: .*registration\.json, \d{4}-\d\d-\d\dT[\d:.]+Z$/,
    );
    expect(next).toBe(`run the study with: plexus study run ${out}`);
    const again = await plexus(['study', 'register', spec, '--out', out]);
    expect([again.status, again.out.split('\n')[0]]).toEqual([
      0,
      line.replace('registered', 'were registered before, just so'),
    ]);
    const json = await plexus(['study', 'register', spec, '--out', out, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      study: 'small',
      directory: out,
      fresh: false,
      predictions: 2,
      hash: hashLine.replace('hash ', ''),
    });
    const other = write(
      'other.yaml',
      `${SMALL_STUDY.replace('epochs: 2', 'epochs: 1')}${PREDICTIONS.replace('by: 0.5', 'by: 2')}`,
    );
    const refused = await plexus(['study', 'register', other, '--out', out]);
    expect([refused.status, refused.out]).toEqual([2, '']);
    expect(refused.notes).toMatch(
      /^error: .* was registered for another spec: predictions\.sparse-beats-dense\.by was 0\.5, is 2; /,
    );
    const status = await plexus(['study', 'status', out]);
    expect(status.notes).toContain(
      'is registered but was not begun; begin it with: plexus study run ',
    );
  });

  it('is kept by the study that is run there, whose status tells of it', async () => {
    const run = await plexus(['study', 'run', out, '--json']);
    expect(run.status).toBe(0);
    const registered = JSON.parse(
      (await plexus(['study', 'register', spec, '--out', out, '--json'])).out,
    ) as { hash: string; when: string };
    const { hash, when } = registered;
    expect((await plexus(['study', 'status', out])).out).toContain(
      `2 predictions registered before the first trial, ${when}, hash ${hash}`,
    );
    expect(JSON.parse((await plexus(['study', 'status', out, '--json'])).out)).toMatchObject({
      registration: { when, hash, predictions: 2 },
    });
  }, 180_000);

  it('writes nothing for a spec without predictions, or where there is none', async () => {
    const none = await plexus([
      'study',
      'register',
      write('none.yaml', SMALL_STUDY),
      '--out',
      join(directory, 'never'),
    ]);
    expect([none.status, none.notes]).toEqual([
      2,
      'error: a study to be registered must have predictions, small has none; ' +
        'add a section predictions to its spec',
    ]);
    expect(existsSync(join(directory, 'never'))).toBe(false);
    expect((await plexus(['study', 'register', directory])).notes).toBe(
      `error: study register takes a study spec (YAML); ${directory} is a directory; name the file`,
    );
    expect((await plexus(['study', 'register', join(directory, 'gone.yaml')])).notes).toMatch(
      /^error: cannot read .*gone\.yaml: no such file/,
    );
  });
});
