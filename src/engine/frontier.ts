/**
 * The queue of states found but not yet expanded, in shared memory: packed states in pages, which are used
 * again once their states have been expanded. A state is named by its number in order of discovery.
 */
import { Growable } from './growable.js';

const PAGE_STATES = 1 << 12;
/** Buffers of at most 4 GiB each. */
const SHELVES = 8;
const MOST_SHELF_BYTES = 2 ** 32 - 2 ** 20;

/** What another thread needs to see the same queue. */
export interface FrontierHandles {
  readonly words: number;
  readonly shelves: readonly SharedArrayBuffer[];
  readonly pages: SharedArrayBuffer;
  readonly free: SharedArrayBuffer;
  readonly figures: SharedArrayBuffer;
}

/** Pages in all, pages free, the page with the oldest state, and the page after the newest. */
const [ALL, FREE, FIRST, END] = [0, 1, 2, 3];

export class Frontier {
  readonly words: number;
  readonly #shelves: readonly Growable<Int32Array>[];
  readonly #pagesOnShelf: number;
  /** Where each page in order of discovery lies; and where no page lies now. */
  readonly #pages: Growable<Int32Array>;
  readonly #free: Growable<Int32Array>;
  readonly #figures: Float64Array;

  /** An empty queue of states of so many words, or one that another thread shares. */
  constructor(from: { readonly words: number } | FrontierHandles) {
    const shared = 'shelves' in from ? from : null;
    this.words = from.words;
    this.#shelves = Array.from(
      { length: SHELVES },
      (_, i) => new Growable(Int32Array, shared?.shelves[i] ?? 0),
    );
    const shelfBytes = Math.min(this.#shelves[0].most, MOST_SHELF_BYTES);
    this.#pagesOnShelf = Math.max(1, Math.floor(shelfBytes / (PAGE_STATES * this.words * 4)));
    this.#pages = new Growable(Int32Array, shared?.pages ?? 1);
    this.#free = new Growable(Int32Array, shared?.free ?? 1);
    this.#figures = new Float64Array(shared?.figures ?? new SharedArrayBuffer(4 * 8));
  }

  get handles(): FrontierHandles {
    return {
      words: this.words,
      shelves: this.#shelves.map(({ buffer }) => buffer),
      pages: this.#pages.buffer,
      free: this.#free.buffer,
      figures: this.#figures.buffer as SharedArrayBuffer,
    };
  }

  get bytes(): number {
    return this.#shelves.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Makes room for the states before number `end`; RangeError if there is none. */
  reserve(end: number): void {
    const pages = Math.ceil(end / PAGE_STATES);
    this.#pages.ensure(pages);
    for (let page = this.#figures[END]; page < pages; page++) {
      this.#pages.view[page] = this.#takePage();
      this.#figures[END] = page + 1;
    }
  }

  /** Gives back the pages whose states all come before number `first`. */
  release(first: number): void {
    const pages = Math.floor(first / PAGE_STATES);
    for (let page = this.#figures[FIRST]; page < pages; page++) {
      this.#free.ensure(this.#figures[FREE] + 1);
      this.#free.view[this.#figures[FREE]++] = this.#pages.view[page];
      this.#figures[FIRST] = page + 1;
    }
  }

  /** Starts an empty queue at this number, for a checkpoint to be read into. */
  startAt(first: number): void {
    this.#figures[FIRST] = Math.floor(first / PAGE_STATES);
    this.#figures[END] = this.#figures[FIRST];
  }

  /** Sees the pages that another thread has added. */
  refresh(): void {
    this.#pages.refresh();
    for (const shelf of this.#shelves) shelf.refresh();
  }

  /** Where a state lies: `at` words into `memory`, and with it the next `left - 1` states. */
  locate(state: number): { readonly memory: Int32Array; readonly at: number; readonly left: number } {
    const page = this.#pages.view[Math.floor(state / PAGE_STATES)];
    const shelf = Math.floor(page / this.#pagesOnShelf);
    const inPage = state % PAGE_STATES;
    const at = ((page % this.#pagesOnShelf) * PAGE_STATES + inPage) * this.words;
    return { memory: this.#shelves[shelf].view, at, left: PAGE_STATES - inPage };
  }

  #takePage(): number {
    this.#free.refresh();
    if (this.#figures[FREE] > 0) return this.#free.view[--this.#figures[FREE]];
    const page = this.#figures[ALL];
    const shelf = Math.floor(page / this.#pagesOnShelf);
    if (shelf >= SHELVES) throw new RangeError(`the queue of states takes more than ${SHELVES} buffers`);
    const onShelf = (page % this.#pagesOnShelf) + 1;
    this.#shelves[shelf].ensure(onShelf * PAGE_STATES * this.words);
    this.#figures[ALL] = page + 1;
    return page;
  }
}
