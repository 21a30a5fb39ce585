import { must, printable } from '../core/errors.js';
import { readError } from './collect-error.js';

/** The nodes of a line: those of an edge, or one without edges. */
type Ends = readonly [number] | readonly [number, number];

/** Which nodes stood where: what makes a list of edges doubtful. */
export class EdgeDoubts {
  readonly #joined = new Set<number>();
  readonly #alone: [node: number, line: number][] = [];
  #first: readonly number[] = [];
  #edges = 0;
  #firstWeight = 1;
  #firstAgain = false;
  /** Nodes that began a line, and what stood third, until the lines can be no nodes' neighbours. */
  readonly #begun = new Set<number>();
  readonly #third = new Set<number>();
  #perhapsNeighbours = true;

  add(ends: Ends, line: number, weight: number): void {
    const [from] = ends;
    if (ends.length === 1) {
      this.#alone.push([from, line]);
      return;
    }
    if (this.#perhapsNeighbours) {
      this.#perhapsNeighbours = !this.#begun.has(from) && Number.isInteger(weight);
      this.#begun.add(from);
      this.#third.add(weight);
    }
    if (this.#edges++ === 0) {
      this.#first = ends;
      this.#firstWeight = weight;
    } else this.#firstAgain ||= ends.some((end) => this.#first.includes(end));
    for (const end of ends) this.#joined.add(end);
  }

  /** Throws where lines of one node are not those of nodes without edges. */
  check(labels: readonly string[]): void {
    this.#checkMetis(labels);
    const both = this.#alone.find(([node]) => this.#joined.has(node));
    if (both)
      throw readError(
        `line ${both[1]}`,
        `a line of one node is a node without edges, but "${printable(must(labels[both[0]]))}" has ` +
          'edges in other lines; add format=adjacency-list if a line is a node with its ' +
          'neighbours, or format=edge-list if it is a list of edges',
      );
    const numbers = new Set(labels);
    const counted = labels.every((_, node) => numbers.has(String(node)));
    if (this.#edges === 0 && labels.length > 1 && !counted)
      throw readError(
        'line 1',
        'a list of edges must have lines of two nodes, got one word a line everywhere; check ' +
          'the format, or add format=edge-list',
      );
  }

  /** METIS begins with the numbers of nodes and edges; then follow the neighbours of each node. */
  #checkMetis(labels: readonly string[]): void {
    const [u, v = u] = this.#first;
    if (u === undefined || v === undefined) return;
    const name = must(labels[u]);
    // Sizes before the edges: nodes and edges, or rows, columns and entries.
    const sizes = u === v ? String(this.#firstWeight) : labels[v];
    if (this.#edges > 2 && sizes === String(this.#edges - 1) && this.#perhapsSizes(labels))
      throw readError(
        'line 1',
        `the first line seems to hold sizes, since ${this.#edges - 1} edges follow; remove it, or ` +
          'add format=edge-list if it is an edge',
      );
    if (u === v && this.#edges > 3 && name === String(this.#edges - 1))
      throw readError(
        'line 1',
        `the file looks like METIS, which is not read: "${name} ${name}" and then ` +
          `${name} lines; write one edge a line, or add format=edge-list`,
      );
  }

  /** Whether the first number is at least that of the nodes that the other lines name. */
  #perhapsSizes(labels: readonly string[]): boolean {
    const [most = Number.NaN] = this.#first.map((node) => Number(labels[node]));
    return labels.every((label) => Number(label) <= most) && most >= labels.length - 1;
  }

  /** Words for a first edge whose nodes occur nowhere else: it may be a header. */
  lonelyFirst(labels: readonly string[]): string | null {
    if (this.#edges < 3 || this.#firstAgain || this.#first.length < 2) return null;
    const [u, v] = this.#first.map((node) => printable(must(labels[node])));
    return (
      `line 1 was read as the edge "${u}", "${v}", whose nodes occur nowhere else; if it names ` +
      `the columns, add source="${u}",target="${v}"`
    );
  }

  /** Words for weights that are all names of nodes, behind nodes that begin one line each. */
  neighbours(labels: readonly string[]): string | null {
    if (!this.#perhapsNeighbours || this.#edges < 3 || this.#third.size < 2) return null;
    const names = new Set(labels);
    if (![...this.#third].every((weight) => names.has(String(weight)))) return null;
    return (
      'the third number of a line was read as a weight; if each line is a node with its ' +
      'neighbours, add format=adjacency-list'
    );
  }
}

/** Where comments that say how many nodes there are must begin. */
const LOOKED_AT = 4096;

/**
 * What to tell where comments say that there are more nodes than the edges name: SNAP writes
 * `# Nodes: 10 Edges: 20`, KONECT a second line `% EDGES NODES NODES`.
 */
export function noteOfIsolated(bytes: Uint8Array, nodes: number): string | null {
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  const said =
    /^#\s*Nodes:\s*(\d{1,9})\b/im.exec(start)?.[1] ??
    /^%[^\n]*\n%\s*\d+\s+(\d{1,9})\s+\1\s*$/m.exec(start)?.[1];
  if (said === undefined || Number(said) <= nodes) return null;
  return (
    `a comment says that there are ${said} nodes, and edges name ${nodes} of them; write each of ` +
    'the others on a line of its own'
  );
}
