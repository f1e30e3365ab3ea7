/** Views of optional values, sets, sequences and bags in a packed state. */
import { type AtomArray, allowedValues, fail } from './atoms.js';
import { generatedOnce } from './generated.js';
import { maskOf, type OptionalLayout } from './layout.js';
import { absentValue, checkElement, checkLength, noRoom } from './misuse.js';
import { INSPECT, inspectView, type Showing } from './to-plain.js';
import { type SetType, valuesOf } from './types.js';

/** An integer in the bits of one word. */
interface Cell {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

type OptionalClass = new (word: number, shift: number, path: string, child: object | null) => object;

/** A class of optional values. The flag that says whether there is one is in the word of an atom. */
export function generateOptional(
  { type, present, value }: OptionalLayout,
  memory: Int32Array,
): OptionalClass {
  return generatedOnce(memory, `optional ${JSON.stringify(type)}`, () => {
    const isSet = '(M[this.$w] >>> this.$s & 1) === 1';
    const head = `'use strict'; return class Optional {
  constructor(w, s, path, child) { this.$w = w; this.$s = s; this.$path = path; this.$child = child; }
  get present() { return ${isSet}; }
  toJSON() { return ${isSet} ? ${value.layout.kind === 'atom' ? 'this.value' : 'this.$child.toJSON()'} : null; }`;
    const source = value.layout.kind === 'atom' ? `${head}${atomInside()}};` : `${head}${structInside()}};`;
    return new Function('M', 'absentValue', 'fail', source)(memory, absentValue, fail) as OptionalClass;
  });

  function structInside(): string {
    return `
  get value() { if ((M[this.$w] >>> this.$s & 1) === 0) absentValue(this.$path); return this.$child; }
  put() { M[this.$w] |= 1 << this.$s; this.$child.clear(); return this.$child; }
  clear() { this.$child.clear(); M[this.$w] &= ~(1 << this.$s); }`;
  }

  function atomInside(): string {
    const inner = value.layout.kind === 'atom' ? value.layout.type : null;
    if (inner === null) throw new TypeError('not an atom');
    const by = value.shift - present.shift;
    const mask = maskOf(value.layout.bits);
    const lo = inner.kind === 'range' ? inner.lo : 0;
    const hi = lo + valuesOf(inner) - 1;
    const raw = `(M[this.$w] >>> this.$s + ${by} & ${mask})`;
    const isFlag = inner.kind === 'flag';
    const refused = isFlag ? 'v !== true && v !== false' : `v !== (v | 0) || v < ${lo} || v > ${hi}`;
    return `
  get value() {
    if ((M[this.$w] >>> this.$s & 1) === 0) absentValue(this.$path);
    return ${isFlag ? `${raw} === 1` : `${raw} + ${lo}`};
  }
  set(v) {
    if (${refused}) fail(this.$path, 'value', v, ${JSON.stringify(allowedValues(inner))});
    const code = ${isFlag ? '(v ? 1 : 0)' : `v - ${lo}`};
    M[this.$w] = M[this.$w] & ~(${mask} << this.$s + ${by}) | code << this.$s + ${by} | 1 << this.$s;
  }
  clear() { M[this.$w] &= ~(${mask} << this.$s + ${by} | 1 << this.$s); }`;
  }
}

type SetClass = new (word: number, shift: number, path: string) => object;

/** A class of sets: a bit for each value, within one word. */
export function generateSet({ member }: SetType, memory: Int32Array): SetClass {
  return generatedOnce(memory, `set ${JSON.stringify(member)}`, () => {
    const values = valuesOf(member);
    const [mask, lo] = [maskOf(values), member.kind === 'range' ? member.lo : 0];
    const isFlag = member.kind === 'flag';
    const refused = isFlag
      ? 'v !== true && v !== false'
      : `v !== (v | 0) || v < ${lo} || v > ${lo + values - 1}`;
    const code = `if (${refused}) fail(this.$path, 'member', v, ${JSON.stringify(allowedValues(member))});
    return ${isFlag ? '(v ? 1 : 0)' : `v - ${lo}`} + this.$s;`;
    const source = `'use strict'; return class ValueSet {
  constructor(w, s, path) { this.$w = w; this.$s = s; this.$path = path; }
  get size() {
    let size = 0;
    for (let bits = M[this.$w] >>> this.$s & ${mask}; bits !== 0; bits &= bits - 1) size++;
    return size;
  }
  $bit(v) { ${code} }
  has(v) { return (M[this.$w] >>> this.$bit(v) & 1) === 1; }
  add(v) { M[this.$w] |= 1 << this.$bit(v); }
  delete(v) { M[this.$w] &= ~(1 << this.$bit(v)); }
  clear() { M[this.$w] &= ~(${mask} << this.$s); }
  toJSON() {
    return Array.from({ length: ${values} }, (_, i) => ${isFlag ? 'i === 1' : `i + ${lo}`}).filter((v) => this.has(v));
  }
};`;
    return new Function('M', 'fail', source)(memory, fail) as SetClass;
  });
}

/** A sequence of atoms. */
export class AtomSequence {
  readonly #memory: Int32Array;
  readonly #count: Cell;
  readonly #cells: AtomArray;
  readonly #path: string;

