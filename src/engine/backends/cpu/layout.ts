import { invariant } from '../../../core/errors.js';
import type { BlockMask } from '../../../network/types.js';

/** Consecutive channels `start .. start + count - 1`. */
interface Run {
  readonly start: number;
  readonly count: number;
}

/**
 * Output rows that read the very same inputs, with where their weights lie in the layer's storage.
 */
export interface RowGroup {
  readonly row: number;
  readonly rows: number;
  readonly inputs: readonly Run[];
  /** Sum of the inputs' counts. */
  readonly depth: number;
  /**
   * First weight, in floats from the layer's storage; entry (r, k) of tap t is at `weights + (t *
   * depth + k) * rows + r`, of a layout by rows at `weights + r * step + k`.
   */
  readonly weights: number;
  /** Floats from one input to the next (`rows`); of a layout by rows from one row to the next. */
  readonly step: number;
}

/**
 * How the existing weights of one linear layer or convolution are stored: groups of rows; in each,
 * tap after tap, k-major. No zero block anywhere. Programs that only evaluate store linear layers by
 * rows, each filled up with zeros to whole vectors (native/rows.h).
 */
export interface WeightLayout {
  /** Columns of the weight matrix, and rows; of a convolution input and output channels. */
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Numbers for each (row, column): 1, of a convolution the pixels of its window. */
  readonly taps: number;
  /** Of a layer that reads a plane pixel after pixel as if it were a vector; null for any other. */
  readonly flattened: Flattened | null;
  readonly groups: readonly RowGroup[];
  readonly byRows: boolean;
  /** Floats stored = weights that exist, and what rows are filled up with. */
  readonly size: number;
}

/**
 * A table of a product kernel: Group and Segment records of native/product.h, four int32 words
 * each, or ConvGroups of native/conv.h.
 */
export interface ProductTable {
  readonly words: Int32Array;
  readonly groups: number;
}

/**
 * Rows of a group: several whole register tiles, and at most MAX_GROUP_ROWS of
 * native/weight_grad.h.
 */
const GROUP_ROWS = 24;
/**
 * Where rows abound (dense blocks): whole vectors, for the faster weight gradient of
 * native/weight_grad.h.
 */
const WIDE_GROUP_ROWS = 32;
const VECTOR = 16;
/** Inputs a group takes in one pass: their tile of 32 columns stays in L1 beside the weights. */
const PASS_DEPTH = 224;

/**
 * Splits `count` rows into groups: up to 24 rows as they are, more into groups of 32 (of
 * convolutions 24) and a rest.
 */
export function pieces(count: number, conv: boolean): number[] {
  if (count <= GROUP_ROWS) return [count];
  if (conv) {
    const parts = Math.ceil(count / GROUP_ROWS);
    return Array.from(
      { length: parts },
      (_, i) => Math.floor(((i + 1) * count) / parts) - Math.floor((i * count) / parts),
    );
  }
  const result: number[] = [];
  for (let left = count; left > 0;) {
    const whole = Math.floor(Math.min(left, WIDE_GROUP_ROWS) / VECTOR) * VECTOR;
    const size = whole > 0 ? whole : left;
    result.push(size);
    left -= size;
  }
  return result;
}

/**
 * Runs of input channels that output node `node` reads: its neighbours and itself, adjacent ones
 * merged.
 */
function inputRuns(mask: BlockMask, node: number): Run[] {
  const { graph, input } = mask;
  const runs: { start: number; count: number }[] = [];
  const take = (source: number): void => {
    const start = input.starts[source];
    const count = input.sizes[source];
    const last = runs.at(-1);
    if (last !== undefined && last.start + last.count === start) last.count += count;
    else runs.push({ start, count });
  };
  let own = false;
  for (let e = graph.offsets[node]; e < graph.offsets[node + 1]; e++) {
    const source = graph.targets[e];
    if (!own && source > node) {
      take(node);
      own = true;
    }
    take(source);
  }
  if (!own) take(node);
  return runs;
}

const sameRuns = (a: readonly Run[], b: readonly Run[]): boolean =>
  a.length === b.length &&
  a.every((run, i) => run.start === b[i].start && run.count === b[i].count);

/**
 * Blocks of output rows with the same inputs, adjacent nodes merged: a complete graph is one block,
 * as dense is.
 */
