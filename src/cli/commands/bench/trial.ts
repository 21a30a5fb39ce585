import type { Command } from 'commander';
import { formatGraphSpec, parseGraphSpec } from '../../../graph/spec.js';
import { architecture } from '../../../network/architectures/registry.js';
import { wholeNumber } from '../../arguments.js';
import { fastBackend } from '../../bench/backend.js';
import { measureTrial } from '../../bench/trial.js';
import { trialDefinitions, trialReport } from '../../bench/trial-report.js';
import { outJson, type RegisterCommand } from '../../context.js';

interface TrialCommandOptions {
  readonly arch: string;
  readonly graph: string;
  readonly epochs: number;
  readonly trainImages: number;
  readonly testImages: number;
  readonly backend: string;
  readonly json?: boolean;
}

const HELP = `
Trains one trial as a study does, on the built-in data set "shapes", and tells where its time goes.
With --json one object: {arch, graph, epochs, trainImages, testImages, backend, seconds, parts,
checkpointEvery, steps, shares, definitions}, times in seconds, shares of a step as fractions.
--backend and --json are those of "plexus bench".

Example:
  $ plexus bench trial --arch cnn --train-images 640`;

/** `plexus bench trial`: where the time of a trial goes. */
export const registerBenchTrial: RegisterCommand = (bench, context) => {
  bench
    .command('trial')
    .description("where a trial's time goes: start, data, weights, steps, evaluation, checkpoint")
    .option('--arch <name>', 'architecture', 'mlp')
    .option('--graph <spec>', 'graph spec', 'ws-flex:n=64,k=8,p=0.2,seed=1')
    .option('--epochs <count>', 'epochs', wholeNumber(1), 3)
    .option('--train-images <count>', 'training images', wholeNumber(1), 2560)
    .option('--test-images <count>', 'test images', wholeNumber(1), 512)
    .addHelpText('after', HELP)
    .action(async (_: unknown, command: Command) => {
      const { backend, json, ...options } = command.optsWithGlobals<TrialCommandOptions>();
      const times = await measureTrial(
        fastBackend(backend, (line) => context.note(line)),
        {
          arch: architecture(options.arch).name,
          graph: formatGraphSpec(parseGraphSpec(options.graph)),
          epochs: options.epochs,
          trainImages: options.trainImages,
          testImages: options.testImages,
        },
        { signal: context.signal },
      );
      if (json) outJson(context, { ...times, definitions: trialDefinitions });
      else for (const line of trialReport(times)) context.out(line);
    });
};
