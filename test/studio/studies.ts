import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beginStudy, parseStudySpec, readStudy } from '../../src/public/study.js';
import { formatWorkerLine, type WorkerNews } from '../../src/store/worker-log.js';
import type { TrialRecord } from '../../src/study/types.js';

const EVIDENCE = fileURLToPath(new URL('../../docs/evidence/', import.meta.url));

/** A new directory of studies: `quick`, which has ended, and `more/registered`. */
export function makeStudies(): string {
  const directory = mkdtempSync(join(tmpdir(), 'plexus-studies-'));
  cpSync(join(EVIDENCE, 'quick/study'), join(directory, 'quick'), { recursive: true });
  // What was registered, and none of the records that came of it: they would be analysed for each list.
  mkdirSync(join(directory, 'more/registered'), { recursive: true });
  for (const file of ['registration.json', 'study.yaml'])
    cpSync(join(EVIDENCE, 'headline/study', file), join(directory, 'more/registered', file));
  return directory;
}

/** The spec of a study of so many graphs that are trained in a moment. */
export function smallSpec(name: string, graphs: number, seeds: number, epochs = 1): string {
  const lines = Array.from(
    { length: graphs },
    (_, i) => `  - ws-flex:n=16,k=${(4 + (i % 80) / 10).toFixed(1)},p=0.${10 + (i % 80)},seed=${i}`,
  );
  return `plexus: 1
name: ${name}
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=16
width: 32
graphs:
${lines.join('\n')}
seeds: ${seeds}
train: {epochs: ${epochs}}
`;
}

/** Begins a study, and trains nothing of it. */
export async function begin(directory: string, text: string): Promise<void> {
  await beginStudy({ directory, spec: parseStudySpec(text, 'a.yaml'), data: { env: {} } });
}

/** A made-up record of a trial; every seventh fails. */
export function madeUp(directory: string): (trial: number) => TrialRecord {
  const { trials } = readStudy(directory);
  return (trial) => {
    const { index, role, graph, seed } = trials[trial]!;
    const facts = {
      nodes: 16,
      edges: 32 + (trial % 9),
      clustering: 0.4 + (index % 7) / 20,
      pathLength: 2 + (index % 5) / 10,
      widths: [32],
      macs: 1000,
      params: 100,
    };
    const common = { index, role, graph, seed, seconds: 3, facts };
    if (index % 7 === 6)
      return { ...common, status: 'failed', reason: `the loss is <b>NaN</b> ${index}`, epochs: [] };
    const error = 40 + (index % 13);
    const epoch = {
      epoch: 1,
      learningRate: 0.1,
      trainLoss: 1,
      trainError: 50,
      trainError5: null,
      testLoss: 1,
      testError: error,
      testError5: null,
    };
    return { ...common, status: 'complete', error, epochs: [epoch] };
  };
}

/** Writes the logs of so many workers that have recorded all trials of a study. */
export function writeWorkerLogs(directory: string, workers: number): void {
  const record = madeUp(directory);
  const { trials } = readStudy(directory);
  mkdirSync(join(directory, 'log'));
  for (let at = 0; at < workers; at++) {
    const worker = `n${at}-1-abcdef`;
    let line = 0;
    const lineOf = (news: WorkerNews): string => {
      const about = { worker, line, clock: ++line, at: '2026-01-01T00:00:00Z' };
      return formatWorkerLine({ ...about, ...news });
    };
    const about = { host: `n${at}`, pid: 1, plexus: '0.1.0', backend: 'cpu', workers: 1 };
    const lines = trials
      .filter(({ index }) => index % workers === at)
      .map(({ index }) => lineOf({ kind: 'record', record: record(index) }));
    const text = lineOf({ kind: 'begin', ...about }) + lines.join('');
    writeFileSync(join(directory, 'log', `${worker}.ndjson`), text);
  }
}
