import { wsFlexGraph } from '../generators/ws-flex.js';
import { graphSpec } from '../spec.js';
import type { GraphSpec } from '../types.js';
import type { Candidate } from './grid.js';

const sixDecimals = (value: number): number => Number(value.toFixed(6));

/** The spec of a candidate as it is, with every digit. */
export function exactSpec(nodes: number, { k, p, seed }: Candidate): GraphSpec {
  return graphSpec('ws-flex', { n: nodes, k, p, seed });
}

/** The spec of a candidate with k and p at 6 decimals. */
export function roundedSpec(nodes: number, { k, p, seed }: Candidate): GraphSpec {
  return graphSpec('ws-flex', { n: nodes, k: sixDecimals(k), p: sixDecimals(p), seed });
}

/**
 * The spec of a candidate with k and p at 6 decimals where the graph stays the same, edge for edge;
 * else with every digit.
 */
export function shortSpec(nodes: number, candidate: Candidate): GraphSpec {
  const rounded = roundedSpec(nodes, candidate);
  const { k, p, seed } = candidate;
  const { rows } = wsFlexGraph(nodes, k, p, seed);
  const again = wsFlexGraph(
    nodes,
    Number(rounded.params['k']),
    Number(rounded.params['p']),
    seed,
  ).rows;
  return rows.every((word, at) => word === again[at]) ? rounded : exactSpec(nodes, candidate);
}
