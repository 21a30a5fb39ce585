/** Changes that a misspelt name may need and still be taken for another. */
const MOST_CHANGES = 3;

/**
 * The names that somebody may have meant who wrote another one: those that take the fewest changes
 * (a letter added, left out, replaced, or two swapped), at most three of them and less than half of
 * the longer name. Case, dashes and underscores do not count. None where nothing is near.
 */
export function similarNames(name: string, valid: Iterable<string>): readonly string[] {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');
  const wanted = plain(name);
  // Nobody misspells a page of text.
  if (wanted.length === 0 || wanted.length > 80) return [];
  const near = [...new Set(valid)].flatMap((each) => {
    const other = plain(each);
    if (Math.abs(other.length - wanted.length) > MOST_CHANGES) return [];
    const changes = changesBetween(wanted, other);
    return changes <= MOST_CHANGES && 2 * changes < Math.max(wanted.length, other.length)
      ? [{ each, changes }]
      : [];
  });
  const fewest = Math.min(...near.map(({ changes }) => changes));
  return near.filter(({ changes }) => changes === fewest).map(({ each }) => each);
}

/** ` (did you mean seed?)`, or nothing. */
export function suggestion(name: string, valid: Iterable<string>): string {
  const near = similarNames(name, valid).slice(0, 3);
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
}

/** Changes that turn one text into another, neighbours swapped counting as one. */
function changesBetween(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  let before = last;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      // Rows are as long as b and one more.
      row[j] = Math.min(
        row[j - 1]! + 1,
        last[j]! + 1,
        last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? before[j - 2]! + 1 : Infinity,
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
