import { eachColumn, type WeightLayout } from './layout.js';
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

/** A copy of values and momenta, as they lie. */
export function keptNumbers({ arena, floats }: Numbers, inference: boolean): KeptNumbers {
  const { values, momenta, learnable, kept } = arena;
  return {
    values: floats.slice(values, values + kept),
    momenta: floats.slice(momenta, momenta + (inference ? 0 : learnable)),
  };
}

/**
 * Puts the numbers where another plan of the same parameters has them. Of weights with other masks
 * those that both have are carried over; the rest of the new ones are 0, as the memory is.
 */
export function carryOver(kept: KeptNumbers, old: Arena, { arena, floats }: Numbers): void {
  let scratch = new Float32Array(0);
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
      const { inFeatures, outFeatures, taps } = to.layout!;
      const size = inFeatures * outFeatures * taps;
      if (scratch.length < size) scratch = new Float32Array(size);
      relaid(
        from.layout!,
        to.layout!,
        own,
        floats.subarray(at + to.at, at + to.at + to.size),
        scratch,
      );
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

/** By way of the whole matrix, of which only what either layout has is touched. */
function relaid(
  before: WeightLayout,
  after: WeightLayout,
  from: Float32Array,
  to: Float32Array,
  scratch: Float32Array,
): void {
  eachColumn(after, ({ logical, count, stride }) => {
    for (let i = 0, at = logical; i < count; i++, at += stride) scratch[at] = 0;
  });
  eachColumn(before, ({ stored, logical, count, step, stride }) => {
    for (let i = 0, at = stored, put = logical; i < count; i++, at += step, put += stride)
      scratch[put] = from[at];
  });
  eachColumn(after, ({ stored, logical, count, step, stride }) => {
    for (let i = 0, at = stored, take = logical; i < count; i++, at += step, take += stride)
      to[at] = scratch[take];
  });
}
