/** The format of a trace file, and the version of its shape: its first two fields. */
export const FORMAT = 'fle-check-trace';
export const VERSION = 1;
