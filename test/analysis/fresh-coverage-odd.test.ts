import { coversFreshErrors } from './fresh-coverage.js';
import { TRUE_MEANS } from './exchangeable.js';

coversFreshErrors(Object.keys(TRUE_MEANS).filter((_, i) => i % 2 === 1));
