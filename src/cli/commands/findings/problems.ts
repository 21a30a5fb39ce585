import { plural } from '../../../analysis/text.js';
import { type CliContext, CommandFailed } from '../../context.js';

/** Names what was left out of a folder of results; throws `CommandFailed` where there is any. */
export function failOnProblems(
  problems: readonly string[],
  directory: string,
  context: CliContext,
): void {
  for (const problem of problems) context.note(`left out: ${problem}`);
  if (problems.length > 0)
    throw new CommandFailed(
      `${plural(problems.length, 'thing')} in ${directory} ` +
        `${problems.length === 1 ? 'was' : 'were'} not sound and left out`,
    );
}
