/**
 * Runs before every file of tests. What is to happen once a process stands in modules of its own:
 * this one is evaluated again for each file.
 */
import './same-bits.js';
