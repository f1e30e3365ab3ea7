/** How large the measured state spaces are, and how often they are measured. */
import type { Bounds } from './peer-source.js';

export interface Scale {
  readonly small: Bounds;
  readonly large: Bounds;
  readonly rounds: number;
  /** The bounds of the long search, and how many states it knows when it is looked at. */
  readonly long: Bounds;
  readonly marks: readonly number[];
}

/** (7,1) has about 240 million states, by the factors from 2 to 4 rounds: the long search ends inside. */
export const FULL: Scale = {
  small: { rounds: 2, crashes: 1 },
  large: { rounds: 3, crashes: 1 },
  rounds: 5,
  long: { rounds: 7, crashes: 1 },
  marks: [1e6, 10e6, 25e6, 50e6, 75e6, 100e6],
};

/** To see that the program works: it says nothing of the targets. */
export const QUICK: Scale = {
  small: { rounds: 1, crashes: 1 },
  large: { rounds: 2, crashes: 0 },
  rounds: 1,
  long: { rounds: 7, crashes: 1 },
  marks: [1e5, 5e5, 1e6],
};
