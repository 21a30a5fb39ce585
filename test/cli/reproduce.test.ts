import {
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPicture } from '../figures/well-formed.js';
import { plexus } from './harness.js';

/** A .npy file of version 1. */
function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const head = Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  ]);
  return Buffer.concat([head, Buffer.from(padded), data]);
}

const numbers = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  npy('<f8', shape, new Uint8Array(Float64Array.from(values).buffer));

function texts(rows: readonly (readonly string[])[], width = 10): Uint8Array {
  const codes = new Uint32Array(rows.length * rows[0].length * width);
  rows
    .flat()
    .forEach((text, i) =>
      Array.from(text).forEach(
        (character, j) => (codes[i * width + j] = character.codePointAt(0)!),
      ),
    );
  return npy(`<U${width}`, [rows.length, rows[0].length], new Uint8Array(codes.buffer));
}

/** 30 graphs of a set: nodes, density, p, seed, C, L. */
const graphs = Array.from({ length: 30 }, (_, i) => [
  64,
  0.125 + i / 64,
  0.25,
  i,
  0.1 + 0.7 * ((i * 0.618) % 1),
  1.3 + 1.9 * ((i * 0.7549) % 1),
]);
const nameOf = ([n, density, p, seed]: readonly number[], transform: string): string[] => [
  transform,
  'dense',
  n.toFixed(1),
  'ws',
  String(density),
  String(p),
  'sum',
  seed.toFixed(1),
  '1.0',
  '2.0',
  'True',
  '0.0',
  'True',
  'True',
  '100.0',
];

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-reproduce-'));
  writeFileSync(join(root, 'graphs_n64_30.npy'), numbers([30, 6], graphs.flat()));
  for (const seed of [1, 2]) {
    for (const epoch of [3, 100]) {
      const folder = join(root, 'final_results', `cnn_seed${seed}`);
      const error = ([, , , i, c, l]: readonly number[]): number =>
        40 + 6 * (c - 0.4) ** 2 + (l - 2.2) ** 2 + 0.2 * Math.sin(9 * i + 5 * seed + epoch);
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, `names_cnn_seed${seed}_epoch${epoch}.npy`),
        texts([
          nameOf([64, 1, 0, 1], 'convbasic'),
          ...graphs.map((graph) => nameOf(graph, 'talk')),
        ]),
      );
      writeFileSync(
        join(folder, `results_cnn_seed${seed}_epoch${epoch}.npy`),
        numbers(
          [31, 1, 8],
          [[64, 1, 0, 99, 1, 1], ...graphs].flatMap((graph) => [
            1.5,
            0.16,
            0.12,
            error(graph),
            error(graph) / 2,
            64,
            180,
            seed,
          ]),
        ),
      );
    }
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Printed {
  readonly figures: readonly string[];
  readonly sections: readonly {
    readonly rows: readonly unknown[];
    readonly values: readonly Readonly<Record<string, unknown>>[];
  }[];
}

describe('plexus reproduce and study compare: figures and numbers', () => {
  it('print numbers beside the rows and write the figures, in the formats asked for', async () => {
    const out = join(root, 'made', 'figures');
    const run = await plexus([
      'reproduce',
      root,
      '--resamples',
      '100',
      '--figures',
      out,
      '--formats',
      'svg,pdf',
      '--json',
    ]);
    expect(run).toMatchObject({ status: 0, notes: '' });
    const { figures, sections } = JSON.parse(run.out) as Printed;
    expect(figures).toEqual(
      expect.arrayContaining(
        [
          'held-out',
          'sweet-spots',
          'density',
          'agreement',
          'early-epochs',
          'few-graphs',
          'map-cnn',
          'cuts-cnn',
        ].flatMap((name) => [join(out, `${name}.svg`), join(out, `${name}.pdf`)]),
      ),
    );
    expect(readdirSync(out).sort()).toEqual(
      figures.map((path) => path.slice(out.length + 1)).sort(),
    );
    for (const path of figures.filter((each) => each.endsWith('.svg')))
      readPicture(
        readFileSync(path, 'utf8')
          .replace(/^<\?xml[^>]*\?>\s*/, '')
          .trimEnd(),
      );
    for (const { rows, values } of sections) expect(values).toHaveLength(rows.length);
    expect(sections[0].values[0]).toMatchObject({
      name: 'cnn',
      arch: 'cnn',
      publishedBaseline: 48.27,
      graphs: 30,
    });
    expect(sections[0].values[0]['baseline']).toBeCloseTo(
      40 + 6 * 0.36 + 1.44 + 0.1 * (Math.sin(891 + 5 + 100) + Math.sin(891 + 10 + 100)),
      9,
    );
  }, 60_000);

  it('print the paths after the text; without the option nothing is written', async () => {
    const out = join(root, 'figures');
    const before = readdirSync(root);
    const plain = await plexus(['reproduce', root, '--resamples', '100']);
    expect(readdirSync(root)).toEqual(before);
    const drawn = await plexus(['reproduce', root, '--resamples', '100', '--figures', out]);
    expect(drawn.out.startsWith(plain.out)).toBe(true);
    expect(drawn.out.slice(plain.out.length).trim().split('\n').sort()).toEqual(
      readdirSync(out)
        .map((name) => join(out, name))
        .sort(),
    );
  }, 60_000);

  it('of studies of one’s own', async () => {
    expect((await plexus(['import', 'graph2nn', root, '-o', join(root, 'studies')])).status).toBe(
      0,
    );
    const out = join(root, 'figures');
    const run = await plexus([
      'study',
      'compare',
      join(root, 'studies', 'cnn'),
      '--resamples',
      '100',
      '--figures',
      out,
      '--json',
    ]);
    const { figures, sections } = JSON.parse(run.out) as Printed;
    expect(run.status).toBe(0);
    expect(figures).toContain(join(out, 'map-cnn.svg'));
    expect(readFileSync(join(out, 'agreement.svg'), 'utf8')).toContain(
      'One study here: it takes two.',
    );
    expect(sections[0].values[0]).toMatchObject({ name: 'cnn', publishedBaseline: null });
  }, 60_000);

  it(
    'refuse a place that is no directory, and what would have no effect, before anything ' +
      'is read',
    async () => {
      const file = join(root, 'graphs_n64_30.npy');
      for (const command of [
        ['reproduce', join(root, 'nowhere')],
        ['study', 'compare', join(root, 'nowhere')],
      ]) {
        expect(await plexus([...command, '--figures', file])).toMatchObject({
          status: 2,
          notes: expect.stringContaining('--figures must name a directory'),
        });
        expect(await plexus([...command, '--formats', 'png'])).toMatchObject({
          status: 2,
          notes: expect.stringContaining('add --figures DIR'),
        });
        expect(
          await plexus([...command, '--figures', join(root, 'new'), '--formats', 'gif']),
        ).toMatchObject({ status: 2, notes: expect.stringContaining('gif') });
      }
      expect(existsSync(join(root, 'new'))).toBe(false);
    },
  );
});
