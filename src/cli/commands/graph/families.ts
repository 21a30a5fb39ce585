import { must } from '../../../core/errors.js';
import { graphFamilies } from '../../../graph/registry.js';
import { exampleSpec } from '../../../graph/spec.js';
import type { GraphFamily } from '../../../graph/types.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';

/** `plexus graph families`. */
export const registerFamilies: RegisterCommand = (graph, context) => {
  graph
    .command('families')
    .description('List the families of graphs and their parameters.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ plexus graph families')
    .action((options: { json?: true }) => listFamilies(options, context));
};

function listFamilies(options: { json?: true }, context: CliContext): void {
  if (options.json)
    outJson(
      context,
      graphFamilies.map((family) => ({
        name: family.name,
        meaning: family.meaning,
        params: family.params,
        example: exampleSpec(family),
      })),
    );
  else context.out(graphFamilies.map(familyText).join('\n\n'));
}

function familyText(family: GraphFamily): string {
  const names = family.params.map(({ name, positional }) => (positional ? `<${name}>` : name));
  const width = Math.max(...names.map((name) => name.length));
  const params = family.params.map((info, at) => {
    const preset =
      info.default === undefined
        ? 'required'
        : `default ${info.default === '' ? 'none' : info.default}`;
    return `  ${must(names[at]).padEnd(width)}  ${info.meaning} (${info.type}, ${info.range}; ${preset})`;
  });
  return [
    `${family.name}: ${family.meaning}`,
    ...params,
    `  for example ${exampleSpec(family)}`,
  ].join('\n');
}
