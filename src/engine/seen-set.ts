/**
 * The set of states seen so far, in shared memory: sixteen tables by the first bits of the fingerprint, each
 * open-addressed with linear probing. A slot holds either the whole fingerprint or, in exact mode, the first
 * lane and the whole state. A slot's home grows with its fingerprint, so that a table grows in place, by a
 * sweep from its end: docs/internals/seen-set.md.
 *
 * One thread at a time works on a table; who does is settled outside.
 */
import { Growable } from './growable.js';

const PARTITION_BITS = 4;
export const PARTITIONS = 1 << PARTITION_BITS;
/** The table of a fingerprint, by its first lane. */
export const PARTITION_SHIFT = 32 - PARTITION_BITS;

const FEWEST_SLOTS = 256;
/** A table grows when it is fuller than this … */
const LOAD = 0.82;
/** … or when it could become fuller than this by what waits to be added. */
const FULL = 0.93;
/** Tables begin at different sizes, so that they grow at different times and the whole has an even load. */
const GROWTH = 1.3;

/** The slots that table `p` begins with. */
const fewestSlots = (p: number): number => Math.round(FEWEST_SLOTS * GROWTH ** (p / PARTITIONS));

/** Where successors wait to be looked up: number `n` has `lanes[2n]`, `lanes[2n + 1]`, `states[n·W]` on. */
export interface Candidates {
  readonly lanes: Int32Array;
  readonly states: Int32Array;
  /** Set to 1 for those that were new, else to 0. */
  readonly fresh: Uint8Array;
}

type Insert = (
  table: Int32Array,
  slots: number,
  lanes: Int32Array,
  states: Int32Array,
  order: Int32Array,
  from: number,
  to: number,
  fresh: Uint8Array,
) => number;
type Sweep = (table: Int32Array, oldSlots: number, newSlots: number) => void;

/** What another thread needs to see the same set. */
export interface SeenSetHandles {
  readonly words: number;
  readonly exact: boolean;
  readonly tables: readonly SharedArrayBuffer[];
  readonly figures: SharedArrayBuffer;
}

export class SeenSet {
  readonly #words: number;
  readonly #exact: boolean;
  readonly #tables: readonly Growable<Int32Array>[];
  /** For each table: slots, slots taken, and slots it should have. */
  readonly #figures: Float64Array;
  readonly #slotWords: number;
  readonly #insert: Insert;
  readonly #sweep: Sweep;

  /** An empty set of states of so many words, or one that another thread shares. */
  constructor(from: { readonly words: number; readonly exact: boolean } | SeenSetHandles) {
    this.#words = from.words;
    this.#exact = from.exact;
    this.#slotWords = from.exact ? 1 + from.words : 2;
    const shared = 'tables' in from ? from : null;
    this.#tables = Array.from(
      { length: PARTITIONS },
      (_, p) => new Growable(Int32Array, shared?.tables[p] ?? fewestSlots(p) * this.#slotWords),
    );
    this.#figures = new Float64Array(shared?.figures ?? new SharedArrayBuffer(3 * PARTITIONS * 8));
    for (let p = 0; shared === null && p < PARTITIONS; p++) {
      this.#figures[p] = fewestSlots(p);
      this.#figures[2 * PARTITIONS + p] = fewestSlots(p);
    }
    const { insert, sweep } = generate(from.words, from.exact);
    this.#insert = insert;
    this.#sweep = sweep;
  }

  get handles(): SeenSetHandles {
    return {
      words: this.#words,
      exact: this.#exact,
      tables: this.#tables.map(({ buffer }) => buffer),
      figures: this.#figures.buffer as SharedArrayBuffer,
    };
  }

  get size(): number {
    let size = 0;
    for (let p = 0; p < PARTITIONS; p++) size += this.#figures[PARTITIONS + p];
    return size;
  }

