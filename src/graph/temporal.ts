import { UserError } from '../core/errors.js';
import { popcount } from './bits.js';
import type { Graph } from './types.js';

/** How far what a node knows gets in rounds of message exchange, each with a graph of its own. */
export interface TemporalPaths {
  /**
   * Share of the ordered pairs of different nodes (u, v) of which v has heard from u, after the
   * first round, the second, and so on to the last graph.
   */
  readonly reach: readonly number[];
  /**
   * Temporal path length: the mean over these pairs of the round in which v first hears from u, when
   * the graphs are gone through again and again; null where some never do.
   */
  readonly pathLength: number | null;
}

/**
 * Temporal reach and path length (Holme and Saramäki 2012) of graphs that a network's layers have,
 * one after the other. In a round every node hears what its neighbours knew before it (in a directed
 * graph those whose arcs lead to it), and keeps what it knew itself. Of one graph again and again
 * the temporal path length is its L.
 *
 * @throws UserError for no graphs, and for graphs of different numbers of nodes
 */
export function temporalPaths(graphs: readonly Graph[]): TemporalPaths {
  const [first] = graphs;
  const other = graphs.find(({ nodes }) => nodes !== first?.nodes);
  if (first === undefined || other !== undefined)
    throw new UserError(
      'temporal paths go through one or more graphs of the same nodes, got ' +
        `${other === undefined ? 'none' : `${first?.nodes} and ${other.nodes} nodes`}; give every ` +
        'layer as many nodes',
    );
  const pairs = first.nodes * (first.nodes - 1);
  const reach: number[] = [];
  let heard = alone(first);
  let missing = pairs;
  let sum = 0;
  let idle = 0;
  for (let round = 0; round < graphs.length || (missing > 0 && idle < graphs.length); round++) {
    const graph = graphs[round % graphs.length];
    sum += missing;
    heard = afterRound(graph, heard);
    const before = missing;
    missing = first.nodes ** 2 - bits(heard);
    idle = missing === before ? idle + 1 : 0;
    if (round < graphs.length) reach.push(pairs === 0 ? 1 : 1 - missing / pairs);
  }
  return { reach, pathLength: missing > 0 ? null : pairs === 0 ? 0 : sum / pairs };
}

/** Bitset rows in which every node has itself: row v has bit u where v has heard from u. */
function alone({ nodes, words }: Graph): Uint32Array {
  const rows = new Uint32Array(nodes * words);
  for (let u = 0; u < nodes; u++) rows[u * words + (u >>> 5)] |= 1 << (u & 31);
  return rows;
}

/** What every node knows after a round: its own and its neighbours'. */
function afterRound({ nodes, words, offsets, targets }: Graph, heard: Uint32Array): Uint32Array {
  const next = heard.slice();
  for (let u = 0; u < nodes; u++) {
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      for (let word = 0; word < words; word++)
        next[targets[at] * words + word] |= heard[u * words + word];
    }
  }
  return next;
}

function bits(rows: Uint32Array): number {
  let count = 0;
  for (const word of rows) count += popcount(word);
  return count;
}
