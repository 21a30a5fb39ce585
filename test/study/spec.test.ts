import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { formatStudySpec, parseStudySpec, studyHash, trialsOf } from '../../src/public/study.js';
import type { StudySpec } from '../../src/public/study.js';

const HEAD = 'plexus: 1\nname: t\nbaseline: complete:n=8\n';
const MINIMAL = `${HEAD}graphs:\n  - ws-flex:k=4,n=8,p=0.50,seed=1\n`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-spec-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function messageFor(text: string): string {
  try {
    parseStudySpec(text, 'a.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the spec was accepted');
}

describe('parseStudySpec', () => {
  it("fills in the paper's settings and makes graphs canonical", () => {
    expect(parseStudySpec(MINIMAL, 'a.yaml')).toEqual({
      plexus: 1,
      name: 't',
      arch: 'mlp',
      stem: 'auto',
      data: { name: 'auto' },
      baseline: 'complete:n=8',
      graphs: ['ws-flex:n=8,k=4,p=0.5,seed=1'],
      seeds: [1],
      train: {
        epochs: 200,
        batch: 128,
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 5e-4,
        schedule: 'cosine',
        start: 'published',
        warmupEpochs: 0,
        labelSmoothing: 0,
        augment: true,
        accumulate: 1,
        preciseBatchNorm: 0,
        precision: 'float32',
        backend: 'auto',
        threads: 1,
      },
    });
  });

  it("fills in the architecture's own settings, and freezes them", () => {
    const spec = parseStudySpec(
      `${MINIMAL}arch: efficientnet-b0\nstem: imagenet\ntrain: {epochs: 7, warmupEpochs: 5}\n`,
      'a.yaml',
    );
    expect(spec).toMatchObject({
      stem: 'imagenet',
      train: {
        epochs: 7,
        batch: 512,
        learningRate: 0.2,
        weightDecay: 5e-5,
        warmupEpochs: 5,
        preciseBatchNorm: 1024,
        precision: 'float32',
      },
    });
    expect(formatStudySpec(spec)).toMatch(/^ {2}preciseBatchNorm: 1024$/m);
  });

  it('reads seeds as a count or a list', () => {
    expect(parseStudySpec(`${MINIMAL}seeds: 3\n`, 'a.yaml').seeds).toEqual([1, 2, 3]);
    expect(parseStudySpec(`${MINIMAL}seeds: [7, 0]\n`, 'a.yaml').seeds).toEqual([7, 0]);
  });

  it('reads files of graphs relative to the spec, comments left out', () => {
    mkdirSync(join(directory, 'sets'));
    writeFileSync(
      join(directory, 'sets', 'two.txt'),
      '# two\nws-flex:n=8,k=4,p=0,seed=1\n\nws-flex:n=8,k=4,p=0,seed=2\r\n',
    );
    const spec = parseStudySpec(
      `${HEAD}graphs: [{file: sets/two.txt}, "ws-flex:n=8,k=4,p=0,seed=3"]\n`,
      join(directory, 'a.yaml'),
    );
    expect(spec.graphs).toEqual([1, 2, 3].map((seed) => `ws-flex:n=8,k=4,p=0,seed=${seed}`));
  });

  it('tells a graph in a file from a list of specs, which one space decides', () => {
    writeFileSync(join(directory, 'net.edges'), '0 1\n1 2\n');
    const path = join(directory, 'a.yaml');
    expect(parseStudySpec(`${HEAD}graphs: ["file:net.edges"]\n`, path).graphs[0]).toMatch(
      /^file:.*net\.edges,sha256=\w{16}$/,
    );
    expect(() => parseStudySpec(`${HEAD}graphs:\n  - file: net.edges\n`, path)).toThrow(
      /a\.yaml:5: .*net\.edges, line 1: unknown graph family .*a graph in a file is written without a space: file:net\.edges$/,
    );
    writeFileSync(join(directory, 'typo.txt'), 'wss:n=8\n');
    expect(() => parseStudySpec(`${HEAD}graphs: [{file: typo.txt}]\n`, path)).not.toThrow(/space/);
  });

  it('says that specs with commas are quoted in brackets', () => {
    expect(() => parseStudySpec(`${HEAD}graphs: [ws-flex:n=16,set=48]\n`, 'a.yaml')).toThrow(
      'a.yaml:4: a graph spec must begin with its family, got "set=48"; in a YAML list ' +
        'in brackets put specs with commas in quotes',
    );
    expect(
      parseStudySpec(`${HEAD}graphs: ["ws-flex:n=16,set=48"]\n`, 'a.yaml').graphs,
    ).toHaveLength(48);
  });

  it('names the line of a file that is wrong, and a file that is missing or empty', () => {
    writeFileSync(
      join(directory, 'bad.txt'),
      'ws-flex:n=8,k=4,p=0,seed=1\n\nws-flex:n=8,k=9,p=0,seed=1\n',
    );
    writeFileSync(join(directory, 'none.txt'), '# none\n');
    const path = join(directory, 'a.yaml');
    expect(() => parseStudySpec(`${HEAD}graphs: [{file: bad.txt}]\n`, path)).toThrow(
      /a\.yaml:4: .*bad\.txt, line 3: /,
    );
    expect(() => parseStudySpec(`${HEAD}graphs: [{file: gone.txt}]\n`, path)).toThrow(
      /a\.yaml:4: cannot read .*gone\.txt: no such file/,
    );
    expect(() => parseStudySpec(`${HEAD}graphs: [{file: none.txt}]\n`, path)).toThrow(
      'a.yaml:4: none.txt lists no graph',
    );
  });

  it.each([
    [
      'unknown key',
      `${MINIMAL}seed: 3\n`,
      'a.yaml:6: unknown key "seed"; expected one of plexus, name, arch, stem, data, ' +
        'baseline, graphs, nulls, seeds, train',
    ],
    [
      'unknown key in train',
      `${MINIMAL}train:\n  epochs: 3\n  rate: 1\n`,
      'a.yaml:8: unknown key "rate"; expected one of epochs, batch, learningRate, ' +
        'momentum, weightDecay, schedule, start, warmupEpochs, labelSmoothing, augment, ' +
        'accumulate, preciseBatchNorm, precision, backend, threads',
    ],
    [
      'unknown key in data',
      `${MINIMAL}data: {set: x}\n`,
      'a.yaml:6: unknown key "set"; expected one of name, train, test, size, seed',
    ],
    [
      'unknown key in graphs',
      `${HEAD}graphs:\n  - {files: x}\n`,
      'a.yaml:5: unknown key "files"; expected one of file',
    ],
    [
      'misspelt key',
      MINIMAL.replace('name:', 'nmae:'),
      'a.yaml:2: unknown key "nmae"; expected one of plexus, name',
    ],
    [
      'key without a value',
      `${MINIMAL}train:\n`,
      'a.yaml:6: train must be a mapping such as {epochs: 20}; got null',
    ],
    [
      'not a number',
      `${MINIMAL}train: {learningRate: .nan}\n`,
      'a.yaml:6: train.learningRate must be a number above 0; got .nan',
    ],
    [
      'several documents',
      `${MINIMAL}---\n${MINIMAL}`,
      'a.yaml:6: a study is one YAML document; remove this line and what follows it',
    ],
    [
      'binary data',
      '\u007fELF\u0002\u0001'.repeat(1000),
      /^a\.yaml:1: a study must be [ -~]{1,400}$/,
    ],
    [
      'wrong value',
      `${MINIMAL}train:\n  epochs: 0\n`,
      'a.yaml:7: train.epochs must be a whole number from 1 to 100000; got 0',
    ],
    [
      'wrong type',
      `${MINIMAL}train:\n  epochs: many\n`,
      'a.yaml:7: train.epochs must be a whole number from 1 to 100000; got "many"',
    ],
    [
      'images smaller than there are',
      `${MINIMAL}data: {size: 8}\n`,
      'a.yaml:6: the size (side in pixels) of shapes must be a whole number from 16 to 512, got 8',
    ],
    [
      'wrong seeds',
      `${MINIMAL}seeds: [1, -2]\n`,
      'a.yaml:6: seeds.1 must be a whole number from 0 to 4294967295; got -2',
    ],
    [
      'no seeds',
      `${MINIMAL}seeds: []\n`,
      'a.yaml:6: seeds must be a count from 1 to 10000 or a list of whole numbers from 0 ' +
        'to 4294967295, at least one; got []',
    ],
    [
      'seeds as text',
      `${MINIMAL}seeds: some\n`,
      'a.yaml:6: seeds must be a count from 1 to 10000 or a list',
    ],
    [
      'a count of 0 seeds',
      `${MINIMAL}seeds: 0\n`,
      'a.yaml:6: seeds must be a whole number from 1 to 10000; got 0',
    ],
    [
      'equal seeds',
      `${MINIMAL}seeds: [1, 2, 1]\n`,
      'a.yaml:6: seeds must differ; 1 is listed twice',
    ],
    [
      'missing baseline',
      'plexus: 1\nname: t\ngraphs: [complete:n=8]\n',
      'a.yaml:1: baseline must be a graph spec such as complete:n=64, or {name: NAME, graph: SPEC}; it is missing',
    ],
    [
      'no graphs',
      `${HEAD}graphs: []\n`,
      'a.yaml:4: graphs must be a graph set such as ws-flex:set=52 or a list of graph ' +
        'specs, sets, {file: PATH} and {name: NAME, graph: SPEC} entries, at least one; got []',
    ],
    [
      'name that is a path',
      MINIMAL.replace('name: t', 'name: ../t'),
      'a.yaml:2: name must be a name of letters',
    ],
    [
      'another format',
      MINIMAL.replace('plexus: 1', 'plexus: 2'),
      'a.yaml:1: plexus must be 1, the version of the format; got 2',
    ],
    [
      'not a mapping',
      '- 1\n',
      'a.yaml:1: a study must be a mapping with the keys plexus, name, baseline and ' +
        'graphs; got [1]',
    ],
    ['empty', '', 'a.yaml:1: a study must be a mapping'],
    ['not YAML', 'a: [1,\nb: }\n', /^a\.yaml:\d+: not valid YAML: /],
    ['repeated key', `${MINIMAL}name: u\n`, /^a\.yaml:6: not valid YAML: .*unique/],
    [
      'unknown architecture',
      `${MINIMAL}arch: vgg\n`,
      'a.yaml:6: unknown architecture "vgg"; expected one of mlp, cnn',
    ],
    [
      'unknown stem',
      `${MINIMAL}arch: cnn\nstem: large\n`,
      'a.yaml:7: stem must be one of auto, imagenet, small; got "large"',
    ],
    [
      'stem of an architecture that has none',
      `${MINIMAL}stem: small\n`,
      'a.yaml:6: mlp has one stem for all inputs, but stem small was asked for; leave the stem out',
    ],
    [
      'parts that do not fill the batch',
      `${MINIMAL}train:\n  batch: 30\n  accumulate: 4\n`,
      'a.yaml:8: train.accumulate must be a whole number that cuts the batch of 30 into ' +
        'equal parts of at least 2 images; got 4',
    ],
    [
      'a warm-up longer than the training',
      `${MINIMAL}train: {epochs: 2, warmupEpochs: 3}\n`,
      'a.yaml:6: train.warmupEpochs must be at most the number of epochs, 2; got 3',
    ],
    [
      'all of every label spread',
      `${MINIMAL}train: {labelSmoothing: 1}\n`,
      'a.yaml:6: train.labelSmoothing must be a number from 0 to below 1; got 1',
    ],
    [
      'unknown family',
      `${HEAD}graphs:\n  - wss:n=8\n`,
      'a.yaml:5: unknown graph family "wss"; expected one of ws-flex, complete',
    ],
    ['bad baseline', MINIMAL.replace('complete:n=8', 'complete:n=1'), /^a\.yaml:3: .*1/],
    [
      'graph listed twice',
      `${MINIMAL}  - ws-flex:n=8,k=4,p=0.5,seed=1\n`,
      'a.yaml:6: every graph is listed once; ws-flex:n=8,k=4,p=0.5,seed=1 stands at ' +
        'a.yaml:5 already',
    ],
    [
      'baseline among the graphs',
      `${MINIMAL}  - complete:n=8\n`,
      'a.yaml:6: complete:n=8 is the baseline',
    ],
    [
      'shapes setting for cifar10',
      `${MINIMAL}data: {name: cifar10, size: 16}\n`,
      'a.yaml:6: size is a setting of the data sets "shapes" and "folder" only; leave it ' +
        'out with "cifar10"',
    ],
  ])('refuses: %s', (_, text, expected) => {
    const message = messageFor(text);
    if (expected instanceof RegExp) expect(message).toMatch(expected);
    else expect(message.slice(0, expected.length)).toBe(expected);
  });

  it(
    "makes the path of one's own data absolute, relative to the YAML, and says which key " +
      'is wrong',
    () => {
      const path = join(directory, 'a.yaml');
      const { data } = parseStudySpec(
        `${MINIMAL}data:\n  name: folder\n  path: pictures\n  size: 64\n  lighting: 0.2\n`,
        path,
      );
      expect(data).toEqual({
        name: 'folder',
        path: join(directory, 'pictures'),
        size: 64,
        lighting: 0.2,
      });
      // The study's own spec is read back from elsewhere.
      expect(
        parseStudySpec(
          `${MINIMAL}data: {name: npz, path: /b/c.npz, flip: true}\n`,
          'elsewhere/a.yaml',
          { frozen: true },
        ).data,
      ).toEqual({ name: 'npz', path: '/b/c.npz', flip: true });
      expect(() =>
        parseStudySpec(`${MINIMAL}data:\n  name: idx\n  path: x\n  crop: shift\n`, 'a.yaml'),
      ).toThrow(
        'a.yaml:9: crop is a setting of the data set "folder" only; leave it out with "idx"',
      );
      expect(() => parseStudySpec(`${MINIMAL}data: {name: folder}\n`, 'a.yaml')).toThrow(
        'a.yaml:6: the data set "folder" needs a path; set path (--data-path)',
      );
      expect(() =>
        parseStudySpec(`${MINIMAL}data: {name: folder, path: x, flip: often}\n`, 'a.yaml'),
      ).toThrow('a.yaml:6: data.flip must be true or false; got "often"');
    },
  );

  it('accepts the examples', () => {
    for (const name of ['quick', 'paper-mlp', 'handful']) {
      const path = `examples/${name}.yaml`;
      const spec = parseStudySpec(readFileSync(path, 'utf8'), path);
      expect(spec.name).toBe(name);
      expect(spec.graphs).toHaveLength(name === 'handful' ? 6 : 52);
    }
  });
});

const specs: fc.Arbitrary<StudySpec> = fc.record({
  plexus: fc.constant(1 as const),
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
  arch: fc.constantFrom('mlp', 'resnet34'),
  stem: fc.constant('auto' as const),
  data: fc.record({
    name: fc.constantFrom('auto' as const, 'shapes' as const),
    size: fc.integer({ min: 16, max: 64 }),
    train: fc.integer({ min: 1, max: 9999 }),
  }),
  baseline: fc.integer({ min: 2, max: 64 }).map((n) => `complete:n=${n}`),
  graphs: fc
    .uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 5 })
    .map((seeds) => seeds.map((seed) => `ws-flex:n=8,k=4,p=0.25,seed=${seed}`)),
  seeds: fc.uniqueArray(fc.nat(0xffffffff), { minLength: 1, maxLength: 4 }),
  train: fc.record({
    epochs: fc.integer({ min: 1, max: 300 }),
    batch: fc.integer({ min: 2, max: 128 }).map((parts) => 4 * parts),
    learningRate: fc.double({ min: 1e-9, max: 100, noNaN: true }),
    momentum: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    weightDecay: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    schedule: fc.constantFrom('cosine' as const, 'cosine-steps' as const, 'constant' as const),
    start: fc.constantFrom('published' as const, 'fan-in' as const),
    warmupEpochs: fc.nat(1),
    labelSmoothing: fc.double({ min: 0, max: 0.99, noNaN: true }).map((value) => value + 0),
    augment: fc.boolean(),
    accumulate: fc.constantFrom(1, 2, 4),
    preciseBatchNorm: fc.nat(4096),
    precision: fc.constantFrom('float32' as const, 'bf16' as const),
    threads: fc.integer({ min: 1, max: 8 }),
    backend: fc.constantFrom('auto' as const, 'reference' as const),
  }),
});

