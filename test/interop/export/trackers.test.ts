import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportTarget } from '../../../src/interop/export/registry.js';
import type { ExportedFiles, StudyRecords } from '../../../src/interop/export/types.js';
import { parseStudySpec } from '../../../src/store/spec-file.js';
import type { TrialRecord } from '../../../src/study/types.js';

const spec = parseStudySpec(
  `plexus: 1
name: tiny
arch: mlp
data: { name: shapes, size: 16 }
baseline: complete:n=8
graphs: ["ws-flex:n=8,k=4,p=0.5,seed=1"]
seeds: 1
train: { epochs: 2 }
`,
  'tiny.yaml',
);
const facts = {
  nodes: 8,
  edges: 28,
  clustering: 1,
  pathLength: null,
  widths: [9],
  macs: 5,
  params: 6,
};
const epochs = [1, 2].map((epoch) => ({
  epoch,
  learningRate: 0.1 / epoch,
  trainLoss: 2 / epoch,
  trainError: 50,
  trainError5: null,
  testLoss: 1.5,
  testError: 40 - epoch,
  testError5: null,
}));
const records: TrialRecord[] = [
  {
    index: 1,
    role: 'graph',
    graph: 'ws-flex:n=8,k=4,p=0.5,seed=1',
    seed: 1,
    facts: null,
    epochs: [],
    seconds: 1,
    status: 'failed',
    reason: 'diverged',
  },
  {
    index: 0,
    role: 'baseline',
    graph: 'complete:n=8',
    seed: 1,
    facts,
    epochs,
    seconds: 8,
    status: 'complete',
    error: 38,
  },
];
const study: StudyRecords = { name: 'tiny', hash: '0123456789abcdef'.repeat(4), spec, records };

function filesOf(name: string): ExportedFiles {
  const target = exportTarget(name);
  if (target.of !== 'study') throw new Error(name);
  return target.files(study, {});
}

/** CRC-32C by its table, as RFC 3720 has it. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});
function masked(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

interface Event {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly Value[] };
}
interface Value {
  readonly tag: string;
  readonly simpleValue: number;
  readonly metadata?: {
    readonly pluginData: { readonly pluginName: string; readonly content: Uint8Array };
  };
}

const types = protobuf.loadSync(fileURLToPath(new URL('events.proto', import.meta.url)));
function decoded(name: string, bytes: Uint8Array): unknown {
  const type = types.lookupType(`tensorboard.${name}`);
  return type.toObject(type.decode(bytes), { longs: Number });
}

/** The records of an event file, each with both of its checksums. */
function eventsIn(file: Uint8Array): Event[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const events: Event[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(masked(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(masked(data));
    events.push(decoded('Event', data) as Event);
    at += 16 + length;
  }
  return events;
}

describe('event files of TensorBoard', () => {
  // RFC 3720, B.4: 32 bytes of zeros.
  it('are checked by a checksum that is right itself', () => {
    const crc = 0x8a9136aa;
    expect(masked(new Uint8Array(32))).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  });

  it('hold scalars epoch by epoch, and what a trial was run with', () => {
    const files = filesOf('tensorboard');
    expect([...files.keys()].map((name) => name.split('/')[0])).toEqual([
      'trial-0000',
      'trial-0001',
    ]);
    const [first, start, ...rest] = eventsIn([...files.values()][0] as Uint8Array);
    expect(first.fileVersion).toBe('brain.Event:2');
    const { pluginName, content } = start.summary!.value[0].metadata!.pluginData;
    expect(pluginName).toBe('hparams');
    expect(decoded('HParamsPluginData', content)).toMatchObject({
      sessionStartInfo: {
        hparams: { graph: { stringValue: 'complete:n=8' }, clustering: { numberValue: 1 } },
      },
    });
    const scalars = rest
      .slice(0, 2)
      .map(({ step, summary }) => [step, summary!.value.find(({ tag }) => tag === 'test/error')!]);
    expect(scalars).toMatchObject([
      [1, { simpleValue: 39 }],
      [2, { simpleValue: 38 }],
    ]);
    const end = rest[2].summary!.value[0].metadata!.pluginData.content;
    expect(decoded('HParamsPluginData', end)).toMatchObject({ sessionEndInfo: { status: 1 } });
  });
});

describe('runs for other trackers', () => {
  it('are lines of JSON, the same whenever they are written', () => {
    const lines = String(filesOf('wandb').get('runs.jsonl')).trimEnd().split('\n');
    expect(JSON.parse(lines[0])).toMatchObject({
      id: '0123456789ab-0',
      status: 'complete',
      config: { graph: 'complete:n=8', seed: 1, 'train.epochs': 2 },
      history: [
        { epoch: 1, 'test/error': 39 },
        { epoch: 2, 'test/error': 38 },
      ],
    });
    expect(JSON.parse(lines[1])).toMatchObject({ status: 'failed', history: [] });
  });

  it('are a file store of MLflow', () => {
    const files = filesOf('mlflow');
    const [metaPath] = [...files.keys()];
    const { experiment_id: experiment } = parse(String(files.get(metaPath))) as Record<
      string,
      string
    >;
    expect(metaPath).toBe(`${experiment}/meta.yaml`);
    const run = [...files.keys()]
      .find((name) => name.endsWith('00000000/meta.yaml'))!
      .split('/')[1];
    expect(parse(String(files.get(`${experiment}/${run}/meta.yaml`)))).toMatchObject({
      status: 3,
      run_id: run,
      run_name: 'trial-0000',
    });
    expect(files.get(`${experiment}/${run}/metrics/test/error`)).toBe('4000 39 1\n8000 38 2\n');
    expect(files.get(`${experiment}/${run}/params/graph`)).toBe('complete:n=8');
  });
});
