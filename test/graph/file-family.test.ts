import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/platform/hash.js';
import {
  buildGraph,
  edgeList,
  fileOptionsOf,
  formatGraphSpec,
  graphSpec,
  parseGraphSpec,
  parseGraphSpecIn,
  readGraphFile,
  resizeGraphSpec,
} from '../../src/public/graph.js';
import { formatStudySpec, parseStudySpec } from '../../src/public/study.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function fileOf(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'plexus-file-'));
  folders.push(folder);
  mkdirSync(join(folder, 'graphs'));
  const path = join(folder, 'graphs', name);
  writeFileSync(path, text);
  return path;
}

const sumOf = (text: string): string => sha256Hex(text).slice(0, 16);

const WEIGHTS = '0,0.9,0.2\n0.9,0,0\n0.1,0,0\n';

describe('file:', () => {
  it('makes the graph of a file, and holds its checksum', () => {
    const path = fileOf('a.edges', '0 1\n1 2\n');
    const spec = parseGraphSpec(`file:${path}`);
    expect(formatGraphSpec(spec)).toBe(`file:${path},sha256=${sumOf('0 1\n1 2\n')}`);
    expect(parseGraphSpec(formatGraphSpec(spec))).toEqual(spec);
    expect(edgeList(buildGraph(spec))).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it.skipIf(!existsSync('/dev/zero'))('refuses what has no end', () => {
    expect(() => parseGraphSpec('file:/dev/zero')).toThrow(
      '/dev/zero must be a file, but it is a pipe or a device',
    );
  });

  it('refuses a file that has changed, naming both sums', () => {
    const path = fileOf('a.edges', '0 1\n1 2\n');
    const spec = parseGraphSpec(`file:${path}`);
    writeFileSync(path, '0 1\n0 2\n');
    const [before, now] = [sumOf('0 1\n1 2\n'), sumOf('0 1\n0 2\n')];
    expect(() => buildGraph(spec)).toThrow(
      `${path} must be the file that the spec was made from, whose SHA-256 begins with ` +
        `${before}, but it begins with ${now}: the file has changed; restore it, or leave ` +
        `out sha256=${before} to use the file as it is now`,
    );
    expect(edgeList(buildGraph(parseGraphSpec(`file:${path}`)))).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it('reads a pinned line without the file', () => {
    const line = 'file:gone.csv,sha256=0123456789abcdef';
    expect(formatGraphSpec(parseGraphSpec(line))).toBe(line);
    expect(() => buildGraph(parseGraphSpec(line))).toThrow('cannot read gone.csv: no such file');
    expect(() => parseGraphSpec('file:gone.csv')).toThrow('cannot read gone.csv: no such file');
  });

  it('takes threshold, direction and format', () => {
    const path = fileOf('a.csv', WEIGHTS);
    expect(() => buildGraph(parseGraphSpec(`file:${path}`))).toThrow(
      `${path}, line 1: edges must have weight 1 unless a threshold is given; the ` +
        'weights go from 0.1 to 0.9',
    );
    const directed = parseGraphSpec(`file:${path},threshold=0.15`);
    expect(formatGraphSpec(directed)).toBe(`file:${path},threshold=0.15,sha256=${sumOf(WEIGHTS)}`);
    expect(buildGraph(directed)).toMatchObject({ directed: true, edges: 3 });
    expect(buildGraph(parseGraphSpec(`file:${path},threshold=0.15,directed=false`))).toMatchObject({
      directed: false,
      edges: 2,
    });
    expect(
      buildGraph(graphSpec('file', { path, threshold: 0.5, directed: true, format: 'matrix' })),
    ).toMatchObject({ directed: true, edges: 2 });
    expect(fileOptionsOf(directed.params)).toEqual({
      threshold: 0.15,
      density: null,
      absolute: false,
      directed: null,
      variable: null,
      source: null,
      target: null,
      weight: null,
    });
    expect(readGraphFile(path, { threshold: 0.5 })).toMatchObject({
      below: 2,
      format: 'csv',
      sha256: sumOf(WEIGHTS),
    });
  });

  it('takes paths with odd characters', () => {
    const path = fileOf('a "b"=1:x,(2).edges', '0 1\n');
    const line = formatGraphSpec(graphSpec('file', { path }));
    expect(formatGraphSpec(parseGraphSpec(line))).toBe(line);
    expect(parseGraphSpec(`file:${JSON.stringify(path)}:directed=true`).params).toMatchObject({
      path,
      directed: true,
    });
    expect(parseGraphSpec(`rewired:of=(${line})`).params).toMatchObject({ of: line });
  });

  it.each([
    ['file:', /needs the parameter path/],
    ['file:""', /path must be the path of a file/],
    ['file:a.csv,format=dot', /unknown graph format "dot"/],
    ['file:a.csv,format=svg', /can be written as svg, but not read|unknown graph format "svg"/],
    [
      'file:a.csv,threshold=much',
      /threshold must be a number, got threshold=much; the range is none or a number/,
    ],
    [
      'file:a.csv,directed=1',
      /directed must be true or false, got directed=1; the range is auto, true or false/,
    ],
    ['file:a.csv,sha256=12', /sha256 must be the first 16 hexadecimal digits/],
  ])('%s is refused', (line, message) => expect(() => parseGraphSpec(line)).toThrow(message));

  it('has no other sizes', () => {
    expect(() =>
      resizeGraphSpec(parseGraphSpec('file:gone.csv,sha256=0123456789abcdef'), 8),
    ).toThrow('graph family file has one size only');
  });
});

describe('paths in other files', () => {
  it('are relative to that file, inside other specs too', () => {
    const path = fileOf('a.edges', '0 1\n1 2\n');
    const directory = join(path, '..', '..');
    expect(parseGraphSpecIn(directory, 'file:graphs/a.edges')).toEqual(
      parseGraphSpec(`file:${path}`),
    );
    const inner = formatGraphSpec(parseGraphSpec(`file:${path}`));
    expect(
      formatGraphSpec(parseGraphSpecIn(directory, 'rewired:of=(file:graphs/a.edges)')),
    ).toContain(`(${inner})`);
    expect(formatGraphSpec(parseGraphSpec(`file:${relative(process.cwd(), path)}`))).toContain(
      `file:${relative(process.cwd(), path)}`,
    );
  });

  it('stay right when a study is continued from elsewhere', () => {
    const path = fileOf('a.edges', '0 1\n1 2\n');
    const home = join(path, '..', '..');
    writeFileSync(join(home, 'more.txt'), 'file:graphs/a.edges,directed=true\n');
    const yaml =
      'plexus: 1\nname: own\nbaseline: complete:n=3\ngraphs:\n  - file:graphs/a.edges\n  - ' +
      '{file: more.txt}\nseeds: 1\n';
    const spec = parseStudySpec(yaml, relative(process.cwd(), join(home, 'study.yaml')));
    const sum = sumOf('0 1\n1 2\n');
    expect(spec.graphs).toEqual([
      `file:${path},sha256=${sum}`,
      `file:${path},directed=true,sha256=${sum}`,
    ]);
    expect(parseStudySpec(formatStudySpec(spec), '/elsewhere/study.yaml')).toEqual(spec);
    rmSync(path);
    expect(parseStudySpec(formatStudySpec(spec), '/elsewhere/study.yaml')).toEqual(spec);
  });
});
