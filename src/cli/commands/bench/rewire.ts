import type { Command } from 'commander';
import type { Shape } from '../../../core/shape.js';
import { parseGraphSpec } from '../../../graph/spec.js';
import { architecture } from '../../../network/architectures/registry.js';
import { matchBudget } from '../../../network/design.js';
import { sampleShape, wholeNumber } from '../../arguments.js';
import { fastBackend } from '../../bench/backend.js';
import { measureRewiring, type RewireResult } from '../../bench/rewire.js';
import { outJson, type RegisterCommand } from '../../context.js';
import { formatTable } from '../../format.js';
import '../../../graph-files/register.js';

interface RewireCommandOptions {
  readonly arch: string;
  readonly input: Shape;
  readonly every: number;
  readonly seconds: number;
  readonly backend: string;
  readonly json?: boolean;
}

const DEFINITIONS = {
  stepsPerSecond:
    'Training steps of 128 images (into the batch, forward, loss, backward, update) a second, with ' +
    'the rewirings among them, median of the rounds.',
  ofKept:
    'Over those of the same network whose graph stays in the same round, median of the rounds.',
} as const;

const HELP = `
The same network is trained with its graph kept and rewired by every rule, in turn on one core; each
turn is --every updates and one rewiring of 0.3 of the pairs, which is the largest there is. With --json
one object: {arch, graph, backend, every, rules: [{rule (null: kept), stepsPerSecond, ofKept, stepsOfKept,
rewiring, rounds}],
definitions}.

Example:
  $ plexus bench rewire ws-flex:n=64,k=8,p=0.2,seed=1 --seconds 30`;

/** `plexus bench rewire`: what rewiring costs a training. */
export const registerBenchRewire: RegisterCommand = (bench, context) => {
  bench
    .command('rewire')
    .description('how many training steps a second are left where the graph is rewired')
    .argument('[spec]', 'graph spec', 'ws-flex:n=64,k=8,p=0.2,seed=1')
    .option('--arch <name>', 'architecture', 'mlp')
    .option(
      '--input <shape>',
      'images as CHANNELSxHEIGHTxWIDTH (default: 3x32x32)',
      sampleShape,
      sampleShape('3x32x32'),
    )
    .option('--every <updates>', 'updates between two rewirings', wholeNumber(1, 10_000), 100)
    .option('--seconds <count>', 'time to measure in', wholeNumber(1, 3600), 30)
    .addHelpText('after', HELP)
    .action(async (graph: string, _: unknown, command: Command) => {
      const { arch, input, every, seconds, backend, json } =
        command.optsWithGlobals<RewireCommandOptions>();
      const name = architecture(arch).name;
      const network = matchBudget(name, parseGraphSpec(graph), { input });
      const found = fastBackend(backend, (line) => context.note(line));
      const rules = await measureRewiring(found, network, {
        every,
        seconds,
        signal: context.signal,
      });
      if (json)
        outJson(context, {
          arch: name,
          graph,
          backend: found.info.name,
          every,
          rules,
          definitions: DEFINITIONS,
        });
      else {
        context.out(tableOf(rules));
        context.note(Object.values(DEFINITIONS).join(' '));
      }
    });
};

const tableOf = (rules: readonly RewireResult[]): string =>
  formatTable(
    [
      { title: 'graph' },
      ...['steps a second', 'of kept', 'steps alone', 'ms a rewiring', 'rounds'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rules.map(({ rule, stepsPerSecond, ofKept, stepsOfKept, rewiring, rounds }) => [
      rule ?? 'kept',
      stepsPerSecond.toFixed(1),
      ofKept.toFixed(3),
      stepsOfKept.toFixed(3),
      rewiring === null ? '' : rewiring.toFixed(0),
      String(rounds),
    ]),
  );