  get bytes(): number {
    return this.#tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Decides which tables must grow before so many `candidates` are added to each; returns the bytes that all
   * take then. Nothing grows before `grow`.
   */
  plan(candidates: ArrayLike<number>): number {
    let bytes = 0;
    for (let p = 0; p < PARTITIONS; p++) {
      const taken = this.#figures[PARTITIONS + p];
      let slots = this.#figures[p];
      while (taken > slots * LOAD || taken + candidates[p] > slots * FULL) slots = Math.ceil(slots * GROWTH);
      this.#figures[2 * PARTITIONS + p] = slots;
      bytes += this.#tables[p].bytesFor(slots * this.#slotWords);
    }
    return bytes;
  }

  /** Takes the memory that was planned for; RangeError if there is none. */
  reserve(): void {
    for (let p = 0; p < PARTITIONS; p++) {
      this.#tables[p].ensure(this.#figures[2 * PARTITIONS + p] * this.#slotWords);
    }
  }

  /** Grows one table as planned. */
  grow(p: number): void {
    const [slots, planned] = [this.#figures[p], this.#figures[2 * PARTITIONS + p]];
    this.#tables[p].refresh();
    if (planned === slots) return;
    this.#sweep(this.#tables[p].view, slots, planned);
    this.#figures[p] = planned;
  }

  /**
   * Adds the candidates `order[from]` to `order[to - 1]`, all of table `p`, in this order; returns how many
   * were new.
   */
  add(p: number, { lanes, states, fresh }: Candidates, order: Int32Array, from: number, to: number): number {
    const table = this.#tables[p].view;
    const added = this.#insert(table, this.#figures[p], lanes, states, order, from, to, fresh);
    this.#figures[PARTITIONS + p] += added;
    return added;
  }

  /** The words of one table and its slots, for a checkpoint. */
  content(p: number): { readonly slots: number; readonly words: Int32Array } {
    const slots = this.#figures[p];
    this.#tables[p].refresh();
    return { slots, words: this.#tables[p].view.subarray(0, slots * this.#slotWords) };
  }

  /** Makes room for a table from a checkpoint, to be filled in; counts what it holds with `recount`. */
  restore(p: number, slots: number): Int32Array {
    this.#tables[p].ensure(slots * this.#slotWords);
    this.#figures[p] = slots;
    this.#figures[2 * PARTITIONS + p] = slots;
    return this.#tables[p].view.subarray(0, slots * this.#slotWords);
  }

  /** Counts the slots taken in one table, after `restore`. */
  recount(p: number): void {
    const { words } = this.content(p);
    let taken = 0;
    for (let at = 0; at < words.length; at += this.#slotWords) if (words[at] !== 0) taken++;
    this.#figures[PARTITIONS + p] = taken;
  }
}

/** Kept so that the loads of the touching loop have a use. */
const sink = new Int32Array(1);

/** `insert` and `sweep` for slots of a fingerprint, or of a lane and a state. */
function generate(words: number, exact: boolean): { insert: Insert; sweep: Sweep } {
  const size = exact ? 1 + words : 2;
  const key = (i: number) => (exact ? `states[n * ${words} + ${i - 1}]` : 'lanes[2 * n + 1]');
  const rest = Array.from({ length: size - 1 }, (_, i) => i + 1);
  const home = (lane: string) => `(((${lane} << ${PARTITION_BITS}) >>> 0) * scale) | 0`;
  const source = `'use strict';
  function insert(table, slots, lanes, states, order, from, to, fresh) {
    const scale = slots / 4294967296;
    let sum = 0, added = 0;
    for (let k = from; k < to; k++) sum ^= table[${size} * (${home('lanes[2 * order[k]]')})];
    sink[0] = sum;
    for (let k = from; k < to; k++) {
      const n = order[k], lane = lanes[2 * n];
      let at = ${size} * (${home('lane')});
      for (;;) {
        const tag = table[at];
        if (tag === 0) {
          table[at] = lane; ${rest.map((i) => `table[at + ${i}] = ${key(i)};`).join(' ')}
          fresh[n] = 1; added++; break;
        }
        if (tag === lane && ${rest.map((i) => `table[at + ${i}] === ${key(i)}`).join(' && ')}) {
          fresh[n] = 0; break;
        }
        at += ${size}; if (at === ${size} * slots) at = 0;
      }
    }
    return added;
  }
  function sweep(table, oldSlots, newSlots) {
    const scale = newSlots / 4294967296, aside = [];
    for (let slot = oldSlots - 1; slot >= 0; slot--) {
      const from = ${size} * slot, lane = table[from];
      if (lane === 0) continue;
      ${rest.map((i) => `const w${i} = table[from + ${i}];`).join(' ')}
      table[from] = 0; ${rest.map((i) => `table[from + ${i}] = 0;`).join(' ')}
      let to = ${home('lane')};
      if (to >= slot) while (to < newSlots && table[${size} * to] !== 0) to++;
      if (to < slot || to === newSlots) { aside.push(lane, ${rest.map((i) => `w${i}`).join(', ')}); continue; }
      table[${size} * to] = lane; ${rest.map((i) => `table[${size} * to + ${i}] = w${i};`).join(' ')}
    }
    for (let k = 0; k < aside.length; k += ${size}) {
      let to = ${home('aside[k]')};
      while (table[${size} * to] !== 0) if (++to === newSlots) to = 0;
      for (let i = 0; i < ${size}; i++) table[${size} * to + i] = aside[k + i];
    }
  }
  return { insert, sweep };`;
  return new Function('sink', source)(sink) as { insert: Insert; sweep: Sweep };
}
