import { Option } from 'commander';
import { type GivenSearch, STUDY_POLICIES } from '../../study/schema.js';
import { wholeNumber } from '../arguments.js';
import type { CliContext, RegisterCommand } from '../context.js';
import { run, runOptions, type RunOptions } from './study/run.js';

interface SearchFlags extends RunOptions {
  readonly trainings?: number;
  readonly policy?: GivenSearch['policy'];
  readonly halving?: boolean;
  readonly together?: number;
}

const HELP = `
A search is a study that trains only what it needs: the graphs of SPEC.yaml are what it may choose
from. It learns the error as a smooth surface over C, L and log density, with its uncertainty, and
trains the graph from which most is expected for the final choice. The options stand for the keys of
a search section in SPEC.yaml (docs/studies.md) and go before them; DIR continues the search that
lies there. It can be stopped at any time and goes on with the same command.

The budget is counted in whole trainings of graphs. With --halving trainings are compared on their
way, and only the best third goes on from each rung; a stopped one costs its epochs only. The
baseline is trained three times beside the budget.

With --json the last line on standard output is one JSON object, as of plexus study run.

Exit status: 0 the search has ended, 1 some trainings failed, 2 bad spec or directory, 130 stopped.

Examples:
  $ plexus search examples/search.yaml
  $ plexus search examples/quick.yaml --trainings 24 --out studies/quick-search`;

/** `plexus search`: a good graph with few trainings. */
export const registerSearch: RegisterCommand = (program, context) => {
  runOptions(
    program
      .command('search')
      .description('find a good graph with few trainings')
      .argument(
        '<spec-or-dir>',
        'a study spec (YAML), whose graphs are the candidates, or the directory of a search',
      ),
  )
    .option('--trainings <count>', 'the budget, in whole trainings', wholeNumber(1, 1_000_000))
    .addOption(new Option('--policy <name>', 'what chooses the trainings').choices(STUDY_POLICIES))
    .option('--halving', 'stop trainings early (successive halving)')
    .option('--no-halving', 'train everything that is begun to its end')
    .option('--together <count>', 'trainings chosen at a time', wholeNumber(1, 1000))
    .addHelpText('after', HELP)
    .action((target: string, flags: SearchFlags) => search(context, target, flags));
};

async function search(context: CliContext, target: string, flags: SearchFlags): Promise<void> {
  const { trainings, policy, halving, together } = flags;
  const given = Object.entries({ trainings, policy, halving, together });
  await run(
    context,
    target,
    flags,
    Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  );
}
