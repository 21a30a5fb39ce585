import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = join(ROOT, 'docs/start-to-pytorch.md');

/** What stands for the study of `npm start`: the same steps with two graphs and few images. */
const SPEC = `plexus: 1
name: quick
arch: mlp
data: {name: shapes, size: 16, train: 512, test: 200}
baseline: complete:n=16
graphs: ['ws-flex:n=16,k=4,p=0.2,seed=3', 'ring-lattice:n=16,k=4']
width: 40
seeds: 2
train: {epochs: 1, batch: 64}
`;

/** A command of the page as it is run on the small study. */
function onSmallStudy(command: string): string {
  return command
    .replace('npm ci && npm start', 'plexus study run small.yaml')
    .replace('--train-images 48000 --test-images 4000', '--train-images 512 --test-images 200');
}

/** A command of the page, and what it printed on both of its outputs. */
export interface Step {
  readonly command: string;
  readonly printed: string;
}

/**
 * Does what docs/start-to-pytorch.md says, in an empty folder: its commands in their order, its
 * script in the file that it names.
 *
 * @param python the Python with PyTorch; null leaves out what needs it, and what comes after
 * @throws Error where a command fails
 */
export function walkPage(folder: string, python: string | null): Step[] {
  const page = readFileSync(PAGE, 'utf8');
  const [, name, script] = /^`([\w-]+\.py)`:\n\n```python\n([\s\S]*?)^```$/m.exec(page)!;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'small.yaml'), SPEC);
  writeFileSync(join(folder, name!), script!);
  const commands = [...page.matchAll(/^ {4}\$ (.*)$/gm)].map(([, command]) => command!);
  const first = commands.findIndex((command) => command.startsWith('python3 '));
  const asked = python === null ? commands.slice(0, first) : commands;
  return asked.map((command) => ({ command, printed: run(folder, onSmallStudy(command), python) }));
}

function run(cwd: string, line: string, python: string | null): string {
  const [program, ...words] = line.split(' ');
  const [file, args] =
    program === 'plexus'
      ? [process.execPath, [join(ROOT, 'dist/cli/main.js'), ...words]]
      : [python!, words];
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout + stderr;
}

/** The errors that steps told of the exported network, in %, as they printed them. */
export const errorsOf = (steps: readonly Step[]): string[] =>
  steps.flatMap(({ printed }) => {
    const [, told] =
      /test error (\S+) %$/m.exec(printed) ?? /\(seed \d+, (\S+) %\)/.exec(printed) ?? [];
    return told === undefined ? [] : [told];
  });
