/**
 * What renaming ids does to packed states, as generated code. The schema alone says it: elements of arrays
 * indexed by ids move, ids are mapped, sets of ids have their bits moved, in messages too.
 */
import { bagsOf } from './bags.js';
import type {
  ArrayLayout,
  AtomLayout,
  OptionalLayout,
  Placed,
  SetLayout,
  SlotsLayout,
  StructLayout,
} from './layout.js';
import { layoutOf, maskOf, slotType, within } from './layout.js';
import type { ArrayType, AtomType, RangeType, SetType, StructType, Type } from './types.js';

export const isMoved = (type: ArrayType, ids: number): boolean => type.perSid && type.length === ids;
export const isId = (type: RangeType, ids: number): boolean => type.holds === 'sid' && type.hi === ids - 1;
export const isSet = (type: RangeType, ids: number): boolean =>
  type.holds === 'sidSet' && type.hi === 2 ** ids - 1;

/** True if renaming may change a value of this type. */
export function concernsIds(type: Type, ids: number): boolean {
  switch (type.kind) {
    case 'range':
      return isId(type, ids) || isSet(type, ids);
    case 'struct':
      return Object.values(type.fields).some((field) => concernsIds(field, ids));
    case 'channel':
    case 'bag':
    case 'sequence':
      return concernsIds(slotType(type), ids);
    case 'optional':
      return concernsIds(type.value, ids);
    case 'set':
      return concernsIds(type.member, ids);
    case 'array':
      return isMoved(type, ids) || concernsIds(type.element, ids);
    default:
      return false;
  }
}

/** Exchanges two ids in the packed state at `offset`. */
export type Swap = (memory: Int32Array, offset: number) => void;

/**
 * The code that exchanges ids k and k + 1, for each k, and the words of a state that any of it may change.
 */
export function swapsOf(schema: StructType, ids: number): { swaps: Swap[]; changing: Int32Array } {
  const renamings = Array.from({ length: ids - 1 }, (_, k) => {
    const permutation = Array.from({ length: ids }, (_, i) => i);
    [permutation[k], permutation[k + 1]] = [k + 1, k];
    return new Renaming(schema, permutation);
  });
  // Renamed messages are in another order, whatever bag they are in.
  const { settle, words } = bagsOf(schema, (message) => concernsIds(message, ids));
  const changed = renamings.flatMap((renaming) => renaming.changes().map(([word]) => word));
  const changing = Int32Array.from(new Set([...changed, ...words])).sort();
  const swaps = renamings.map(generateSwap);
  if (settle === null) return { swaps, changing };
  const settled = swaps.map(
    (swap): Swap =>
      (memory, offset) => {
        swap(memory, offset);
        settle(memory, offset);
      },
  );
  return { swaps: settled, changing };
}

function generateSwap(renaming: Renaming): Swap {
  const changes = renaming.changes();
  const words = new Set(changes.flatMap(([, expression]) => expression.match(/(?<=w)\d+/g) ?? []));
  const reads = [...words].map((word) => `const w${word} = M[at + ${word}];`);
  const writes = changes.map(([word, expression]) => `M[at + ${word}] = ${expression};`);
  const source = `'use strict'; return function swap(M, at) {\n${[...reads, ...writes].join('\n')}\n};`;
  return new Function(source)() as Swap;
}

/** Writes a number for each id to `out`, which tells ids apart by what the state says of each alone. */
export type Traits = (memory: Int32Array, offset: number, out: Int32Array) => void;

