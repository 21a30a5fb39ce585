import { graphFamilies, type GraphFamily } from '../../../graph/index.js';
import { outJson, type CliContext, type RegisterCommand } from '../../context.js';

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
  if (options.json) outJson(context, graphFamilies.map(({ name, meaning, params }) => ({ name, meaning, params })));
  else context.out(graphFamilies.map(familyText).join('\n\n'));
}

function familyText(family: GraphFamily): string {
  const params = family.params.map((info) => {
    const preset = info.default === undefined ? 'required' : `default ${info.default}`;
    return `  ${info.name.padEnd(6)}${info.meaning} (${info.type}, ${info.range}; ${preset})`;
  });
  return [`${family.name}: ${family.meaning}`, ...params].join('\n');
}
