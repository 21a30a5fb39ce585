import type { Command } from 'commander';
import { formatGraphSpec } from '../../../graph/spec.js';
import { architecture } from '../../../network/architectures/registry.js';
import { baselineNetwork, matchBudget } from '../../../network/design.js';
import { wholeNumber } from '../../arguments.js';
import { fastBackend } from '../../bench/backend.js';
import { measureSteps, type StepCase, type StepResult } from '../../bench/steps.js';
import { outJson, type RegisterCommand } from '../../context.js';
import { formatCount, formatTable } from '../../format.js';
import { specsOfWord } from '../graph/measure-words.js';
import '../../../graph-files/register.js';

interface StepCommandOptions {
  readonly arch: string;
  readonly seconds: number;
  readonly backend: string;
  readonly json?: boolean;
}

const DEFINITIONS = {
  milliseconds: 'A training step (forward, loss, backward, update) of 128 images, best of many.',
  ratioToDense:
    'Its time over that of the dense baseline in the same round, the median of the rounds.',
} as const;

const HELP = `
Every network has the multiply-adds of the dense one, so equal times mean equally fast kernels. All
are measured in turn on one core. With --json one object: {arch, backend, steps, definitions}; a step
has graph (null: dense), width, macs, milliseconds, ratioToDense.

Example:
  $ plexus bench step ws-flex:n=64,k=8,p=1 flat-butterfly:d=6 circulant:n=64,jumps=1-5-13-25`;

/** `plexus bench step`: how long steps of graphs take at the budget of the dense network. */
export const registerBenchStep: RegisterCommand = (bench, context) => {
  bench
    .command('step')
    .description('how long a training step of given graphs takes at equal multiply-adds')
    .argument('<spec...>', 'graph specs, sets or files')
    .option('--arch <name>', 'architecture', 'mlp')
    .option('--seconds <count>', 'time to measure in', wholeNumber(1, 3600), 20)
    .addHelpText('after', HELP)
    .action(async (words: string[], _: unknown, command: Command) => {
      const { arch, seconds, backend, json } = command.optsWithGlobals<StepCommandOptions>();
      const name = architecture(arch).name;
      const cases = stepsOf(words, name);
      const found = fastBackend(backend, (line) => context.note(line));
      const steps = await measureSteps(found, cases, { seconds, signal: context.signal });
      if (json)
        outJson(context, {
          arch: name,
          backend: found.info.name,
          steps: steps.map(told),
          definitions: DEFINITIONS,
        });
      else {
        context.out(tableOf(steps));
        context.note(Object.values(DEFINITIONS).join(' '));
      }
    });
};

/** The dense baseline, and a network of the same budget for each graph. */
function stepsOf(words: readonly string[], arch: string): StepCase[] {
  const graphs = words.flatMap(specsOfWord);
  return [
    { graph: null, density: null, network: baselineNetwork(arch) },
    ...graphs.map((graph) => ({
      graph: formatGraphSpec(graph),
      density: null,
      network: matchBudget(arch, graph),
    })),
  ];
}

const told = ({ graph, width, macs, loaded }: StepResult): Record<string, unknown> => ({
  graph,
  width,
  macs,
  milliseconds: loaded.milliseconds,
  ratioToDense: loaded.medianRatioToDense,
});

const tableOf = (steps: readonly StepResult[]): string =>
  formatTable(
    [
      { title: 'graph' },
      ...['width', 'MACs', 'ms a step', 'of dense'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    steps.map(({ graph, width, macs, loaded }) => [
      graph ?? 'dense',
      String(width),
      formatCount(macs),
      loaded.milliseconds.toFixed(2),
      loaded.medianRatioToDense.toFixed(2),
    ]),
  );
