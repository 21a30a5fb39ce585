import type { RegisterCommand } from '../context.js';
import { registerFamilies } from './graph/families.js';
import { registerFind } from './graph/find.js';
import { registerMake } from './graph/make.js';
import { registerMatch } from './graph/match.js';
import { registerMeasure } from './graph/measure.js';
import { registerNulls } from './graph/nulls.js';
import { registerOfWeights } from './graph/of-weights.js';
import { registerPrune } from './graph/prune.js';
import { registerSpace } from './graph/space.js';
import '../../graph-files/register.js';

/** `plexus graph make|measure|nulls|families|...`; one file for each in `graph/`. */
export const registerGraph: RegisterCommand = (program, context) => {
  const graph = program
    .command('graph')
    .description('Make and measure relational graphs.')
    .addHelpText('after', GRAPH_HELP);
  registerMake(graph, context);
  registerMeasure(graph, context);
  registerNulls(graph, context);
  registerFamilies(graph, context);
  registerSpace(graph, context);
  registerFind(graph, context);
  registerMatch(graph, context);
  registerOfWeights(graph, context);
  registerPrune(graph, context);
};

const GRAPH_HELP = `
A graph spec is one line of text, family:name=value,...; it always gives the same graph.
  ws-flex:n=64,k=8,p=0.1,seed=3    complete:n=64
"plexus graph families" lists every family and parameter.`;
