import { UserError } from '../../src/core/errors.js';
import { graphmlFormat } from '../../src/graph-formats/graphml.js';
import { parseGraph, type ParsedGraph } from '../../src/graph-formats/parse.js';
import type { Graph } from '../../src/graph/types.js';

/** Formats that Node alone can unfold. */
const NODE_ALONE = /\.(npz|mat)$/i;

/** Which edges of a weighted file are taken: those of at least a weight. */
export interface DropOptions {
  readonly threshold: number | null;
}

/**
 * The graph in a file, as `file:NAME` reads it.
 *
 * @throws UserError that says where the file is wrong
 */
export function parseDropped(
  name: string,
  bytes: Uint8Array,
  { threshold }: DropOptions,
): ParsedGraph {
  if (NODE_ALONE.test(name))
    throw new UserError(
      `${name} is in a format that a browser does not unfold; plexus graph make ` +
        `file:${name} -o graph.graphml makes one that it reads`,
    );
  return parseGraph(name, bytes, { threshold });
}

/** A graph as GraphML, as the command writes it. */
export function writeGraphml(graph: Graph): string | Uint8Array {
  return graphmlFormat.write?.(graph) ?? '';
}
