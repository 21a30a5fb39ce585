import type { DataOptions } from '../../platform/places.js';
import { packageVersion } from '../../platform/version.js';
import { type CliContext, CommandFailed, outJson, type RegisterCommand } from '../context.js';
import { backendChecks, tryBackends } from '../doctor/backends.js';
import type { Check } from '../doctor/check.js';
import { dataChecks, machineChecks, placeChecks, thisMachine } from '../doctor/machine.js';

interface DoctorOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

const HELP = `
Every backend that is here trains a tiny network against the float64 reference. ok: fine. warn:
works, with a limit.
fail: studies cannot do without it. An arrow says what to do. peak: fp32 multiply-adds of one core
in GFLOP/s, a multiply-add is 2. With --json one object is printed: {version, ok, checks: [{name,
status, detail, remedy}], machine, backends}, sizes in bytes.

Exit status: 0 nothing failed, 1 something did.

Example:
  $ plexus doctor`;

/** `plexus doctor`: what works on this machine, and what to do about the rest. */
export const registerDoctor: RegisterCommand = (program, context) => {
  program
    .command('doctor')
    .description('check what works on this machine and say what to do about the rest')
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((options: DoctorOptions) => doctor(context, options));
};

async function doctor(context: CliContext, { dataDir, json }: DoctorOptions): Promise<void> {
  const data: DataOptions = { env: context.env, ...(dataDir !== undefined && { dataDir }) };
  const machine = thisMachine();
  const backends = await tryBackends();
  const checks = [
    ...machineChecks(machine),
    ...backendChecks(backends),
    ...dataChecks(data),
    ...placeChecks(context.env, process.cwd()),
  ];
  const failed = checks.filter(({ status }) => status === 'fail');
  if (json)
    outJson(context, {
      version: packageVersion(),
      ok: failed.length === 0,
      checks,
      machine,
      backends,
    });
  else
    for (const line of [`plexus ${packageVersion()}`, ...checks.flatMap(linesOf)])
      context.out(line);
  if (failed.length > 0)
    throw new CommandFailed(
      `${failed.length} of ${checks.length} checks failed: ` +
        failed.map(({ name }) => name).join(', '),
    );
}

function linesOf({ name, status, detail, remedy }: Check): string[] {
  const line = `${status.padEnd(4)}  ${name.padEnd(17)}  ${detail}`;
  return remedy === null ? [line] : [line, `${' '.repeat(25)}-> ${remedy}`];
}
