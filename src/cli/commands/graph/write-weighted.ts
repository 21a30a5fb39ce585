import { UserError, visible } from '../../../core/errors.js';
import {
  canWrite,
  formatOfPath,
  graphFormats,
  writableFormat,
} from '../../../graph-formats/registry.js';
import type { GraphFormat } from '../../../graph-formats/types.js';
import type { WeightedGraph } from '../../../graph/weighted.js';
import { writeFileAtomic } from '../../../platform/fs.js';

type Writer = GraphFormat & Required<Pick<GraphFormat, 'write'>>;

/**
 * The format that a graph with weights is written in: the one that is named, else that of the
 * file's extension, `edge-list` without one.
 *
 * @throws UserError where it has no place for weights
 */
export function weightedWriter(output: string, named: string | undefined): Writer {
  const name = named ?? formatOfPath(output);
  const withWeights = graphFormats
    .filter((each) => canWrite(each) && each.writesWeights === true)
    .map((each) => each.name)
    .join(', ');
  if (name === null)
    throw new UserError(
      `no format of graph files has the extension of ${visible(output)}; add --format, one of ` +
        withWeights,
    );
  const format = writableFormat(name);
  if (format.writesWeights === true) return format;
  throw new UserError(
    `${name} has no place for the weights of edges; write the graph as one of ${withWeights}`,
  );
}

/** Writes the graph with its weights. */
export function writeWeighted(
  output: string,
  { graph, weights }: WeightedGraph,
  format: Writer,
): void {
  const { offsets, targets } = graph;
  const weightOf = (u: number, v: number): number => {
    const [from, to] = [offsets[u] ?? 0, offsets[u + 1] ?? 0];
    return weights[from + targets.subarray(from, to).indexOf(v)] ?? 0;
  };
  writeFileAtomic(output, format.write(graph, undefined, weightOf));
}
