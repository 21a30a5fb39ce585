import { UserError } from '../core/errors.js';
import type { Graph } from '../graph/types.js';

/** Cores in rows and columns, each joined to its neighbours in four directions. */
export interface Mesh {
  readonly rows: number;
  readonly columns: number;
}

/** The core of each node: row x columns + column. No two nodes share one. */
export type Placement = Int32Array;

/** What events cost on the way between cores, summed over events. */
export interface Traffic {
  /** Events times the other cores that host a node which reads them: what arrives. */
  readonly packets: number;
  /**
   * Links of the multicast trees: from its core an event goes along the row to each column that it
   * is read in, and from there along the column, each link once (dimension-ordered, X before Y; the
   * union of the XY paths).
   */
  readonly hops: number;
  /** Links if a copy of its own went to each of these cores: the sum of the distances. */
  readonly unicastHops: number;
}

/**
 * A mesh that has a core for every node.
 *
 * @throws UserError otherwise
 */
export function checkMesh({ rows, columns }: Mesh, nodes: number): void {
  if (![rows, columns].every((side) => Number.isInteger(side) && side >= 1 && side <= 1024))
    throw new UserError(`a mesh has 1 to 1024 rows and columns of cores; got ${rows} x ${columns}`);
  if (nodes <= rows * columns) return;
  const side = Math.ceil(Math.sqrt(nodes));
  throw new UserError(
    `each node has a core of its own: ${nodes} nodes do not fit on ${rows} x ${columns} cores; ` +
      `take a mesh of ${side} x ${Math.ceil(nodes / side)}, or a smaller graph`,
  );
}

/**
 * Which other nodes read each node: output node i reads input node j where the graph has the edge i
 * -> j.
 */
export function readersOf({ nodes, offsets, targets }: Graph): Int32Array[] {
  const readers = Array.from({ length: nodes }, (): number[] => []);
  for (let i = 0; i < nodes; i++)
    for (const j of targets.subarray(offsets[i], offsets[i + 1])) readers[j]?.push(i);
  return readers.map((list) => Int32Array.from(list));
}

/** The links of one node's multicast tree. Works in arrays of its own, so make it once. */
export function treeCounter({
  columns,
}: Mesh): (from: number, readers: Int32Array, placement: Placement) => number {
  const low = new Int32Array(columns);
  const high = new Int32Array(columns);
  return (from, readers, placement) => {
    const core = placement[from] ?? 0;
    const x = core % columns;
    const y = (core - x) / columns;
    let [west, east] = [x, x];
    low.fill(y);
    high.fill(y);
    for (const reader of readers) {
      const target = placement[reader] ?? 0;
      const column = target % columns;
      const row = (target - column) / columns;
      west = Math.min(west, column);
      east = Math.max(east, column);
      low[column] = Math.min(low[column] ?? y, row);
      high[column] = Math.max(high[column] ?? y, row);
    }
    let links = east - west;
    for (let column = west; column <= east; column++)
      links += (high[column] ?? 0) - (low[column] ?? 0);
    return links;
  };
}

/**
 * What the events of one layer cost on a mesh.
 *
 * @param graph through which the next layer reads it
 * @param events that each node sends
 */
export function trafficOf(
  graph: Graph,
  events: readonly number[],
  mesh: Mesh,
  placement: Placement,
): Traffic {
  const tree = treeCounter(mesh);
  const { columns } = mesh;
  let [packets, hops, unicastHops] = [0, 0, 0];
  readersOf(graph).forEach((readers, node) => {
    const sent = events[node] ?? 0;
    const core = placement[node] ?? 0;
    packets += sent * readers.length;
    hops += sent * tree(node, readers, placement);
    for (const reader of readers) {
      const target = placement[reader] ?? 0;
      const across = Math.abs((target % columns) - (core % columns));
      const down = Math.abs(Math.floor(target / columns) - Math.floor(core / columns));
      unicastHops += sent * (across + down);
    }
  });
  return { packets, hops, unicastHops };
}
