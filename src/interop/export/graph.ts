import { must, UserError } from '../../core/errors.js';
import { writableFormat } from '../../graph-formats/registry.js';
import { graphsOf } from './facts.js';
import type { NetworkTarget, TrainedNetwork } from './types.js';

/** What is written where no format is asked for. */
const USUAL = 'graphml';

/** The relational graph as a file of graphs. */
export const graph: NetworkTarget = {
  of: 'network',
  name: 'graph',
  meaning: `the relational graph as a file (--format; default ${USUAL})`,
  ending: '.graphml',
  options: ['format'],
  files: (model, { format = USUAL }) => new Map([[`graph.${format}`, graphFile(model, format)]]),
};

/**
 * The graph of a network's relational layers in a format of graph files.
 *
 * @throws UserError for an unknown format, and for a network whose layers have several graphs
 */
export function graphFile({ network, name }: TrainedNetwork, format: string): string | Uint8Array {
  const written = writableFormat(format);
  const graphs = graphsOf(network);
  // A layer of fewer channels than nodes has its graph on fewer nodes: the others have the one asked for.
  const nodes = Math.max(...graphs.map((each) => each.nodes));
  const whole = graphs.filter((each) => each.nodes === nodes);
  if (whole.length === 1) return written.write(must(whole[0]));
  throw new UserError(
    whole.length === 0
      ? `${name} has no relational layer, and so no graph`
      : `a file holds one graph, but the layers of ${name} have ${whole.length}; make each by its ` +
          'spec with: plexus graph make',
  );
}
