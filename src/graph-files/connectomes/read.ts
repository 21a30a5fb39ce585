import { UserError } from '../../core/errors.js';
import { graphFromEdges } from '../../graph/build.js';
import type { Connectome, ConnectomeFormat } from '../../graph/connectomes.js';
import type { Graph } from '../../graph/types.js';

type Arc = readonly [number, number];

/**
 * The graph in a connectome's file. Directed: as stored, an arc u -> v from row (source) u to
 * column (target) v. Undirected: an edge where there is an arc in either direction. Weights are
 * left out, and so are self-connections, since a node of a relational graph always listens to
 * itself. Throws a `UserError` where the file is not as declared.
 */
export function connectomeGraph(
  known: Pick<Connectome, 'name' | 'nodes' | 'arcs' | 'format'>,
  bytes: Uint8Array,
  directed: boolean,
): Graph {
  const { nodes, arcs } = READERS[known.format](new TextDecoder().decode(bytes));
  const graph = graphFromEdges(
    nodes,
    arcs.filter(([u, v]) => u !== v),
    true,
  );
  if (graph.nodes !== known.nodes || graph.edges !== known.arcs) {
    throw new UserError(
      `the file of the connectome ${known.name} must have ${known.nodes} nodes and ` +
        `${known.arcs} connections, got ${graph.nodes} and ${graph.edges}; fetch it anew`,
    );
  }
  return directed
    ? graph
    : graphFromEdges(
        nodes,
        arcs.filter(([u, v]) => u !== v),
      );
}

type Reader = (text: string) => { readonly nodes: number; readonly arcs: readonly Arc[] };

/**
 * The files are known to the byte (checksums), so that what they might also hold is no concern
 * here.
 */
const READERS: Readonly<Record<ConnectomeFormat, Reader>> = {
  digits: (text) => matrixArcs(text, ''),
  counts: (text) => matrixArcs(text, /\s+/),
  gml: (text) => ({
    nodes: [...text.matchAll(/\bid\s+\d+/g)].length,
    arcs: [...text.matchAll(/\bsource\s+(\d+)\s+target\s+(\d+)/g)].map(([, u, v]): Arc => [
      Number(u),
      Number(v),
    ]),
  }),
};

function matrixArcs(text: string, separator: string | RegExp): ReturnType<Reader> {
  const rows = text.trim().split(/\r?\n/);
  const arcs = rows.flatMap((row, u) =>
    row
      .trim()
      .split(separator)
      .flatMap((value, v): Arc[] => (Number(value) === 0 ? [] : [[u, v]])),
  );
  return { nodes: rows.length, arcs };
}
