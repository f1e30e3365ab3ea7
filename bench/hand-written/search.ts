/**
 * A breadth-first search of the hand-written peer model, as plain as it can be fast: successors are looked up
 * in batches, in a table of 64-bit fingerprints with linear probing that doubles, as the engine's does. It
 * keeps the step to each state too, so that it could give traces: otherwise it would do less than the engine.
 */
import { HandWrittenPeer, MOST_STEPS, successors, WORDS } from './peer.js';

/** States are expanded until so many successors wait, so that the cache misses of their look-ups overlap. */
const BATCH = 256;
const LOAD = 0.7;
/** Room at the start for so many states, when the caller does not say how many to expect. */
const ROOM = 10_000;

export interface Counts {
  readonly distinct: number;
  readonly generated: number;
  /** Steps from the initial state to the farthest one. */
  readonly depth: number;
}

/** What a search found: its counts, and all states in order of discovery, four words each. */
export interface Explored extends Counts {
  readonly states: Int32Array;
}

class Search {
  readonly #out = successors(BATCH + MOST_STEPS);
  readonly #parents = new Uint32Array(BATCH + MOST_STEPS);
  readonly #model: HandWrittenPeer;
  #table: Int32Array;
  #mask: number;
  #states: Int32Array;
  /** The index of the state from which each state was found first. */
  #from: Uint32Array;
  #distinct = 0;

  constructor(maxRound: number, crashes: number, expected: number) {
    this.#model = new HandWrittenPeer(maxRound, crashes, this.#out);
    const room = expected + BATCH + MOST_STEPS;
    const slots = 2 ** Math.ceil(Math.log2(room / LOAD));
    this.#table = new Int32Array(2 * slots);
    this.#mask = slots - 1;
    this.#states = new Int32Array(room * WORDS);
    this.#from = new Uint32Array(room);
  }

  run(): Explored {
    let generated = 0;
    let depth = 0;
    this.#model.start();
    this.#flush();
    for (let expanded = 0; ; depth++) {
      const levelEnd = this.#distinct;
      while (expanded < levelEnd) {
        const first = this.#out.next;
        this.#model.expand(this.#states, expanded * WORDS);
        const last = this.#out.next;
        for (let n = first; n < last; n++) this.#parents[n] = expanded;
        expanded++;
        if (last >= BATCH) generated += this.#flush();
      }
      generated += this.#flush();
      if (this.#distinct === levelEnd) break;
    }
    const states = this.#states.subarray(0, this.#distinct * WORDS);
    return { distinct: this.#distinct, generated, depth, states };
  }

  /** Looks up what waits and keeps what is new; returns how many waited. */
  #flush(): number {
    const count = this.#out.next;
    this.#out.next = 0;
    this.#makeRoom(count);
    const { words, fingerprints } = this.#out;
    const table = this.#table;
    const mask = this.#mask;
    const states = this.#states;
    touch(table, mask, fingerprints, count);
    let distinct = this.#distinct;
    for (let n = 0; n < count; n++) {
      const h0 = fingerprints[2 * n];
      const h1 = fingerprints[2 * n + 1];
      let slot = h0 & mask;
      let lane = table[2 * slot];
      while (lane !== 0 && !(lane === h0 && table[2 * slot + 1] === h1)) {
        slot = (slot + 1) & mask;
        lane = table[2 * slot];
      }
      if (lane !== 0) continue;
      table[2 * slot] = h0;
      table[2 * slot + 1] = h1;
      const to = distinct * WORDS;
      const at = n * WORDS;
      states[to] = words[at];
      states[to + 1] = words[at + 1];
      states[to + 2] = words[at + 2];
      states[to + 3] = words[at + 3];
      this.#from[distinct++] = this.#parents[n];
    }
    this.#distinct = distinct;
    return count;
  }

  #makeRoom(extra: number): void {
    if (this.#distinct + extra > (this.#mask + 1) * LOAD) this.#growTable();
    if (this.#distinct + extra <= this.#from.length) return;
    const [states, from] = [new Int32Array(2 * this.#states.length), new Uint32Array(2 * this.#from.length)];
    states.set(this.#states);
    from.set(this.#from);
    this.#states = states;
    this.#from = from;
  }

  #growTable(): void {
    const old = this.#table;
    const mask = 2 * this.#mask + 1;
    const table = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      let slot = old[at] & mask;
      while (table[2 * slot] !== 0) slot = (slot + 1) & mask;
      table[2 * slot] = old[at];
      table[2 * slot + 1] = old[at + 1];
    }
    this.#table = table;
    this.#mask = mask;
  }
}

/** Reads the home slot of every fingerprint, so that the cache misses overlap. */
function touch(table: Int32Array, mask: number, fingerprints: Int32Array, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum ^= table[2 * (fingerprints[2 * n] & mask)];
  return sum;
}

/**
 * Explores the hand-written model completely and keeps the states. With room for all the states `expected`
 * nothing has to grow. Throws BoundsTooLarge above 3.
 */
export const explore = (maxRound: number, crashes: number, expected = ROOM): Explored =>
  new Search(maxRound, crashes, expected).run();

/** Explores the hand-written model completely, to count; as `explore` otherwise. */
export function handWritten(maxRound: number, crashes: number, expected = ROOM): Counts {
  const { distinct, generated, depth } = explore(maxRound, crashes, expected);
  return { distinct, generated, depth };
}

/** Only expands each of the states, fingerprints included, and looks nothing up; returns the steps. */
export function expandOnly(maxRound: number, crashes: number, states: Int32Array): number {
  const out = successors(BATCH + MOST_STEPS);
  const model = new HandWrittenPeer(maxRound, crashes, out);
  let generated = 0;
  for (let at = 0; at < states.length; at += WORDS) {
    model.expand(states, at);
    if (out.next < BATCH) continue;
    generated += out.next;
    out.next = 0;
  }
  return generated + out.next;
}
