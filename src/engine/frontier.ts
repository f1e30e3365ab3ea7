/**
 * The queue of states found but not yet expanded: packed states in chunks, which are used again once emptied.
 */

const STATES_A_CHUNK = 1 << 12;
const SPARE_CHUNKS = 4;

export class Frontier {
  readonly #words: number;
  #chunks: Int32Array[] = [];
  #spare: Int32Array[] = [];
  /** Where the next state is read, in the first chunk, and written, in the last, in words. */
  #read = 0;
  #write: number;
  readonly #chunkWords: number;
  length = 0;

  constructor(words: number) {
    this.#words = words;
    this.#chunkWords = words * STATES_A_CHUNK;
    this.#write = this.#chunkWords;
  }

  push(source: Int32Array, offset: number): void {
    if (this.#write === this.#chunkWords) {
      this.#chunks.push(this.#spare.pop() ?? new Int32Array(this.#chunkWords));
      this.#write = 0;
    }
    const chunk = this.#chunks[this.#chunks.length - 1];
    const write = this.#write;
    for (let i = 0; i < this.#words; i++) chunk[write + i] = source[offset + i];
    this.#write = write + this.#words;
    this.length++;
  }

  /** Moves the oldest state to the front of `target`. The frontier must not be empty. */
  shift(target: Int32Array): void {
    const chunk = this.#chunks[0];
    const read = this.#read;
    for (let i = 0; i < this.#words; i++) target[i] = chunk[read + i];
    this.#read = read + this.#words;
    this.length--;
    if (this.#read < this.#chunkWords) return;
    this.#chunks.shift();
    if (this.#spare.length < SPARE_CHUNKS) this.#spare.push(chunk);
    this.#read = 0;
  }

  get bytes(): number {
    return (this.#chunks.length + this.#spare.length) * this.#chunkWords * 4;
  }
}