function rowBlocks(mask: BlockMask): { row: number; rows: number; inputs: readonly Run[] }[] {
  const blocks: { row: number; rows: number; inputs: readonly Run[] }[] = [];
  for (let node = 0; node < mask.output.nodes; node++) {
    const inputs = inputRuns(mask, node);
    const last = blocks.at(-1);
    if (last !== undefined && sameRuns(last.inputs, inputs)) last.rows += mask.output.sizes[node];
    else blocks.push({ row: mask.output.starts[node], rows: mask.output.sizes[node], inputs });
  }
  return blocks;
}

/**
 * A plane as a linear layer reads it: `pixelRows` rows for each pixel, the first `channels` of them
 * hold numbers.
 */
interface Flattened {
  readonly channels: number;
  readonly plane: number;
  readonly pixelRows: number;
}

export interface LayoutOptions {
  /** Of a convolution: the pixels of its window. */
  readonly taps?: number;
  readonly flattened?: Flattened;
  /** Stored by rows: of a linear layer that only evaluates. */
  readonly byRows?: boolean;
}

/** All input rows of a dense layer. */
function allRows(inFeatures: number, flattened: Flattened | undefined): Run[] {
  if (flattened === undefined || flattened.channels === flattened.pixelRows)
    return [{ start: 0, count: inFeatures }];
  const { plane, pixelRows, channels } = flattened;
  return Array.from({ length: plane }, (_, pixel) => ({
    start: pixel * pixelRows,
    count: channels,
  }));
}

/** Storage of a layer's weights; `mask` null = dense. */
export function weightLayout(
  inFeatures: number,
  outFeatures: number,
  mask: BlockMask | null,
  options: LayoutOptions = {},
): WeightLayout {
  const { taps = 1, flattened, byRows = false } = options;
  const blocks =
    mask === null
      ? [{ row: 0, rows: outFeatures, inputs: allRows(inFeatures, flattened) }]
      : rowBlocks(mask);
  const groups: RowGroup[] = [];
  let [size, exist] = [0, 0];
  for (const block of blocks) {
    const depth = block.inputs.reduce((sum, run) => sum + run.count, 0);
    let row = block.row;
    for (const rows of pieces(block.rows, options.taps !== undefined)) {
      const step = byRows ? Math.ceil(depth / VECTOR) * VECTOR : rows;
      groups.push({ row, rows, inputs: block.inputs, depth, weights: size, step });
      row += rows;
      size += byRows ? rows * step : rows * depth * taps;
      exist += rows * depth * taps;
    }
  }
  invariant(
    mask === null || exist === mask.nonzeros * taps,
    `${exist} weights stored for ${mask?.nonzeros ?? 0} pairs in the mask`,
  );
  return { inFeatures, outFeatures, taps, flattened: flattened ?? null, groups, byRows, size };
}

interface Segment {
  readonly x: number;
  readonly count: number;
  readonly w: number;
  readonly stride: number;
}

/** Rows of the input, those without numbers included. */
export function inputRows({ inFeatures, flattened }: WeightLayout): number {
  return flattened === null ? inFeatures : flattened.plane * flattened.pixelRows;
}

/**
 * Writes groups in passes: all groups' first pass, then all groups' second, so that a pass's inputs
 * stay in cache.
 */
function tableOf(
  groups: readonly { row: number; rows: number; passes: readonly (readonly Segment[])[] }[],
): ProductTable {
  const words: number[] = [];
  const passes = groups.reduce((most, group) => Math.max(most, group.passes.length), 0);
  const begun = new Set<number>();
  let count = 0;
  for (let pass = 0; pass < passes; pass++) {
    groups.forEach((group, g) => {
      const segments = group.passes[pass] ?? [];
      if (segments.length === 0) return;
      words.push(group.row, group.rows, begun.has(g) ? 1 : 0, segments.length);
      for (const s of segments) words.push(s.x, s.count, s.w, s.stride);
      begun.add(g);
      count++;
    });
  }
  invariant(begun.size === groups.length, 'a group of output rows reads nothing');
  return { words: Int32Array.from(words), groups: count };
}

const passesFor = (depth: number): number => Math.max(1, Math.round(depth / PASS_DEPTH));

/**
 * Cuts runs at multiples of `width` channels and deals them out to passes by channel, so that
 * groups agree.
 */
function cutRuns(
  group: RowGroup,
  {
    passes,
    width,
    byRows,
  }: { readonly passes: number; readonly width: number; readonly byRows: boolean },
): Segment[][] {
  const result: Segment[][] = Array.from({ length: passes }, () => []);
  let k = 0;
  for (const run of group.inputs) {
    for (let start = run.start; start < run.start + run.count;) {
      const pass = Math.floor(start / width);
      const count = Math.min(run.start + run.count, (pass + 1) * width) - start;
      const w = group.weights + k * (byRows ? 1 : group.step);
      result[pass].push({ x: start, count, w, stride: group.step });
      k += count;
      start += count;
    }
  }
  return result;
}

