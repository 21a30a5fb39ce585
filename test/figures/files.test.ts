import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { FIGURE_FORMATS, writeFigures } from '../../src/figures/index.js';
import { figureFonts, hasGlyphs } from '../../src/figures/fonts.js';
import { outlineAllText, separateHalos } from '../../src/figures/outline-text.js';
import { formatSvg, parseSvg } from '../../src/figures/svg-tree.js';
import { composeFigure } from '../../src/figures/svg.js';
import { readPicture } from './well-formed.js';

const SNAPSHOTS = new URL('snapshots/', import.meta.url);
const NAMES = readdirSync(SNAPSHOTS).map((file) => file.slice(0, -4));
const figureOf = (name: string): string =>
  readFileSync(new URL(`${name}.svg`, SNAPSHOTS), 'utf8').trimEnd();

const folder = mkdtempSync(join(tmpdir(), 'plexus-figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The streams of a PDF, unpacked, as text of one byte a character. */
function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/FlateDecode[^>]*>>\s*stream\r?\n/g)].map((match) => {
    const from = (match.index ?? 0) + match[0].length;
    return inflateSync(pdf.subarray(from, text.indexOf('endstream', from))).toString('latin1');
  });
}

/** Every character that the fonts of a PDF can give back when text is copied or searched. */
function charactersOf(pdf: Buffer): Set<string> {
  const maps = streamsOf(pdf).filter(
    (stream) => stream.includes('beginbfrange') || stream.includes('beginbfchar'),
  );
  const codes = maps.flatMap((map) =>
    [...map.slice(map.indexOf('beginbf')).matchAll(/<([0-9a-fA-F ]+)>/g)].map(([, hex]) =>
      hex.replaceAll(' ', ''),
    ),
  );
  return new Set(
    codes.flatMap((hex) => Array.from(Buffer.from(hex, 'hex').swap16().toString('utf16le'))),
  );
}

