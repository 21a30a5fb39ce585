import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.js';
import { UserError } from '../../src/core/errors.js';
import { formatLine } from '../../src/study/log-line.js';
import { EMPTY_LOG, readLog } from '../../src/store/log.js';
import { openLog, repairLog } from '../../src/store/log-writer.js';
import type { Trial, TrialRecord } from '../../src/public/study.js';

const facts = {
  nodes: 8,
  edges: 28,
  clustering: 1,
  pathLength: 1,
  widths: [16],
  macs: 1234,
  params: 567,
};
const epoch = {
  epoch: 1,
  learningRate: 0.1,
  trainLoss: 2.3,
  trainError: 88.25,
  trainError5: 40.5,
  testLoss: 2.2,
  testError: 80.1,
  testError5: 31.25,
};
const trials: Trial[] = Array.from({ length: 6 }, (_, index) => ({
  index,
  role: index === 0 ? 'baseline' : 'graph',
  graph: `complete:n=${index + 2}`,
  seed: 1,
}));

function complete(index: number, error = 80): TrialRecord {
  return { ...trials[index], status: 'complete', facts, epochs: [epoch], error, seconds: 1.5 };
}
function failed(index: number, reason = 'diverged: é'): TrialRecord {
  return { ...trials[index], status: 'failed', reason, facts: null, epochs: [], seconds: 0.5 };
}

let directory: string;
let path: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-log-'));
  path = join(directory, 'trials.ndjson');
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => rmSync(path, { force: true }));

function append(...records: readonly TrialRecord[]): void {
  const log = openLog(path, readLog(path, trials, { precision: 'float32' }));
  records.forEach((record) => log.append(record));
  log.close();
}

