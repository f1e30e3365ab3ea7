/**
 * Where each field of a schema lies in a row of 32-bit words. A value of at most 32 bits never straddles two
 * words; what is left over in a word is filled by the fields that follow (first fit, in declared order).
 */
import { TooLarge } from './errors.js';
import type { ArrayType, AtomType, ChannelType, StructType, Type } from './types.js';
import { range } from './types.js';

/** A child and its place relative to its parent: whole words, then bits within the word. */
export interface Placed {
  readonly layout: Layout;
  readonly word: number;
  readonly shift: number;
}
interface Sized {
  /** Bits, when the value fits into one word; otherwise `words` counts. */
  readonly bits: number;
  /** Whole words of a large value; 0 for one that fits into a word. */
  readonly words: number;
}
export interface AtomLayout extends Sized {
  readonly kind: 'atom';
  readonly type: AtomType;
}
export interface StructLayout extends Sized {
  readonly kind: 'struct';
  readonly type: StructType;
  readonly fields: readonly { readonly name: string; readonly at: Placed }[];
}
export interface ArrayLayout extends Sized {
  readonly kind: 'array';
  readonly type: ArrayType;
  /** `length` elements, or one fewer for `perOther`. */
  readonly elements: readonly Placed[];
}
export interface ChannelLayout extends Sized {
  readonly kind: 'channel';
  readonly type: ChannelType;
  readonly length: Placed;
  readonly slots: readonly Placed[];
}
export type Layout = AtomLayout | StructLayout | ArrayLayout | ChannelLayout;

const WORD = 32;
const MOST_WORDS = 4096;

/** Bits needed for `count` different values. */
const bitsFor = (count: number): number => (count <= 1 ? 0 : WORD - Math.clz32(count - 1));

const atomBits = (type: AtomType): number => {
  if (type.kind === 'range') return bitsFor(type.hi - type.lo + 1);
  return type.kind === 'flag' ? 1 : bitsFor(type.names.length);
};

const elementCount = (type: ArrayType): number => (type.skipsSelf ? type.length - 1 : type.length);

/** The number of slots taken, as a field of a channel. */
export const lengthType = (type: ChannelType): AtomType => range(0, type.slots);

/** True if a value of this type means something else at another server: it has entries about all *others*. */
export function dependsOnSelf(type: Type): boolean {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).some(dependsOnSelf);
    case 'array':
      // Inside a perServer, others are counted from each of its elements, wherever it stands.
      return type.skipsSelf || (!type.perSid && dependsOnSelf(type.element));
    case 'channel':
      return dependsOnSelf(type.message);
    default:
      return false;
  }
}

/** Bits of a value if it were laid out without gaps. */
function denseBits(type: Type): number {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).reduce((sum, field) => sum + denseBits(field), 0);
    case 'array':
      return elementCount(type) * denseBits(type.element);
    case 'channel':
      return type.slots * denseBits(type.message) + atomBits(lengthType(type));
    default:
      return atomBits(type);
  }
}

/** Hands out places: densely inside one word for a small value, first fit over words for a large one. */
class Allocator {
  readonly #used: number[] = [];

  bits(count: number): { word: number; shift: number } {
    if (count === 0) return { word: 0, shift: 0 };
    let word = this.#used.findIndex((used) => used + count <= WORD);
    if (word < 0) word = this.#used.push(0) - 1;
    const shift = this.#used[word];
    this.#used[word] += count;
    return { word, shift };
  }

  words(count: number): { word: number; shift: number } {
    const word = this.#used.length;
    for (let i = 0; i < count; i++) this.#used.push(WORD);
    return { word, shift: 0 };
  }

  get size(): number {
    return this.#used.length;
  }
}

function place(type: Type, into: Allocator): Placed {
  if (denseBits(type) <= WORD) return { layout: layoutOf(type), ...into.bits(denseBits(type)) };
  // The elements of a large array share words with their neighbours: their places count from the parent.
  if (type.kind === 'array') return { layout: arrayLayout(type, into, 0), word: 0, shift: 0 };
  const layout = layoutOf(type);
  return { layout, ...into.words(layout.words) };
}

function arrayLayout(type: ArrayType, into: Allocator, bits: number): ArrayLayout {
  const elements = Array.from({ length: elementCount(type) }, () => place(type.element, into));
  return { kind: 'array', type, elements, bits, words: bits > 0 || elements.length === 0 ? 0 : into.size };
}

/** The layout of a type on its own, from word 0, bit 0. */
export function layoutOf(type: Type): Layout {
  const dense = denseBits(type);
  const into = new Allocator();
  const bits = dense <= WORD ? dense : 0;
  const words = () => (dense <= WORD ? 0 : into.size);
  if (dense > MOST_WORDS * WORD) throw new TooLarge(`a ${type.kind} of ${dense} bits`, `${MOST_WORDS} words`);
  switch (type.kind) {
    case 'struct': {
      const fields = Object.entries(type.fields).map(([name, field]) => ({ name, at: place(field, into) }));
      return { kind: 'struct', type, fields, bits, words: words() };
    }
    case 'array':
      return arrayLayout(type, into, bits);
    case 'channel': {
      const length = place(lengthType(type), into);
      const slots = Array.from({ length: type.slots }, () => place(type.message, into));
      return { kind: 'channel', type, length, slots, bits, words: words() };
    }
    default:
      return { kind: 'atom', type, bits, words: 0 };
  }
}

/** Words a value of this layout takes when it starts a word of its own. */
export const wordsOf = (layout: Layout): number => Math.max(1, layout.words);
