import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialRecord } from '../../src/public/study.js';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus, type CliResult } from './harness.js';

let directory: string;
let spec: string;
/** A finished study, to be copied by tests that change it. */
let done: string;
let first: CliResult;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-study-'));
  spec = write('small.yaml', SMALL_STUDY);
  done = join(directory, 'done');
  first = await plexus(['study', 'run', spec, '--out', done, '--json']);
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function copyOf(name: string): string {
  const path = join(directory, name);
  cpSync(done, path, { recursive: true });
  return path;
}

/** Changes a file by a function of its text. */
function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function recordsOf(study: string): TrialRecord[] {
  return readFileSync(join(study, 'trials.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRecord);
}

/** The directory's files with their bytes, to see that nothing changed. */
function contents(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(path, name), 'latin1')]),
  );
}

describe('plexus study run', () => {
  it('ends with the line that other tools rely on, and leaves the study in its directory', () => {
    expect(first.status).toBe(0);
    const result: unknown = JSON.parse(first.out.split('\n').at(-1)!);
    const records = recordsOf(done);
    const errors = (graph: string): number[] =>
      records
        .filter((record) => record.graph === graph)
        .map((record) => (record.status === 'complete' ? record.error : NaN));
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, error) => sum + error, 0) / list.length;
    const graphs = [
      'ws-flex:n=8,k=4,p=0,seed=1',
      'ws-flex:n=8,k=4,p=0.5,seed=1',
      'ws-flex:n=8,k=2,p=0.5,seed=1',
    ];
    const best = Math.min(...graphs.map((graph) => mean(errors(graph))));
    expect(result).toEqual({
      study: 'small',
      trials: 8,
      failed: 0,
      baseline: { error: mean(errors('complete:n=8')) },
      best: {
        spec: graphs.find((graph) => mean(errors(graph)) === best),
        clustering: expect.any(Number),
        pathLength: expect.any(Number),
        error: best,
      },
      verdict: {
        winner: 'open',
        by: 'chosen',
        graphs: [graphs.find((graph) => mean(errors(graph)) === best)],
        difference: expect.closeTo(best - mean(errors('complete:n=8')), 10),
        interval: [expect.any(Number), expect.any(Number)],
        seeds: 2,
      },
      region: {
        clustering: [expect.any(Number), expect.any(Number)],
        pathLength: [expect.any(Number), expect.any(Number)],
      },
      sweetSpot: null,
      fidelity: null,
      expected: {
        graph: graphs.find((graph) => mean(errors(graph)) === best),
        graphs: 3,
        measured: expect.closeTo(best - mean(errors('complete:n=8')), 10),
        difference: expect.any(Number),
        interval: [expect.any(Number), expect.any(Number)],
      },
      report: join(done, 'report.html'),
    });
    expect(readdirSync(done).sort()).toEqual([
      'figures',
      'report.html',
      'study.json',
      'study.yaml',
      'summary.json',
      'table.csv',
      'trials.ndjson',
    ]);
    expect(readFileSync(join(done, 'table.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(9);
    expect(records.every((record) => record.epochs.length === 2)).toBe(true);
    expect(first.notes).toContain('8 trials (3 graphs and the baseline, 2 seeds, 2 epochs each)');
    expect(first.notes.split('\n').at(-1)).toMatch(/^small: 8\/8 trials; best so far .* %/);
  });

  it(
    'runs nothing again when all is done, whether named by its spec or its directory, and ' +
      'reports the same',
    async () => {
      const before = readFileSync(join(done, 'trials.ndjson'), 'utf8');
      for (const target of [[spec, '--out', done], [done], [join(done, 'study.yaml')]]) {
        const again = await plexus(['study', 'run', ...target, '--json']);
        expect(again.status).toBe(0);
        expect(again.out).toBe(first.out);
      }
      expect(readFileSync(join(done, 'trials.ndjson'), 'utf8')).toBe(before);
    },
  );

  it('prints the findings and where the report is', async () => {
    const { status, out } = await plexus(['study', 'report', done]);
    expect(status).toBe(0);
    expect(out).toContain('8 of 8 trials complete');
    expect(out.split('\n').at(-1)).toBe(`report: ${join(done, 'report.html')}`);
  });

  it('rebuilds the same reports from the log alone', async () => {
    const study = copyOf('rebuilt');
    const files = ['report.html', 'table.csv', 'summary.json'];
    const before = files.map((name) => readFileSync(join(study, name), 'utf8'));
    [...files, 'figures'].forEach((name) => rmSync(join(study, name), { recursive: true }));
    expect((await plexus(['study', 'report', study, '--json'])).status).toBe(0);
    expect(files.map((name) => readFileSync(join(study, name), 'utf8'))).toEqual(before);
  });
});

describe('failed trials', () => {
  it(
    'are recorded with their reasons and counted; the status is 1; they are not run again ' +
      'unasked',
    async () => {
      const study = join(directory, 'diverging');
      const diverging = write(
        'diverging.yaml',
        SMALL_STUDY.replace('learningRate: 0.05', 'learningRate: 1.0e+30'),
      );
      const run = await plexus(['study', 'run', diverging, '--out', study, '--json']);
      expect(run.status).toBe(1);
      expect(JSON.parse(run.out.split('\n').at(-1)!)).toMatchObject({
        trials: 8,
        failed: 8,
        baseline: { error: null },
        best: { spec: null, error: null },
        verdict: { winner: 'untold' },
        region: { clustering: null, pathLength: null },
        sweetSpot: null,
      });
      expect(run.notes).toMatch(
        /error: 8 of 8 trials failed, the first \(.*\) because: diverged: .*; run them again with --retry-failed$/,
      );
      const records = recordsOf(study);
      expect(records).toHaveLength(8);
      for (const record of records)
        expect(record).toMatchObject({
          status: 'failed',
          reason: expect.stringMatching(/^diverged: the (training|test) loss is/),
          facts: { nodes: 8 },
        });
      expect(readFileSync(join(study, 'table.csv'), 'utf8').match(/diverged/g)).toHaveLength(8);

      expect((await plexus(['study', 'run', study])).status).toBe(1);
      expect(recordsOf(study)).toHaveLength(8);
      expect((await plexus(['study', 'run', study, '--retry-failed'])).status).toBe(1);
      expect(recordsOf(study)).toHaveLength(16);
      const status = await plexus(['study', 'status', study]);
      expect(status.out).toContain('0 of 8 trials complete, 8 failed, 0 to do');
      expect(status.out.match(/^failed: complete:n=8, seed 1: diverged/m)).not.toBeNull();
    },
  );

  it('are replaced by --retry-failed, and the table is as if they had never failed', async () => {
    const study = copyOf('retried');
    edit(join(study, 'trials.ndjson'), (text) =>
      text
        .split('\n')
        .map((line, at) => {
          if (at !== 3) return line;
          const { index, role, graph, seed } = JSON.parse(line) as TrialRecord;
          return JSON.stringify({
            index,
            role,
            graph,
            seed,
            status: 'failed',
            reason: 'lightning',
            facts: null,
            epochs: [],
            seconds: 1,
          });
        })
        .join('\n'),
    );
    const plain = await plexus(['study', 'run', study, '--json']);
    expect(plain.status).toBe(1);
    expect(plain.notes).toContain('1 of 8 trials failed');
    expect(plain.notes).toContain('because: lightning');
    expect(recordsOf(study)).toHaveLength(8);
    const retried = await plexus(['study', 'run', study, '--retry-failed', '--json']);
    expect(retried.status).toBe(0);
    expect(recordsOf(study)).toHaveLength(9);
    expect(readFileSync(join(study, 'table.csv'), 'utf8')).toBe(
      readFileSync(join(done, 'table.csv'), 'utf8'),
    );
  });
});

/** A study's state as versions wrote it that knew no checksums. */
function withoutHash(text: string): string {
  const { hash: _, ...old } = JSON.parse(text) as { readonly hash: string };
  return JSON.stringify({ ...old, format: 1 });
}

describe('a study that cannot go on says why and changes nothing', () => {
  async function refusal(study: string, ...args: readonly string[]): Promise<string> {
    const before = contents(study);
    const { status, notes, out } = await plexus([
      'study',
      'run',
      ...(args.length > 0 ? args : [study]),
    ]);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(contents(study)).toEqual(before);
    return notes;
  }

  it('when its spec was edited', async () => {
    const study = copyOf('edited');
    edit(join(study, 'study.yaml'), (text) => text.replace('epochs: 2', 'epochs: 3'));
    expect(await refusal(study)).toMatch(
      /^error: .*study\.yaml was edited after the study began: train\.epochs was 2, is 3; change it back or remove it \(it is written anew\), or begin a new study with: /,
    );
    edit(join(study, 'study.yaml'), () => '\0\u0001');
    expect(await refusal(study)).toMatch(
      /^error: .*study\.yaml must be a text in UTF-8, got a binary file; .*; the file was changed after the study began: remove it, and it is written anew$/m,
    );
  });

  it('when another spec of its name is run', async () => {
    const study = copyOf('other-spec');
    const changed = write(
      'changed.yaml',
      SMALL_STUDY.replace('seeds: 2', 'seeds: 3').replace('  - ws-flex:n=8,k=4,p=0,seed=1\n', ''),
    );
    expect(await refusal(study, changed, '--out', study)).toMatch(
      /holds a study of another spec: seeds was \[1,2\], is \[1,2,3\], 1 of the graphs removed \(first: ws-flex:n=8,k=4,p=0,seed=1\); change the spec back/,
    );
  });

  it('when it is of another format', async () => {
    const study = copyOf('other-format');
    edit(join(study, 'study.json'), (text) => text.replace('"format": 2', '"format": 3'));
    expect(await refusal(study)).toMatch(
      /is a study of format 3 \(plexus \d.*\); this plexus reads formats 1 and 2; use that version/,
    );
  });

  it('when study.json is damaged', async () => {
    const study = copyOf('damaged');
    edit(join(study, 'study.json'), (text) => text.slice(0, 100));
    expect(await refusal(study)).toMatch(
      /study\.json is not valid JSON.*; restore it from a copy, or begin/,
    );
    edit(join(study, 'study.json'), () => '{"format": 1}');
    expect(await refusal(study)).toMatch(/study\.json is damaged/);
  });

  it('when its data changed', async () => {
    const study = copyOf('other-data');
    edit(join(study, 'study.json'), (text) => text.replace(/sha256=[0-9a-f]{4}/, 'sha256=0000'));
    expect(await refusal(study)).toMatch(
      /study\.json is damaged: its content and its hash do not match; restore it from a copy/,
    );
    // As versions wrote it that knew no hash.
    edit(join(study, 'study.json'), withoutHash);
    expect(await refusal(study)).toMatch(
      /the data set changed since .* was begun: it was shapes .*sha256=0000.*, is shapes .*; restore the old data/,
    );
  });

  it('when the directory is something else', async () => {
    const other = join(directory, 'photos');
    mkdirSync(other);
    writeFileSync(join(other, 'cat.jpg'), '');
    expect(await refusal(other, spec, '--out', other)).toMatch(
      /is neither empty nor a study \(it holds cat\.jpg\); choose another directory with --out/,
    );
    expect(await refusal(other)).toMatch(
      /is not a study \(it has no study\.json\); begin one with: plexus study run SPEC\.yaml --out /,
    );
  });
});

describe('a study goes on with a note', () => {
  it('when a line of its log is damaged: it is kept aside, and its trial runs again', async () => {
    const study = copyOf('damaged-log');
    edit(join(study, 'trials.ndjson'), (text) => text.replace('"index":', '"imdex":'));
    const status = await plexus(['study', 'status', study]);
    expect(status.notes).toMatch(/^warning: line 1 of .*trials\.ndjson cannot be read \(damaged\)/);
    expect(status.status).toBe(0);
    const { status: code, notes } = await plexus(['study', 'run', study]);
    expect(code).toBe(0);
    expect(notes).toMatch(
      /^note: line 1 of .*trials\.ndjson is damaged, and kept aside in .*damaged\.ndjson; what is missing runs again$/m,
    );
    expect(readFileSync(join(study, 'damaged.ndjson'), 'utf8')).toContain('"imdex":');
    expect(readFileSync(join(study, 'table.csv'), 'utf8')).toBe(
      readFileSync(join(done, 'table.csv'), 'utf8'),
    );
  });

  it('when the last line of its log is torn', async () => {
    const study = copyOf('torn');
    edit(join(study, 'trials.ndjson'), (text) => text.slice(0, -40));
    const { status, notes } = await plexus(['study', 'run', study]);
    expect(status).toBe(0);
    expect(notes).toMatch(
      /^note: the last line of .*trials\.ndjson was cut off \(\d+ bytes\); it is removed; what is missing runs again$/m,
    );
    expect(readFileSync(join(study, 'table.csv'), 'utf8')).toBe(
      readFileSync(join(done, 'table.csv'), 'utf8'),
    );
  });

  it('when the copy of its spec is missing: it is written anew', async () => {
    const study = copyOf('no-yaml');
    rmSync(join(study, 'study.yaml'));
    expect((await plexus(['study', 'status', study])).status).toBe(0);
    expect(existsSync(join(study, 'study.yaml'))).toBe(false);
    expect((await plexus(['study', 'run', study])).status).toBe(0);
    expect(contents(study)).toEqual(contents(done));
  });

  it('when the backend is another one than before', async () => {
    const study = copyOf('other-backend');
    edit(join(study, 'study.json'), (text) =>
      withoutHash(text).replace(/"backend": *"[^"]*\)"/, '"backend": "cpu (abacus)"'),
    );
    const { status, notes } = await plexus(['study', 'run', study]);
    expect(status).toBe(0);
    expect(notes).toMatch(
      /^note: the study was begun on the backend cpu \(abacus\) and goes on with .*; numbers may differ in their last bits$/m,
    );
  });
});

