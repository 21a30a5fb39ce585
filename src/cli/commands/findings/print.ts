import type { Section } from '../../../analysis/findings/sections/types.js';
import type { CliContext } from '../../context.js';
import { formatTable } from '../../format.js';

/** One of the paper's claims as text: what was found, the verdict, what the numbers are. */
export function printSection(
  { title, claim, columns, rows, agreeing, checked, verdict, definition }: Section,
  context: CliContext,
): void {
  context.out('');
  context.out(title);
  context.out(`Paper: ${claim}`);
  if (rows.length > 0)
    context.out(
      formatTable(
        columns.map((column) => ({ title: column })),
        rows,
      ),
    );
  if (checked > 0)
    context.out(`${agreeing} of ${checked} published figures come out of the published data.`);
  context.out(`Verdict: ${verdict}`);
  context.out(`Numbers: ${definition}`);
}
