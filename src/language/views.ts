/**
 * Views: objects that read and write a packed state in place. One class is generated for each struct type and
 * reused for every instance, so that V8 compiles a field access to one load, one shift and one mask.
 */
import { QueueMisused, RangeExceeded, TypeMismatch } from './errors.js';
import type { ArrayLayout, ChannelLayout, Layout, Placed, StructLayout } from './layout.js';
import { dependsOnSelf, layoutOf, wordsOf } from './layout.js';
import { checkSchema } from './places.js';
import type { AtomType, StructType, Type } from './types.js';

type ViewObject = Record<string, unknown>;
type ChannelClass = new (
  word: number,
  shift: number,
  slots: readonly MessageView[],
  absent: MessageView,
  path: string,
) => object;
type ViewClass = new (
  word: number,
  shift: number,
  path: string,
  self: number,
  ...children: unknown[]
) => ViewObject;

/** What a range, a flag or a `oneOf` may hold, in words. */
export function allowedValues(type: AtomType): string {
  if (type.kind === 'range') return `the integers ${type.lo} to ${type.hi}`;
  return type.kind === 'flag' ? 'true or false' : `one of ${type.names.join(', ')}`;
}

const maskOf = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);

/**
 * Builds the views of one memory: a state before a step, one after it, and a row of zeros for absent entries.
 */
export class ViewFactory {
  readonly #memory: Int32Array;
  readonly #zeros: number;
  readonly #frozen: boolean;
  readonly #classes = new Map<StructType, { layout: StructLayout; View: ViewClass }>();

  /**
   * V8 folds an element of a frozen array at a constant index into a constant, but loads one at any other
   * index more slowly: `frozen` is for code that names its indices.
   */
  constructor(memory: Int32Array, zeros: number, frozen: boolean) {
    this.#memory = memory;
    this.#zeros = zeros;
    this.#frozen = frozen;
  }

  /** The view of a whole state whose first word is `word`. */
  root(type: StructType, word: number): ViewObject {
    checkSchema(type);
    const { layout } = this.#classOf(type);
    return this.#build({ layout, word: 0, shift: 0 }, word, 0, '', -1) as ViewObject;
  }

  /** `self` is the index of the `perServer` element around the value: `perOther` leaves that one out. */
  #build(at: Placed, word: number, shift: number, path: string, self: number): unknown {
    const [w, s] = [word + at.word, shift + at.shift];
    switch (at.layout.kind) {
      case 'struct':
        return this.#buildStruct(at.layout, w, s, path, self);
      case 'array':
        return this.#buildArray(at.layout, w, s, path, self);
      case 'channel':
        return this.#buildChannel(at.layout, w, s, path, self);
      default:
        throw new TypeError('an atom has no view of its own');
    }
  }

  #buildStruct(layout: StructLayout, w: number, s: number, path: string, self: number): ViewObject {
    const children = layout.fields
      .filter(({ at }) => at.layout.kind !== 'atom')
      .map(({ name, at }) => this.#build(at, w, s, path === '' ? name : `${path}.${name}`, self));
    return new (this.#classOf(layout.type).View)(w, s, path, self, ...children);
  }

  #buildArray(layout: ArrayLayout, w: number, s: number, path: string, self: number): unknown {
    const { element, skipsSelf, perSid, length } = layout.type;
    if (layout.elements[0]?.layout.kind === 'atom') {
      const cells = layout.elements.map((at) => ({ word: w + at.word, shift: s + at.shift }));
      return new AtomArray(
        this.#memory,
        element as AtomType,
        cells,
        maskOf(layout.elements[0].layout.bits),
        path,
      );
    }
    let next = 0;
    const elements = Array.from({ length }, (_, i) => {
      const here = `${path}[${i}]`;
      if (skipsSelf && i === self) return this.#absent(element, here, i);
      return this.#build(layout.elements[next++], w, s, here, skipsSelf || !perSid ? self : i);
    });
    return this.#frozen ? Object.freeze(elements) : elements;
  }

  #buildChannel(layout: ChannelLayout, w: number, s: number, path: string, self: number): unknown {
    const slots = layout.slots.map((at, i) => this.#build(at, w, s, `${path}[${i}]`, self) as MessageView);
    const absent = this.#absent(layout.type.message, `${path}[]`, self) as MessageView;
    const { word, shift, layout: count } = layout.length;
    const { strict = false } = layout.type;
    const Channel = generateChannel(slots.length, maskOf(count.bits), this.#memory, strict);
    return new Channel(w + word, s + shift, slots, absent, path);
  }

  /** A value that does not exist: it reads as zeros, and writing to it is found out after the step. */
  #absent(type: Type, path: string, self: number): unknown {
    return this.#build({ layout: layoutOf(type), word: 0, shift: 0 }, this.#zeros, 0, path, self);
  }

  #classOf(type: StructType): { layout: StructLayout; View: ViewClass } {
    let known = this.#classes.get(type);
    if (known === undefined) {
      const layout = layoutOf(type) as StructLayout;
      known = { layout, View: generateView(layout, this.#memory) };
      this.#classes.set(type, known);
    }
    return known;
  }
}

