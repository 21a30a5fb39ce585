import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sections } from '../../scripts/site/pages.js';
import { DEFINITIONS } from '../../src/analysis/index.js';
import { cifar100Layout } from '../../src/data-files/cifar100.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import { fashionMnist, fashionMnistFiles } from '../../src/data-files/fashion-mnist.js';
import { dataNames } from '../../src/data/registry.js';
import { shapeClasses, shapeDefaults, shapeLimits } from '../../src/data/shapes.js';
import { difficulty, normalisation } from '../../src/data/shapes/difficulty.js';
import { OPS } from '../../src/engine/ops/registry.js';
import { graphFamilies, graphMeasures, measureDefinitions } from '../../src/graph/index.js';
import { predictionKeys } from '../../src/study/predictions.js';
import { validKeys } from '../../src/study/schema.js';
import { parseStudySpec } from '../../src/public/study.js';
import { defaultTrainSettings } from '../../src/train/index.js';
import '../../src/graph-files/register.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...sections.flatMap((section) => section.pages.map(({ file }) => `docs/${file}`)),
];

/** Text with line breaks and runs of spaces as one space. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(path: string): string[] {
  return [
    ...read(path)
      .replace(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map((match) => anchorOf(match[1]));
}

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    for (const [, target] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file, anchor] = target.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      expect(existsSync(join(ROOT, path)), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(path), target).toContain(anchor);
    }
  });

  it('names source files that exist', () => {
    for (const [, path] of read(page).matchAll(
      /`((?:src|native|test|scripts|examples|bench)\/[\w./-]+)`/g,
    )) {
      if (path.startsWith('native/build')) continue;
      expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });
});

describe('docs/tour.md', () => {
  it('counts families and measures right', () => {
    const page = flat(read('docs/tour.md'));
    expect(page).toContain(`[${graphFamilies.length} families](families/README.md)`);
    expect(page).toContain(`[${graphMeasures.length} measures](measures/README.md)`);
  });

  it('shows the terminal of the quick study as docs/images has it', () => {
    const [, shown] = /<!-- docs\/images\/terminal\.txt -->\n```text\n([\s\S]*?)\n```/.exec(
      read('docs/tour.md'),
    )!;
    expect(shown.trimEnd()).toBe(read('docs/images/terminal.txt').trimEnd());
  });
});

describe('docs/architecture.md', () => {
  it('has the imports that the lint allows', () => {
    const rules = [
      ...read('.oxlintrc.json').matchAll(
        /"message": "((?:src\/)?[\w-]+) may import only from: ([^(]+) \(/g,
      ),
    ];
    expect(rules.length).toBeGreaterThan(8);
    for (const [, room, allowed] of rules) {
      const row = read('docs/architecture.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${room}\` |`));
      expect(row?.split('|').at(-2)?.trim(), room).toBe(allowed);
    }
  });
});

describe('docs/engine.md', () => {
  it('lists exactly the ops of a program', () => {
    const ops = Object.keys(OPS);
    const [, section] = /^## Calls\n([\s\S]*?)^## /m.exec(read('docs/engine.md'))!;
    expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])).toEqual(ops);
  });

  it('lists exactly the methods of an executable', () => {
    const [, methods] = /interface Executable \{([\s\S]*?)\n\}/.exec(read('src/engine/types.ts'))!;
    const names = [...methods.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]);
    const [, section] = /^## The contract of a backend\n([\s\S]*?)^## /m.exec(
      read('docs/engine.md'),
    )!;
    expect([...section.matchAll(/^\| `(\w+)\(/gm)].map((match) => match[1]).sort()).toEqual(
      names.sort(),
    );
  });
});

describe('docs/numbers.md', () => {
  const page = flat(read('docs/numbers.md'));

  it.each(Object.entries(DEFINITIONS))('defines %s as the report does', (_, { term, meaning }) => {
    // The measures stand under the names that JSON gives them.
    const isMeasure = Object.values(measureDefinitions).includes(meaning);
    expect(isMeasure || page.includes(flat(`**${term}.** ${meaning}`)), `${term}: ${meaning}`).toBe(
      true,
    );
  });

  it.each(Object.entries(measureDefinitions))('defines %s as the command does', (name, meaning) => {
    expect(page.includes(flat(`**${name}.** ${meaning}`)), `${name}: ${meaning}`).toBe(true);
  });
});

describe('docs/studies.md', () => {
  const page = read('docs/studies.md');
  const rowOf = (key: string, after: string): string | undefined =>
    page
      .slice(page.indexOf(after))
      .split('\n')
      .find((line) => line.startsWith(`| \`${key}\` |`));

  it('has every key of a spec', () => {
    for (const key of validKeys['']) expect(rowOf(key, '## The spec'), key).toBeDefined();
    for (const key of validKeys['data']) expect(rowOf(key, 'Keys of `data`'), key).toBeDefined();
    for (const key of validKeys['search'])
      expect(rowOf(key, 'Keys of `search`'), key).toBeDefined();
    for (const key of validKeys['confirm'])
      expect(rowOf(key, 'Keys of `confirm`'), key).toBeDefined();
    for (const kind of ['compare', 'correlation', 'text'])
      for (const key of predictionKeys([], kind))
        expect(rowOf(key, 'Keys of a prediction'), key).toBeDefined();
    const rows = page
      .slice(page.indexOf('Keys of `train`'), page.indexOf('Examples:'))
      .match(/^\| `(\w+)` \|/gm);
    expect(rows).toEqual(validKeys['train'].map((key) => `| \`${key}\` |`));
  });

  it('has the defaults of training', () => {
    for (const [key, value] of Object.entries(defaultTrainSettings)) {
      expect(rowOf(key, 'Keys of `train`')?.split('|').at(-2)?.trim(), key).toBe(String(value));
    }
  });

  it('shows a spec that is valid, with every setting', () => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    const spec = parseStudySpec(
      yaml.replace('file: more-graphs.txt', 'ws-flex:set=52'),
      join(ROOT, 'examples/example.yaml'),
    );
    expect(spec.seeds).toEqual([1, 2, 3]);
    expect(Object.keys((parse(yaml) as { train: object }).train)).toEqual(validKeys['train']);
  });

  it('has every field of the log', () => {
    const fields = read('src/study/types.ts') + read('src/train/types.ts');
    const names = ['Trial', 'TrialFacts', 'EpochRecord'].flatMap((name) => {
      const [, body] = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(fields)!;
      return [...body.matchAll(/readonly (\w+):/g)].map((match) => match[1]);
    });
    expect(names.length).toBeGreaterThan(15);
    for (const name of [...names, 'status', 'facts', 'epochs', 'error', 'reason', 'seconds'])
      expect(rowOf(name, '## The log'), name).toBeDefined();
  });
});

describe('docs/data.md', () => {
  const page = flat(read('docs/data.md'));

  it('has the archive, the classes and the numbers of the code', () => {
    const grouped = (value: number): string => value.toLocaleString('en-US');
    const facts = [
      ...[cifar10Layout.archive, cifar100Layout.archive, ...fashionMnistFiles].flatMap(
        ({ url, md5, bytes }) => [url, md5, grouped(bytes)],
      ),
      fashionMnist.facts!.classes.join(', '),
      dataNames()
        .map((name) => `\`${name}\``)
        .join(', '),
      shapeClasses.join(', '),
      `${grouped(shapeDefaults.train)}, or as many`,
      `${grouped(shapeDefaults.test)}, or as many`,
      `any side from ${shapeLimits.leastSize} to ${shapeLimits.mostSize}`,
      `| normalisation, mean | 125.3, 123.0, 113.9 | ${normalisation.mean[0]} |`,
      `| 63.0, 62.1, 66.7 | ${normalisation.std[0]} |`,
      `up to ${difficulty.distractors} pieces`,
      `probability ${difficulty.occlusion}`,
      `| ${difficulty.radius.join(' to ')} of the side |`,
      `up to ${difficulty.offset} of the side`,
      `up to ${Math.round((360 / Math.PI) * Math.atan(difficulty.turn))} degrees`,
      `up to ${100 * difficulty.stretch} %`,
      `| ${difficulty.background.join(' to ')} |`,
      `| ${difficulty.contrast.join(' to ')} |`,
      `| ${difficulty.noise} |`,
    ];
    for (const fact of facts) expect(page.includes(fact), fact).toBe(true);
  });
});

describe('docs/cli.md', () => {
  it('has every family of graphs with its parameters', () => {
    for (const { name, params } of graphFamilies) {
      const row = read('docs/cli.md')
        .split('\n')
        .find((line) => line.startsWith(`| [\`${name}\`](families/${name}.md) |`));
      for (const info of params) expect(row, name).toContain(`\`${info.name}\``);
    }
  });
});

describe('CONTRIBUTING.md', () => {
  it('lists every script of golden values, and npm scripts that exist', () => {
    const scripts = readdirSync(join(ROOT, 'test/golden')).filter((name) => name.endsWith('.py'));
    const listed = [...read('CONTRIBUTING.md').matchAll(/^\| `(make-[\w-]+\.py)` \|/gm)].map(
      (match) => match[1],
    );
    expect(listed.sort()).toEqual(scripts.sort());
    const known = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    for (const [, name] of read('CONTRIBUTING.md').matchAll(/`npm run ([\w:]+)`/g))
      expect(known).toContain(name);
  });
});
