/**
 * The set of fingerprints seen so far: open addressing, linear probing, two 32-bit words a slot, in one typed
 * array.
 */

const EMPTY = 0;
const LOAD = 0.7;

export class SeenSet {
  /** Pairs of lanes; a slot of two zeros is empty. Replaced when the set grows: do not keep it. */
  table: Int32Array;
  /** Slots minus one; the number of slots is a power of two. */
  mask: number;
  size = 0;
  #room: number;

  constructor(slots = 1 << 14) {
    this.table = new Int32Array(2 * slots);
    this.mask = slots - 1;
    this.#room = Math.floor(slots * LOAD);
  }

  /** Adds a fingerprint; true if it was new. Only when it `fits`: a full table would never end the probe. */
  add(h0: number, h1: number): boolean {
    const { table, mask } = this;
    let slot = h0 & mask;
    for (;;) {
      const at = 2 * slot;
      const lane = table[at];
      if (lane === EMPTY) {
        table[at] = h0;
        table[at + 1] = h1;
        this.size++;
        return true;
      }
      if (lane === h0 && table[at + 1] === h1) return false;
      slot = (slot + 1) & mask;
    }
  }

  /** True if `extra` more fingerprints fit without growing. */
  fits(extra: number): boolean {
    return this.size + extra <= this.#room;
  }

  /** Bytes the table takes now. */
  get bytes(): number {
    return this.table.byteLength;
  }

  /** Bytes needed beside the present table to grow it. */
  get bytesToGrow(): number {
    return 2 * this.table.byteLength;
  }

  /** Doubles the table. Slots are read in order, so the new table is filled almost in order too. */
  grow(): void {
    const old = this.table;
    const slots = 2 * (this.mask + 1);
    this.table = new Int32Array(2 * slots);
    this.mask = slots - 1;
    this.#room = Math.floor(slots * LOAD);
    const { table, mask } = this;
    for (let from = 0; from < old.length; from += 2) {
      const h0 = old[from];
      if (h0 === EMPTY) continue;
      let slot = h0 & mask;
      while (table[2 * slot] !== EMPTY) slot = (slot + 1) & mask;
      table[2 * slot] = h0;
      table[2 * slot + 1] = old[from + 1];
    }
  }
}
