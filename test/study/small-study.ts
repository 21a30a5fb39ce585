import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A real study that takes a second or two: 8 trials on small pictures. */
export const SMALL_STUDY = `plexus: 1
name: small
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=8
graphs:
  - ws-flex:n=8,k=4,p=0,seed=1
  - ws-flex:n=8,k=4,p=0.5,seed=1
  - ws-flex:n=8,k=2,p=0.5,seed=1
seeds: 2
width: 32
train: {epochs: 2, batch: 32, learningRate: 0.05}
`;

const MAIN = resolve('dist/cli/main.js');

/** Starts the built command line, as a user would. */
export function startPlexus(...args: readonly string[]): ChildProcess {
  if (!existsSync(MAIN))
    throw new Error('dist is missing: run npm run build first (npm test does)');
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly notes: string;
}

/** Waits for the end of a process and collects what it wrote. */
export async function finished(child: ChildProcess): Promise<Finished> {
  let [out, notes] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  await once(child, 'close');
  return { status: child.exitCode, out, notes };
}

export function plexusProcess(...args: readonly string[]): Promise<Finished> {
  return finished(startPlexus(...args));
}

/** Whole lines of a study's log; 0 before it exists. */
export function logLines(directory: string): number {
  const path = join(directory, 'trials.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}
