import { fastBackend, fastBackendNames } from '../bench/backend.js';
import { definitions } from '../bench/definitions.js';
import { FULL, measureBench, QUICK } from '../bench/measure.js';
import { benchReport } from '../bench/report.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { registerBenchRewire } from './bench/rewire.js';
import { registerBenchStep } from './bench/step.js';
import { registerBenchTrial } from './bench/trial.js';

interface BenchCommandOptions {
  readonly backend: string;
  readonly quick?: boolean;
  readonly json?: boolean;
}

const HELP = `
Everything runs on one core, in this one process, in turn; only "threads" takes two. Other work on
the machine lowers the numbers; ratios within one run suffer less. With --json one object is
printed: {backend, peak: {backend, core},
exchange: [...], convolution: [...], depthwise, steps: [...], convSteps: [...], threads: [...],
definitions}, rates in GFLOP/s, times in ms.

Example:
  $ plexus bench --quick`;

/** `plexus bench`: how fast the kernels and the training step are here. */
export const registerBench: RegisterCommand = (program, context) => {
  const command = program
    .command('bench')
    .description(
      'measure the speed of message exchange, convolutions and training steps on this machine',
    )
    .option('--backend <name>', fastBackendNames.join(', '), 'auto')
    .option('--quick', 'about a minute instead of some four; single convolutions on smaller planes')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((options: BenchCommandOptions) => bench(context, options));
  registerBenchStep(command, context);
  registerBenchRewire(command, context);
  registerBenchTrial(command, context);
};

async function bench(
  context: CliContext,
  { backend: name, quick, json }: BenchCommandOptions,
): Promise<void> {
  const note = (line: string): void => context.note(line);
  const backend = fastBackend(name, note);
  const result = await measureBench(backend, {
    scale: quick ? QUICK : FULL,
    signal: context.signal,
    note,
  });
  if (json) outJson(context, { ...result, definitions });
  else for (const line of benchReport(result)) context.out(line);
}
