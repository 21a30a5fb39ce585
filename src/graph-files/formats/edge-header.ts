/** Where the parts of an edge stand in a row. */
export interface EdgeColumns {
  readonly source: number;
  readonly target: number;
  /** -1 where there is none. */
  readonly weight: number;
  /** Column of Gephi's `Type`, Directed or Undirected; -1 where there is none. */
  readonly type: number;
  /** Fields of a full row. */
  readonly width: number;
}

/** Two nodes and perhaps a weight: rows without a header. */
export const plainColumns: EdgeColumns = { source: 0, target: 1, weight: 2, type: -1, width: 3 };

/** Names of the two columns of nodes, in the spellings of networkx, pandas, igraph, Gephi. */
const ENDS = [
  ['source', 'target'],
  ['from', 'to'],
  ['src', 'dst'],
  ['u', 'v'],
  ['node1', 'node2'],
  ['i', 'j'],
  ['source_id', 'target_id'],
] as const;

const WEIGHTS = ['weight', 'value', 'w'];

/**
 * The columns that the first row of a table names, or null where it is no header. Further columns,
 * such as an index, are passed over; a third and last one behind the nodes is the weight, whatever
 * its name.
 */
export function columnsOf(fields: readonly string[]): EdgeColumns | null {
  const names = fields.map((field) => field.toLowerCase());
  const ends = ENDS.find(([source, target]) => names.includes(source) && names.includes(target));
  if (!ends) return null;
  const [source, target] = ends.map((name) => names.indexOf(name));
  if (source === 0 && target === 1 && names.length <= 3) return plainColumns;
  return {
    source,
    target,
    weight: names.findIndex((name) => WEIGHTS.includes(name)),
    type: names.indexOf('type'),
    width: names.length,
  };
}
