import { binEdges, type SpaceBins } from '../graph/space/bins.js';

/** Where in a drawing the plane lies, in pixels. */
export interface PlaneFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A cell of the plane: its row along C and its column along L, from 0. */
interface Cell {
  readonly row: number;
  readonly column: number;
}

/**
 * The area of cells as the data of one SVG path: C to the right, L upwards, neighbours along L in
 * one piece, edges on whole pixels (so that nothing shows between cells) or, for small drawings, on
 * tenths.
 */
export function cellsPath(
  cells: readonly Cell[],
  bins: SpaceBins,
  frame: PlaneFrame,
  decimals: 0 | 1,
): string {
  const edges = binEdges(bins);
  const snap = (value: number): number => Number(value.toFixed(decimals));
  const [lowC, highC] = bins.clustering;
  const [lowL, highL] = bins.pathLength;
  const x = edges.clustering.map((c) =>
    snap(frame.left + (frame.width * (c - lowC)) / (highC - lowC)),
  );
  const y = edges.pathLength.map((l) =>
    snap(frame.top + (frame.height * (highL - l)) / (highL - lowL)),
  );
  return runsOf(cells)
    .map(({ row, from, to }) => `M${x[row]} ${y[from]}H${x[row + 1]}V${y[to + 1]}H${x[row]}Z`)
    .join('');
}

/** Cells next to each other along L, joined. */
function runsOf(
  cells: readonly Cell[],
): { readonly row: number; readonly from: number; to: number }[] {
  const sorted = [...cells].sort((a, b) => a.row - b.row || a.column - b.column);
  const runs: { readonly row: number; readonly from: number; to: number }[] = [];
  for (const { row, column } of sorted) {
    const last = runs.at(-1);
    if (last && last.row === row && last.to === column - 1) last.to = column;
    else runs.push({ row, from: column, to: column });
  }
  return runs;
}
