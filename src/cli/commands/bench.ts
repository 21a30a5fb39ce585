import { fastBackend, fastBackendNames } from '../bench/backend.js';
import { measureBench } from '../bench/measure.js';
import { benchReport, definitions } from '../bench/report.js';
import { outJson, type CliContext, type RegisterCommand } from '../context.js';

interface BenchCommandOptions {
  readonly backend: string;
  readonly quick?: boolean;
  readonly json?: boolean;
}

const HELP = `
Everything runs on one core, in this one process, in turn. Other work on the machine lowers the numbers; ratios within
one run suffer less. With --json one object is printed: {backend, peak: {backend, core}, exchange: [...], steps: [...],
definitions}, rates in GFLOP/s, times in ms.

Example:
  $ plexus bench --quick`;

/** `plexus bench`: how fast the kernels and the training step are here. */
export const registerBench: RegisterCommand = (program, context) => {
  program
    .command('bench')
    .description('measure the speed of message exchange and of the training step on this machine')
    .option('--backend <name>', fastBackendNames.join(', '), 'auto')
    .option('--quick', 'a few seconds instead of most of a minute')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((options: BenchCommandOptions) => bench(context, options));
};

async function bench(context: CliContext, { backend: name, quick, json }: BenchCommandOptions): Promise<void> {
  const note = (line: string): void => context.note(line);
  const backend = fastBackend(name, note);
  const times = quick ? { exchangeSeconds: 2, stepSeconds: 4 } : { exchangeSeconds: 15, stepSeconds: 30 };
  const result = await measureBench(backend, { ...times, signal: context.signal, note });
  if (json) outJson(context, { ...result, definitions });
  else for (const line of benchReport(result)) context.out(line);
}