/** The words that an absent entry, about oneself or of an empty channel, may reach into. */
export function zeroWords(layout: Layout): number {
  switch (layout.kind) {
    case 'struct':
      return Math.max(0, ...layout.fields.map(({ at }) => zeroWords(at.layout)));
    case 'array': {
      const own = layout.type.skipsSelf ? wordsOf(layoutOf(layout.type.element)) : 0;
      return Math.max(own, ...layout.elements.map((at) => zeroWords(at.layout)));
    }
    case 'channel':
      return Math.max(wordsOf(layoutOf(layout.type.message)), zeroWords(layout.slots[0].layout));
    default:
      return 0;
  }
}

const fail = (path: string, field: string, value: unknown, allowed: string): never => {
  throw new RangeExceeded(path === '' ? field : `${path}.${field}`, value, allowed);
};

function accessors(name: string, { layout, word, shift }: Placed, small: boolean): string {
  if (layout.kind !== 'atom') return '';
  const type = layout.type;
  const cell = small || word === 0 ? 'M[this.$w]' : `M[this.$w + ${word}]`;
  const by = small ? (shift === 0 ? 'this.$s' : `(this.$s + ${shift})`) : String(shift);
  const mask = maskOf(layout.bits);
  const lo = type.kind === 'range' ? type.lo : 0;
  const hi = type.kind === 'range' ? type.hi : type.kind === 'flag' ? 1 : type.names.length - 1;
  const raw = layout.bits === 0 ? '0' : `((${cell} >>> ${by}) & ${mask})`;
  const read = type.kind === 'flag' ? `${raw} === 1` : lo === 0 ? raw : `${raw} + ${lo}`;
  const store = (bits: string) =>
    layout.bits === 0 ? '' : `${cell} = (${cell} & ~(${mask} << ${by})) | ((${bits}) << ${by});`;
  const check =
    type.kind === 'flag' ? 'v !== true && v !== false' : `v !== (v | 0) || v < ${lo} || v > ${hi}`;
  const refuse = `if (${check}) fail(this.$path, '${name}', v, ${JSON.stringify(allowedValues(type))});`;
  const bits = type.kind === 'flag' ? 'v ? 1 : 0' : lo === 0 ? 'v' : `v - ${lo}`;
  return `  get ${name}() { return ${read}; }\n  set ${name}(v) { ${refuse} ${store(bits)} }\n`;
}

const mismatch = (path: string): never => {
  throw new TypeMismatch(path);
};

/**
 * One class stands for one type, nested types included; V8 folds this comparison into its check of the shape.
 */
const refuseOther = (type: StructType): string =>
  `if (o.constructor !== View${dependsOnSelf(type) ? ' || o.$self !== this.$self' : ''}) mismatch(this.$path);`;

/** copyFrom, clear and equals: one masked word for a small struct, whole words for a large one. */
function wholeStruct(layout: StructLayout): string {
  const refuse = refuseOther(layout.type);
  if (layout.words === 0) {
    const mask = maskOf(layout.bits);
    return `
  copyFrom(o) { ${refuse}
    M[this.$w] = (M[this.$w] & ~(${mask} << this.$s)) | (((M[o.$w] >>> o.$s) & ${mask}) << this.$s); }
  clear() { M[this.$w] = M[this.$w] & ~(${mask} << this.$s); }
  equals(o) { ${refuse}
    return ((M[this.$w] >>> this.$s) & ${mask}) === ((M[o.$w] >>> o.$s) & ${mask}); }`;
  }
  const each = (line: (i: number) => string, join: string) =>
    Array.from({ length: layout.words }, (_, i) => line(i)).join(join);
  return `
  copyFrom(o) { ${refuse} ${each((i) => `M[this.$w + ${i}] = M[o.$w + ${i}];`, ' ')} }
  clear() { ${each((i) => `M[this.$w + ${i}] = 0;`, ' ')} }
  equals(o) { ${refuse} return ${each((i) => `M[this.$w + ${i}] === M[o.$w + ${i}]`, ' && ')}; }`;
}

