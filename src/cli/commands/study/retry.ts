import type { Command } from 'commander';
import { retryTrials } from '../../../runner/retry.js';
import { wholeNumber } from '../../arguments.js';
import type { CliContext } from '../../context.js';

const HELP = `
What was recorded of these trials stays in the logs and counts no more; whoever works at the study
trains them again: running workers at once, else the next plexus study run or plexus study work.

Example:
  $ plexus study retry studies/quick`;

/** Adds `plexus study retry` to `plexus study`. */
export function registerRetry(study: Command, context: CliContext): void {
  study
    .command('retry')
    .description('ask for failed trials to be run again; also while workers run')
    .argument('<dir>', 'the directory of a study')
    .argument('[trials...]', 'numbers of trials (default: all that failed)')
    .addHelpText('after', HELP)
    .action(async (directory: string, trials: readonly string[]) => {
      const again = await retryTrials(directory, trials.map(wholeNumber(0)));
      context.out(
        again.length === 0
          ? 'no trial failed: nothing to run again'
          : `to be run again: ${again.length === 1 ? 'trial' : 'trials'} ${again.join(', ')}`,
      );
    });
}
