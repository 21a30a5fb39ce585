/** What a compressed file of any size may unfold to, in bytes: ten times Fashion-MNIST. */
const ANYWAY = 2 ** 29;

/** How many times its size a file may unfold to, beyond that: pictures take some tenths. */
const UNFOLDS = 128;

/**
 * Most bytes that the arrays of a compressed file of that size may unfold to; what is more was made
 * to fill the memory, or holds nothing but blank pictures.
 */
export function mostUnfolded(fileBytes: number): number {
  return Math.max(ANYWAY, UNFOLDS * fileBytes);
}
