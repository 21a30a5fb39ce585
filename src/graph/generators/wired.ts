import { UserError } from '../../core/errors.js';
import type { GraphFamily } from '../types.js';
import { requireParam, textParam } from './params.js';

/** Lines of specs that are no single graph start so. */
const SEVERAL = ['sequence:', 'wired:'];

export const wired: GraphFamily = {
  name: 'wired',
  meaning: 'A graph over the layers: which layer reads which, around the graphs within them.',
  description: `The graph \`over\` has a node for each relational layer of the network, in its order. A
layer reads the sum of the outputs of those before it that it is joined to (a directed graph: whose arcs
lead to it); one that is joined to none before it reads the stem. The head reads the sum of the outputs
that no layer reads. The chain 0-1-2-... is the network as it is without. Sums cost no multiply-adds, and
widths are matched to the budget as ever.

\`within\` is the graph of every layer, or a \`sequence\` of them. What is told of it (nodes, edges, C, L)
is told of these. Of the architectures the MLP can be wired, which has three relational layers of one
width; others are refused by name. It is no graph, and cannot be part of another spec.`,
  reference:
    'S. Xie, A. Kirillov, R. Girshick, K. He: Exploring randomly wired neural networks for image ' +
    'recognition. ICCV 2019, arXiv 1904.01569, whose nodes are stages of convolutions.',
  params: [
    {
      name: 'over',
      type: 'spec',
      range: 'a graph spec in parentheses, a node for each relational layer',
      meaning: 'which layer reads which',
    },
    {
      name: 'within',
      type: 'spec',
      range: 'a graph spec or a sequence in parentheses',
      meaning: 'the graphs of the layers',
    },
  ],
  validate: (params) => {
    const over = textParam(params, 'over');
    requireParam(
      !SEVERAL.some((start) => over.startsWith(start)),
      'over',
      over,
      'one graph',
      'give a graph with a node for each relational layer',
    );
    const within = textParam(params, 'within');
    requireParam(
      !within.startsWith('wired:'),
      'within',
      within,
      'a graph or a sequence',
      'layers are wired once',
    );
  },
  generate: () => {
    throw new UserError(
      'a wired spec is the graphs of several layers, one graph is wanted here; it is for networks ' +
        'and studies, so give the graph within',
    );
  },
  resize: (params, nodes, tools) => ({
    ...params,
    within: tools.resize(textParam(params, 'within'), nodes),
  }),
  samples: () => [],
  example: 'wired:over=(complete:n=3),within=(ws-flex:n=64,k=8,p=0.1)',
};
