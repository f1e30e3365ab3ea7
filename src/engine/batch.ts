/**
 * The successors that one thread has computed for a block of states, in a WebAssembly memory that all threads
 * share. The expander writes states and codes; batch.wat, assembled into batch-code.ts, gives each state its
 * fingerprint and sorts what is to be looked up by table.
 */
import { compile, newMemory, PAGE_BYTES, type SharedMemory } from './assembly.js';
import { BATCH_CODE } from './batch-code.js';
import { entryWords, PARTITIONS } from './seen-set.js';

interface Code {
  enter(
    from: number,
    to: number,
    words: number,
    exact: number,
    states: number,
    fingerprints: number,
    entries: number,
    places: number,
  ): void;
}
const codeOver = compile<Code>(BATCH_CODE);

/** A batch takes so much address space, and of memory what of it is used. */
const BYTES = 1 << 28;
/** It has room for the successors of at least so many states. */
const FEWEST_STATES = 4;

/** What a batch must know of the states and the seen-set. */
export interface BatchShape {
  /** Words of a packed state. */
  readonly words: number;
  /** The most successors of a state. */
  readonly instances: number;
  readonly exact: boolean;
}

export class Batch {
  readonly memory: SharedMemory;
  /** Successors for which there is room. */
  readonly capacity: number;
  /** Packed states, one after the other. */
  readonly states: Int32Array;
  /** The code of the step to each. */
  readonly codes: Uint16Array;
  /** What the seen-set is to hold of each: those of a chunk sorted by table. */
  readonly entries: Int32Array;
  /** Where each is among the entries. */
  readonly places: Int32Array;
  /** For each entry, 1 if no one had seen it before. */
  readonly fresh: Uint8Array;
  readonly #words: number;
  readonly #exact: boolean;
  readonly #fingerprints: number;
  readonly #ends: Int32Array;
  readonly #code: Code;

  /** An empty batch, or one that another thread shares; `NoAddressSpace` if the system has none for it. */
  constructor(shape: BatchShape, shared: SharedMemory | null) {
    const { words, instances, exact } = shape;
    const size = entryWords(shape);
    this.#words = words;
    this.#exact = exact;
    const each = 8 + 4 * words + 4 * size + 4 + 2 + 1;
    this.capacity = Math.max(Math.floor(BYTES / each), FEWEST_STATES * instances);
    const pages = Math.ceil((4 * PARTITIONS + this.capacity * each + 8) / PAGE_BYTES);
    this.memory = shared ?? newMemory(pages);
    const { buffer } = this.memory;
    // From the widest elements to the narrowest, so that each part is aligned.
    this.#ends = new Int32Array(buffer, 0, PARTITIONS);
    this.#fingerprints = this.#ends.byteLength;
    this.entries = new Int32Array(buffer, this.#fingerprints + 8 * this.capacity, size * this.capacity);
    this.states = new Int32Array(buffer, endOf(this.entries), words * this.capacity);
    this.places = new Int32Array(buffer, endOf(this.states), this.capacity);
    this.codes = new Uint16Array(buffer, endOf(this.places), this.capacity);
    this.fresh = new Uint8Array(buffer, endOf(this.codes), this.capacity);
    this.#code = codeOver(this.memory);
  }

  /**
   * Makes the entries of successors `from` to `to - 1`, sorted by table; writes where those of each table
   * begin, and the last ones end, to `offsets` from `row` on.
   */
  enter(from: number, to: number, offsets: Int32Array, row: number): void {
    const { entries, states, places } = this;
    this.#code.enter(
      from,
      to,
      this.#words,
      this.#exact ? 1 : 0,
      states.byteOffset,
      this.#fingerprints,
      entries.byteOffset,
      places.byteOffset,
    );
    offsets[row] = from;
    offsets.set(this.#ends, row + 1);
  }
}

const endOf = ({ byteOffset, byteLength }: ArrayBufferView): number => byteOffset + byteLength;
