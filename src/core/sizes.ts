const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/**
 * A size in the unit in which it is 1 or more, so that nothing that is there is shown as 0: `512
 * bytes`, `47.7 MiB`.
 */
export function sizeText(bytes: number, decimals = 1): string {
  const unit = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)),
  );
  return unit === 0
    ? `${bytes} bytes`
    : `${(bytes / 1024 ** unit).toFixed(decimals)} ${UNITS[unit]}`;
}

/**
 * A size and the limit that it is above, each with as many decimals as it takes to tell them apart.
 */
export function sizesApart(
  limit: number,
  bytes: number,
  decimals = 1,
): readonly [limit: string, bytes: string] {
  const pair = [sizeText(limit, decimals), sizeText(bytes, decimals)] as const;
  return pair[0] !== pair[1] || decimals >= 6 || limit === bytes
    ? pair
    : sizesApart(limit, bytes, decimals + 1);
}
