/**
 * Whether tests take their long form (`npm run test:long`): kill loops to the end, every row of the
 * published results, files a hundred times as large. The short form looks at the same things, at
 * fewer of them. Such a test has the tag `long`, by which the long run finds it.
 */
export const LONG = process.env.PLEXUS_LONG === '1';
