import {
  REWIRE_DEFAULTS,
  REWIRE_GRAPHS,
  REWIRE_RULES,
  type RewireSettings,
} from '../rewire-settings.js';
import type { GraphFamily, GraphParams, GraphSpec } from '../types.js';
import { numberParam, requireParam, textParam } from './params.js';

/** How the graph of a spec is rewired; null of any other family. */
export function rewireOfSpec(spec: GraphSpec | null): RewireSettings | null {
  if (spec?.family !== evolving.name) return null;
  const { params } = spec;
  const rule = REWIRE_RULES.find((each) => each === textParam(params, 'rule'))!;
  const graphs = REWIRE_GRAPHS.find((each) => each === textParam(params, 'graphs'))!;
  return {
    rule,
    every: numberParam(params, 'every'),
    fraction: numberParam(params, 'fraction'),
    until: numberParam(params, 'until'),
    graphs,
  };
}

function validate(params: GraphParams): void {
  const word = (name: string, words: readonly string[]): void => {
    const value = textParam(params, name);
    requireParam(words.includes(value), name, value, words.join(', '), 'take one of these');
  };
  word('rule', REWIRE_RULES);
  word('graphs', REWIRE_GRAPHS);
  const every = numberParam(params, 'every');
  requireParam(every >= 1, 'every', every, 'at least 1', 'it counts updates');
  for (const name of ['fraction', 'until']) {
    const share = numberParam(params, name);
    requireParam(share > 0 && share <= 1, name, share, 'above 0 and at most 1', 'it is a share');
  }
}

export const evolving: GraphFamily = {
  name: 'evolving',
  meaning: 'A graph that is rewired while its network is trained.',
  description: `The graph \`of\`, where training begins. Every \`every\` updates a share of its pairs of
nodes is dropped, those whose weights are smallest, and as many are joined that were not: at random
(\`set\`), where the gradient is largest (\`rigl\`), or where nodes have most common neighbours
(\`topological\`). The share is \`fraction\` at first and falls by half a cosine to 0 after the share
\`until\` of the training. Each relational layer has a graph of its own, or all \`share\` one.

What is told of such a graph (nodes, edges, C, L) is of \`of\`; where training took it stands in the
epochs of a trial's record. In a study graphs that are rewired stand beside ones that are not; the setting
\`train.rewire\` rewires all of a study. The page on rewiring has the rules exactly.`,
  reference:
    'D. C. Mocanu et al.: Scalable training of artificial neural networks with adaptive sparse ' +
    'connectivity inspired by network science. Nature Communications 9, 2018. U. Evci, T. Gale, J. ' +
    'Menick, P. S. Castro, E. Elsen: Rigging the lottery: making all tickets winners. ICML 2020.',
  params: [
    {
      name: 'rule',
      type: 'text',
      range: REWIRE_RULES.join(', '),
      meaning: 'which missing pairs are joined',
    },
    {
      name: 'every',
      type: 'integer',
      default: REWIRE_DEFAULTS.every,
      range: 'every >= 1',
      meaning: 'updates between two rewirings',
    },
    {
      name: 'fraction',
      type: 'real',
      default: REWIRE_DEFAULTS.fraction,
      range: '0 < fraction <= 1',
      meaning: 'share of the pairs that the first rewiring drops',
    },
    {
      name: 'until',
      type: 'real',
      default: REWIRE_DEFAULTS.until,
      range: '0 < until <= 1',
      meaning: 'share of the training after which the graph stays',
    },
    {
      name: 'graphs',
      type: 'text',
      default: REWIRE_DEFAULTS.graphs,
      range: REWIRE_GRAPHS.join(', '),
      meaning: 'whether each layer has a graph of its own or all share one',
    },
    { name: 'of', type: 'spec', range: 'a graph spec in parentheses', meaning: 'where it begins' },
  ],
  validate,
  generate: (params, tools) => tools.build(textParam(params, 'of')),
  resize: (params, nodes, tools) => ({
    ...params,
    of: tools.resize(textParam(params, 'of'), nodes),
  }),
  samples: () => [],
  example: 'evolving:rule=rigl,of=(ws-flex:n=64,k=8,p=0.2)',
};
