/** Random numbers: other programs' generators, number for number, and our own streams. */
export { PythonRandom } from './python-random.js';
export { numpyPermutation } from './numpy-permutation.js';
export { RandomStream } from './stream.js';
