import type { RowGroup, WeightLayout } from './layout.js';
import type { Arena, PlacedParameter } from './places.js';

/** The numbers of an executable that outlive its memory's plan. */
export interface KeptNumbers {
  readonly values: Float32Array;
  readonly momenta: Float32Array;
}

/** Floats of the memory. */
interface Numbers {
  readonly arena: Arena;
  readonly floats: Float32Array;
}

/**
 * A copy of values and momenta, as they lie.
 *
 * @param room an earlier copy, which is written over where it has the same size
 */
export function keptNumbers(
  { arena, floats }: Numbers,
  inference: boolean,
  room: KeptNumbers | null,
): KeptNumbers {
  const { values, momenta, learnable, kept } = arena;
  const own = {
    values: floats.subarray(values, values + kept),
    momenta: floats.subarray(momenta, momenta + (inference ? 0 : learnable)),
  };
  if (room?.values.length !== own.values.length || room.momenta.length !== own.momenta.length)
    return { values: own.values.slice(), momenta: own.momenta.slice() };
  room.values.set(own.values);
  room.momenta.set(own.momenta);
  return room;
}

/**
 * Puts the numbers where another plan of the same parameters has them. Of weights with other masks
 * those that both have are carried over; the rest of the new ones are 0, as the memory is.
 */
export function carryOver(kept: KeptNumbers, old: Arena, { arena, floats }: Numbers): void {
  arena.parameters.forEach((to, id) => {
    const from = old.parameters[id];
    // Probes, which come and go, have nothing but gradients.
    if (from === undefined || to.at >= arena.kept) return;
    const sections = [
      { numbers: kept.values, at: arena.values },
      ...(from.at < old.learnable ? [{ numbers: kept.momenta, at: arena.momenta }] : []),
    ];
    for (const { numbers, at } of sections) {
      const own = numbers.subarray(from.at, from.at + from.size);
      if (sameStorage(from, to)) {
        floats.set(own, at + to.at);
        continue;
      }
      relaid(from.layout!, to.layout!, own, floats.subarray(at + to.at, at + to.at + to.size));
    }
  });
}

function sameStorage({ layout: a }: PlacedParameter, { layout: b }: PlacedParameter): boolean {
  if (a === null || b === null) return true;
  return (
    a.groups.length === b.groups.length &&
    a.groups.every((group, at) => {
      const other = b.groups[at];
      return (
        group.row === other.row &&
        group.rows === other.rows &&
        group.weights === other.weights &&
        group.inputs.length === other.inputs.length &&
        group.inputs.every(
          (run, i) => run.start === other.inputs[i].start && run.count === other.inputs[i].count,
        )
      );
    })
  );
}

/** Copies what both layouts have: group by group, run by run of inputs, block by block of storage. */
function relaid(
  before: WeightLayout,
  after: WeightLayout,
  from: Float32Array,
  to: Float32Array,
): void {
  const { taps, byRows } = after;
  // Groups come in the order of their rows, and leave none out.
  let first = 0;
  for (const group of after.groups) {
    while (before.groups[first].row + before.groups[first].rows <= group.row) first++;
    const end = group.row + group.rows;
    for (let at = first; at < before.groups.length && before.groups[at].row < end; at++) {
      const old = before.groups[at];
      for (const { count, was, is } of commonInputs(old.inputs, group.inputs))
        for (let tap = 0; tap < taps; tap++)
          copyBlock(
            { numbers: from, group: old, byRows: before.byRows, column: was + tap * old.depth },
            { numbers: to, group, byRows, column: is + tap * group.depth },
            count,
          );
    }
  }
}

/** Inputs that two groups have, with how many each has before them. */
function commonInputs(
  before: RowGroup['inputs'],
  after: RowGroup['inputs'],
): { readonly count: number; readonly was: number; readonly is: number }[] {
  const common = [];
  let [a, b, was, is] = [0, 0, 0, 0];
  while (a < before.length && b < after.length) {
    const [old, now] = [before[a], after[b]];
    const start = Math.max(old.start, now.start);
    const end = Math.min(old.start + old.count, now.start + now.count);
    if (start < end)
      common.push({
        count: end - start,
        was: was + start - old.start,
        is: is + start - now.start,
      });
    if (old.start + old.count <= now.start + now.count) {
      was += old.count;
      a++;
    } else {
      is += now.count;
      b++;
    }
  }
  return common;
}

/** Where a block of a group begins: its first column, counted through the taps. */
interface BlockPlace {
  readonly numbers: Float32Array;
  readonly group: RowGroup;
  readonly byRows: boolean;
  readonly column: number;
}

/** Copies the rows that both groups have, of some columns one after the other. */
function copyBlock(from: BlockPlace, to: BlockPlace, count: number): void {
  const row = Math.max(from.group.row, to.group.row);
  const rows = Math.min(from.group.row + from.group.rows, to.group.row + to.group.rows) - row;
  const [source, target] = [stridesOf(from, row), stridesOf(to, row)];
  // Columns of all rows of both lie one after the other without gaps.
  if (source.column === rows && target.column === rows && source.row === 1 && target.row === 1) {
    to.numbers.set(from.numbers.subarray(source.at, source.at + count * rows), target.at);
    return;
  }
  for (let at = 0; at < count; at++) {
    const read = source.at + at * source.column;
    const put = target.at + at * target.column;
    for (let i = 0; i < rows; i++)
      to.numbers[put + i * target.row] = from.numbers[read + i * source.row];
  }
}

function stridesOf(
  { group, byRows, column }: BlockPlace,
  row: number,
): { readonly at: number; readonly column: number; readonly row: number } {
  const [across, down] = byRows ? [1, group.step] : [group.step, 1];
  return {
    at: group.weights + column * across + (row - group.row) * down,
    column: across,
    row: down,
  };
}
