/**
 * Typed arrays in shared memory that grow in place. Address space is reserved at once and filled as needed,
 * so growing copies nothing, and every thread that holds the buffer sees what has been added.
 */
import { reservationOf, reserve } from './reservation.js';

type Elements = Int32Array | Uint16Array | Uint8Array | Float64Array;
interface Kind<T extends Elements> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, byteOffset: number, length: number): T;
}

const BLOCK_BYTES = 1 << 12;
/** V8 of Node 20 reserves no more for one buffer. */
const MOST_BYTES = 2 ** 32 - 2 ** 16;
/** At least so much is added at once, as a fraction of what there is. */
const STEP = 1 / 16;

/** The bytes of a buffer that holds so many, rounded up to whole blocks. */
const wholeBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

function newBuffer(bytes: number): SharedArrayBuffer {
  const maxByteLength = Math.floor(reservationOf(MOST_BYTES, bytes) / BLOCK_BYTES) * BLOCK_BYTES;
  return reserve(() => new SharedArrayBuffer(bytes, { maxByteLength }));
}

export class Growable<T extends Elements> {
  readonly buffer: SharedArrayBuffer;
  /** Of a fixed length, which V8 reads faster than one that follows its buffer. Replaced by growing. */
  view: T;
  readonly #kind: Kind<T>;

  /** Over a new buffer of at least `length` elements, or over one from another thread. */
  constructor(kind: Kind<T>, from: number | SharedArrayBuffer) {
    this.#kind = kind;
    this.buffer = typeof from === 'number' ? newBuffer(wholeBlocks(from * kind.BYTES_PER_ELEMENT)) : from;
    this.view = this.#whole();
  }

  get bytes(): number {
    return this.buffer.byteLength;
  }

  /** Bytes that it can grow to. */
  get most(): number {
    return this.buffer.maxByteLength;
  }

  /** Bytes it would have after `ensure(length)`. */
  bytesFor(length: number): number {
    const needed = wholeBlocks(length * this.#kind.BYTES_PER_ELEMENT);
    if (needed <= this.bytes) return this.bytes;
    return Math.max(needed, Math.min(wholeBlocks(this.bytes * (1 + STEP)), this.most));
  }

  /** Makes room for `length` elements; RangeError if there is none. New elements are 0. */
  ensure(length: number): void {
    const bytes = this.bytesFor(length);
    if (bytes > this.bytes) this.buffer.grow(bytes);
    this.refresh();
  }

  /** Sees what another thread has added. */
  refresh(): void {
    if (this.view.byteLength !== this.buffer.byteLength) this.view = this.#whole();
  }

  #whole(): T {
    return new this.#kind(this.buffer, 0, this.buffer.byteLength / this.#kind.BYTES_PER_ELEMENT);
  }
}
