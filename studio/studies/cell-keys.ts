import type { PlaneCell } from '../../src/analysis/types.js';

const ARROWS: Readonly<Record<string, readonly [i: number, j: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The next cell that way, as straight as there is one. */
export function nextCell<T extends Pick<PlaneCell, 'i' | 'j'>>(
  cells: readonly T[],
  from: Pick<PlaneCell, 'i' | 'j'>,
  key: string,
): T | null {
  const way = ARROWS[key];
  if (way === undefined) return null;
  const [ahead, aside] = [
    (cell: T) => (cell.i - from.i) * way[0] + (cell.j - from.j) * way[1],
    (cell: T) => Math.abs((cell.i - from.i) * way[1]) + Math.abs((cell.j - from.j) * way[0]),
  ];
  const cost = (cell: T): number => ahead(cell) + 3 * aside(cell);
  return cells
    .filter((cell) => ahead(cell) > 0)
    .reduce<T | null>(
      (best, cell) => (best === null || cost(cell) < cost(best) ? cell : best),
      null,
    );
}
