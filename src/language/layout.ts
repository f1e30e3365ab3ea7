/**
 * Where each field of a schema lies in a row of 32-bit words. A value of at most 32 bits never straddles two
 * words; what is left over in a word is filled by the fields that follow (first fit, in declared order).
 */
import { TooLarge } from './errors.js';
import type {
  ArrayType,
  AtomType,
  BagType,
  ChannelType,
  OptionalType,
  SequenceType,
  SetType,
  StructType,
  Type,
} from './types.js';
import { flag, range, valuesOf } from './types.js';

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
/** Of a channel, a sequence or a bag: a length, and slots of which those past it are all zero bits. */
export interface SlotsLayout<T = ChannelType | SequenceType | BagType> extends Sized {
  readonly kind: 'slots';
  readonly type: T;
  readonly length: Placed;
  readonly slots: readonly Placed[];
}
export interface OptionalLayout extends Sized {
  readonly kind: 'optional';
  readonly type: OptionalType;
  readonly present: Placed;
  readonly value: Placed;
}
/** A bit for each value of its member. */
export interface SetLayout extends Sized {
  readonly kind: 'set';
  readonly type: SetType;
}
export type Layout = AtomLayout | StructLayout | ArrayLayout | SlotsLayout | OptionalLayout | SetLayout;

const WORD = 32;
const MOST_WORDS = 4096;

/** Bits needed for `count` different values. */
const bitsFor = (count: number): number => (count <= 1 ? 0 : WORD - Math.clz32(count - 1));

const atomBits = (type: AtomType): number => bitsFor(valuesOf(type));

const elementCount = (type: ArrayType): number => (type.skipsSelf ? type.length - 1 : type.length);

type SlotsType = ChannelType | SequenceType | BagType;

/** The number of slots taken, as a field of a channel, a sequence or a bag. */
const lengthType = ({ slots }: SlotsType): AtomType => range(0, slots);

/** What is in a slot. */
export const slotType = (type: SlotsType): AtomType | StructType =>
  type.kind === 'sequence' ? type.element : type.message;

/** True if a value of this type means something else at another server: it has entries about all *others*. */
export function dependsOnSelf(type: Type): boolean {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).some(dependsOnSelf);
    case 'array':
      // Inside a perServer, others are counted from each of its elements, wherever it stands.
      return type.skipsSelf || (!type.perSid && dependsOnSelf(type.element));
    case 'channel':
    case 'sequence':
    case 'bag':
      return dependsOnSelf(slotType(type));
    case 'optional':
      return dependsOnSelf(type.value);
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
    case 'sequence':
    case 'bag':
      return type.slots * denseBits(slotType(type)) + atomBits(lengthType(type));
    case 'optional':
      return 1 + denseBits(type.value);
    case 'set':
      return valuesOf(type.member);
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
    case 'channel':
    case 'sequence':
    case 'bag': {
      const length = place(lengthType(type), into);
      const slots = Array.from({ length: type.slots }, () => place(slotType(type), into));
      return { kind: 'slots', type, length, slots, bits, words: words() };
    }
    case 'optional': {
      const present = place(flag, into);
      const value = place(type.value, into);
      return { kind: 'optional', type, present, value, bits, words: words() };
    }
    case 'set':
      return { kind: 'set', type, bits, words: 0 };
    default:
      return { kind: 'atom', type, bits, words: 0 };
  }
}

/** A place that is relative to another, relative to what that one is relative to. */
export const within = (base: Placed, { layout, word, shift }: Placed): Placed => ({
  layout,
  word: base.word + word,
  shift: base.shift + shift,
});

export const maskOf = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);

/** Words a value of this layout takes when it starts a word of its own. */
export const wordsOf = (layout: Layout): number => Math.max(1, layout.words);
