import { findGraph } from '../../../graph/space/find.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import { realNumber, wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';

interface FindOptions {
  readonly nodes: number;
  readonly clustering: number;
  readonly pathLength: number;
  readonly seeds: number;
  readonly json?: true;
}

/** `plexus graph find`. */
export const registerFind: RegisterCommand = (graph, context) => {
  graph
    .command('find')
    .description('Find the WS-flex graph nearest to a wanted clustering C and path length L.')
    .requiredOption('--clustering <C>', 'wanted average clustering coefficient', realNumber)
    .requiredOption('--path-length <L>', 'wanted average path length', realNumber)
    .option('--nodes <count>', 'number of nodes', wholeNumber(3), 64)
    .option('--seeds <count>', 'seeds that are tried, from 0', wholeNumber(1), 30)
    .option('--json', 'print one JSON object')
    .addHelpText('after', FIND_HELP)
    .action((options: FindOptions) => find(options, context));
};

async function find(options: FindOptions, context: CliContext): Promise<void> {
  const { nodes, clustering, pathLength, seeds } = options;
  const found = await findGraph({ nodes, clustering, pathLength, seeds, signal: context.signal });
  const spec = formatGraphSpec(found.spec);
  if (options.json) {
    outJson(context, { ...found, spec, wanted: { nodes, clustering, pathLength } });
    return;
  }
  context.out(spec);
  context.out(
    `C ${found.clustering.toFixed(4)}, L ${found.pathLength.toFixed(4)}, distance ` +
      `${found.distance.toFixed(5)} (nearest of ${found.tried} graphs)`,
  );
  if (!found.reached)
    context.out(
      `C ${clustering}, L ${pathLength} seems out of reach of WS-flex graphs of ${nodes} ` +
        'nodes: none of those tried came within 0.01 of it',
    );
}

const FIND_HELP = `
The distance is that in the plane with both axes in parts of the paper's ranges: the root of (C -
C')^2 + ((L - L') / 3.5)^2. The same options always give the same graph.

Example:
  $ plexus graph find --clustering 0.45 --path-length 2.4 --nodes 64`;