  constructor(memory: Int32Array, count: Cell, cells: AtomArray, path: string) {
    this.#memory = memory;
    this.#count = count;
    this.#cells = cells;
    this.#path = path;
  }

  get length(): number {
    const { word, shift, mask } = this.#count;
    return (this.#memory[word] >>> shift) & mask;
  }

  get last(): number | boolean {
    return this.at(this.length - 1);
  }

  at(index: number): number | boolean {
    checkElement(this.#path, index, this.length);
    return this.#cells.at(index);
  }

  set(index: number, value: number | boolean): void {
    checkElement(this.#path, index, this.length);
    this.#cells.set(index, value);
  }

  push(value: number | boolean): void {
    const { length } = this;
    if (length === this.#cells.length) noRoom(this.#path, length, 'push');
    this.#cells.set(length, value);
    this.#setLength(length + 1);
  }

  truncate(length: number): void {
    checkLength(this.#path, length, this.length);
    for (let i = this.length - 1; i >= length; i--) this.#cells.reset(i);
    this.#setLength(length);
  }

  clear(): void {
    this.truncate(0);
  }

  [INSPECT](...how: Showing): unknown {
    return inspectView.apply(this, how);
  }

  toJSON(): readonly (number | boolean)[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }

  #setLength(length: number): void {
    const { word, shift, mask } = this.#count;
    this.#memory[word] = (this.#memory[word] & ~(mask << shift)) | (length << shift);
  }
}

type SlotsClass = new (word: number, shift: number, slots: readonly object[], path: string) => object;

/** The part that sequences of structs and bags share; slots past the length are all zero. */
const slotted = (slots: number, mask: number, methods: string): string => `'use strict'; return class Slots {
  constructor(w, s, slots, path) { this.$w = w; this.$s = s; this.$slots = slots; this.$path = path; }
  get length() { return M[this.$w] >>> this.$s & ${mask}; }
  at(index) { checkElement(this.$path, index, this.length); return this.$slots[index]; }
  toJSON() { return this.$slots.slice(0, this.length); }
  clear() {
    for (let i = this.length - 1; i >= 0; i--) this.$slots[i].clear();
    setLength(this, 0);
  }
${methods}
};
function setLength(c, length) { M[c.$w] = M[c.$w] & ~(${mask} << c.$s) | length << c.$s; }
function added(c, method) {
  const length = c.length;
  if (length === ${slots}) noRoom(c.$path, ${slots}, method);
  setLength(c, length + 1);
  const slot = c.$slots[length];
  slot.clear();
  return slot;
}`;

const SCOPE = { checkElement, checkLength, noRoom };

function generateSlots(slots: number, mask: number, memory: Int32Array, methods: string): SlotsClass {
  const source = slotted(slots, mask, methods);
  return new Function('M', ...Object.keys(SCOPE), source)(memory, ...Object.values(SCOPE)) as SlotsClass;
}

/** A class of sequences of structs. */
export const generateSequence = (slots: number, mask: number, memory: Int32Array): SlotsClass =>
  generatedOnce(memory, `sequence of ${slots}`, () =>
    generateSlots(
      slots,
      mask,
      memory,
      `  get last() { return this.at(this.length - 1); }
  push() { return added(this, 'push'); }
  truncate(length) {
    checkLength(this.$path, length, this.length);
    for (let i = this.length - 1; i >= length; i--) this.$slots[i].clear();
    setLength(this, length);
  }`,
    ),
  );

/** A class of bags. Within a step, messages are in order of arrival. */
export const generateBag = (slots: number, mask: number, memory: Int32Array): SlotsClass =>
  generatedOnce(memory, `bag of ${slots}`, () =>
    generateSlots(
      slots,
      mask,
      memory,
      `  put() { return added(this, 'put'); }
  take(index) {
    const length = this.length;
    checkElement(this.$path, index, length);
    for (let i = index + 1; i < length; i++) this.$slots[i - 1].copyFrom(this.$slots[i]);
    this.$slots[length - 1].clear();
    setLength(this, length - 1);
  }`,
    ),
  );
