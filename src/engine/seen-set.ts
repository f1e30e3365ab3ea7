/**
 * The set of states seen so far, in shared memory: sixteen tables by the first bits of the fingerprint, each
 * open-addressed, in buckets of eight slots. A slot holds either the whole fingerprint or, in exact mode, the
 * first lane and the whole state. The home of an entry grows with its fingerprint, so that a table grows in
 * place, by a sweep from its end: docs/internals/seen-set.md.
 *
 * One thread at a time works on a table; who does is settled outside.
 */
import type { SharedMemory } from './assembly.js';
import { BUCKET, type Run, Table } from './table.js';

/** Tables; that of a fingerprint is told by the first four bits of its first lane. */
export const PARTITIONS = 16;

const FEWEST_SLOTS = 256;
/** A table grows when it is fuller than this … */
const LOAD = 0.82;
/** … or when it could become fuller than this by what waits to be added. */
const FULL = 0.93;
/** Tables begin at different sizes, so that they grow at different times and the whole has an even load. */
const GROWTH = 1.3;

/** The slots that table `p` begins with. */
const fewestSlots = (p: number): number => wholeBuckets(FEWEST_SLOTS * GROWTH ** (p / PARTITIONS));

const wholeBuckets = (slots: number): number => Math.ceil(slots / BUCKET) * BUCKET;

/** What another thread needs to see the same set. */
export interface SeenSetHandles {
  readonly words: number;
  readonly exact: boolean;
  readonly tables: readonly SharedMemory[];
  readonly figures: SharedArrayBuffer;
}

/** Words of an entry: both lanes of a fingerprint, or in exact mode the first lane and the whole state. */
export const entryWords = ({ words, exact }: { readonly words: number; readonly exact: boolean }): number =>
  exact ? 1 + words : 2;

export class SeenSet {
  readonly #words: number;
  readonly #exact: boolean;
  readonly #tables: readonly Table[];
  /** For each table: slots, slots taken, and slots it should have. */
  readonly #figures: Float64Array;
  readonly #entryWords: number;

  /** An empty set of states of so many words, or one that another thread shares. */
  constructor(from: { readonly words: number; readonly exact: boolean } | SeenSetHandles) {
    this.#words = from.words;
    this.#exact = from.exact;
    this.#entryWords = entryWords(from);
    const shared = 'tables' in from ? from : null;
    this.#tables = Array.from(
      { length: PARTITIONS },
      (_, p) => new Table(this.#entryWords, shared?.tables[p] ?? fewestSlots(p)),
    );
    this.#figures = new Float64Array(shared?.figures ?? new SharedArrayBuffer(3 * PARTITIONS * 8));
    for (let p = 0; shared === null && p < PARTITIONS; p++) {
      this.#figures[p] = fewestSlots(p);
      this.#figures[2 * PARTITIONS + p] = fewestSlots(p);
    }
  }

  get handles(): SeenSetHandles {
    return {
      words: this.#words,
      exact: this.#exact,
      tables: this.#tables.map(({ memory }) => memory),
      figures: this.#figures.buffer as SharedArrayBuffer,
    };
  }

  get size(): number {
    let size = 0;
    for (let p = 0; p < PARTITIONS; p++) size += this.#figures[PARTITIONS + p];
    return size;
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table, p) => sum + table.bytesFor(this.#figures[p]), 0);
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
      while (taken > slots * LOAD || taken + candidates[p] > slots * FULL)
        slots = wholeBuckets(slots * GROWTH);
      this.#figures[2 * PARTITIONS + p] = slots;
      bytes += this.#tables[p].bytesFor(slots);
    }
    return bytes;
  }

  /** Takes the memory that was planned for; RangeError if there is none. */
  reserve(): void {
    for (let p = 0; p < PARTITIONS; p++) {
      this.#tables[p].ensure(this.#figures[2 * PARTITIONS + p]);
    }
  }

  /** Grows one table as planned. */
  grow(p: number): void {
    const [slots, planned] = [this.#figures[p], this.#figures[2 * PARTITIONS + p]];
    if (planned === slots) return;
    this.#tables[p].sweep(slots, planned);
    this.#figures[p] = planned;
  }

  /** Adds the entries of a run, all of table `p`, in this order; returns how many were new. */
  add(p: number, run: Run): number {
    const added = this.#tables[p].add(this.#figures[p], run);
    this.#figures[PARTITIONS + p] += added;
    return added;
  }

  /** The words of one table and its slots, for a checkpoint. */
  content(p: number): { readonly slots: number; readonly words: Int32Array } {
    const slots = this.#figures[p];
    return { slots, words: this.#tables[p].slots(slots) };
  }

  /** Makes room for a table from a checkpoint, to be filled in; counts what it holds with `recount`. */
  restore(p: number, slots: number): Int32Array {
    this.#tables[p].ensure(slots);
    this.#figures[p] = slots;
    this.#figures[2 * PARTITIONS + p] = slots;
    return this.#tables[p].slots(slots);
  }

  /** Counts the slots taken in one table, after `restore`. */
  recount(p: number): void {
    const { words } = this.content(p);
    let taken = 0;
    for (let at = 0; at < words.length; at += this.#entryWords) if (words[at] !== 0) taken++;
    this.#figures[PARTITIONS + p] = taken;
  }
}
