import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  architectures,
  baselineNetwork,
  costOf,
  type Architecture,
  type Task,
} from '../../src/network/index.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'docs/architectures');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const grouped = (value: number): string => value.toLocaleString('en-US');
const IMAGENET: Task = { input: { channels: 3, height: 224, width: 224 }, classes: 1000 };
const budgetOf = (arch: Architecture, task: Task): string =>
  grouped(costOf(baselineNetwork(arch.name, task)).macs);
/** 0.00005 rather than 5e-5. */
const plain = (value: number): string => value.toFixed(6).replace(/\.?0+$/, '');

describe('docs/architectures', () => {
  const index = read('README.md');

  it('has a page for every architecture and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(
      ['README.md', ...architectures.map(({ name }) => `${name}.md`)].sort(),
    );
  });

  it('links to files that exist', () => {
    for (const name of readdirSync(FOLDER)) {
      for (const [, target] of read(name).matchAll(/\]\(([^)\s]+)\)/g))
        if (!/^https?:/.test(target))
          expect(existsSync(join(dirname(join(FOLDER, name)), target.split('#')[0])), target).toBe(
            true,
          );
      for (const [, path] of read(name).matchAll(/`((?:src|test)\/[\w./-]+)`/g))
        expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });

  it.each(architectures.map((arch) => [arch.name, arch] as const))(
    'tells the budgets, widths, rounds and training of %s',
    (name, arch) => {
      const { epochs, batch, learningRate, momentum, weightDecay } = arch.training;
      const row = (start: string): string =>
        index.split('\n').find((line) => line.startsWith(`| ${start}`)) ?? '';
      expect(row(`[\`${name}\`](${name}.md)`)).toContain(` ${arch.baselineWidths.join(', ')} | `);
      expect(row(`[\`${name}\`](${name}.md)`)).toMatch(
        new RegExp(`\\| ${budgetOf(arch, IMAGENET)} \\| ${budgetOf(arch, {})} \\|$`),
      );
      expect(index).toContain(
        `| \`${name}\` | ${epochs} | ${batch} | ${plain(learningRate)} | ${momentum} | ` +
          `${plain(weightDecay)} |`,
      );
      expect(
        index
          .split('\n')
          .some(
            (line) =>
              line.includes(`\`${name}\``) &&
              line.endsWith(`| ${arch.relationalStages.join(', ')} |`),
          ),
      ).toBe(true);
      const page = read(`${name}.md`).replace(/\s+/g, ' ');
      expect(page).toContain(budgetOf(arch, name === 'mlp' ? {} : IMAGENET));
      expect(page).toContain(
        `${epochs} epochs, batch ${batch}, learning rate ${plain(learningRate)}, ` +
          `momentum ${momentum}, weight decay ${plain(weightDecay)}`,
      );
    },
  );

  it('tells how many published results the official code of today agrees with', () => {
    const golden = JSON.parse(
      readFileSync(join(ROOT, 'test/golden/architectures.json'), 'utf8'),
    ) as Record<string, { published?: number }>;
    const counts = Object.values(golden).flatMap(({ published }) => published ?? []);
    expect(index.replace(/\s+/g, ' ')).toContain(
      `${['no', 'one', 'two', 'three', 'four', 'five'][counts.length]} architectures and ` +
        `three seeds, ${counts.reduce((sum, count) => sum + count, 0)} runs in all`,
    );
  });
});
