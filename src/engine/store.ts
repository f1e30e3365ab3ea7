/**
 * Everything a search knows, in shared memory: the states seen, how each was reached, those still to be
 * expanded, and the figures. It changes only between two blocks of states, so between two blocks it can be
 * saved, resumed, or handed to other threads.
 */
import { Frontier, type FrontierHandles } from './frontier.js';
import { Predecessors, type PredecessorsHandles } from './predecessors.js';
import { SeenSet, type SeenSetHandles } from './seen-set.js';

/** What the model, the claims and the options ask of the memory. */
export interface Shape {
  /** Words of a packed state. */
  readonly words: number;
  /** Instances of actions. */
  readonly instances: number;
  readonly actions: number;
  readonly claims: number;
  readonly witnesses: number;
  /** Whole states in the seen-set, not fingerprints. */
  readonly exact: boolean;
}

/** What another thread needs to see the same store. */
export interface StoreHandles {
  readonly shape: Shape;
  readonly seen: SeenSetHandles;
  readonly frontier: FrontierHandles;
  readonly predecessors: PredecessorsHandles;
  readonly figures: SharedArrayBuffer;
}

/** No finding. */
export const NOTHING = Infinity;
const CODES = 2 ** 17;

/** A finding as one number: less if found in an earlier state, then on the state itself, then by code. */
export const findingKey = (state: number, code: number): number => state * CODES + code + 1;
/** The state and the code (NO_STEP for the state itself) of a finding. */
export const findingAt = (key: number): { readonly state: number; readonly code: number } => ({
  state: Math.floor(key / CODES),
  code: (key % CODES) - 1,
});

const [DISTINCT, EXPANDED, LEVEL, LEVEL_END, FINISHED, FIXED] = [0, 1, 2, 3, 4, 5];

export class Store {
  readonly shape: Shape;
  readonly seen: SeenSet;
  readonly frontier: Frontier;
  readonly predecessors: Predecessors;
  /** All figures, counts and findings, one after the other. */
  readonly figures: Float64Array;
  /** How often each action was taken. */
  readonly counts: Float64Array;
  /** The least finding of each claim, of deadlocks, and of each witness, or NOTHING. */
  readonly found: Float64Array;

  constructor(from: Shape | StoreHandles) {
    const shared = 'shape' in from ? from : null;
    this.shape = shared?.shape ?? (from as Shape);
    const { actions, claims, witnesses } = this.shape;
    this.seen = new SeenSet(shared?.seen ?? this.shape);
    this.frontier = new Frontier(shared?.frontier ?? this.shape);
    this.predecessors = new Predecessors(shared?.predecessors ?? this.shape);
    const findings = claims + 1 + witnesses;
    const buffer = shared?.figures ?? new SharedArrayBuffer(8 * (FIXED + actions + findings));
    this.figures = new Float64Array(buffer);
    this.counts = new Float64Array(buffer, 8 * FIXED, actions);
    this.found = new Float64Array(buffer, 8 * (FIXED + actions), findings);
    if (shared === null) this.found.fill(NOTHING);
  }

  get handles(): StoreHandles {
    return {
      shape: this.shape,
      seen: this.seen.handles,
      frontier: this.frontier.handles,
      predecessors: this.predecessors.handles,
      figures: this.counts.buffer as SharedArrayBuffer,
    };
  }

  /** Distinct states found. */
  get distinct(): number {
    return this.figures[DISTINCT];
  }
  set distinct(value: number) {
    this.figures[DISTINCT] = value;
  }
  /** States expanded: the number of the next one. */
  get expanded(): number {
    return this.figures[EXPANDED];
  }
  set expanded(value: number) {
    this.figures[EXPANDED] = value;
  }
  /** Steps from an initial state to the states that are being expanded. */
  get level(): number {
    return this.figures[LEVEL];
  }
  set level(value: number) {
    this.figures[LEVEL] = value;
  }
  /** The number after the last state of this level. */
  get levelEnd(): number {
    return this.figures[LEVEL_END];
  }
  set levelEnd(value: number) {
    this.figures[LEVEL_END] = value;
  }
  /** True once nothing is left to expand, or a violation has been found and its level is done. */
  get finished(): boolean {
    return this.figures[FINISHED] === 1;
  }
  set finished(value: boolean) {
    this.figures[FINISHED] = value ? 1 : 0;
  }

  /** Transitions computed. */
  get generated(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get bytes(): number {
    return this.seen.bytes + this.predecessors.bytes + this.frontier.bytes;
  }

  /** True if a claim is violated or a state deadlocked. */
  get violated(): boolean {
    return this.found.subarray(0, this.shape.claims + 1).some((key) => key !== NOTHING);
  }

  /** Sees what another thread has added. */
  refresh(): void {
    this.frontier.refresh();
    this.predecessors.refresh();
  }
}
