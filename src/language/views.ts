/**
 * Views: objects that read and write a packed state in place. One class is generated for each struct type and
 * reused for every instance, so that V8 compiles a field access to one load, one shift and one mask.
 */
import { AtomArray, allowedValues, fail } from './atoms.js';
import { settleOf } from './bags.js';
import { elementsOf } from './elements.js';
import { QueueMisused, TypeMismatch } from './errors.js';
import { generatedOnce } from './generated.js';
import type { ArrayLayout, Layout, OptionalLayout, Placed, SlotsLayout, StructLayout } from './layout.js';
import { dependsOnSelf, layoutOf, maskOf, slotType, wordsOf } from './layout.js';
import {
  AtomSequence,
  generateBag,
  generateOptional,
  generateSequence,
  generateSet,
} from './packed-collections.js';
import { checkSchema } from './places.js';
import { noteShown } from './to-plain.js';
import { type AtomType, isAtom, type StructType, type Type } from './types.js';

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
  #build(at: Placed, word: number, shift: number, path: string, self: number): object {
    const view = this.#viewOf(at.layout, word + at.word, shift + at.shift, path, self);
    noteShown(view, at.layout.type, self);
    // An assignment to what is no field, or to a field that is a view, throws. Lists are not frozen: V8 would
    // load their elements more slowly.
    return Array.isArray(view) ? view : Object.freeze(view);
  }

  #viewOf(layout: Layout, w: number, s: number, path: string, self: number): object {
    switch (layout.kind) {
      case 'struct':
        return this.#buildStruct(layout, w, s, path, self);
      case 'array':
        return this.#buildArray(layout, w, s, path, self);
      case 'slots':
        return this.#buildSlots(layout, w, s, path, self);
      case 'optional':
        return this.#buildOptional(layout, w, s, path, self);
      case 'set':
        return new (generateSet(layout.type, this.#memory))(w, s, path);
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

  #buildArray(layout: ArrayLayout, w: number, s: number, path: string, self: number): object {
    const { element, skipsSelf, perSid, length } = layout.type;
    if (isAtom(element)) return this.#buildAtoms(layout.elements, element, w, s, path);
    let next = 0;
    const elements = Array.from({ length }, (_, i) => {
      const here = `${path}[${i}]`;
      if (skipsSelf && i === self) return this.#absent(element, here, i);
      return this.#build(layout.elements[next++], w, s, here, skipsSelf || !perSid ? self : i);
    });
    return elementsOf(elements, { type: layout.type, path, self }, this.#frozen);
  }

  #buildAtoms(places: readonly Placed[], type: AtomType, w: number, s: number, path: string): AtomArray {
    const cells = places.map(({ word, shift }) => ({ word: w + word, shift: s + shift }));
    return new AtomArray(this.#memory, type, cells, maskOf(places[0].layout.bits), path);
  }

  #buildSlots(layout: SlotsLayout, w: number, s: number, path: string, self: number): object {
    const { type, length } = layout;
    const mask = maskOf(length.layout.bits);
    const [word, shift] = [w + length.word, s + length.shift];
    if (type.kind === 'sequence' && isAtom(type.element)) {
      const cells = this.#buildAtoms(layout.slots, type.element, w, s, path);
      return new AtomSequence(this.#memory, { word, shift, mask }, cells, path);
    }
    const slots = layout.slots.map((at, i) => this.#build(at, w, s, `${path}[${i}]`, self) as MessageView);
    if (type.kind === 'channel') {
      const absent = this.#absent(type.message, `${path}[]`, self) as MessageView;
      const Channel = generateChannel(slots.length, mask, this.#memory, type.strict ?? false);
      return new Channel(word, shift, slots, absent, path);
    }
    const generate = type.kind === 'bag' ? generateBag : generateSequence;
    return new (generate(slots.length, mask, this.#memory))(word, shift, slots, path);
  }

  #buildOptional(layout: OptionalLayout, w: number, s: number, path: string, self: number): object {
    const { value, present } = layout;
    const child = value.layout.kind === 'struct' ? this.#build(value, w, s, `${path}.value`, self) : null;
    const Optional = generateOptional(layout, this.#memory);
    return new Optional(w + present.word, s + present.shift, path, child);
  }

  /** A value that does not exist: it reads as zeros, and writing to it is found out after the step. */
  #absent(type: Type, path: string, self: number): object {
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
    case 'slots': {
      const own = layout.type.kind === 'channel' ? wordsOf(layoutOf(slotType(layout.type))) : 0;
      return Math.max(own, zeroWords(layout.slots[0].layout));
    }
    case 'optional':
      return zeroWords(layout.value.layout);
    default:
      return 0;
  }
}

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

/**
 * copyFrom, clear and equals: one masked word for a small struct, whole words for a large one. Of a struct
 * with a bag, whose messages may be out of order within a step, `same` compares the words when sorted.
 */
function wholeStruct(layout: StructLayout, compares: boolean): string {
  const refuse = refuseOther(layout.type);
  if (layout.words === 0) {
    const mask = maskOf(layout.bits);
    return `
  copyFrom(o) { ${refuse}
    M[this.$w] = (M[this.$w] & ~(${mask} << this.$s)) | (((M[o.$w] >>> o.$s) & ${mask}) << this.$s); }
  clear() { M[this.$w] = M[this.$w] & ~(${mask} << this.$s); }
  equals(o) { ${refuse}
    return ${compares ? 'same(this, o)' : `((M[this.$w] >>> this.$s) & ${mask}) === ((M[o.$w] >>> o.$s) & ${mask})`}; }`;
  }
  const each = (line: (i: number) => string, join: string) =>
    Array.from({ length: layout.words }, (_, i) => line(i)).join(join);
  return `
  copyFrom(o) { ${refuse} ${each((i) => `M[this.$w + ${i}] = M[o.$w + ${i}];`, ' ')} }
  clear() { ${each((i) => `M[this.$w + ${i}] = 0;`, ' ')} }
  equals(o) { ${refuse} return ${compares ? 'same(this, o)' : each((i) => `M[this.$w + ${i}] === M[o.$w + ${i}]`, ' && ')}; }`;
}

type WholeStruct = { readonly $w: number; readonly $s: number };

/** Compares two structs with bags by copies in which these are sorted; null of a struct without any. */
function comparison(
  layout: StructLayout,
  M: Int32Array,
): ((a: WholeStruct, b: WholeStruct) => boolean) | null {
  const settle = settleOf(layout);
  if (settle === null) return null;
  const words = wordsOf(layout);
  const copies = new Int32Array(2 * words);
  const copy = ({ $w, $s }: WholeStruct, to: number) => {
    if (layout.words === 0) copies[to] = (M[$w] >>> $s) & maskOf(layout.bits);
    else for (let i = 0; i < words; i++) copies[to + i] = M[$w + i];
    settle(copies, to);
  };
  return (a, b) => {
    copy(a, 0);
    copy(b, words);
    for (let i = 0; i < words; i++) if (copies[i] !== copies[words + i]) return false;
    return true;
  };
}

const generateView = (layout: StructLayout, memory: Int32Array): ViewClass =>
  generatedOnce(memory, JSON.stringify(layout.type), () => {
    const children = layout.fields.filter(({ at }) => at.layout.kind !== 'atom').map(({ name }) => name);
    const same = comparison(layout, memory);
    const source = `'use strict'; return class View {
  constructor(w, s, path, self${children.map((_, i) => `, $${i}`).join('')}) {
    this.$w = w; this.$s = s; this.$path = path; this.$self = self;
    ${children.map((name, i) => `this.${name} = $${i};`).join(' ')}
  }
${layout.fields.map(({ name, at }) => accessors(name, at, layout.words === 0)).join('')}
${wholeStruct(layout, same !== null)}
  toJSON() { return { ${layout.fields.map(({ name }) => `${name}: this.${name}`).join(', ')} }; }
};`;
    const View = new Function('M', 'fail', 'mismatch', 'same', source)(
      memory,
      fail,
      mismatch,
      same,
    ) as ViewClass;
    // The roots of a twin are of the class, and noted nowhere.
    noteShown(View, layout.type, -1);
    return View;
  });

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
