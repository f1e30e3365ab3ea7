/** The first fields of each element that `--json` writes: its format, and the version of its shape. */
export const VERSION = 1;

const of = <F extends string>(format: F) => ({ format, version: VERSION }) as const;

export const RESULT = of('fle-check-result');
export const EXPLORATION = of('fle-check-exploration');
export const MATRIX = of('fle-check-matrix');
export const LEADERS = of('fle-check-leaders');
export const DIFFERENCE = of('fle-check-difference');