describe('a study of before there were warm-up, threads and top-5 errors', () => {
  it('is read, reported and continued as it was', async () => {
    const study = copyOf('old');
    const later = [
      'warmupEpochs',
      'labelSmoothing',
      'accumulate',
      'preciseBatchNorm',
      'precision',
      'threads',
      'stem',
    ];
    edit(join(study, 'study.yaml'), (text) =>
      text
        .split('\n')
        .filter((line) => !later.includes(line.trim().split(':')[0]))
        .join('\n'),
    );
    edit(join(study, 'study.json'), (text) =>
      JSON.stringify(
        JSON.parse(withoutHash(text), (key, value: unknown) =>
          later.includes(key) ? undefined : value,
        ),
      ),
    );
    edit(join(study, 'trials.ndjson'), (text) =>
      text
        .replace(/"(train|test)Error5":[\d.]+,?/g, '')
        .replace(/,"crc32":"[0-9a-f]{8}"/g, '')
        .replaceAll(',}', '}'),
    );
    expect(readFileSync(join(study, 'trials.ndjson'), 'utf8')).not.toContain('Error5');
    // One trial is still to be done.
    edit(join(study, 'trials.ndjson'), (text) =>
      text.slice(0, text.trimEnd().lastIndexOf('\n') + 1),
    );
    expect(JSON.parse((await plexus(['study', 'status', study, '--json'])).out)).toMatchObject({
      complete: 7,
      pending: 1,
    });
    const { status, notes } = await plexus(['study', 'run', spec, '--out', study]);
    expect([status, notes]).toEqual([0, expect.stringContaining('7 of them done before')]);
    const columns = (path: string): string[] =>
      readFileSync(join(path, 'table.csv'), 'utf8')
        .split('\n')
        .map((line) => line.replace(/,[^,]*,[^,]*$/, ''));
    // All but the last two columns: top-5 errors, and reasons.
    expect(columns(study)).toEqual(columns(done));
    expect(readFileSync(join(study, 'report.html'), 'utf8')).not.toContain('Top-5 (%)</button>');
    expect(readFileSync(join(done, 'report.html'), 'utf8')).toContain('Top-5 (%)</button>');
  });
});

