/** Values of an axis: where it begins and ends, and where it is marked. */
export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
}

/** An axis over some values with about so many round marks. */
export function axisOver(least: number, most: number, marks = 5): Axis {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / marks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { least: first * step, most: last * step, ticks };
}

/** Means of values over stretches of one length, in order; the last may be short. */
export function meansOver(values: readonly number[], length: number): number[] {
  const means: number[] = [];
  for (let from = 0; from < values.length; from += length) {
    const part = values.slice(from, from + length);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return means;
}

/** Running means that forget what is long ago, with a memory of about so many values. */
export function smoothed(values: readonly number[], memory: number): number[] {
  const keep = 1 - 1 / Math.max(1, memory);
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return sum / weight;
  });
}