/** Classes by their keys, for each arena: a model that is run twice keeps its inline caches. */
const generated = new WeakMap<Int32Array, Map<string, unknown>>();

/** The class that `generate` makes, or made before for this key. */
function generatedOnce<C>(memory: Int32Array, key: string, generate: () => C): C {
  const classes = generated.get(memory) ?? new Map<string, unknown>();
  generated.set(memory, classes);
  if (!classes.has(key)) classes.set(key, generate());
  return classes.get(key) as C;
}

const generateView = (layout: StructLayout, memory: Int32Array): ViewClass =>
  generatedOnce(memory, JSON.stringify(layout.type), () => {
    const children = layout.fields.filter(({ at }) => at.layout.kind !== 'atom').map(({ name }) => name);
    const source = `'use strict'; return class View {
  constructor(w, s, path, self${children.map((_, i) => `, $${i}`).join('')}) {
    this.$w = w; this.$s = s; this.$path = path; this.$self = self;
    ${children.map((name, i) => `this.${name} = $${i};`).join(' ')}
  }
${layout.fields.map(({ name, at }) => accessors(name, at, layout.words === 0)).join('')}${wholeStruct(layout)}
  toJSON() { return { ${layout.fields.map(({ name }) => `${name}: this.${name}`).join(', ')} }; }
};`;
    return new Function('M', 'fail', 'mismatch', source)(memory, fail, mismatch) as ViewClass;
  });

/** An array of atoms: `at(i)` and `set(i, value)`. */
class AtomArray {
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

const misuse = (path: string, slots: number | null): never => {
  throw new QueueMisused(path, slots);
};

/** Throws RangeExceeded: a queue of so many slots has none at an index. */
export const noSlot = (path: string, index: number, slots: number): never =>
  fail(path, 'index', index, `the integers 0 to ${slots - 1}`);

interface MessageView {
  copyFrom(other: MessageView): void;
  clear(): void;
}

/**
 * A class of channels; empty slots are all zero, so that equal queues are equal words. Generated for each
 * arena and number of slots, for the same reason as a struct's: the memory and the mask are constants in it.
 */
function generateChannel(slots: number, mask: number, memory: Int32Array, strict: boolean): ChannelClass {
  const misused = (taken: string) => (strict ? `misused(this.$path, ${taken});` : '');
  return generatedOnce(memory, `channel of ${slots} ${strict}`, () => {
    const source = `'use strict'; return class Channel {
  constructor(w, s, slots, absent, path) {
    this.$w = w; this.$s = s; this.$slots = slots; this.$first = slots[0];
    this.$absent = absent; this.$path = path;
  }
  get length() { return (M[this.$w] >>> this.$s) & ${mask}; }
  get head() { return this.length === 0 ? this.$absent : this.$first; }
  get last() { const length = this.length; return length === 0 ? this.$absent : this.$slots[length - 1]; }
  at(index) {
    if (index !== (index | 0) || index < 0 || index >= ${slots}) noSlot(this.$path, index, ${slots});
    return index < this.length ? this.$slots[index] : this.$absent;
  }
  toJSON() { return this.$slots.slice(0, this.length); }
  push() {
    const length = this.length;
    if (length < ${slots}) setLength(this, length + 1);${strict ? ` else ${misused(String(slots))}` : ''}
    const slot = this.$slots[length < ${slots} ? length : ${slots - 1}];
    slot.clear();
    return slot;
  }
  pop() {
    const length = this.length;
    if (length === 0) { ${misused('null')} return; }
    for (let i = 1; i < length; i++) this.$slots[i - 1].copyFrom(this.$slots[i]);
    this.$slots[length - 1].clear();
    setLength(this, length - 1);
  }
  clear() {
    for (let i = this.length - 1; i >= 0; i--) this.$slots[i].clear();
    setLength(this, 0);
  }
};
function setLength(c, length) { M[c.$w] = (M[c.$w] & ~(${mask} << c.$s)) | (length << c.$s); }`;
    return new Function('M', 'misused', 'noSlot', source)(memory, misuse, noSlot);
  });
}