describe('the number of threads', () => {
  it('may change while a study goes on, and changes nothing', async () => {
    const study = copyOf('threads');
    edit(join(study, 'trials.ndjson'), (text) =>
      text.slice(0, text.trimEnd().lastIndexOf('\n') + 1),
    );
    const changed = write(
      'threads.yaml',
      SMALL_STUDY.replace('epochs: 2', 'epochs: 2, threads: 2'),
    );
    const { status, notes } = await plexus(['study', 'run', changed, '--out', study]);
    expect(status).toBe(0);
    expect(notes).toMatch(/; 1 worker of 2 threads, /);
    expect(readFileSync(join(study, 'table.csv'), 'utf8')).toBe(
      readFileSync(join(done, 'table.csv'), 'utf8'),
    );
  });
});

describe('bad input to plexus study', () => {
  it('writes nothing when the spec is invalid', async () => {
    const out = join(directory, 'never');
    const bad = write('bad.yaml', SMALL_STUDY.replace('seeds:', 'seed:'));
    const { status, notes } = await plexus(['study', 'run', bad, '--out', out]);
    expect(status).toBe(2);
    expect(notes).toContain('bad.yaml:9: unknown key "seed"; expected one of plexus, name, arch');
    expect(existsSync(out)).toBe(false);
    const small = write('few.yaml', SMALL_STUDY.replace('train: 320', 'train: 20'));
    expect((await plexus(['study', 'run', small, '--out', out])).notes).toContain(
      'at least one batch of 32 images, it has 20',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('writes nothing when the memory does not hold as many networks as workers are asked for', async () => {
    const out = join(directory, 'crowded');
    const crowded = write(
      'crowded.yaml',
      SMALL_STUDY.replace('name: small', 'name: crowded\narch: resnet50')
        .replace('width: 32\n', '')
        .replace('seeds: 2', 'seeds: 1000')
        .replace('batch: 32', 'batch: 320'),
    );
    const { status, notes } = await plexus([
      'study',
      'run',
      crowded,
      '--out',
      out,
      '--workers',
      '1024',
    ]);
    expect(status).toBe(2);
    expect(notes).toMatch(
      /^error: the workers must fit into the machine's \d+\.\d GiB of memory together, but each of 1024 needs \d+\.\d GiB; use --workers \d+, or lower train\.batch or raise train\.accumulate$/,
    );
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['study', 'run', 'nowhere.yaml'], 'nowhere.yaml does not exist'],
    [['study', 'status', 'nowhere'], 'nowhere does not exist'],
    [['study', 'report', 'nowhere'], 'nowhere does not exist'],
    [['study', 'run', 'x', '--workers', '0'], 'expected a whole number from 1 to 1024'],
  ])('%j', async (argv, message) => {
    const { status, notes } = await plexus(argv);
    expect(status).toBe(2);
    expect(notes).toContain(message);
  });

  it('refuses --out for a directory, and a place where nothing can be written', async () => {
    expect((await plexus(['study', 'run', done, '--out', 'x'])).notes).toContain(
      '--out is for a spec',
    );
    const { status, notes } = await plexus(['study', 'run', spec, '--out', join(spec, 'x')]);
    expect(status).toBe(2);
    expect(notes).toMatch(/^error: cannot .*ENOTDIR/m);
  });

  it('continues what `auto` meant when the study began', async () => {
    const study = join(directory, 'auto');
    const auto = write(
      'auto.yaml',
      SMALL_STUDY.replace('name: shapes', 'name: auto').replace('epochs: 2', 'epochs: 1'),
    );
    const env = { XDG_CACHE_HOME: join(directory, 'no-cache') };
    expect((await plexus(['study', 'run', auto, '--out', study], { env })).status).toBe(0);
    expect(readFileSync(join(study, 'study.yaml'), 'utf8')).toContain('name: shapes');
    expect((await plexus(['study', 'run', auto, '--out', study], { env })).status).toBe(0);
    appendFileSync(auto, '\n# a comment changes nothing\n');
    expect((await plexus(['study', 'run', auto, '--out', study], { env })).status).toBe(0);
    edit(auto, (text) => text.replace('train: 320', 'train: 640'));
    expect((await plexus(['study', 'run', auto, '--out', study], { env })).notes).toContain(
      'data.train was 320, is 640',
    );
  });
});
