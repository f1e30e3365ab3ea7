/** Packed states under the numbers of their first appearance: whole states in an open-addressing table. */
export class StateTable {
  readonly #words: number;
  #states: Int32Array;
  /** The number of a state plus 1, where its hash or the next free slot after it is; 0 in a free slot. */
  #slots = new Int32Array(1 << 10);
  #size = 0;

  /** An empty table of states of so many words. */
  constructor(words: number) {
    this.#words = words;
    this.#states = new Int32Array(words << 9);
  }

  get size(): number {
    return this.#size;
  }

  /** All states, one after the other; until the next one is added. */
  get states(): Int32Array {
    return this.#states;
  }

  /** The number of the state at `offset`; -1 if it is not in the table. */
  find(memory: Int32Array, offset: number): number {
    return this.#slots[this.#slotOf(memory, offset)] - 1;
  }

  /** The number of the state at `offset`, which is added if it is new. */
  add(memory: Int32Array, offset: number): number {
    const slot = this.#slotOf(memory, offset);
    if (this.#slots[slot] !== 0) return this.#slots[slot] - 1;
    const words = this.#words;
    const at = this.#size * words;
    if (at === this.#states.length) this.#grow();
    for (let i = 0; i < words; i++) this.#states[at + i] = memory[offset + i];
    this.#slots[this.#slotOf(this.#states, at)] = this.#size + 1;
    return this.#size++;
  }

  #slotOf(memory: Int32Array, offset: number): number {
    const words = this.#words;
    const mask = this.#slots.length - 1;
    let hash = 0x2545f491;
    for (let i = 0; i < words; i++) {
      hash = Math.imul(hash ^ memory[offset + i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot];
      if (entry === 0) return slot;
      const at = (entry - 1) * words;
      let i = 0;
      while (i < words && this.#states[at + i] === memory[offset + i]) i++;
      if (i === words) return slot;
    }
  }

  /** Twice the room: at most half of the slots are taken. */
  #grow(): void {
    const states = new Int32Array(2 * this.#states.length);
    states.set(this.#states);
    this.#states = states;
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let state = 0; state < this.#size; state++) {
      this.#slots[this.#slotOf(states, state * this.#words)] = state + 1;
    }
  }
}
