import { matFormat } from './mat.js';
import { npyFormat } from './npy.js';
import { npzFormat } from './npz.js';
import type { GraphFormat } from './types.js';

/** Formats of other programs' arrays: NumPy, MATLAB. */
export const binaryFormats: readonly GraphFormat[] = [npyFormat, npzFormat, matFormat];
