import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Command, Option } from 'commander';
import { messageOf, UserError } from '../../../core/errors.js';
import { engines } from '../../../executors/engines/registry.js';
import {
  type Engine,
  type EngineFile,
  type EngineRequest,
  OUTPUT_FOLDER,
} from '../../../executors/engines/types.js';
import { errorCode, makeDirectory, writeFileAtomic } from '../../../platform/fs.js';
import { planStudy, type StudyPlan, trainingMemory } from '../../../runner/plan.js';
import { beginStudy } from '../../../runner/run.js';
import { duration, wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed } from '../../context.js';
import { locate } from './run.js';

interface SubmitFlags {
  readonly out?: string;
  readonly tasks?: number;
  readonly together?: number;
  readonly cpus: number;
  readonly memory?: number;
  readonly time?: number;
  readonly image?: string;
  readonly volume?: string;
  readonly program?: string;
  readonly dataDir?: string;
  readonly extra: readonly string[];
  readonly print?: boolean;
}

/** Tasks where nobody says how many: enough to be of use, few enough for any queue. */
const TASKS = 16;
/** A batch system that does not answer within so many milliseconds is asked again, so often. */
const PATIENCE = { milliseconds: 60_000, times: 3, pause: 2000 } as const;

const HELP = `
Begins the study that SPEC.yaml describes (or takes the one in DIR) and hands so many workers, each a
plexus study work, to a batch system that the machine at hand can talk to. Nothing else is needed:
no server, no database. The directory must be at the same path on all machines. --print shows what
would be submitted, and submits and writes nothing.

A worker ends with 0 when nothing is left, with 85 when it is to be started again (out of time,
preempted), with 42 when that would be of no use; the scripts see to it. Networks that one machine
cannot train are not for this: see docs/clusters.md.

Examples:
  $ plexus study submit study.yaml --slurm --tasks 50 --cpus 8 --time 4h
  $ plexus study submit studies/quick --kubernetes --image plexus --volume studies --print`;

/** Adds `plexus study submit` to `plexus study`. */
export function registerSubmit(study: Command, context: CliContext): void {
  const command = study
    .command('submit')
    .description('hand a study to the machines of a batch system')
    .argument('<spec-or-dir>', 'a study spec (YAML) or the directory of a study');
  for (const { name, title } of engines) command.addOption(new Option(`--${name}`, `to ${title}`));
  command
    .option('--out <dir>', 'directory of the study (default: studies/NAME)')
    .option(
      '--tasks <count>',
      `worker processes (default: ${TASKS}, or fewer trials)`,
      wholeNumber(1, 100_000),
    )
    .option('--together <count>', 'of them at most so many at once', wholeNumber(1, 100_000))
    .option('--cpus <count>', 'processors of each: trials at a time', wholeNumber(1, 1024), 1)
    .option('--memory <MiB>', 'memory of each (default: what its trials take)', wholeNumber(1))
    .option('--time <time>', 'wall time of each: 55m, 4h (default: the system’s)', duration)
    .option('--image <image>', 'container image with plexus (Kubernetes, AWS Batch)')
    .option('--volume <name>', 'volume that holds the studies: a claim, or an EFS file system')
    .option('--program <words>', 'how a machine calls plexus (default: as this one does)')
    .option('--data-dir <dir>', 'where data sets are on the machines')
    .option(
      '--extra <line>',
      'a further line for the system, as it is; may be repeated',
      gather,
      [],
    )
    .option('--print', 'show what would be submitted; submit and write nothing')
    .addHelpText('after', HELP)
    .action((target: string, flags: SubmitFlags & Readonly<Record<string, unknown>>) =>
      submit(context, target, flags),
    );
}

function gather(line: string, before: readonly string[]): readonly string[] {
  return [...before, line];
}

