/**
 * The order of messages in bags. Two bags with the same messages must be equal words, so after a step each
 * bag has its messages sorted by their fields, in declared order. The code for that is generated, and only
 * for schemas with a bag.
 */
import { type Layout, layoutOf, maskOf, type Placed, type SlotsLayout, within, wordsOf } from './layout.js';
import type { BagType, StructType, Type } from './types.js';

/** Sorts the messages of all bags of the packed state at `offset`. */
export type Settle = (memory: Int32Array, offset: number) => void;

type BagLayout = SlotsLayout<BagType>;

/** A bag and its place in a state. */
interface PlacedBag {
  readonly at: Placed;
  readonly bag: BagLayout;
}

/** True if there is a bag somewhere in a type. */
export function holdsBag(type: Type): boolean {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).some(holdsBag);
    case 'array':
    case 'sequence':
      return holdsBag(type.element);
    case 'channel':
      return holdsBag(type.message);
    case 'optional':
      return holdsBag(type.value);
    default:
      return type.kind === 'bag';
  }
}

/** All bags of a value, those in the messages of a bag before it. */
function bagsIn(at: Placed): PlacedBag[] {
  const { layout } = at;
  switch (layout.kind) {
    case 'struct':
      return layout.fields.flatMap((field) => bagsIn(within(at, field.at)));
    case 'array':
      return layout.elements.flatMap((element) => bagsIn(within(at, element)));
    case 'optional':
      return bagsIn(within(at, layout.value));
    case 'slots': {
      const inner = layout.slots.flatMap((slot) => bagsIn(within(at, slot)));
      return layout.type.kind === 'bag' ? [...inner, { at, bag: layout as BagLayout }] : inner;
    }
    default:
      return [];
  }
}

/** The bags of a state whose messages fulfil a condition, and the words that sorting them may change. */
export function bagsOf(
  schema: StructType,
  matters: (message: StructType) => boolean = () => true,
): { settle: Settle | null; words: number[] } {
  if (!holdsBag(schema)) return { settle: null, words: [] };
  const root: Placed = { layout: layoutOf(schema), word: 0, shift: 0 };
  const bags = bagsIn(root).filter(({ bag }) => matters(bag.type.message));
  const words = bags.flatMap(({ at, bag }) =>
    bag.slots.flatMap((slot) =>
      Array.from({ length: wordsOf(slot.layout) }, (_, i) => at.word + slot.word + i),
    ),
  );
  return { settle: bags.length === 0 ? null : generateSettle(bags), words };
}

/** The code that sorts the bags of a value of this layout, which starts a word of its own; null without. */
export function settleOf(layout: Layout): Settle | null {
  const bags = bagsIn({ layout, word: 0, shift: 0 });
  return bags.length === 0 ? null : generateSettle(bags);
}

function generateSettle(bags: readonly PlacedBag[]): Settle {
  const source = `'use strict';
${bags.map((bag, k) => (bag.bag.slots[0].layout.words === 0 ? sortSmall(bag, k) : sortLarge(bag, k))).join('\n')}
return function settle(M, at) { ${bags.map((_, k) => `sort${k}(M, at);`).join(' ')} };`;
  return new Function(source)() as Settle;
}

/** The atoms and sets of a message, in the order in which messages are compared. */
function leavesOf(at: Placed): Placed[] {
  const { layout } = at;
  switch (layout.kind) {
    case 'struct':
      return layout.fields.flatMap((field) => leavesOf(within(at, field.at)));
    case 'array':
      return layout.elements.flatMap((element) => leavesOf(within(at, element)));
    case 'optional':
      return [layout.present, layout.value].flatMap((part) => leavesOf(within(at, part)));
    case 'slots':
      return [layout.length, ...layout.slots].flatMap((part) => leavesOf(within(at, part)));
    default:
      return layout.bits === 0 ? [] : [at];
  }
}

/** The difference of two messages in their first unequal part, of which `word` gives the words of each. */
function difference(message: Layout, word: (whose: 'x' | 'y', index: number) => string): string {
  const leaves = leavesOf({ layout: message, word: 0, shift: 0 });
  const read = (whose: 'x' | 'y', { layout, word: index, shift }: Placed) =>
    `((${word(whose, index)} >>> ${shift} & ${maskOf(layout.bits)}) >>> 0)`;
  return leaves.map((leaf) => `${read('x', leaf)} - ${read('y', leaf)}`).join(' || ') || '0';
}

const lengthIn = ({ at, bag }: PlacedBag): string => {
  const { word, shift, layout } = within(at, bag.length);
  return `M[at + ${word}] >>> ${shift} & ${maskOf(layout.bits)}`;
};

const listed = (bag: PlacedBag, part: 'word' | 'shift'): string =>
  `Int32Array.of(${bag.bag.slots.map((slot) => within(bag.at, slot)[part]).join(', ')})`;

/** Messages within a word are read and written as one number. Few are out of place after a step. */
function sortSmall(bag: PlacedBag, k: number): string {
  const message = bag.bag.slots[0].layout;
  const mask = maskOf(message.bits);
  return `const words${k} = ${listed(bag, 'word')}, shifts${k} = ${listed(bag, 'shift')};
function differ${k}(x, y) { return ${difference(message, (whose) => whose)}; }
function read${k}(M, at, i) { return M[at + words${k}[i]] >>> shifts${k}[i] & ${mask}; }
function write${k}(M, at, i, v) {
  const w = at + words${k}[i], s = shifts${k}[i];
  M[w] = M[w] & ~(${mask} << s) | v << s;
}
function sort${k}(M, at) {
  const length = ${lengthIn(bag)};
  for (let i = 1; i < length; i++) {
    const v = read${k}(M, at, i);
    let j = i;
    for (; j > 0; j--) {
      const before = read${k}(M, at, j - 1);
      if (differ${k}(before, v) <= 0) break;
      write${k}(M, at, j, before);
    }
    if (j < i) write${k}(M, at, j, v);
  }
}`;
}

/** Larger ones begin a word each, and neighbours are exchanged word by word. */
function sortLarge(bag: PlacedBag, k: number): string {
  const message = bag.bag.slots[0].layout;
  return `const words${k} = ${listed(bag, 'word')};
function differ${k}(M, x, y) { return ${difference(message, (whose, index) => `M[${whose} + ${index}]`)}; }
function sort${k}(M, at) {
  const length = ${lengthIn(bag)};
  for (let i = 1; i < length; i++) {
    for (let j = i; j > 0; j--) {
      const x = at + words${k}[j - 1], y = at + words${k}[j];
      if (differ${k}(M, x, y) <= 0) break;
      for (let w = 0; w < ${message.words}; w++) { const v = M[x + w]; M[x + w] = M[y + w]; M[y + w] = v; }
    }
  }
}`;
}