describe('the log', () => {
  it('of a missing file is empty', () => {
    expect(readLog(path, trials, { precision: 'float32' })).toEqual(EMPTY_LOG);
  });

  it('gives back what was appended, by index', () => {
    append(complete(3), failed(1));
    append(complete(0, 100 / 3));
    expect(readLog(path, trials, { precision: 'float32' }).records).toEqual([
      complete(0, 100 / 3),
      failed(1),
      complete(3),
    ]);
  });

  it('reads records of before top-5 errors were counted', () => {
    const { trainError5: _, testError5: __, ...old } = epoch;
    writeFileSync(path, `${JSON.stringify({ ...complete(0), epochs: [old] })}\n`);
    expect(readLog(path, trials, { precision: 'float32' }).records).toEqual([
      { ...complete(0), epochs: [{ ...epoch, trainError5: null, testError5: null }] },
    ]);
  });

  it('keeps the first complete record of a trial, else its last failure', () => {
    append(failed(1, 'a'), failed(1, 'b'), failed(2), complete(2, 10), complete(2, 20), failed(2));
    expect(readLog(path, trials, { precision: 'float32' }).records).toEqual([
      failed(1, 'b'),
      complete(2, 10),
    ]);
  });

  it('keeps every whole record when it is cut off at any byte, and goes on from there', () => {
    const records = [complete(0), failed(2), complete(1), complete(4)];
    const lines = records.map((record) => Buffer.from(formatLine(record)));
    const whole = Buffer.concat(lines);
    const cut = (at: number): void => {
      writeFileSync(path, whole.subarray(0, at));
      let end = 0;
      // A record is whole with its last brace, even without its line end.
      const kept = records.filter((_, i) => (end += lines[i].length) - 1 <= at);
      const content = readLog(path, trials, { precision: 'float32' });
      expect(content.records).toEqual([...kept].sort((a, b) => a.index - b.index));
      append(complete(5));
      expect(readFileSync(path, 'utf8')).toBe([...kept, complete(5)].map(formatLine).join(''));
    };
    const edges = lines
      .flatMap((_, i) =>
        [-1, 0, 1].map((shift) => Buffer.concat(lines.slice(0, i + 1)).length + shift),
      )
      .filter((at) => at <= whole.length);
    [0, 1, ...edges].forEach(cut);
    fc.assert(fc.property(fc.integer({ min: 0, max: whole.length }), cut), { numRuns: 150 });
  });

  it('reports how much was torn off', () => {
    append(complete(0));
    appendFileSync(path, '{"index":1,"ro');
    const content = readLog(path, trials, { precision: 'float32' });
    expect(content.tornBytes).toBe(14);
    expect(content.records).toEqual([complete(0)]);
    appendFileSync(path, '\0\0\0');
    expect(readLog(path, trials, { precision: 'float32' }).tornBytes).toBe(17);
  });

  it.each([
    ['garbage', 'xyz'],
    ['an empty line', ''],
    ['a record with a missing field', JSON.stringify({ ...complete(1), error: undefined })],
    ['a record with an unknown status', JSON.stringify({ ...complete(1), status: 'odd' })],
  ])('tells a damaged line in the middle, and puts it aside: %s', (_, line) => {
    append(complete(0));
    appendFileSync(path, `${line}\n`);
    append(complete(2));
    const content = readLog(path, trials, { precision: 'float32' });
    expect(content.damaged.map((found) => found.line)).toEqual([2]);
    expect(content.records).toEqual([complete(0), complete(2)]);
    const aside = join(directory, 'damaged.ndjson');
    const mended = repairLog(path, aside, content);
    expect(readFileSync(aside, 'utf8')).toBe(`${line}\n`);
    expect(readLog(path, trials, { precision: 'float32' })).toEqual(mended);
    expect(readFileSync(path, 'utf8')).toBe(formatLine(complete(0)) + formatLine(complete(2)));
    rmSync(aside);
  });

  it('takes no line with any bit flipped for what was written', () => {
    const records = [complete(0, 100 / 3), failed(2), complete(1)];
    const whole = Buffer.from(records.map(formatLine).join(''));
    const flip = (bit: number): void => {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      writeFileSync(path, bytes);
      const {
        records: found,
        damaged,
        tornBytes,
      } = readLog(path, trials, { precision: 'float32' });
      // Whatever was read is what was written, and what is missing is told.
      for (const record of found) expect(records).toContainEqual(record);
      expect(found.length < records.length).toBe(true);
      expect(damaged.length + tornBytes).toBeGreaterThan(0);
    };
    fc.assert(fc.property(fc.integer({ min: 0, max: 8 * whole.length - 1 }), flip), {
      numRuns: 300,
    });
  });

  it('has the checksum of the line without it, by which others can check it', () => {
    const line = formatLine(failed(2));
    const [, record, sum] = /^(.*),"crc32":"(.{8})"\}\n$/.exec(line)!;
    expect(
      crc32(Buffer.from(`${record}}`))
        .toString(16)
        .padStart(8, '0'),
    ).toBe(sum);
    expect(JSON.parse(`${record}}`)).toEqual(failed(2));
  });

  it("refuses a record that is not one of the study's trials", () => {
    append({ ...complete(2), seed: 9 });
    expect(() => readLog(path, trials, { precision: 'float32' })).toThrow(
      /line 1: trial 2 \(complete:n=4, seed 9\) is not one of this study's/,
    );
    expect(() => readLog(path, trials.slice(0, 2), { precision: 'float32' })).toThrow(UserError);
  });

  it('refuses a record of another precision than the study has', () => {
    writeFileSync(path, formatLine({ ...complete(2), precision: 'bf16' }));
    expect(() => readLog(path, trials, { precision: 'float32' })).toThrow(
      'line 1: the trials of a study are trained in one precision, here float32, but trial 2 was in bf16',
    );
    expect(readLog(path, trials, { precision: 'bf16' }).records[0].precision).toBe('bf16');
    appendFileSync(path, formatLine(complete(3)));
    expect(() => readLog(path, trials, { precision: 'bf16' })).toThrow(
      'line 2: the trials of a study are trained in one precision, here bf16, but trial 3 was in float32',
    );
  });

  it('says so when the disk is full', () => {
    try {
      closeSync(openSync('/dev/full', 'r+'));
    } catch {
      console.warn('no /dev/full here: the test of a full disk is skipped');
      return;
    }
    const log = openLog('/dev/full', EMPTY_LOG);
    expect(() => log.append(complete(0))).toThrow(/disk is full/);
    log.close();
  });
});