async function submit(
  context: CliContext,
  target: string,
  flags: SubmitFlags & Readonly<Record<string, unknown>>,
): Promise<void> {
  const engine = engineOf(flags);
  for (const need of engine.needs)
    if (flags[need] === undefined)
      throw new UserError(`${engine.title} needs --${need}; plexus study submit --help says what`);
  for (const option of engine.knowsNot)
    if (option === 'extra' ? flags.extra.length > 0 : flags[option] !== undefined)
      throw new UserError(`--${option} means nothing to ${engine.title}; leave it out`);
  const options = {
    ...locate(target, flags.out, undefined),
    data: { env: context.env, dataDir: flags.dataDir },
    note: (line: string) => context.note(line),
    signal: context.signal,
  };
  const print = flags.print === true;
  // Asked first: a machine that cannot submit begins nothing.
  const most = print ? engine.mostTasks : await mostTasks(engine);
  const plan = print ? await planStudy(options) : await beginStudy(options);
  const files = engine.files(requestOf(plan, flags), most);
  if (print) {
    for (const { text } of files) context.out(text.trimEnd());
    return;
  }
  makeDirectory(join(resolve(plan.paths.directory), OUTPUT_FOLDER));
  for (const file of files) {
    const path = join(resolve(plan.paths.directory), file.name);
    writeFileAtomic(path, file.text);
    context.out(`submitted ${path}: ${(await hand(engine, file, path)).trim()}`);
  }
  context.note(`see how it goes with: plexus study status ${plan.paths.directory}`);
}

function engineOf(flags: Readonly<Record<string, unknown>>): Engine {
  const key = ({ name }: Engine): string =>
    name.replaceAll(/-(\w)/g, (_, c: string) => c.toUpperCase());
  const [engine, ...others] = engines.filter((each) => flags[key(each)] === true);
  if (engine === undefined || others.length > 0)
    throw new UserError(
      `the batch system must be one of ${engines.map(({ name }) => `--${name}`).join(', ')}; give one`,
    );
  return engine;
}

function requestOf(plan: StudyPlan, flags: SubmitFlags): EngineRequest {
  const { spec, paths } = plan;
  const trials = (spec.graphs.length + 1) * spec.seeds.length;
  const trialMemory = trainingMemory(plan);
  return {
    study: spec.name,
    directory: resolve(paths.directory),
    program: flags.program?.split(/\s+/).filter((word) => word !== '') ?? ownProgram(),
    tasks: flags.tasks ?? Math.min(TASKS, Math.ceil(trials / flags.cpus)),
    together: flags.together ?? null,
    cpus: flags.cpus,
    memory: flags.memory ?? 300 + trialMemory * flags.cpus,
    trialMemory,
    seconds: flags.time ?? null,
    dataDir: flags.dataDir === undefined ? null : resolve(flags.dataDir),
    image: flags.image ?? null,
    volume: flags.volume ?? null,
    extra: flags.extra,
  };
}

/** The program that runs now, by its whole path: there it lies on a file system that is shared. */
function ownProgram(): readonly string[] {
  const [node, main] = process.argv;
  return main === undefined ? ['plexus'] : [node ?? 'node', resolve(main)];
}

/** How many tasks a job may have on this system. */
async function mostTasks({ ask, mostTasks: usual, title }: Engine): Promise<number | null> {
  if (ask === undefined) return usual;
  return ask.read(await run(title, ask.command)) ?? usual;
}

function hand({ title }: Engine, { submit: words }: EngineFile, path: string): Promise<string> {
  return run(
    title,
    words.map((word) => (word === '{}' ? path : word)),
  );
}

/** Runs a batch system's command; one that hangs or is busy is asked again. */
async function run(title: string, [program = '', ...words]: readonly string[]): Promise<string> {
  const { milliseconds, times, pause } = PATIENCE;
  for (let attempt = 1; ; attempt++) {
    try {
      const { stdout } = await promisify(execFile)(program, words, { timeout: milliseconds });
      return stdout;
    } catch (error) {
      if (errorCode(error) === 'ENOENT')
        throw new UserError(
          `${title} must be at hand, but there is no ${program} on this machine; submit from one ` +
            'that has it, or see the script with --print',
          { cause: error },
        );
      if (attempt === times)
        throw new CommandFailed(`${program} did not take the job: ${messageOf(error).trim()}`, {
          cause: error,
        });
      await sleep(pause * attempt);
    }
  }
}
