/** A directory that may hold data sets, and why it is looked at. */
export interface DataPlace {
  readonly path: string;
  readonly origin: '--data-dir' | 'PLEXUS_DATA' | 'user cache';
}
