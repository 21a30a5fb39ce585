import { canonicalJson } from '../../src/core/canonical-json.js';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/platform/hash.js';
import {
  parseStudySpec,
  readStudy,
  registerStudy,
  runStudy,
  studyHash,
  type Registered,
  type Study,
  type StudySpec,
} from '../../src/public/study.js';
import { SMALL_STUDY } from './small-study.js';

const PREDICTIONS = `predictions:
  - {name: sparse-beats-dense, kind: compare, below: best, than: baseline, by: 0.5, why: free text}
  - {name: seen, kind: text, text: the second graph is best}
`;
const PLAIN = SMALL_STUDY.replace('epochs: 2', 'epochs: 1');
const YAML = `${PLAIN}${PREDICTIONS}`;

/** A `study.json` whose hash fits what somebody made of it. */
function rehashed(text: string): string {
  const { hash: _, ...content } = JSON.parse(text) as { readonly hash: string };
  return JSON.stringify({ ...content, hash: sha256Hex(canonicalJson(content)) });
}

let root: string;
const at = (...names: readonly string[]): string => join(root, ...names);
const parse = (text: string): StudySpec => parseStudySpec(text, at('a.yaml'));
const register = (name: string, text = YAML): Registered =>
  registerStudy({
    directory: at(name),
    spec: parse(text),
    data: { env: {} },
    note: () => undefined,
  });

