/** Atoms in a packed state: what they may hold, how it is coded, and arrays of them. */
import { RangeExceeded } from './errors.js';
import { INSPECT, inspectView, type Showing } from './to-plain.js';
import type { AtomType } from './types.js';

/** The values that a range, a flag or a `oneOf` may hold, in words. */
export function allowedValues(type: AtomType): string {
  if (type.kind === 'range') return `the integers ${type.lo} to ${type.hi}`;
  return type.kind === 'flag' ? 'true or false' : `one of ${type.names.join(', ')}`;
}

/** Throws RangeExceeded. */
export const fail = (path: string, field: string, value: unknown, allowed: string): never => {
  throw new RangeExceeded(path === '' ? field : `${path}.${field}`, value, allowed);
};

/** An array of atoms: `at(i)` and `set(i, value)`. */
export class AtomArray {
  readonly #memory: Int32Array;
  readonly #type: AtomType;
  readonly #words: Int32Array;
  readonly #shifts: Int32Array;
  readonly #mask: number;
  readonly #path: string;

  constructor(
    memory: Int32Array,
    type: AtomType,
    cells: { word: number; shift: number }[],
    mask: number,
    path: string,
  ) {
    this.#memory = memory;
    this.#type = type;
    this.#words = Int32Array.from(cells, ({ word }) => word);
    this.#shifts = Int32Array.from(cells, ({ shift }) => shift);
    this.#mask = mask;
    this.#path = path;
  }

  get length(): number {
    return this.#words.length;
  }

  at(index: number): number | boolean {
    const word = this.#words[index];
    if (word === undefined) this.#refuseIndex(index);
    const raw = (this.#memory[word] >>> this.#shifts[index]) & this.#mask;
    if (this.#type.kind === 'flag') return raw === 1;
    return this.#type.kind === 'range' ? raw + this.#type.lo : raw;
  }

  [INSPECT](...how: Showing): unknown {
    return inspectView.apply(this, how);
  }

  toJSON(): readonly (number | boolean)[] {
    return Array.from(this.#words, (_, i) => this.at(i));
  }

  set(index: number, value: number | boolean): void {
    const word = this.#words[index];
    if (word === undefined) this.#refuseIndex(index);
    const raw = atomCode(this.#type, value);
    if (raw < 0) throw new RangeExceeded(`${this.#path}[${index}]`, value, allowedValues(this.#type));
    const shift = this.#shifts[index];
    this.#memory[word] = (this.#memory[word] & ~(this.#mask << shift)) | (raw << shift);
  }

  /** Makes the element at an index least. */
  reset(index: number): void {
    this.#memory[this.#words[index]] &= ~(this.#mask << this.#shifts[index]);
  }

  #refuseIndex(index: number): never {
    return fail(this.#path, 'index', index, `the integers 0 to ${this.length - 1}`);
  }
}

/** How a value is stored, counted from 0; -1 if the type cannot hold it. */
export function atomCode(type: AtomType, value: unknown): number {
  if (type.kind === 'flag') return value === true ? 1 : value === false ? 0 : -1;
  if (typeof value !== 'number' || !Number.isInteger(value)) return -1;
  if (type.kind === 'range') return value >= type.lo && value <= type.hi ? value - type.lo : -1;
  return value >= 0 && value < type.names.length ? value : -1;
}
