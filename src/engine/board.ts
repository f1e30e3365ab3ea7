/**
 * What the threads of a search share while they work on one block of states: who does what, the successors
 * each has computed, and a barrier. docs/internals/parallel.md tells how a block goes.
 */
import { Growable } from './growable.js';
import { entryWords, PARTITION_SHIFT, PARTITIONS } from './seen-set.js';
import { NOTHING, type Shape } from './store.js';

/** The most chunks of a block; a thread takes a chunk at a time. */
export const MOST_CHUNKS = 16;
/** The most states of a block. */
export const MOST_BLOCK = 1 << 17;

/** What all threads do now. */
export const Phase = { expand: 0, insert: 1, append: 2, paused: 3 } as const;

/** Why the search has stopped before its end, as a number that threads can share. */
export const Stop = { none: 0, states: 1, memory: 2, machine: 3 } as const;

const [ARRIVED, TURN, CLAIMED, PHASE, PAUSE, ABORT, STOP] = [0, 1, 2, 3, 4, 5, 6];
const [CHUNKS, CHUNK_STATES, STATES, CONTROLS] = [7, 8, 9, 10];

/** Doubles of `position` for each thread: a cache line, so that no thread waits for another's writes. */
export const POSITION_STRIDE = 8;

/** Looks at the barrier before a thread goes to sleep: some microseconds. */
const SPINS = 2_000;
const SLEEP = 1_000;

/** Successors that one thread has computed, in order; they grow with what a block needs. */
export class Batch {
  readonly #words: number;
  readonly #entryWords: number;
  readonly #states: Growable<Int32Array>;
  readonly #lanes: Growable<Int32Array>;
  readonly #codes: Growable<Uint16Array>;
  readonly #entries: Growable<Int32Array>;
  readonly #places: Growable<Int32Array>;
  readonly #fresh: Growable<Uint8Array>;

  constructor(shape: Shape, buffers: readonly SharedArrayBuffer[] | null) {
    this.#words = shape.words;
    this.#entryWords = entryWords(shape);
    const first = buffers === null ? 1 << 12 : 0;
    this.#states = new Growable(Int32Array, buffers?.[0] ?? first * this.#words);
    this.#lanes = new Growable(Int32Array, buffers?.[1] ?? 2 * first);
    this.#codes = new Growable(Uint16Array, buffers?.[2] ?? first);
    this.#entries = new Growable(Int32Array, buffers?.[3] ?? first * this.#entryWords);
    this.#places = new Growable(Int32Array, buffers?.[4] ?? first);
    this.#fresh = new Growable(Uint8Array, buffers?.[5] ?? first);
  }

  get #all(): readonly Growable<Int32Array | Uint16Array | Uint8Array>[] {
    return [this.#states, this.#lanes, this.#codes, this.#entries, this.#places, this.#fresh];
  }

  get buffers(): readonly SharedArrayBuffer[] {
    return this.#all.map(({ buffer }) => buffer);
  }

