/** What a trace file begins with: what it is, and the version of its shape. */
export const FORMAT = 'fle-check-trace';
export const VERSION = 1;
