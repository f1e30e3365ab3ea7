/** A trace file begins with its format, and the version of its shape. */
export const FORMAT = 'fle-check-trace';
export const VERSION = 1;
