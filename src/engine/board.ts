/**
 * What the threads of a search share while they work on one block of states: who does what, the successors
 * each has computed, and a barrier. docs/internals/parallel.md tells how a block goes.
 */
import type { SharedMemory } from './assembly.js';
import { Batch } from './batch.js';
import { PARTITIONS } from './seen-set.js';
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

/** What another thread needs to see the same board. */
export interface BoardHandles {
  readonly workers: number;
  readonly memory: SharedArrayBuffer;
  readonly batches: readonly SharedMemory[];
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
    const batches = this.batches.map(({ memory }) => memory);
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
}