async function run(
  name: string,
  text: string | null,
): Promise<{ readonly study: Study; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const spec = text === null ? null : parse(text);
  const study = await runStudy({
    directory: at(name),
    spec,
    data: { env: {} },
    workers: 2,
    note: (line) => notes.push(line),
  });
  return { study, notes };
}

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** The registration with something else in it, and a hash that fits. */
function forge(path: string): void {
  const { hash: _, ...content } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const forged = { ...content, when: '2020-01-01T00:00:00.000Z' };
  writeFileSync(path, JSON.stringify({ ...forged, hash: sha256Hex(canonicalJson(forged)) }));
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-registration-'));
  register('done');
  await run('done', null);
}, 180_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('registerStudy', () => {
  it('writes predictions and frozen spec with a hash over all of it, and nothing more', () => {
    const { registration, fresh } = register('fresh');
    expect(fresh).toBe(true);
    expect(readdirSync(at('fresh')).sort()).toEqual(['registration.json', 'study.yaml']);
    const { hash, ...content } = JSON.parse(
      readFileSync(at('fresh', 'registration.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect(hash).toBe(registration.hash);
    expect(sha256Hex(canonicalJson(content))).toBe(hash);
    expect(content).toMatchObject({
      format: 1,
      specHash: studyHash(registration.spec),
      predictions: parse(YAML).predictions,
    });
    expect(Math.abs(Date.parse(registration.when) - Date.now())).toBeLessThan(180_000);
    // The data are settled as by a run.
    expect(registration.spec.data).toMatchObject({ name: 'shapes', seed: 1 });
    expect(studyHash(registration.spec)).toBe(readStudy(at('done')).state.specHash);
  });

  it(
    'says so when the same is registered already, also of a study that was run, and ' +
      'changes nothing',
    () => {
      const before = readFileSync(at('done', 'registration.json'), 'utf8');
      const { fresh, registration } = register('done');
      expect(fresh).toBe(false);
      expect(registration).toEqual(readStudy(at('done')).registration);
      // The order of predictions, comments and the number of threads say nothing.
      const [, head, first, second] = /^([\s\S]*predictions:\n)(.*\n)(.*\n)$/.exec(YAML)!;
      expect(
        register(
          'done',
          `# again\n${head}${second}${first}`.replace('epochs: 1', 'epochs: 1, threads: 2'),
        ).fresh,
      ).toBe(false);
      expect(readFileSync(at('done', 'registration.json'), 'utf8')).toBe(before);
    },
  );

  it.each([
    [
      'another prediction',
      () => YAML.replace('by: 0.5', 'by: 1'),
      /was registered for another spec: predictions\.sparse-beats-dense\.by was 0\.5, is 1; .*: plexus study run /,
    ],
    [
      'one prediction less',
      () => YAML.replace(/ {2}- \{name: seen.*\n/, ''),
      /predictions\.seen was \{"name":"seen",.*\}, is not given; /,
    ],
    [
      'another setting',
      () => YAML.replace('epochs: 1', 'epochs: 3'),
      /train\.epochs was 1, is 3; /,
    ],
    [
      'no predictions',
      () => PLAIN,
      'a study to be registered must have predictions, small has none; add a section ' +
        'predictions to its spec',
    ],
  ])('refuses %s', (_, text, message) => {
    register('other');
    const before = readFileSync(at('other', 'registration.json'), 'utf8');
    expect(() => register('other', text())).toThrow(message);
    expect(readFileSync(at('other', 'registration.json'), 'utf8')).toBe(before);
  });

  it('refuses a study that was begun without, and a directory of other files', async () => {
    await run('late', PLAIN);
    expect(() => register('late')).toThrow(
      /holds a study that was begun without predictions; .*; register a new study elsewhere with --out$/,
    );
    await expect(run('late', YAML)).rejects.toThrow(
      'holds a study of another spec: predictions.sparse-beats-dense was not given, is {',
    );
    expect(readStudy(at('late')).registration).toBeNull();
    writeFileSync(at('a.yaml'), YAML);
    expect(() =>
      registerStudy({
        directory: root,
        spec: parse(YAML),
        data: { env: {} },
        note: () => undefined,
      }),
    ).toThrow('is neither empty nor a study');
  }, 180_000);

  it('keeps graph files with the registration, and the names that predictions have for them', async () => {
    writeFileSync(
      at('ring.edges'),
      Array.from({ length: 8 }, (_, node) => `${node} ${(node + 1) % 8}\n`).join(''),
    );
    const graphs = PLAIN.replace('graphs:\n', 'graphs:\n  - file:ring.edges\n').replace(
      'seeds: 2',
      'seeds: 1',
    );
    const prediction =
      '{name: x, kind: compare, below: "file:ring.edges", than: baseline, test: mean}';
    const text = `${graphs}predictions:\n  - ${prediction}\n`;
    const { registration } = register('files', text);
    expect(registration.predictions).toMatchObject([
      {
        below: [
          expect.stringMatching(/^file:path=graphs\/ring\.edges,|^file:graphs\/ring\.edges,/),
        ],
      },
    ]);
    expect(existsSync(at('files', 'graphs', 'ring.edges'))).toBe(true);
    rmSync(at('ring.edges'));
    const { study } = await run('files', null);
    expect(study.registration).toEqual(registration);
    expect(study.records.every(({ status }) => status === 'complete')).toBe(true);
  }, 180_000);
});

describe('a study with predictions', () => {
  it('runs the registered spec in its directory, and keeps the hash', async () => {
    const { state, registration, records } = readStudy(at('done'));
    expect(state.registration).toBe(registration!.hash);
    expect(records).toHaveLength(8);
    const { notes, study } = await run('done', YAML);
    expect(notes.filter((line) => line.includes('registered'))).toEqual([]);
    expect(study.registration).toEqual(registration);
  });

  it('is registered by the run itself where nobody did, before the first trial', async () => {
    const { study, notes } = await run('itself', YAML);
    expect(study.registration!.predictions).toEqual(parse(YAML).predictions);
    expect(notes).toContain(
      'note: the predictions of the spec are registered now, before the first trial, ' +
        `in ${at('itself', 'registration.json')} (hash ${study.registration!.hash})`,
    );
    expect(study.state.registration).toBe(study.registration!.hash);
    expect((await run('itself', null)).study.registration).toEqual(study.registration);
  }, 180_000);

  it('differs in no trial from one without', async () => {
    const { study } = await run('plain', PLAIN);
    const essence = ({ records }: Study): unknown =>
      records.map((record) => ({ ...record, seconds: 0 }));
    expect(essence(readStudy(at('done')))).toEqual(essence(study));
    expect(study.registration).toBeNull();
    expect(readFileSync(study.paths.state, 'utf8')).not.toContain('registration');
    expect(existsSync(study.paths.registration)).toBe(false);
  }, 180_000);

  it('goes on where it was killed between its registration and its first trial', async () => {
    register('between');
    rmSync(at('between', 'study.yaml'));
    expect(() => readStudy(at('between'))).toThrow(
      `${at('between')} is registered but was not begun; begin it with: plexus study run ` +
        at('between'),
    );
    const { study } = await run('between', null);
    expect(study.records).toHaveLength(8);
    expect(study.registration).not.toBeNull();
    expect(
      parseStudySpec(readFileSync(study.paths.spec, 'utf8'), 'study.yaml', { frozen: true }),
    ).toEqual(study.spec);
  }, 180_000);

  it('refuses a spec that is not the registered one, before anything is trained', async () => {
    register('strict');
    await expect(run('strict', YAML.replace('seeds: 2', 'seeds: 3'))).rejects.toThrow(
      /was registered for another spec: seeds was \[1,2\], is \[1,2,3\]; /,
    );
    await expect(run('strict', PLAIN)).rejects.toThrow(
      /predictions\.sparse-beats-dense was .*, is not given/,
    );
    edit(at('strict', 'study.yaml'), (text) => text.replace('by: 0.5', 'by: 0.1'));
    await expect(run('strict', null)).rejects.toThrow(
      'predictions.sparse-beats-dense.by was 0.5, is 0.1',
    );
    expect(readdirSync(at('strict')).sort()).toEqual(['registration.json', 'study.yaml']);
  });

  it.each([
    [
      'registration.json',
      (text: string) => text.replace('"by": 0.5', '"by": 0.1'),
      /registration\.json was edited after it was registered: its content and its hash [0-9a-f]{64} do not/,
    ],
    [
      'registration.json',
      (text: string) => text.replace('"format": 1', '"format": 9'),
      /registration\.json is damaged \(format\); restore it/,
    ],
    [
      'study.yaml',
      (text: string) => text.replace('by: 0.5', 'by: 0.1'),
      /study\.yaml was edited after the study began: predictions\.sparse-beats-dense\.by was 0\.5, is 0\.1; /,
    ],
    [
      'study.json',
      (text: string) => rehashed(text.replace('"by": 0.5', '"by": 0.1')),
      /study\.json was edited: its predictions are not those that were registered; /,
    ],
    [
      'study.json',
      (text: string) => text.replace('"by": 0.5', '"by": 0.1'),
      /study\.json is damaged: its content and its hash do not match; restore it/,
    ],
    [
      'study.json',
      (text: string) => rehashed(text.replace(/,\s*"registration": "\w+"/, '')),
      /registration\.json was not there when the study began; .*; remove it$/,
    ],
  ])('tells of an edit of %s', (name, change, message) => {
    const copy = `edited-${Math.random()}`;
    cpSync(at('done'), at(copy), { recursive: true });
    edit(at(copy, name), change);
    expect(() => readStudy(at(copy))).toThrow(message);
  });

  it('tells of a registration that was replaced or is missing', () => {
    cpSync(at('done'), at('forged'), { recursive: true });
    forge(at('forged', 'registration.json'));
    expect(() => readStudy(at('forged'))).toThrow(
      /registration\.json was replaced after the study began: its hash was [0-9a-f]{64}, is /,
    );
    rmSync(at('forged', 'registration.json'));
    expect(() => readStudy(at('forged'))).toThrow(
      /registration\.json is missing, with which the study began; restore it/,
    );
  });
});
