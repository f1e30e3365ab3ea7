/**
 * What a search ends with. Everything in it is a function of the model, the claims and the limits reached.
 */

/** A run as plain data: the code of an initial state and the codes of the steps from it. */
export interface Schedule {
  readonly initial: number;
  readonly steps: readonly number[];
}

/**
 * *holds* is said only of a complete search that met all demands. *violated* names a claim that fails.
 * *inconclusive* names the limit that ended the search, or the demand that is unmet.
 */
export type Verdict = 'holds' | 'violated' | 'inconclusive';

/**
 * A demand on every complete search that was not met: what was not reached though it must be, or was, though
 * it is declared as excluded. No claim fails, but one may hold of nothing.
 */
export interface Unmet {
  readonly kind:
    | 'unasked claim'
    | 'missed witness'
    | 'excluded witness'
    | 'untaken action'
    | 'excluded action';
  /** Of the claim, the witness or the action. */
  readonly name: string;
}

/** A claim that does not hold, or a deadlock. */
export interface Violation {
  /** The claim's name, or `deadlock`. */
  readonly claim: string;
  readonly schedule: Schedule;
}

export interface Outcome {
  readonly verdict: Verdict;
  /** Why the verdict is not *holds*, in one sentence; null when it holds. */
  readonly reason: string | null;
  /** The demands that a complete search has not met; it is *inconclusive* because of the first. */
  readonly unmet: readonly Unmet[];
  /** True if the search has looked at every state within the bounds: no violation or limit ended it. */
  readonly complete: boolean;
  /** Distinct states reached. */
  readonly distinct: number;
  /** Transitions computed, those to known states included; initial states excluded. */
  readonly generated: number;
  /** Steps from an initial state to the farthest state reached. */
  readonly depth: number;
  /** How often each action was taken. */
  readonly actions: { readonly [name: string]: number };
  /** The claims checked. */
  readonly claims: readonly string[];
  /**
   * The shortest schedule to each witness; null if it was not found. Those excluded by the bounds are absent.
   */
  readonly witnesses: { readonly [name: string]: Schedule | null };
  /** Witnesses the bounds exclude, with the reason. */
  readonly excluded: { readonly [name: string]: string };
  /** The violation with the fewest steps found; of several, that of the claim declared first. */
  readonly violation: Violation | null;
  /** All claims violated at that depth, each with its first schedule. */
  readonly violations: readonly Violation[];
  /**
   * Of how many states, of those expanded, it was checked that renaming ids changes nothing; null if the
   * model declares no permutations.
   */
  readonly renamings: { readonly checked: number; readonly of: number } | null;
  /** The expected number of states hidden by equal fingerprints. */
  readonly expectedCollisions: number;
  /** Bytes of the seen-set, the predecessors and the frontier at the end. */
  readonly bytes: number;
}

/** `1 step`, `2 steps`. */
export const inSteps = (steps: number): string => `${steps} ${steps === 1 ? 'step' : 'steps'}`;

/** The name under which a state without a step is reported. */
export const DEADLOCK = 'deadlock';
