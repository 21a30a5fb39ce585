import { compareByBits } from './same-bits.js';

// Runs before every file of tests.
compareByBits();
