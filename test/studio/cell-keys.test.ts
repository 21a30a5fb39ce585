import { expect, it } from 'vitest';
import { nextCell } from '../../studio/studies/cell-keys.js';

it('arrow keys go to the cell that lies that way, as straight as there is one', () => {
  const cells = [
    [0, 0],
    [1, 0],
    [3, 0],
    [2, 1],
    [0, 2],
  ].map(([i = 0, j = 0]) => ({ i, j }));
  const from = { i: 1, j: 0 };
  expect(nextCell(cells, from, 'ArrowRight')).toEqual({ i: 3, j: 0 });
  expect(nextCell(cells, from, 'ArrowLeft')).toEqual({ i: 0, j: 0 });
  expect(nextCell(cells, from, 'ArrowUp')).toEqual({ i: 2, j: 1 });
  expect(nextCell(cells, from, 'ArrowDown')).toBeNull();
  expect(nextCell(cells, from, 'a')).toBeNull();
  expect(nextCell([], from, 'ArrowUp')).toBeNull();
});
