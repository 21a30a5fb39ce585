import { must } from '../core/errors.js';
import { hasBit, setBit, wordsFor } from '../graph/bits.js';
import type { Graph } from '../graph/types.js';
import { graphFromRows, MAX_NODES, memoryOfRows } from '../graph/build.js';
import { readError } from './collect-error.js';
import { KeptEdges, strongest } from './kept-edges.js';
import type { Direction, FoundGraph, ReadOptions } from './types.js';

export { readError };

/** Nodes of a graph that is too large are counted up to here, for the message. */
export const MOST_COUNTED = 10 * MAX_NODES;

/**
 * Gathers what a reader finds, and is the one place that decides about it: thresholds, self loops,
 * repeated edges, direction, order of nodes, size.
 *
 * - An edge is kept where its weight is at least the threshold; without a threshold every weight
 *   must be 1. What has
 *   no weight weighs 1. Each of several parallel edges is looked at by itself.
 * - Self loops are dropped and counted, whatever they weigh. Repeated edges count once.
 * - Labels that are exactly the numbers 0..n-1 are the nodes' numbers; otherwise nodes come in the
 *   order of `node`.
 */
export class GraphCollector {
  readonly #options: ReadOptions;
  readonly #direction: Direction;
  readonly #place: (at: number) => string;
  readonly #indices = new Map<string, number>();
  #labels: string[] = [];
  #nodes = 0;
  #capacity = 0;
  #rows = new Uint32Array(0);
  #selfLoops = 0;
  #repeated = 0;
  #below = 0;
  /** Smallest and largest weight, and where the first stood that is not 1. */
  #lowest = Infinity;
  #highest = -Infinity;
  #weightedAt = -1;
  readonly #notes: string[] = [];
  readonly #kept: KeptEdges | null;

  /**
   * @param direction what the file says
   * @param place words for the `at` of `add`, e.g. `line 3`
   */
  constructor(options: ReadOptions, direction: Direction, place: (at: number) => string) {
    this.#options = options;
    this.#direction = direction;
    this.#place = place;
    this.#kept = options.density !== null || options.weights ? new KeptEdges() : null;
    if (options.density !== null && options.threshold !== null)
      throw readError(
        'whole file',
        'either a threshold or a density says which edges are kept, got both; leave one out',
      );
  }

  /** Remembers what was taken for what, for the person who reads the file. */
  note(sentence: string): void {
    this.#notes.push(sentence);
  }

  /** Number of nodes so far. */
  get nodes(): number {
    return this.#nodes;
  }

  /** The node of that label, new or known. */
  node(label: string): number {
    const known = this.#indices.get(label);
    if (known !== undefined) return known;
    const node = this.#nodes++;
    if (node >= MOST_COUNTED)
      throw readError(
        'whole file',
        `a graph may have at most ${MAX_NODES} nodes, got more than ${MOST_COUNTED}; choose a ` +
          'smaller graph',
      );
    this.#indices.set(label, node);
    this.#labels.push(label);
    this.#makeRoom();
    return node;
  }

  /** The node of that label, or -1. */
  known(label: string): number {
    return this.#indices.get(label) ?? -1;
  }

  /**
   * Nodes 0..count-1 at once, for formats that have numbers instead of labels. Throws where they
   * are too many.
   */
  numbered(count: number): void {
    this.#nodes = count;
    this.#labels = [];
    this.#checkSize();
    this.#makeRoom();
  }

  /**
   * An edge between two nodes, by number. `at` says where it stands. `bothWays` is for undirected
   * edges of a directed file. In matrices an entry of 0 is no edge: do not add it.
   */
  add(u: number, v: number, weight: number, at: number, bothWays = false): void {
    const size = this.#options.absolute ? Math.abs(weight) : weight;
    if (u === v) this.#selfLoops++;
    else if (this.#weighs(size, at) && Math.max(u, v) < this.#capacity) {
      this.#join(u, v, bothWays);
      this.#kept?.add(u, v, size);
      if (bothWays) this.#kept?.add(v, u, size);
    }
  }