interface Ink {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The box around what is darker than half, in pixels of the figure, 1 = one CSS pixel. */
async function inkOf(svg: string): Promise<Ink> {
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .flatten({ background: 'white' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const dark = [...data.keys()].filter((at) => data[at] < 128);
  const xs = dark.map((at) => at % info.width);
  const ys = dark.map((at) => Math.floor(at / info.width));
  return {
    left: Math.min(...xs),
    right: Math.max(...xs) + 1,
    top: Math.min(...ys),
    bottom: Math.max(...ys) + 1,
  };
}

const page = (inside: string): string =>
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" ' +
  `height="100" font-size="12" role="img" aria-label="t">${inside}</svg>`;
const outlined = (inside: string): string => formatSvg(outlineAllText(parseSvg(page(inside))));

describe('writing figures', () => {
  it(
    'writes a file for each figure and format, the same bytes every time, and returns ' +
      'their paths in order',
    async () => {
      const figures = { 'heat-map': figureOf('heat-map'), graph: figureOf('graph') };
      const first = await writeFigures(join(folder, 'a', 'b'), figures, FIGURE_FORMATS);
      expect(first).toEqual(
        ['heat-map', 'graph'].flatMap((name) =>
          ['svg', 'png', 'pdf'].map((format) => join(folder, 'a', 'b', `${name}.${format}`)),
        ),
      );
      expect(readdirSync(join(folder, 'a', 'b')).toSorted()).toEqual([
        'graph.pdf',
        'graph.png',
        'graph.svg',
        'heat-map.pdf',
        'heat-map.png',
        'heat-map.svg',
      ]);
      const again = await writeFigures(join(folder, 'c'), figures, FIGURE_FORMATS);
      const digest = (path: string): string =>
        createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(again.map(digest)).toEqual(first.map(digest));
      expect(readFileSync(first[0], 'utf8')).toBe(
        `<?xml version="1.0" encoding="UTF-8"?>\n${figures['heat-map']}\n`,
      );
    },
  );

  it('says why a file cannot be written', async () => {
    mkdirSync(join(folder, 'd', 'graph.pdf'), { recursive: true });
    await expect(
      writeFigures(join(folder, 'd'), { graph: figureOf('graph') }, ['pdf']),
    ).rejects.toThrow(UserError);
    await expect(writeFigures(join(folder, 'c', 'graph.svg'), {}, ['svg'])).rejects.toThrow(
      UserError,
    );
  });
});

describe('a PNG', () => {
  it('has 300 dots an inch at the figure’s own size, and says so', async () => {
    const [path] = await writeFigures(folder, { map: figureOf('heat-map') }, ['png']);
    const { width, height, density, channels } = await sharp(path).metadata();
    const [, wide, high] = /width="(\d+)" height="(\d+)"/.exec(figureOf('heat-map')) ?? [];
    expect([width, height]).toEqual(
      [Number(wide), Number(high)].map((pixels) => Math.round((pixels / 96) * 300)),
    );
    expect([density, channels]).toEqual([300, 3]);
  });

  it.each(NAMES)('has no letter that depends on the machine’s fonts: %s', (name) => {
    const svg = formatSvg(outlineAllText(parseSvg(figureOf(name))));
    const { elements } = readPicture(svg);
    expect(elements['text']).toBeUndefined();
    expect(elements['path']).toBeGreaterThan(readPicture(figureOf(name)).elements['path'] ?? 0);
  });

  it('leaves what its typeface lacks to the machine’s fonts', () => {
    expect(outlined('<text x="5" y="20">graph</text><text x="5" y="40">图</text>')).toMatch(
      /<text[^>]*>图<\/text>/,
    );
  });
});

describe('letters as paths', () => {
  it('stand where the text stood: at its start, its middle, its end', async () => {
    const ink = async (anchor: string): Promise<Ink> =>
      inkOf(
        outlined(`<g text-anchor="${anchor}"><text x="100" y="50" font-size="20">HAMMH</text></g>`),
      );
    const [start, middle, end] = [await ink('start'), await ink('middle'), await ink('end')];
    const width = start.right - start.left;
    expect(width).toBeGreaterThan(60);
    expect(start.left - 100).toBeLessThan(4);
    expect(100 - end.right).toBeLessThan(4);
    expect(Math.abs((middle.left + middle.right) / 2 - 100)).toBeLessThan(1.5);
    // Capitals rise 0.73 em above the baseline.
    expect([start.bottom, start.top]).toEqual([50, 35]);
  });

  it('follow em, transforms and tspans', async () => {
    const moved = await inkOf(
      outlined('<text transform="translate(60,40)" y="0.5em" font-size="20">H</text>'),
    );
    expect([moved.left >= 60 && moved.left < 64, moved.bottom]).toEqual([true, 50]);
    const turned = await inkOf(
      outlined('<text transform="translate(60,80) rotate(-90)" font-size="20">HHHH</text>'),
    );
    expect(turned.bottom - turned.top).toBeGreaterThan(3 * (turned.right - turned.left));
    const two = await inkOf(
      outlined(
        '<text x="10" y="20" font-size="20"><tspan x="10">H</tspan><tspan x="10" ' +
          'dy="2em">H</tspan></text>',
      ),
    );
    expect([two.top, two.bottom]).toEqual([5, 60]);
  });

  it('are as bold as the text, and paint a halo before the letters', async () => {
    const wide = async (weight: string): Promise<number> => {
      const { left, right } = await inkOf(
        outlined(`<text x="10" y="50" font-size="20" font-weight="${weight}">HHHH</text>`),
      );
      return right - left;
    };
    expect(await wide('600')).toBeGreaterThan(1.05 * (await wide('400')));
    const halo = outlined(
      '<g paint-order="stroke" stroke="white" stroke-width="3" fill="black"><text x="10" ' +
        'y="50">H</text></g>',
    );
    expect(halo).toContain('paint-order="stroke"');
    expect((await inkOf(halo)).bottom).toBe(50);
  });
});

describe('a PDF', () => {
  it.each(NAMES)('can be searched for every character of its figure: %s', async (name) => {
    const svg = figureOf(name);
    const [path] = await writeFigures(folder, { [name]: svg }, ['pdf']);
    const pdf = readFileSync(path);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const given = charactersOf(pdf);
    const missing = new Set(
      Array.from(readPicture(svg).texts.join('')).filter(
        (character) => !given.has(character) && !/\s/.test(character),
      ),
    );
    expect([...missing]).toEqual([]);
    expect(
      Array.from(readPicture(svg).texts.join('').replaceAll('\n', '')).filter(
        (character) => !hasGlyphs(figureFonts().regular, character),
      ),
    ).toEqual([]);
  });

  it('is one page of the figure’s size with embedded fonts, its title, and no date', async () => {
    const svg = composeFigure({
      title: 'Über C ≤ 1 & L',
      subtitle: 's',
      width: 400,
      height: 100,
      parts: [],
      notes: [],
    });
    const [path] = await writeFigures(folder, { one: svg }, ['pdf']);
    const text = readFileSync(path).toString('latin1');
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    // 400 pixels of 1/96 inch are 300 points.
    expect(/\/MediaBox \[0 0 300 [\d.]+\]/.test(text)).toBe(true);
    expect(text.match(/\/FontFile2/g)).toHaveLength(2);
    expect(/CreationDate|ModDate|Subtype \/Image/.exec(text)).toBeNull();
    expect(
      Buffer.from(text, 'latin1').includes(Buffer.from('Über C ≤ 1 & L', 'utf16le').swap16()),
    ).toBe(true);
  });

  it('paints halos as paths, under the text, which stays a text', () => {
    const svg = page(
      '<g paint-order="stroke" stroke="white" stroke-width="3" fill="black"><text x="10" ' +
        'y="50">H</text></g><text x="1" y="9">t</text>',
    );
    const parts = formatSvg(separateHalos(parseSvg(svg)));
    expect(parts).toMatch(
      /<g fill="none"><path d="[^"]+"\/><\/g><text [^>]*stroke="none"[^>]*>H<\/text>/,
    );
    expect(readPicture(parts).elements).toMatchObject({ text: 2, path: 1 });
  });
});
