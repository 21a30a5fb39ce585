/** Whether a value of plain data has lists or mappings nested more than so many deep. */
export function deeperThan(value: unknown, depth: number): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  // Level by level: a walk that calls itself would be stopped by the stack.
  for (let passed = 0; level.length > 0; passed++) {
    if (passed >= depth) return true;
    // What aliases share is looked at once.
    const inner = new Set<object>();
    for (const each of level)
      for (const item of Object.values(each) as unknown[])
        if (typeof item === 'object' && item !== null) inner.add(item);
    level = [...inner];
  }
  return false;
}
