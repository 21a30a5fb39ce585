import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus, type CliResult } from './harness.js';

let root: string;
let done: string;
let first: CliResult;

const at = (name: string): string => join(root, name);

function write(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-cli-search-'));
  done = at('done');
  // The study's own two seeds; 3 of 6 trainings.
  first = await plexus([
    'search',
    write('small.yaml', SMALL_STUDY),
    '--trainings',
    '3',
    '--together',
    '1',
    '--out',
    done,
    '--json',
  ]);
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('plexus search', () => {
  it('makes a search of any study spec and ends with its recommendation', () => {
    expect(first.status).toBe(0);
    expect(JSON.parse(first.out.split('\n').at(-1)!)).toMatchObject({
      study: 'small',
      trials: 5,
      failed: 0,
      search: { spent: 3, trainings: 3, ended: true },
      recommended: {
        spec: expect.stringMatching(/^ws-flex:n=8/),
        clustering: expect.any(Number),
        pathLength: expect.any(Number),
        error: expect.any(Number),
        sd: expect.any(Number),
      },
    });
    expect(first.notes).toContain(
      'a search of 3 trainings among 3 graphs and 2 of the baseline (2 epochs each, ' +
        'surrogate policy)',
    );
    expect(readFileSync(join(done, 'study.yaml'), 'utf8')).toContain(
      '  together: 1\n  halving: false\n',
    );
    expect(readFileSync(join(done, 'report.html'), 'utf8')).toContain('<h2>The search</h2>');
    expect(existsSync(join(done, 'figures', 'search.svg'))).toBe(true);
  });

  it('is a study like any other', async () => {
    const status = await plexus(['study', 'status', done]);
    expect(status.out).toContain('5 of 5 trials complete, 0 failed, 0 to do');
    expect(status.out).toContain('The search (surrogate) spent 3 of 3 trainings on ');
    expect(JSON.parse((await plexus(['study', 'status', done, '--json'])).out)).toMatchObject({
      search: { spent: 3, ended: true },
    });
    const table = await plexus(['study', 'export', done, '-o', at('table.csv')]);
    expect(table.out).toContain('5 rows');
    expect(table.notes).not.toContain('have not ended');
    const again = await plexus(['study', 'run', done]);
    expect(again.notes).toContain('nothing left to run');
    expect(again.out).toMatch(/It recommends\s+ws-flex/);
    expect((await plexus(['search', done, '--json'])).out).toBe(first.out);
    expect((await plexus(['study', 'compare', done])).status).toBe(0);
  });

  it('takes what the spec says, and options before it', async () => {
    const spec = write(
      'own.yaml',
      `${SMALL_STUDY}search: {trainings: 2, baseline: 0, policy: random, halving: true, ` +
        'together: 2}\n',
    );
    const run = await plexus(['study', 'run', spec, '--out', at('own'), '--json']);
    expect(run.status).toBe(0);
    // Halving of 2 epochs: from 1 on, and a bracket of two takes 1.5 trainings.
    expect(JSON.parse(run.out)).toMatchObject({
      search: { spent: 1.5, trainings: 2 },
      baseline: { error: null },
      recommended: { sd: null },
    });
    const whole = await plexus([
      'search',
      spec,
      '--no-halving',
      '--policy',
      'bandit',
      '--out',
      at('changed'),
      '--json',
    ]);
    expect(JSON.parse(whole.out)).toMatchObject({ search: { spent: 2, ended: true } });
    expect(readFileSync(join(at('changed'), 'study.yaml'), 'utf8')).toContain('policy: bandit');
    const other = await plexus(['search', spec, '--trainings', '3', '--out', at('own')]);
    expect(other.status).toBe(2);
    expect(other.notes).toContain('search.trainings was 2, is 3');
  }, 60_000);

  it.each([
    ['search: {trainings: 0}', 'search.trainings must be a whole number from 1'],
    [
      'search: {budget: 3}',
      'unknown key "budget"; expected one of policy, trainings, baseline, together, halving, seed',
    ],
    [
      'search: {policy: magic}',
      'search.policy must be one of surrogate, bandit, random; got "magic"',
    ],
    ['search: {baseline: 3}', 'search.baseline must be at most the number of seeds, 2; got 3'],
    [
      'search: {halving: {first: 2, factor: 3}}',
      'the first rung of halving must be from 1 to 1 epochs',
    ],
    ['search: {halving: often}', 'search.halving must be true, false or a mapping'],
    ['search: 24', 'search must be a mapping such as {trainings: 24}'],
  ])('refuses %s', async (line, message) => {
    const { status, notes } = await plexus([
      'search',
      write('bad.yaml', `${SMALL_STUDY}${line}\n`),
      '--out',
      at('bad'),
    ]);
    expect(status).toBe(2);
    expect(notes).toContain(message);
    expect(notes).toContain('bad.yaml:12: ');
    expect(existsSync(at('bad'))).toBe(false);
  });

  it(
    'refuses options for a search that was begun, studies that are none, and graphs that ' +
      'cannot be chosen',
    async () => {
      const begun = await plexus(['search', done, '--trainings', '9']);
      expect(begun).toMatchObject({ status: 2 });
      expect(begun.notes).toContain('--trainings is for a spec');
      const plain = write(
        'plain.yaml',
        SMALL_STUDY.replace('name: small', 'name: plain')
          .replace('epochs: 2', 'epochs: 1')
          .replace('seeds: 2', 'seeds: 1'),
      );
      await plexus(['study', 'run', plain, '--out', at('plain')]);
      const none = await plexus(['search', at('plain')]);
      expect(none).toMatchObject({ status: 2 });
      expect(none.notes).toContain('continue it with: plexus study run');
      const apart = await plexus([
        'search',
        write(
          'apart.yaml',
          SMALL_STUDY.replace(/graphs:\n( {2}- .*\n)+/, 'graphs: ["empty:n=8"]\n'),
        ),
        '--out',
        at('apart'),
      ]);
      expect(apart).toMatchObject({ status: 2 });
      expect(apart.notes).toContain('a search needs a connected graph to choose');
    },
    60_000,
  );
});
