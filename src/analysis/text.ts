/** `1 trial`, `3 trials`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number with `digits` decimals and a true minus sign; a dash for null. */
export function fixed(value: number | null, digits: number): string {
  if (value === null) return '–';
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

/** As `fixed`, with a plus sign for positive numbers. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** A p-value: `= 0.031`, or `< 0.0001` where it is smaller. */
export function pValue(p: number): string {
  if (p < 0.0001) return '< 0.0001';
  return `= ${p < 0.001 ? p.toFixed(4) : p.toFixed(3)}`;
}

/** `12 %`, of a share from 0 to 1. */
export function percent(share: number): string {
  return `${fixed(100 * share, 0)}\u00a0%`;
}

/** `0.33–0.47`. */
export function span(range: readonly [number, number], digits = 2): string {
  return `${fixed(range[0], digits)}–${fixed(range[1], digits)}`;
}

/** Mean and standard deviation of a result: `41.30 ± 0.21`. */
export function meanStd(
  result: { readonly mean: number | null; readonly std: number | null },
  digits = 2,
): string {
  return result.std === null
    ? fixed(result.mean, digits)
    : `${fixed(result.mean, digits)} ± ${fixed(result.std, digits)}`;
}

/** `1,234,567`. */
export function grouped(value: number | null): string {
  return value === null ? '–' : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