/** Bits of a state, within one word. */
interface Part {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/**
 * The code for the traits of ids. They are renamed with the ids: the trait of i is that of p(i) after
 * renaming by p. `complete` if renaming changes nothing but what traits tell: ids of equal traits are then
 * alike.
 */
export function traitsOf(schema: StructType, ids: number): { traits: Traits; complete: boolean } {
  const parts = Array.from({ length: ids }, (): Part[] => []);
  const layout = layoutOf(schema);
  const told = collectTraits(parts, { layout, word: 0, shift: 0 }, -1);
  const bits = parts[0].reduce((sum, part) => sum + part.bits, 0);
  const isExact = bits < 32;
  const lines = parts.map((list, id) => {
    const adds = list.map(({ word, shift, bits }) => {
      const read = `((M[at + ${word}] >>> ${shift}) & ${maskOf(bits)})`;
      return isExact ? `t = (t << ${bits}) | ${read};` : `t = (Math.imul(t, 0x9e3779b1) + ${read}) | 0;`;
    });
    return `t = 0; ${adds.join(' ')} out[${id}] = t;`;
  });
  const source = `'use strict'; return function traits(M, at, out) {\nlet t = 0;\n${lines.join('\n')}\n};`;
  return { traits: new Function(source)() as Traits, complete: told && isExact };
}

/** Adds what is about one id; false if renaming may change something that is about several. */
function collectTraits(parts: Part[][], at: Placed, id: number): boolean {
  const { layout } = at;
  const ids = parts.length;
  const visitAll = (places: readonly Placed[], idOf: (i: number) => number = () => id): boolean =>
    places.map((place, i) => collectTraits(parts, within(at, place), idOf(i))).every((told) => told);
  if (layout.kind === 'struct') return visitAll(layout.fields.map((field) => field.at));
  if (layout.kind === 'slots') {
    // Renaming moves the messages of a bag: a slot tells nothing of an id, but how many there are may.
    if (layout.type.kind !== 'bag' || !concernsIds(layout.type, ids)) {
      return visitAll([layout.length, ...layout.slots]);
    }
    visitAll([layout.length]);
    return false;
  }
  if (layout.kind === 'optional') return visitAll([layout.present, layout.value]);
  if (layout.kind === 'array') {
    if (!isMoved(layout.type, ids)) return visitAll(layout.elements);
    return id < 0 && visitAll(layout.elements, (i) => i);
  }
  const { type, bits } = layout;
  if (type.kind === 'range' && isId(type, ids)) return false;
  const first = firstMember(type, ids);
  if (first !== null) {
    for (const [i, list] of parts.entries()) {
      if (id < 0) list.push({ word: at.word, shift: at.shift + first + i, bits: 1 });
    }
    return id < 0;
  }
  if (id >= 0 && bits > 0) parts[id].push({ word: at.word, shift: at.shift, bits });
  return true;
}

/** The bit of id 0 in a set of ids; null of what is none. */
function firstMember(type: AtomType | SetType, ids: number): number | null {
  if (type.kind === 'range' && isSet(type, ids)) return 0;
  const { member } = type as SetType;
  return type.kind === 'set' && member.kind === 'range' && isId(member, ids) ? -member.lo : null;
}

/** The index of the server around a value: where the value is, and where it goes. */
interface Self {
  readonly from: number;
  readonly to: number;
}

/** The words of a state after a renaming, as expressions in w0, w1, …: the words before it. */
class Renaming {
  readonly #ids: number;
  readonly #permutation: readonly number[];
  /** For each word after, the masks of the bits that come from a word before, shifted alike. */
  readonly #moved = new Map<number, Map<string, Move>>();
  /** For each word after, the mapped ids in it. */
  readonly #mapped = new Map<number, string[]>();

  constructor(schema: StructType, permutation: readonly number[]) {
    this.#ids = permutation.length;
    this.#permutation = permutation;
    const root = { layout: layoutOf(schema), word: 0, shift: 0 };
    this.#visit(root, root, { from: -1, to: -1 }, null);
  }

