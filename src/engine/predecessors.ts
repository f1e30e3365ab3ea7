/**
 * How each state was first reached, in order of discovery: the code of the step that led to it, and how many
 * states it led to itself. Parents never decrease in that order, so the counts say who the parent is; that
 * takes two bytes a state where an index would take four more.
 */
import { Growable } from './growable.js';
import type { Schedule } from './outcome.js';

const MOST_IN_A_BYTE = 255;

/** What another thread needs to see the same. */
export interface PredecessorsHandles {
  readonly instances: number;
  readonly codes: SharedArrayBuffer;
  readonly children: SharedArrayBuffer;
  readonly initials: SharedArrayBuffer;
}

export class Predecessors {
  readonly #instances: number;
  readonly #codes: Growable<Uint8Array> | Growable<Uint16Array>;
  readonly #children: Growable<Uint8Array> | Growable<Uint16Array>;
  /** How many states are initial, then their codes. */
  readonly #initials: Growable<Float64Array>;

  /** For a model with so many instances of actions, or shared by another thread. */
  constructor(from: { readonly instances: number } | PredecessorsHandles) {
    const shared = 'codes' in from ? from : null;
    this.#instances = from.instances;
    // A state has at most one child an instance, so one width does for both.
    const narrow = from.instances <= MOST_IN_A_BYTE;
    const array = (buffer: SharedArrayBuffer | undefined) =>
      narrow ? new Growable(Uint8Array, buffer ?? 1) : new Growable(Uint16Array, buffer ?? 1);
    this.#codes = array(shared?.codes);
    this.#children = array(shared?.children);
    this.#initials = new Growable(Float64Array, shared?.initials ?? 1);
  }

  get handles(): PredecessorsHandles {
    return {
      instances: this.#instances,
      codes: this.#codes.buffer,
      children: this.#children.buffer,
      initials: this.#initials.buffer,
    };
  }

  get bytes(): number {
    return this.#codes.bytes + this.#children.bytes + this.#initials.bytes;
  }

  /** The number of initial states, which are the first states. */
  get initials(): number {
    return this.#initials.view[0];
  }

  /** The code of the step to each state; meaningless for initial states. */
  get codes(): Uint8Array | Uint16Array {
    return this.#codes.view;
  }

  /** How many states each state led to first. */
  get children(): Uint8Array | Uint16Array {
    return this.#children.view;
  }

  /** The codes of the initial states, in order. */
  get initialCodes(): Float64Array {
    return this.#initials.view.subarray(1, 1 + this.initials);
  }

  /** Makes room for so many states; RangeError if there is none. */
  reserve(states: number): void {
    this.#codes.ensure(states);
    this.#children.ensure(states);
  }

  addInitial(code: number): void {
    const index = this.initials + 1;
    this.#initials.ensure(index + 1);
    this.#initials.view[index] = code;
    this.#initials.view[0] = index;
  }

  /** Makes room for the codes of so many initial states, for a checkpoint to be read into. */
  startWith(initials: number): void {
    this.#initials.ensure(1 + initials);
    this.#initials.view[0] = initials;
  }

  /** Sees what another thread has added. */
  refresh(): void {
    this.#codes.refresh();
    this.#children.refresh();
    this.#initials.refresh();
  }

  /**
   * How many states were first reached by each number of steps, from none on, when so many states have been
   * expanded. One pass over their counts: the children of a level are the next one.
   */
  levels(expanded: number): readonly number[] {
    this.refresh();
    const { children } = this;
    const sizes: number[] = [];
    let [from, to] = [0, this.initials];
    while (from < to) {
      sizes.push(to - from);
      let next = to;
      for (let i = from; i < to && i < expanded; i++) next += children[i];
      [from, to] = [to, next];
    }
    return sizes;
  }

  /** The steps by which a state was first reached. One pass over the counts of the states before it. */
  scheduleTo(state: number): Schedule {
    this.refresh();
    const [codes, children] = [this.codes, this.children];
    const steps: number[] = [];
    let parent = state;
    /** The number of the first child of `parent`. */
    let first = this.initials;
    for (let i = 0; i < parent; i++) first += children[i];
    while (state >= this.initials) {
      while (parent > 0 && first > state) first -= children[--parent];
      steps.push(codes[state]);
      state = parent;
    }
    return { initial: this.#initials.view[1 + state], steps: steps.reverse() };
  }
}
