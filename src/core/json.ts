/** The value of a JSON text; null where it is none, which its reader tells like other damage. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller.
    return null;
  }
}