  #weighs(weight: number, at: number): boolean {
    if (!Number.isFinite(weight))
      throw readError(
        this.#place(at),
        `a weight must be a finite number, got ${weight}; remove the edge or give it a weight`,
      );
    if (weight < this.#lowest) this.#lowest = weight;
    if (weight > this.#highest) this.#highest = weight;
    const { threshold } = this.#options;
    if (threshold !== null) {
      if (weight < threshold) this.#below++;
      return weight >= threshold;
    }
    const { density, weights } = this.#options;
    if (weight !== 1 && this.#weightedAt < 0 && density === null && !weights) this.#weightedAt = at;
    return true;
  }

  #join(u: number, v: number, bothWays: boolean): void {
    const words = wordsFor(this.#capacity);
    const rows = this.#rows;
    if (hasBit(rows, words, u, v)) this.#repeated++;
    setBit(rows, words, u, v);
    if (bothWays || this.#direction === 'undirected') setBit(rows, words, v, u);
  }

  /** Rows for the nodes there are; of too many nodes only the number is kept, for the message. */
  #makeRoom(): void {
    if (this.#nodes <= this.#capacity || this.#nodes > MAX_NODES) return;
    const capacity = Math.min(MAX_NODES, Math.max(64, this.#nodes, 2 * this.#capacity));
    const from = wordsFor(this.#capacity);
    const to = wordsFor(capacity);
    const rows = new Uint32Array(capacity * to);
    for (let u = 0; u < this.#capacity; u++)
      rows.set(this.#rows.subarray(u * from, (u + 1) * from), u * to);
    this.#rows = rows;
    this.#capacity = capacity;
  }

  /**
   * The graph. Throws a `UserError` where there is none, it is too large, or weights need a
   * threshold.
   *
   * @param names what the nodes are called, where that is not what tells them apart
   */
  finish(names: readonly (string | null)[] = []): FoundGraph {
    this.#checkSize();
    if (this.#weightedAt >= 0) {
      const range =
        this.#lowest === this.#highest
          ? `are all ${this.#lowest}`
          : `go from ${this.#lowest} to ${this.#highest}`;
      throw readError(
        this.#place(this.#weightedAt),
        `edges must have weight 1 unless a threshold is given; the weights ${range}; add ` +
          'threshold=... (edges of at least that weight are kept)',
      );
    }
    const order = this.#order();
    const rows = this.#orderedRows(order);
    const directed =
      this.#options.directed ??
      (this.#direction === 'by-symmetry'
        ? !this.#isSymmetric(rows)
        : this.#direction === 'directed');
    if (this.#options.directed === null && this.#direction === 'by-symmetry' && directed)
      this.#noteTriangle(rows);
    if (!directed) joinEitherDirection(rows, this.#nodes);
    const weighed = this.#weighed(directed, order);
    const kept = weighed === null ? rows : rowsOf(weighed, this.#nodes, directed);
    const graph = graphFromRows(this.#nodes, directed, kept);
    const labels: string[] = Array.from({ length: this.#nodes }, (_, node) => String(node));
    for (const [node, label] of this.#labels.entries())
      labels[order?.[node] ?? node] = names[node] ?? label;
    return {
      graph,
      labels,
      weights: this.#options.weights && weighed !== null ? weightsOf(graph, weighed) : null,
      selfLoops: this.#selfLoops,
      repeated: this.#repeated,
      below: this.#below,
      notes: this.#notes,
    };
  }

  /**
   * Whether a matrix is symmetric: after a threshold its edges, else, where weights say which edges
   * are kept or are kept themselves, its weights.
   */
  #isSymmetric(rows: Uint32Array): boolean {
    const n = this.#nodes;
    if (this.#kept === null || this.#options.threshold !== null) return isSymmetric(rows, n);
    const pairs = this.#kept.pairs(n, true, (node) => node);
    return [...pairs].every(
      ([key, weight]) => pairs.get((key % n) * n + Math.floor(key / n)) === weight,
    );
  }

  /** Weights by pairs of nodes, cut to the density; null where nobody asked for either. */
  #weighed(directed: boolean, order: Int32Array | null): ReadonlyMap<number, number> | null {
    if (this.#kept === null) return null;
    const n = this.#nodes;
    const pairs = this.#kept.pairs(n, directed, (node) => order?.[node] ?? node);
    if (this.#kept.differing > 0)
      this.#notes.push(
        `${this.#kept.differing} edges are listed again with another weight, or have another one ` +
          'in the other direction; the highest counts' +
          (directed ? '' : ' (directed=true keeps directions apart)'),
      );
    const { density } = this.#options;
    if (density === null) return pairs;
    const { kept, notes } = strongest(pairs, (n * (n - 1)) / (directed ? 1 : 2), density);
    this.#notes.push(...notes);
    return kept;
  }

  /** Programs that write every edge once fill one side of the diagonal. */
  #noteTriangle(rows: Uint32Array): void {
    const sides = new Set<string>();
    const words = wordsFor(this.#nodes);
    for (let u = 0; u < this.#nodes; u++)
      for (const v of bitsOf(rows.subarray(u * words, (u + 1) * words)))
        sides.add(v > u ? 'above' : 'below');
    if (sides.size === 1)
      this.#notes.push(
        `all entries of the matrix are ${[...sides][0]} its diagonal, and it is read as directed; ` +
          'directed=false makes it undirected',
      );
  }

  #checkSize(): void {
    const nodes = this.#nodes;
    if (nodes < 1)
      throw readError(
        'whole file',
        'a graph must have at least one node, got none; check the format',
      );
    if (nodes > MAX_NODES)
      throw readError(
        'whole file',
        `a graph may have at most ${MAX_NODES} nodes, got ${nodes}, which would take ` +
          `${memoryOfRows(nodes)} and more; choose a smaller graph`,
      );
  }

  /**
   * The number of every node where the labels are the numbers 0..n-1 in another order; null where
   * nodes stay put.
   */
  #order(): Int32Array | null {
    const order = new Int32Array(this.#labels.length);
    let moved = false;
    for (const [node, label] of this.#labels.entries()) {
      // Labels differ, so n of them that are canonical numbers below n are all of 0..n-1.
      if (!/^(0|[1-9]\d{0,5})$/.test(label) || Number(label) >= this.#nodes) return null;
      order[node] = Number(label);
      moved ||= order[node] !== node;
    }
    return moved ? order : null;
  }

  /** Rows without spare capacity, nodes renumbered. */
  #orderedRows(order: Int32Array | null): Uint32Array {
    const n = this.#nodes;
    const from = wordsFor(this.#capacity);
    const to = wordsFor(n);
    const rows = new Uint32Array(n * to);
    for (let u = 0; u < n; u++) {
      const row = this.#rows.subarray(u * from, u * from + to);
      if (!order) rows.set(row, u * to);
      else for (const v of bitsOf(row)) setBit(rows, to, must(order[u]), must(order[v]));
    }
    return rows;
  }
}

/** Rows of the edges that have a weight. */
function rowsOf(
  weighed: ReadonlyMap<number, number>,
  nodes: number,
  directed: boolean,
): Uint32Array {
  const words = wordsFor(nodes);
  const rows = new Uint32Array(nodes * words);
  for (const key of weighed.keys()) {
    const [u, v] = [Math.floor(key / nodes), key % nodes];
    setBit(rows, words, u, v);
    if (!directed) setBit(rows, words, v, u);
  }
  return rows;
}

/** The weight of each entry of a graph's lists of neighbours. */
function weightsOf(
  { nodes, directed, offsets, targets }: Graph,
  weighed: ReadonlyMap<number, number>,
): Float64Array {
  const weights = new Float64Array(targets.length);
  for (let u = 0; u < nodes; u++)
    for (let at = must(offsets[u]); at < must(offsets[u + 1]); at++) {
      const v = must(targets[at]);
      weights[at] = weighed.get(directed || u < v ? u * nodes + v : v * nodes + u)!;
    }
  return weights;
}

function* bitsOf(row: Uint32Array): Generator<number> {
  for (const [word, bits] of row.entries()) {
    for (let bit = 0; bit < 32 && bits >>> bit !== 0; bit++)
      if ((bits >>> bit) & 1) yield word * 32 + bit;
  }
}

function isSymmetric(rows: Uint32Array, nodes: number): boolean {
  const words = wordsFor(nodes);
  for (let u = 0; u < nodes; u++) {
    for (const v of bitsOf(rows.subarray(u * words, (u + 1) * words)))
      if (!hasBit(rows, words, v, u)) return false;
  }
  return true;
}

function joinEitherDirection(rows: Uint32Array, nodes: number): void {
  const words = wordsFor(nodes);
  for (let u = 0; u < nodes; u++) {
    for (const v of bitsOf(rows.subarray(u * words, (u + 1) * words))) setBit(rows, words, v, u);
  }
}
