import { isCollection, isMap, isNode, isScalar, type Document, type LineCounter } from 'yaml';

/**
 * The 1-based line on which the value (or, for a key whose value cannot be found, the key) at
 * `path` stands; the nearest enclosing node that exists counts when the path is absent.
 */
export function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    if (!isCollection(node)) break;
    const pair: unknown = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : null;
    const child: unknown = node.get(key, true);
    const place = keyStart(pair) ?? startOf(child);
    if (place === null) break;
    offset = place;
    node = child;
  }
  return lines.linePos(offset).line;
}

function keyStart(pair: unknown): number | null {
  return typeof pair === 'object' && pair !== null && 'key' in pair ? startOf(pair.key) : null;
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}
