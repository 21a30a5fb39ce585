// Makes the inputs of a range of numbers and reads each; see fuzz.mjs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { zipSync } from 'fflate';
import { InternalError, UserError } from '../../dist/core/errors.js';
import {
  readSafetensors,
  readSafetensorsMetadata,
  writeSafetensors,
} from '../../dist/core/safetensors.js';
import { readNpzFile } from '../../dist/data-files/npz.js';
import { canWrite, graphFormats } from '../../dist/graph-formats/registry.js';
import { parseGraphFile } from '../../dist/graph-files/formats/read.js';
import { graphFamilies } from '../../dist/graph/registry.js';
import { graphFromEdges } from '../../dist/graph/build.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../../dist/graph/spec.js';
import { parseStudySpec } from '../../dist/store/spec-file.js';
import '../../dist/graph-files/register.js';
import { randomBy } from './study.mjs';

const { kind, from, count, seed, directory } = workerData;
const text = (string) => new TextEncoder().encode(string);
const string = (bytes) => new TextDecoder().decode(bytes);

function npy(shape, descr = '|u1', size = 1) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${header.padEnd(117)}\n`;
  const length = shape.reduce((product, side) => product * side, size);
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0]),
    Buffer.from(padded),
    Buffer.alloc(length),
  ]);
}

const images = {
  'x_train.npy': npy([6, 4, 4]),
  'y_train.npy': npy([6]),
  'x_test.npy': npy([4, 4, 4]),
  'y_test.npy': npy([4], '<i8', 8),
};
const YAML = [
  'plexus: 1\nname: a\ndata: {name: shapes, size: 16, train: 320}\nbaseline: complete:n=8\n' +
    'graphs:\n  - ws-flex:n=8,k=4,p=0.5,seed=1\nseeds: [1, 2]\n' +
    'train: {epochs: 2, batch: 32, learningRate: 0.05}\nconfirm: {graphs: 1, seeds: 3}\n',
  'plexus: 1\nname: "b"\ndata:\n  name: auto\nbaseline: complete:n=16\n' +
    'graphs: ["ws-flex:n=16,k=4,p=0.5,seed=1", "ring-lattice:n=16,k=4"]\n' +
    'seeds: 3\nsearch: {policy: surrogate, trainings: 8}\npredictions:\n  - {name: x, kind: text, text: y}\n',
];

/** For each kind: good inputs, and who reads them. */
const KINDS = {
  spec: () => ({
    seeds: [
      ...graphFamilies.flatMap((family) =>
        (family.samples?.(16) ?? [])
          .slice(0, 2)
          .map((params) => formatGraphSpec({ family: family.name, params })),
      ),
      'ws-flex:n=16,k=4,p=0.5,seed=3',
      'complete:n=8',
      'random-lift:base=(complete:n=4),lift=3,seed=2',
      'sequence:graphs=(complete:n=8)(ws-flex:n=8,k=4)',
      'file:path="a,b.txt",sha256=0123456789abcdef',
    ].map(text),
    read: (bytes) => formatGraphSpec(parseGraphSpec(string(bytes))),
  }),
  graph: () => {
    const graph = buildGraph(parseGraphSpec('ws-flex:n=9,k=4,p=0.5,seed=1'));
    const directed = graphFromEdges(
      4,
      [
        [0, 1],
        [1, 0],
        [3, 2],
      ],
      true,
    );
    const seeds = graphFormats.filter(canWrite).map((format) => {
      const bytes = format.write(format.name === 'digraph6' ? directed : graph);
      return {
        name: `g${format.extensions[0] ?? ''}`,
        bytes: typeof bytes === 'string' ? text(bytes) : bytes,
      };
    });
    return {
      seeds: seeds.map(({ bytes }) => bytes),
      read: (bytes, at) => parseGraphFile(seeds[at].name, bytes),
    };
  },
  safetensors: () => ({
    seeds: [
      writeSafetensors(
        new Map([
          ['a', { shape: [2, 3], data: new Float32Array(6).fill(0.5) }],
          ['b', { shape: [2], data: new Float64Array([1, 2]) }],
        ]),
        { about: '{"x":1}' },
      ),
      writeSafetensors(new Map()),
    ],
    read: (bytes) => [readSafetensorsMetadata(bytes), readSafetensors(bytes)],
  }),
  yaml: () => ({ seeds: YAML.map(text), read: (bytes) => parseStudySpec(string(bytes), 'a.yaml') }),
  npz: () => {
    const path = join(directory, 'fuzzed.npz');
    return {
      seeds: [zipSync(images), zipSync(images, { level: 0 })],
      read: (bytes) => {
        writeFileSync(path, bytes);
        return readNpzFile(path);
      },
    };
  },
};

/** One to four changes: bits, bytes, pieces left out, doubled or taken from another seed. */
function mutate(bytes, others, random) {
  const below = (limit) => Math.floor(random() * limit);
  let result = Buffer.from(bytes);
  // Most inputs are close to good ones.
  for (let left = random() < 0.6 ? 1 : 1 + below(4); left > 0; left--) {
    const at = below(result.length + 1);
    const until = Math.min(result.length, at + 1 + below(12));
    const other = others[below(others.length)];
    const piece = Buffer.from(other.subarray(below(other.length), below(other.length + 1)));
    const odd = ['-1', '1e400', '9007199254740993', '\0', '"', '\u2212', 'NaN', '{', ']', ',,'];
    const change = below(6);
    if (change === 0 && at < result.length) result[at] ^= 1 << below(8);
    else if (change === 1 && at < result.length) result[at] = below(256);
    else if (change === 2) result = Buffer.concat([result.subarray(0, at), result.subarray(until)]);
    else if (change === 3) result = Buffer.concat([result.subarray(0, until), result.subarray(at)]);
    else {
      const put = change === 4 ? piece : Buffer.from(odd[below(odd.length)]);
      result = Buffer.concat([result.subarray(0, at), put, result.subarray(at)]);
    }
  }
  return new Uint8Array(result);
}

const { seeds, read } = KINDS[kind]();
for (const [at, good] of seeds.entries()) read(good, at);

const found = { at: from, results: 0, refused: 0, bugs: 0 };
for (let input = from; input < count; input++) {
  // Each by its own number, so that one can be made again.
  const random = randomBy(seed * 1e6 + input * 7919);
  const at = Math.floor(random() * seeds.length);
  const bytes = mutate(seeds[at], seeds, random);
  try {
    read(bytes, at);
    found.results += 1;
  } catch (error) {
    if (error instanceof UserError && !(error instanceof InternalError)) found.refused += 1;
    else {
      found.bugs += 1;
      if (found.bugs <= 5)
        parentPort.postMessage(
          { example: `input ${input} of ${kind}: ${String(error?.stack ?? error)}` },
          [],
        );
    }
  }
  found.at = input + 1;
  if (found.at % 100 === 0 || found.at === count) parentPort.postMessage({ ...found }, []);
}
