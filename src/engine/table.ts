/**
 * One table of the seen-set, in a WebAssembly memory of its own that all threads share. Entries are staged at
 * its beginning, and table.wat, assembled into table-code.ts, does the rest: V8 checks a typed array at each
 * access, and a lookup makes so few others that this would be half of it (docs/internals/seen-set.md).
 */
import { TABLE_CODE } from './table-code.js';

/** What there is of `WebAssembly.Memory` in every thread; `grow` throws RangeError if there is no more. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface Code {
  touch(count: number, slots: number, size: number): number;
  probe(from: number, to: number, slots: number): number;
  probeWide(from: number, to: number, slots: number, size: number): number;
  sweep(slot: number, slots: number, room: number): Swept;
  sweepWide(slot: number, slots: number, room: number, size: number): Swept;
}
type Swept = readonly [slot: number, aside: number];

interface Assembly {
  readonly Memory: new (kind: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
/** Every Node has it; the types of Node 20 do not. */
const assembly = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;
const module = new assembly.Module(Buffer.from(TABLE_CODE, 'base64'));

const PAGE = 1 << 16;
const MOST_PAGES = 1 << 16;
/** Where table.wat has it. */
const STAGED_BYTES = 16_384;
const [FRESH, SLOTS] = [16_384, 20_480];
/** What memory is counted in: the system's pages. The rest of the last page of 64 KiB is never touched. */
const BLOCK = 4_096;

/** Successors of one chunk that belong to one table, as entries. */
export interface Run {
  /** Entry `n` begins at `n` times the words of an entry. */
  readonly entries: Int32Array;
  readonly from: number;
  readonly to: number;
  /** Set to 1 for each that was new, else to 0. */
  readonly fresh: Uint8Array;
  /** Raised by how many were new. */
  added: number;
}

/** A part of a run that is staged from `at` on. */
interface Staged {
  readonly run: Run;
  readonly at: number;
  readonly from: number;
  readonly to: number;
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
    if (this.#room < 2) throw new RangeError(`exact mode has no room for states of ${words - 1} words`);
    this.memory =
      typeof from === 'number'
        ? new assembly.Memory({ initial: this.#pagesFor(from), maximum: MOST_PAGES, shared: true })
        : from;
    this.#code = new assembly.Instance(module, { table: { memory: this.memory } }).exports as Code;
    this.#staged = new Int32Array(this.memory.buffer, 0, STAGED_BYTES / 4);
    this.#fresh = new Uint8Array(this.memory.buffer, FRESH, SLOTS - FRESH);
  }

  /** Bytes of so many slots and what is staged. */
  bytesFor(slots: number): number {
    return Math.ceil((SLOTS + slots * this.#size) / BLOCK) * BLOCK;
  }

  #pagesFor(slots: number): number {
    return Math.ceil(this.bytesFor(slots) / PAGE);
  }

  /** Makes room for so many slots; RangeError if there is none. New slots are empty. */
  ensure(slots: number): void {
    const pages = this.#pagesFor(slots) - this.memory.buffer.byteLength / PAGE;
    if (pages > 0) this.memory.grow(pages);
  }

  /** The words of the first so many slots. */
  slots(slots: number): Int32Array {
    return new Int32Array(this.memory.buffer, SLOTS, slots * this.#words);
  }

  /** Looks the runs up among so many slots, in order, and adds what is new. */
  add(slots: number, runs: readonly Run[]): void {
    let staged: Staged[] = [];
    let at = 0;
    for (const run of runs) {
      for (let { from } = run; from < run.to; ) {
        const to = Math.min(run.to, from + this.#room - at);
        this.#staged.set(run.entries.subarray(from * this.#words, to * this.#words), at * this.#words);
        staged.push({ run, at, from, to });
        at += to - from;
        from = to;
        if (at < this.#room) continue;
        this.#probe(slots, staged, at);
        [staged, at] = [[], 0];
      }
    }
    this.#probe(slots, staged, at);
  }

  #probe(slots: number, staged: readonly Staged[], count: number): void {
    this.#code.touch(count, slots, this.#size);
    for (const { run, at, from, to } of staged) {
      const end = at + to - from;
      run.added +=
        this.#words === 2
          ? this.#code.probe(at, end, slots)
          : this.#code.probeWide(at, end, slots, this.#size);
      run.fresh.set(this.#fresh.subarray(at, end), from);
    }
  }

  /** Makes a table of `oldSlots` slots one of `newSlots`, for which there is room. */
  sweep(oldSlots: number, newSlots: number): void {
    const aside: Int32Array[] = [];
    for (let slot = oldSlots; slot > 0; ) {
      const [next, count] =
        this.#words === 2
          ? this.#code.sweep(slot, newSlots, this.#room)
          : this.#code.sweepWide(slot, newSlots, this.#room - 1, this.#size);
      aside.push(this.#staged.slice(0, count * this.#words));
      slot = next;
    }
    this.add(
      newSlots,
      aside.map((entries) => {
        const to = entries.length / this.#words;
        return { entries, from: 0, to, fresh: new Uint8Array(to), added: 0 };
      }),
    );
  }
}