  /** The words that change, with their expressions. */
  changes(): [word: number, expression: string][] {
    const words = new Set([...this.#moved.keys(), ...this.#mapped.keys()]);
    return [...words]
      .sort((a, b) => a - b)
      .filter((word) => !this.#stays(word))
      .map((word) => [
        word,
        [
          ...[...(this.#moved.get(word)?.values() ?? [])].map(printMove),
          ...(this.#mapped.get(word) ?? []),
        ].join(' | '),
      ]);
  }

  #stays(word: number): boolean {
    const moves = [...(this.#moved.get(word)?.values() ?? [])];
    return !this.#mapped.has(word) && moves.every(({ from, by }) => from === word && by === 0);
  }

  /**
   * Moves a value that is at one place to another of the same type. `present` is a condition under which it
   * exists: ids in an empty slot of a channel stay 0, or equal queues would not be equal words.
   */
  #visit(at: Placed, to: Placed, self: Self, present: string | null): void {
    const [here, there] = [at.layout, to.layout];
    if (here.kind === 'struct') {
      const fields = (there as StructLayout).fields;
      for (const [i, field] of here.fields.entries()) {
        this.#visit(within(at, field.at), within(to, fields[i].at), self, present);
      }
    } else if (here.kind === 'array') {
      this.#visitArray(at, here, to, there as ArrayLayout, self, present);
    } else if (here.kind === 'slots') {
      this.#visitSlots(at, here, to, there as SlotsLayout, self);
    } else if (here.kind === 'optional') {
      this.#visitOptional(at, here, to, there as OptionalLayout, self);
    } else this.#visitAtom(at, here, to, present);
  }

  #visitArray(
    at: Placed,
    here: ArrayLayout,
    to: Placed,
    there: ArrayLayout,
    self: Self,
    present: string | null,
  ): void {
    const { length, skipsSelf, perSid } = here.type;
    const moves = isMoved(here.type, this.#ids);
    const position = (i: number, own: number) => (skipsSelf && i > own ? i - 1 : i);
    for (let i = 0; i < length; i++) {
      if (skipsSelf && i === self.from) continue;
      const goesTo = moves ? this.#permutation[i] : i;
      const source = within(at, here.elements[position(i, self.from)]);
      const target = within(to, there.elements[position(goesTo, self.to)]);
      this.#visit(source, target, skipsSelf || !perSid ? self : { from: i, to: goesTo }, present);
    }
  }

  #visitOptional(at: Placed, here: OptionalLayout, to: Placed, there: OptionalLayout, self: Self): void {
    const present = within(at, here.present);
    this.#visit(present, within(to, there.present), self, null);
    this.#visit(within(at, here.value), within(to, there.value), self, `${readBits(present, 1)} > 0`);
  }

  #visitSlots(at: Placed, here: SlotsLayout, to: Placed, there: SlotsLayout, self: Self): void {
    const length = within(at, here.length);
    this.#visit(length, within(to, there.length), self, null);
    for (const [i, slot] of here.slots.entries()) {
      const present = `${readBits(length, length.layout.bits)} > ${i}`;
      this.#visit(within(at, slot), within(to, there.slots[i]), self, present);
    }
  }

  #visitAtom(at: Placed, { type, bits }: AtomLayout | SetLayout, to: Placed, present: string | null): void {
    if (bits === 0) return;
    if (type.kind === 'range' && isId(type, this.#ids)) return this.#map(at, type, bits, to, present);
    const first = firstMember(type, this.#ids);
    if (first === null) return this.#move(at, 0, to, 0, bits);
    if (first > 0) this.#move(at, 0, to, 0, first);
    for (const [i, goesTo] of this.#permutation.entries()) this.#move(at, first + i, to, first + goesTo, 1);
  }

  #move(at: Placed, shift: number, to: Placed, toShift: number, bits: number): void {
    const by = to.shift + toShift - (at.shift + shift);
    const moves = this.#moved.get(to.word) ?? new Map<string, Move>();
    const key = `${at.word} ${by}`;
    const mask = (moves.get(key)?.mask ?? 0) | (maskOf(bits) << (at.shift + shift));
    this.#moved.set(to.word, moves.set(key, { from: at.word, by, mask }));
  }

  /** A table of new codes by old ones, four bits each, is one constant: at most 7 ids and none. */
  #map(at: Placed, type: RangeType, bits: number, to: Placed, present: string | null): void {
    let table = 0;
    for (let value = type.lo; value <= type.hi; value++) {
      const renamed = value < 0 ? value : this.#permutation[value];
      table |= (renamed - type.lo) << (4 * (value - type.lo));
    }
    const code = readBits(at, bits);
    const mapped = `((${table} >>> (${code} << 2)) & ${maskOf(bits)}) << ${to.shift}`;
    const source = present === null ? `(${mapped})` : `(${present} ? ${mapped} : 0)`;
    this.#mapped.set(to.word, [...(this.#mapped.get(to.word) ?? []), source]);
  }
}

const readBits = ({ word, shift }: Placed, bits: number): string =>
  `((w${word} >>> ${shift}) & ${maskOf(bits)})`;

interface Move {
  readonly from: number;
  /** Bits to the left; negative for the right. */
  readonly by: number;
  /** Of the word before. */
  readonly mask: number;
}

function printMove({ from, by, mask }: Move): string {
  const bits = `(w${from} & ${mask})`;
  if (by === 0) return bits;
  return by > 0 ? `(${bits} << ${by})` : `(${bits} >>> ${-by})`;
}
