/** Ends of an interval, lower first. */
export type Interval = readonly [number, number];
