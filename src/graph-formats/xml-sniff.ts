/** Where the root element of a file must have begun to be recognised. */
const LOOKED_AT = 4096;

/** Whether a file without a known extension is XML with that root. */
export function looksLikeXml(bytes: Uint8Array, root: string): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  return start.trimStart().startsWith('<') && new RegExp(`<([\\w.-]+:)?${root}[\\s>]`).test(start);
}