  get capacity(): number {
    const { states, lanes, codes, entries, places, fresh } = this;
    const most = Math.floor(Math.min(states.length / this.#words, entries.length / this.#entryWords));
    return Math.min(most, lanes.length >>> 1, codes.length, places.length, fresh.length);
  }
  /** Packed states, one after the other. */
  get states(): Int32Array {
    return this.#states.view;
  }
  /** The two lanes of each fingerprint. */
  get lanes(): Int32Array {
    return this.#lanes.view;
  }
  /** The code of the step to each. */
  get codes(): Uint16Array {
    return this.#codes.view;
  }
  /** What the seen-set is to hold of each: those of a chunk sorted by table. */
  get entries(): Int32Array {
    return this.#entries.view;
  }
  /** Where each is among the entries. */
  get places(): Int32Array {
    return this.#places.view;
  }
  /** For each entry, 1 if no one had seen it before. */
  get fresh(): Uint8Array {
    return this.#fresh.view;
  }

  ensure(length: number): void {
    this.#states.ensure(length * this.#words);
    this.#lanes.ensure(2 * length);
    this.#codes.ensure(length);
    this.#entries.ensure(length * this.#entryWords);
    this.#places.ensure(length);
    this.#fresh.ensure(length);
  }

  refresh(): void {
    for (const each of this.#all) each.refresh();
  }

  /** Makes the entries of successors `from` to `to - 1`; `next[row + p]` is the next place of table `p`. */
  enter(from: number, to: number, next: Int32Array, row: number): void {
    const { states, lanes, entries, places } = this;
    const [words, size] = [this.#words, this.#entryWords];
    for (let n = from; n < to; n++) {
      const lane = lanes[2 * n];
      const place = next[row + (lane >>> PARTITION_SHIFT)]++;
      places[n] = place;
      entries[place * size] = lane;
      if (size === 2) entries[2 * place + 1] = lanes[2 * n + 1];
      else for (let i = 0; i < words; i++) entries[place * size + 1 + i] = states[n * words + i];
    }
  }
}

/** What another thread needs to see the same board. */
export interface BoardHandles {
  readonly workers: number;
  readonly memory: SharedArrayBuffer;
  readonly batches: readonly (readonly SharedArrayBuffer[])[];
}

export class Board {
  readonly workers: number;
  readonly batches: readonly Batch[];
  readonly #memory: SharedArrayBuffer;
  readonly #control: Int32Array;
  /** The thread that expanded each chunk, and where its successors begin and end in that thread's batch. */
  readonly owner: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** New states in each chunk; the number of the first one. */
  readonly fresh: Int32Array;
  readonly base: Float64Array;
  /** For each chunk and table: where that table's entries begin in the batch. */
  readonly offsets: Int32Array;
  /** For each state of the block: where its successors end. */
  readonly ends: Int32Array;
  /** A row for each thread: how often it took each action; its least findings; the state where it failed. */
  readonly counts: Float64Array;
  readonly found: Float64Array;
  readonly failed: Float64Array;
  /** For each thread: the state it is at, and the action. */
  readonly position: Float64Array;

  constructor(shape: Shape, from: { readonly workers: number } | BoardHandles) {
    const shared = 'memory' in from ? from : null;
    this.workers = from.workers;
    const findings = shape.claims + 1 + shape.witnesses;
    const doubles = MOST_CHUNKS + this.workers * (shape.actions + findings + 1 + POSITION_STRIDE);
    const ints = CONTROLS + MOST_CHUNKS * (4 + PARTITIONS + 1) + MOST_BLOCK;
    this.#memory = shared?.memory ?? new SharedArrayBuffer(8 * doubles + 4 * ints);
    let next = 0;
    const floats = (length: number) => {
      next += 8 * length;
      return new Float64Array(this.#memory, next - 8 * length, length);
    };
    const words = (length: number) => {
      next += 4 * length;
      return new Int32Array(this.#memory, next - 4 * length, length);
    };
    this.base = floats(MOST_CHUNKS);
    this.counts = floats(this.workers * shape.actions);
    this.found = floats(this.workers * findings);
    this.failed = floats(this.workers);
    this.position = floats(POSITION_STRIDE * this.workers);
    this.#control = words(CONTROLS);
    this.owner = words(MOST_CHUNKS);
    this.from = words(MOST_CHUNKS);
    this.to = words(MOST_CHUNKS);
    this.fresh = words(MOST_CHUNKS);
    this.offsets = words(MOST_CHUNKS * (PARTITIONS + 1));
    this.ends = words(MOST_BLOCK);
    this.batches = Array.from(
      { length: this.workers },
      (_, i) => new Batch(shape, shared?.batches[i] ?? null),
    );
    if (shared !== null) return;
    this.#control[PHASE] = Phase.paused;
    this.failed.fill(NOTHING);
    this.found.fill(NOTHING);
  }

  get handles(): BoardHandles {
    const batches = this.batches.map(({ buffers }) => buffers);
    return { workers: this.workers, memory: this.#memory, batches };
  }

  get phase(): number {
    return this.#control[PHASE];
  }
  /** One of Stop. */
  get stop(): number {
    return this.#control[STOP];
  }
  set stop(why: number) {
    this.#control[STOP] = why;
  }
  /** Chunks of the block. */
  get chunks(): number {
    return this.#control[CHUNKS];
  }
  /** States of each chunk but the last, which may have fewer. */
  get chunkStates(): number {
    return this.#control[CHUNK_STATES];
  }
  /** States of the block. */
  get states(): number {
    return this.#control[STATES];
  }

  /** Sets out a block of so many states. */
  setOut(states: number): void {
    const chunkStates = Math.ceil(states / MOST_CHUNKS);
    this.#control[STATES] = states;
    this.#control[CHUNK_STATES] = chunkStates;
    this.#control[CHUNKS] = Math.ceil(states / chunkStates);
  }

  begin(phase: number): void {
    this.#control[PHASE] = phase;
    Atomics.store(this.#control, CLAIMED, 0);
  }

  /** The next piece of work of this phase, from 0. */
  claim(): number {
    return Atomics.add(this.#control, CLAIMED, 1);
  }

  /** Asks for a pause after this block, or takes that back. */
  requestPause(wanted: boolean): void {
    Atomics.store(this.#control, PAUSE, wanted ? 1 : 0);
  }
  get pauseRequested(): boolean {
    return Atomics.load(this.#control, PAUSE) === 1;
  }

  /** Ends the work of all threads at their next barrier. */
  abort(): void {
    Atomics.store(this.#control, ABORT, 1);
    Atomics.notify(this.#control, TURN);
  }
  get aborted(): boolean {
    return Atomics.load(this.#control, ABORT) === 1;
  }

  /** Waits until all threads have come here; the last one does `between` before any goes on. */
  barrier(between: () => void): void {
    const control = this.#control;
    const turn = Atomics.load(control, TURN);
    if (Atomics.add(control, ARRIVED, 1) + 1 === this.workers) {
      between();
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, TURN, 1);
      Atomics.notify(control, TURN);
      return;
    }
    for (let i = 0; i < SPINS; i++) if (Atomics.load(control, TURN) !== turn) return;
    while (Atomics.load(control, TURN) === turn && !this.aborted) Atomics.wait(control, TURN, turn, SLEEP);
  }

  /** Sorts the successors of a chunk by table: fills `entries`, `places` and `offsets`. */
  sort(chunk: number): void {
    const batch = this.batches[this.owner[chunk]];
    const { lanes } = batch;
    const { offsets } = this;
    const [from, to] = [this.from[chunk], this.to[chunk]];
    const row = chunk * (PARTITIONS + 1);
    offsets.fill(0, row, row + PARTITIONS + 1);
    for (let n = from; n < to; n++) offsets[row + (lanes[2 * n] >>> PARTITION_SHIFT)]++;
    let next = from;
    for (let p = 0; p < PARTITIONS; p++) {
      const count = offsets[row + p];
      offsets[row + p] = next;
      next += count;
    }
    batch.enter(from, to, offsets, row);
    // Each entry now stands where its table ends, which is where the next one begins.
    offsets.copyWithin(row + 1, row, row + PARTITIONS);
    offsets[row] = from;
  }
}
