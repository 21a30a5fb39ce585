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
    setupFiles: ['/tmp/vt-setup.ts'],
    include: mode === 'long' ? longFiles() : ['test/**/*.test.ts'],
    env: { PLEXUS_LONG: mode === 'long' ? '1' : '0' },
    testTimeout: mode === 'long' ? 600_000 : 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism()),
  },
}));