describe('formatStudySpec', () => {
  it('is read back as the same spec, as YAML and as JSON', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        expect(parseStudySpec(formatStudySpec(spec), 'a.yaml')).toEqual(spec);
        expect(studyHash(parseStudySpec(JSON.stringify(spec), 'a.json'))).toBe(studyHash(spec));
      }),
    );
  });
});

describe('studyHash', () => {
  const spec = parseStudySpec(MINIMAL, 'a.yaml');
  const changed = (train: Partial<StudySpec['train']>): string =>
    studyHash({ ...spec, train: { ...spec.train, ...train } });

  it('is that of before there were stems, warm-up and the like, where these are not used', () => {
    // What Plexus 0.1.0 wrote into study.json for this spec.
    expect(studyHash(spec)).toBe(
      '5c352bf744c7111c7a0bdb6830c3eca13ba4c9b3214cb77c8d3b63d6bf9d9926',
    );
    const {
      warmupEpochs: _,
      labelSmoothing: __,
      accumulate: ___,
      preciseBatchNorm: ____,
      precision: _______,
      threads: _____,
      ...train
    } = spec.train;
    const { stem: ______, ...rest } = spec;
    expect(
      studyHash(parseStudySpec(JSON.stringify({ ...rest, train }), 'study.json', { frozen: true })),
    ).toBe(studyHash(spec));
  });

  it('differs for every setting but the number of threads, which changes no result', () => {
    const others: Partial<StudySpec['train']>[] = [
      { epochs: 3 },
      { batch: 64 },
      { warmupEpochs: 1 },
      { warmupEpochs: 2 },
      { labelSmoothing: 0.1 },
      { accumulate: 2 },
      { preciseBatchNorm: 1024 },
      { precision: 'bf16' },
      { augment: false },
    ];
    expect(
      new Set([studyHash(spec), ...others.map(changed), studyHash({ ...spec, stem: 'small' })])
        .size,
    ).toBe(others.length + 2);
    expect(changed({ threads: 4 })).toBe(studyHash(spec));
  });
});

describe('trialsOf', () => {
  it('goes seed by seed, the baseline first', () => {
    const spec = {
      ...parseStudySpec(`${MINIMAL}  - ws-flex:n=8,k=4,p=0.5,seed=2\nseeds: [5, 3]\n`, 'a.yaml'),
    };
    expect(
      trialsOf(spec).map(({ index, role, graph, seed }) => [index, role, graph, seed]),
    ).toEqual([
      [0, 'baseline', 'complete:n=8', 5],
      [1, 'graph', 'ws-flex:n=8,k=4,p=0.5,seed=1', 5],
      [2, 'graph', 'ws-flex:n=8,k=4,p=0.5,seed=2', 5],
      [3, 'baseline', 'complete:n=8', 3],
      [4, 'graph', 'ws-flex:n=8,k=4,p=0.5,seed=1', 3],
      [5, 'graph', 'ws-flex:n=8,k=4,p=0.5,seed=2', 3],
    ]);
  });
});
