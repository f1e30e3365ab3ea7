/**
 * One table of the seen-set, in a WebAssembly memory of its own that all threads share. Entries are staged at
 * its beginning, and table.wat, assembled into table-code.ts, does the rest: V8 checks a typed array at each
 * access, and a lookup makes so few others that this would be half of it (docs/internals/seen-set.md).
 */
import { TooLarge } from '../language/errors.js';
import { compile, growingMemory, PAGE_BYTES, type SharedMemory } from './assembly.js';
import { TABLE_CODE } from './table-code.js';

interface Code {
  probe(count: number, buckets: number): number;
  probeWide(count: number, slots: number, size: number): number;
  sweep(bucket: number, buckets: number, room: number): Swept;
  sweepWide(slot: number, slots: number, room: number, size: number): Swept;
}
type Swept = readonly [slot: number, aside: number];

const codeOver = compile<Code>(TABLE_CODE);

/** Where table.wat has it. */
const STAGED_BYTES = 16_384;
const [FRESH, BUCKET_ASIDE, SLOTS] = [16_384, 18_432, 20_480];
/** What memory is counted in: the system's pages. The rest of the last page of 64 KiB is never touched. */
const BLOCK = 4_096;

/** The number of slots of a table is a multiple of this. */
export const BUCKET = 8;

/** Entries of one table, one after the other. */
export interface Run {
  /** Entry `n` begins at `n` times the words of an entry. */
  readonly entries: Int32Array;
  readonly from: number;
  readonly to: number;
  /** Set to 1 for each that was new, else to 0. */
  readonly fresh: Uint8Array;
}

export class Table {
  readonly memory: SharedMemory;
  readonly #words: number;
  readonly #size: number;
  readonly #room: number;
  readonly #code: Code;
  readonly #staged: Int32Array;
  readonly #fresh: Uint8Array;

  /** A table of entries of so many words, with room for so many slots, or one that another thread shares. */
  constructor(words: number, from: number | SharedMemory) {
    this.#words = words;
    this.#size = 4 * words;
    this.#room = Math.floor(STAGED_BYTES / this.#size);
    if (this.#room < 2) {
      const most = STAGED_BYTES / 8 - 1;
      throw new TooLarge(`a state of ${words - 1} words`, `${most} words in exact mode`);
    }
    this.memory = typeof from === 'number' ? growingMemory(this.#pagesFor(from)) : from;
    this.#code = codeOver(this.memory);
    this.#staged = new Int32Array(this.memory.buffer, 0, STAGED_BYTES / 4);
    this.#fresh = new Uint8Array(this.memory.buffer, FRESH, BUCKET_ASIDE - FRESH);
  }

  /** Bytes of so many slots and what is staged. */
  bytesFor(slots: number): number {
    return Math.ceil((SLOTS + slots * this.#size) / BLOCK) * BLOCK;
  }

  #pagesFor(slots: number): number {
    return Math.ceil(this.bytesFor(slots) / PAGE_BYTES);
  }

  /** Makes room for so many slots; RangeError if there is none. New slots are empty. */
  ensure(slots: number): void {
    const pages = this.#pagesFor(slots) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) this.memory.grow(pages);
  }

  /** The words of the first so many slots. */
  slots(slots: number): Int32Array {
    return new Int32Array(this.memory.buffer, SLOTS, slots * this.#words);
  }

  /** Looks the entries of a run up among so many slots, in order, and adds what is new; returns how much. */
  add(slots: number, { entries, from, to, fresh }: Run): number {
    let added = 0;
    for (let first = from; first < to; first += this.#room) {
      const count = Math.min(this.#room, to - first);
      this.#staged.set(entries.subarray(first * this.#words, (first + count) * this.#words));
      added +=
        this.#words === 2
          ? this.#code.probe(count, slots / BUCKET)
          : this.#code.probeWide(count, slots, this.#size);
      fresh.set(this.#fresh.subarray(0, count), first);
    }
    return added;
  }

  /** Makes a table of `oldSlots` slots one of `newSlots`, for which there is room. */
  sweep(oldSlots: number, newSlots: number): void {
    const aside: Int32Array[] = [];
    const step = this.#words === 2 ? BUCKET : 1;
    for (let end = oldSlots / step; end > 0; ) {
      const [next, count] =
        this.#words === 2
          ? this.#code.sweep(end, newSlots / BUCKET, this.#room)
          : this.#code.sweepWide(end, newSlots, this.#room - 1, this.#size);
      aside.push(this.#staged.slice(0, count * this.#words));
      end = next;
    }
    for (const entries of aside) {
      const to = entries.length / this.#words;
      this.add(newSlots, { entries, from: 0, to, fresh: new Uint8Array(to) });
    }
  }
}
