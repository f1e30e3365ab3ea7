/** The result of a random exploration. It depends only on the subject, the seed and the number of runs. */
import type { Schedule } from '../engine/outcome.js';
import type { DrawnBounds, RandomSchedule } from './schedule.js';

/** *passed* describes the runs, not the model: a fault that no run met may remain. */
export type RandomVerdict = 'passed' | 'violated' | 'inconclusive';

/** How many steps the counterexample had at each stage of its reduction. */
export interface Lengths {
  readonly found: number;
  readonly shrunk: number;
  /**
   * Steps of a shortest violation within the bounds reported; null if the search for it reached its limit.
   */
  readonly shortest: number | null;
}

/** How often another server acts than in the step before. */
export interface Switches {
  readonly count: number;
  /** Whether no schedule of the shortest length has fewer; false if that is not known. */
  readonly fewest: boolean;
}

export interface RandomViolation {
  /** The claim's name, or `deadlock`. */
  readonly claim: string;
  /** The run that met it, counted from 1. */
  readonly run: number;
  /** The run as it was drawn; replaying it needs nothing else. */
  readonly found: RandomSchedule;
  /** The bounds that the reduced counterexample needs; its codes are those of the model at these bounds. */
  readonly bounds: DrawnBounds;
  readonly schedule: Schedule;
  readonly lengths: Lengths;
  readonly switches: Switches;
}

export interface RandomOutcome {
  readonly verdict: RandomVerdict;
  /** Why the verdict is not *passed*, in one sentence; null when it is. */
  readonly reason: string | null;
  readonly seed: number;
  /** The few settings of the bounds that the seed draws; each run takes one of them. */
  readonly palette: readonly DrawnBounds[];
  /** Runs completed; a run takes as many choices as each other. */
  readonly runs: number;
  /** Walks from an initial state: a run starts again whenever its walk ends. */
  readonly walks: number;
  readonly steps: number;
  /** Steps of the longest walk. */
  readonly longest: number;
  /** How often each action was taken. */
  readonly actions: { readonly [name: string]: number };
  /** Actions that some drawn bounds allow and no run took. */
  readonly neverTaken: readonly string[];
  /** The claims checked. Scenarios are not: they belong to exhaustive exploration. */
  readonly claims: readonly string[];
  /** In how many runs each witness was seen. */
  readonly witnesses: { readonly [name: string]: number };
  readonly violation: RandomViolation | null;
}
