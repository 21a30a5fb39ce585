import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGraphSpec } from '../../src/graph/spec.js';
import {
  parseStudySpec,
  readStudy,
  runStudy,
  trialsOf,
  type StudySpec,
  type Trial,
  type TrialRecord,
} from '../../src/public/study.js';
import { frozenSpec } from '../../src/store/freeze.js';
import { agendaOf } from '../../src/study/agenda.js';
import { SMALL_STUDY } from './small-study.js';

const [A, B] = ['ws-flex:n=8,k=4,p=0,seed=1', 'ws-flex:n=8,k=4,p=0.5,seed=1'];
const searching = (data: string): string => `plexus: 1
name: looks
data: ${data}
baseline: complete:n=8
graphs: ["${A}", "${B}", "ws-flex:n=8,k=2,p=0.5,seed=1", "ws-flex:n=8,k=5,p=0.5,seed=2"]
seeds: 1
search: {policy: random, trainings: 3, baseline: 1, together: 4, halving: {first: 1, factor: 2}}
train: {epochs: 4, batch: 32}
`;
const DATA = '{name: shapes, size: 16, train: 2000, test: 100}';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-validation-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const frozen = (text: string, begun: StudySpec | null = null): StudySpec =>
  frozenSpec(
    parseStudySpec(text, join(root, 'a.yaml')),
    { directory: join(root, 'none'), begun, registration: null },
    { env: {} },
  ).spec;

describe('the images that a search chooses on', () => {
  it('are a tenth of the training images where the spec does not say', () => {
    expect(frozen(searching(DATA)).data.validation).toBe(200);
    expect(frozen(searching(DATA.replace('}', ', validation: 300}'))).data.validation).toBe(300);
    expect(frozen(searching(DATA.replace('}', ', validation: 0}'))).data).not.toHaveProperty(
      'validation',
    );
    // So few are no ground to choose on.
    expect(frozen(searching(DATA.replace('2000', '320'))).data).not.toHaveProperty('validation');
    expect(frozen(SMALL_STUDY.replace('320', '2000')).data).not.toHaveProperty('validation');
  });

  it('stay as they were when the search began, none included', () => {
    const before = frozen(searching(DATA.replace('}', ', validation: 0}')));
    expect(frozen(searching(DATA), before)).toEqual(before);
    const begun = frozen(searching(DATA));
    expect(frozen(searching(DATA), begun)).toEqual(begun);
    expect(() => frozen(searching(DATA.replace('}', ', validation: 300}')), begun)).toThrow(
      /data\.validation was 200, is 300/,
    );
  });

  it('decide which trainings go on, and which graph is recommended', () => {
    const spec = frozen(searching(DATA));
    // Test errors rise with the place in the list, validation errors fall.
    const errorsOf = ({ graph }: Trial, held: boolean): Record<string, number> => {
      const at = spec.graphs.indexOf(graph);
      return { testError: 30 + 2 * at, ...(held && { validationError: 60 - 2 * at }) };
    };
    const recommended = (held: boolean): string => {
      const agenda = agendaOf(spec, trialsOf(spec), { graphOf: parseGraphSpec });
      const done = new Map<number, TrialRecord>();
      for (;;) {
        const records = [...done.values()];
        const { jobs } = agenda.next(records);
        if (jobs.length === 0) return agenda.outcome(records)!.recommended!.graph;
        for (const { trial, until } of jobs)
          done.set(trial.index, made(trial, until, errorsOf(trial, held)));
      }
    };
    expect([recommended(true), recommended(false)]).toEqual([spec.graphs[3], spec.graphs[0]]);
  });
});

function made(trial: Trial, until: number, errors: Record<string, number>): TrialRecord {
  const epochs = Array.from({ length: until }, (_, at) => ({
    epoch: at + 1,
    learningRate: 0.1,
    trainLoss: 1,
    trainError: 50,
    trainError5: null,
    testLoss: 1,
    testError: 50,
    testError5: null,
    ...errors,
  }));
  const facts = { nodes: 8, edges: 16, clustering: 0.5, pathLength: 1.5, macs: 1, params: 1 };
  const common = { ...trial, facts: { ...facts, widths: [8] }, epochs, seconds: 1 };
  return until === 4
    ? { ...common, status: 'complete', error: errors.testError }
    : { ...common, status: 'stopped' };
}

describe('a study', () => {
  it('logs validation errors where it holds images out, and nothing new where it does not', async () => {
    const text = SMALL_STUDY.replace('epochs: 2', 'epochs: 1').replace('seeds: 2', 'seeds: 1');
    const log = async (name: string, yaml: string): Promise<readonly string[]> => {
      const path = join(root, `${name}.yaml`);
      writeFileSync(path, yaml);
      const directory = join(root, name);
      await runStudy({
        directory,
        spec: parseStudySpec(yaml, path),
        data: { env: {} },
        workers: 1,
      });
      expect(readStudy(directory).records).toHaveLength(4);
      return readFileSync(join(directory, 'trials.ndjson'), 'utf8').trimEnd().split('\n');
    };
    for (const line of await log('plain', text)) expect(line).not.toContain('validation');
    const held = await log('held', text.replace('test: 100}', 'test: 100, validation: 64}'));
    for (const line of held) expect(line).toMatch(/"validationError":\d/);
    const { data } = readStudy(join(root, 'held')).state;
    expect(data).toContain(' validation=64 ');
  });
});
