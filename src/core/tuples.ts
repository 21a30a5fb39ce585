/** `values.map(of)` that keeps how many there are, so that the results can be taken apart by name. */
export function mapTuple<const T extends readonly unknown[], U>(
  values: T,
  of: (value: T[number], index: number) => U,
): { [K in keyof T]: U } {
  return values.map(of) as { [K in keyof T]: U };
}
