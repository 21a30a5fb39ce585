import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `test/${file.replaceAll('\\', '/')}`);
const isTest = (file: string): boolean => file.endsWith('.test.ts');

/** The files that import a module of that name from beside or above them. */
const importersOf = (name: string): string[] =>
  tests.filter((file) =>
    new RegExp(`from '(?:\\.{1,2}/)+${name}\\.js'`).test(readFileSync(file, 'utf8')),
  );

/** The files with a long form: those that ask for it (test/long.ts), or a suite of theirs does. */
function longFiles(): string[] {
  const asking = importersOf('long');
  const suites = asking.filter((file) => !isTest(file)).map((file) => basename(file, '.ts'));
  return [...asking, ...suites.flatMap(importersOf)].filter(isTest);
}

/**
 * The files that take longest, the longest first. Otherwise a fresh clone, which has no times of its
 * own yet, begins with those that are long to read, and one of these runs alone at the end.
 */
const LONGEST = [
  'study/damage',
  'engine/fifty-steps',
  'package/installed',
  'studio/studies',
  'engine/backends',
  'studio/explore',
  'studio/train',
  'cli/study',
  'study/resume',
  'studio/events',
  'analysis/strata',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig(({ mode }) => ({
  plugins: [
    {
      name: 'longest-first',
      configureVitest: ({ vitest: { config } }) => {
        // An order that was asked for, as by --sequence.shuffle.files, stays.
        if (config.sequence.sequencer === BaseSequencer) config.sequence.sequencer = LongestFirst;
      },
    },
  ],
  test: {
    include: mode === 'long' ? longFiles() : ['test/**/*.test.ts'],
    env: { PLEXUS_LONG: mode === 'long' ? '1' : '0' },
    testTimeout: mode === 'long' ? 600_000 : 60_000,
    hookTimeout: 120_000,
    // Modules are loaded once a process, not once a file: loading them again took most of the time.
    // So tests leave nothing behind that another file would notice (CONTRIBUTING.md).
    pool: 'forks',
    isolate: false,
    setupFiles: ['test/setup.ts'],
    tags: [{ name: 'long', description: 'tests with a long form, see test/long.ts' }],
    maxWorkers: Math.max(2, availableParallelism()),
  },
}));
