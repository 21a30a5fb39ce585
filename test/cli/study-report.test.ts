import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

let directory: string;
let study: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-report-'));
  study = join(directory, 'small');
  const spec = join(directory, 'small.yaml');
  writeFileSync(spec, SMALL_STUDY);
  expect((await plexus(['study', 'run', spec, '--out', study])).status).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true }));

const figures = (): string[] => readdirSync(join(study, 'figures')).toSorted();
const NAMES = [
  'best-graph',
  'error-over-clustering',
  'error-over-density',
  'error-over-path-length',
  'heat-map',
  'learning-curves',
];

it(
  'plexus study report --formats writes figures in further formats, and renews them with ' +
    'every report',
  async () => {
    expect(figures()).toEqual(NAMES.map((name) => `${name}.svg`));
    expect((await plexus(['study', 'report', study, '--formats', 'pdf,png'])).status).toBe(0);
    expect(figures()).toEqual(
      NAMES.flatMap((name) => ['pdf', 'png', 'svg'].map((format) => `${name}.${format}`)),
    );

    const pdf = join(study, 'figures', 'heat-map.pdf');
    const before = readFileSync(pdf);
    writeFileSync(pdf, 'of an earlier report');
    expect((await plexus(['study', 'report', study])).status).toBe(0);
    expect(readFileSync(pdf).equals(before)).toBe(true);

    // Without a single trial there is no best graph, and no drawing of one may stay.
    const log = join(study, 'trials.ndjson');
    const records = readFileSync(log);
    writeFileSync(log, '');
    expect((await plexus(['study', 'report', study])).status).toBe(0);
    expect(figures()).toEqual(
      NAMES.slice(1).flatMap((name) => ['pdf', 'png', 'svg'].map((format) => `${name}.${format}`)),
    );
    writeFileSync(log, records);
  },
);

it('refuses other formats and changes nothing', async () => {
  const before = figures();
  const { status, notes } = await plexus(['study', 'report', study, '--formats', 'svg,jpeg']);
  expect(status).toBe(2);
  expect(notes).toContain('svg, png, pdf');
  expect(notes).toContain('"jpeg"');
  expect(figures()).toEqual(before);
});