/**
 * Table of y = W x, which the weight gradient walks as well. Of a layout by rows it is one that the
 * kernel walks as if it were transposed.
 */
export function forwardTable(layout: WeightLayout): ProductTable {
  const deepest = layout.groups.reduce((most, group) => Math.max(most, group.depth), 0);
  const passes = passesFor(deepest);
  const width = Math.ceil(inputRows(layout) / passes);
  return tableOf(
    layout.groups.map((group) => ({
      row: group.row,
      rows: group.rows,
      passes: cutRuns(group, { passes, width, byRows: layout.byRows }),
    })),
  );
}

/**
 * For every input channel range that no group reads only in part: which groups read it, and at
 * which depth k.
 */
export function readers(
  layout: WeightLayout,
): { row: number; rows: number; by: { group: RowGroup; k: number }[] }[] {
  const cuts = new Set<number>([0, inputRows(layout)]);
  for (const group of layout.groups)
    for (const run of group.inputs) cuts.add(run.start).add(run.start + run.count);
  const edges = [...cuts].sort((a, b) => a - b);
  const at = new Map(edges.map((edge, i) => [edge, i]));
  const ranges = edges.slice(0, -1).map((row, i) => ({
    row,
    rows: edges[i + 1] - row,
    by: [] as { group: RowGroup; k: number }[],
  }));
  for (const group of layout.groups) {
    let k = 0;
    for (const run of group.inputs) {
      for (
        let i = at.get(run.start) ?? 0;
        i < ranges.length && ranges[i].row < run.start + run.count;
        i++
      ) {
        ranges[i].by.push({ group, k: k + ranges[i].row - run.start });
      }
      k += run.count;
    }
  }
  // Between the pixels of a flattened plane lie rows that nobody reads.
  return ranges.filter((range) => range.by.length > 0);
}

/**
 * Table of dx = W^T dy over the same storage: groups are input channels, segments the row groups
 * that read them.
 */
export function transposedTable(layout: WeightLayout): ProductTable {
  const ranges = readers(layout);
  const deepest = ranges.reduce(
    (most, range) =>
      Math.max(
        most,
        range.by.reduce((sum, r) => sum + r.group.rows, 0),
      ),
    0,
  );
  const passes = passesFor(deepest);
  const width = Math.ceil(layout.outFeatures / passes);
  const groups = ranges.flatMap((range) => {
    let offset = 0;
    return pieces(range.rows, false).map((rows) => {
      const dealt: Segment[][] = Array.from({ length: passes }, () => []);
      for (const { group, k } of range.by) {
        dealt[Math.floor(group.row / width)].push({
          x: group.row,
          count: group.rows,
          w: group.weights + (k + offset) * group.rows,
          stride: group.rows,
        });
      }
      offset += rows;
      return { row: range.row + offset - rows, rows, passes: dealt };
    });
  });
  return tableOf(groups);
}

/**
 * Some weights of one input, of consecutive outputs: `count` numbers in storage at `stored`, `stored +
 * step`, ..., in the row-major `[out, in, taps]` array at `logical`, `logical + stride`, ...
 */
interface Column {
  stored: number;
  logical: number;
  count: number;
  step: number;
  stride: number;
}

/** Calls `visit` for all weights, column by column; the object is the same every time. */
export function eachColumn(layout: WeightLayout, visit: (column: Readonly<Column>) => void): void {
  const { inFeatures, taps, flattened, byRows } = layout;
  const columnOf = (row: number): number =>
    flattened === null
      ? row
      : (row % flattened.pixelRows) * flattened.plane + Math.floor(row / flattened.pixelRows);
  const now: Column = { stored: 0, logical: 0, count: 0, step: 1, stride: inFeatures * taps };
  for (const group of layout.groups) {
    now.count = group.rows;
    now.step = byRows ? group.step : 1;
    now.stored = group.weights;
    for (let tap = 0; tap < taps; tap++) {
      for (const run of group.inputs) {
        for (let channel = run.start; channel < run.start + run.count; channel++) {
          now.logical = (group.row * inFeatures + columnOf(channel)) * taps + tap;
          visit(now);
          now.stored += byRows ? 1 : group.step;
        }
      }
    }
  }
}
