import { invariant, UserError } from '../../core/errors.js';
import { parenthesised } from '../spec-text.js';
import type { GraphFamily, GraphParams } from '../types.js';
import { requireParam, textParam } from './params.js';

/** What a sequence has one graph for. */
const SEQUENCE_UNITS = ['layer', 'stage'] as const;
export type SequenceUnit = (typeof SEQUENCE_UNITS)[number];

/** The unit of a sequence whose parameters are valid. */
export function sequenceUnit(params: GraphParams): SequenceUnit {
  const per = textParam(params, 'per');
  const found = SEQUENCE_UNITS.find((unit) => unit === per);
  invariant(found !== undefined, `a sequence is not per ${per}`);
  return found;
}

/** The lines of a sequence's graphs, in order. */
export function sequenceLines(params: GraphParams): readonly string[] {
  return parenthesised(textParam(params, 'graphs')) ?? [];
}

export const sequence: GraphFamily = {
  name: 'sequence',
  meaning:
    'A graph for each relational layer, or each stage, of a network (You et al. 2020, ' +
    'future work).',
  description: `Several graphs, written one after the other in parentheses. With \`per=layer\` the
first is that of the network's first relational layer, the second that of the second, and so on;
with \`per=stage\` each stage of the architecture has one graph for all its relational layers. There
must be as many graphs as the architecture has relational layers, or stages: the MLP has three
layers in one stage. The graphs may have different numbers of nodes, since each layer deals its
channels to the nodes of its own graph.

With \`cycle=true\` the list may be shorter and is gone through again and again: two graphs in turn
for a network of any depth.

A sequence of the same graph throughout gives exactly the network that the graph itself gives. A
sequence is no graph: what is told of one (nodes, edges, C, L) is the mean over the network's
relational layers, and L is none where a graph has none. It cannot be part of another spec.`,
  reference:
    'J. You, J. Leskovec, K. He, S. Xie: Graph Structure of Neural Networks. ICML 2020, ' +
    'arXiv 2007.06559, which uses one graph for all layers and leaves others to future ' +
    'work.',
  params: [
    {
      name: 'per',
      type: 'text',
      default: 'layer',
      range: SEQUENCE_UNITS.join(', '),
      meaning: 'whether each layer or each stage has a graph of its own',
    },
    {
      name: 'cycle',
      type: 'boolean',
      default: false,
      quiet: true,
      range: 'true or false',
      meaning: 'whether the list begins anew where it ends before the network does',
    },
    {
      name: 'graphs',
      type: 'specs',
      range: 'one or more specs, each in parentheses',
      meaning: 'the graphs, in order',
    },
  ],
  validate: (params) => {
    const per = textParam(params, 'per');
    requireParam(
      SEQUENCE_UNITS.some((unit) => unit === per),
      'per',
      per,
      SEQUENCE_UNITS.join(' or '),
      'per=layer gives every relational layer a graph of its own',
    );
    const nested = sequenceLines(params).find((line) => line.startsWith('sequence:'));
    requireParam(
      nested === undefined,
      'graphs',
      nested ?? '',
      'graphs that are no sequences themselves',
      'write all graphs in one sequence',
    );
  },
  generate: () => {
    throw new UserError(
      'a sequence is several graphs, one graph is wanted here; a sequence is for ' +
        'networks and studies, so give one of its graphs',
    );
  },
  resize: (params, nodes, tools) => ({
    ...params,
    graphs: sequenceLines(params)
      .map((line) => `(${tools.resize(line, nodes)})`)
      .join(''),
  }),
  samples: () => [],
  example:
    'sequence:per=layer,graphs=(ring-lattice:n=64,k=8)(ws-flex:n=64,k=8,p=0.5)(complete:n=64)',
};
