import type { GraphFamily } from '../types.js';
import { latticeReferenceFamily } from './lattice-reference.js';
import { productPowerFamily } from './product-power.js';
import { product } from './product.js';
import { randomLiftFamily } from './random-lift.js';
import { randomReferenceFamily } from './random-reference.js';
import { rewired } from './rewired.js';
import { sequence } from './sequence.js';

/** Families made of other graphs: products, sequences, null models. */
export const derivedFamilies: readonly GraphFamily[] = [
  product,
  productPowerFamily,
  randomLiftFamily,
  rewired,
  randomReferenceFamily,
  latticeReferenceFamily,
  sequence,
];
