/** The package's version, written in by the build. */
declare const PLEXUS_VERSION: string;
