import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The files that have a long form: those that ask for it (test/long.ts). */
const longFiles = (): string[] =>
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => /from '(?:\.\.\/)+long\.js'/.test(readFileSync(file, 'utf8')));

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'long' ? longFiles() : ['test/**/*.test.ts'],
    env: { PLEXUS_LONG: mode === 'long' ? '1' : '0' },
    testTimeout: mode === 'long' ? 600_000 : 60_000,
    hookTimeout: 120_000,
    // Modules are loaded once a process, not once a file: loading them again took most of the time.
    // So tests leave nothing behind that another file would notice (docs/architecture.md).
    pool: 'forks',
    isolate: false,
    setupFiles: ['test/setup.ts'],
    tags: [{ name: 'long', description: 'tests with a long form, see test/long.ts' }],
    maxWorkers: Math.max(2, availableParallelism()),
  },
}));
