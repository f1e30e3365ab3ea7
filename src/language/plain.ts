/**
 * Views over plain objects with the same interface as the packed ones, so that an oracle can run a model
 * without any of the packing.
 */
import { allowedValues, atomCode } from './atoms.js';
import { holdsBag } from './bags.js';
import { elementsOf } from './elements.js';
import { QueueMisused, RangeExceeded, TypeMismatch } from './errors.js';
import { dependsOnSelf } from './layout.js';
import { checkSchema } from './places.js';
import {
  PlainAtomSequence,
  PlainBag,
  PlainOptionalAtom,
  PlainOptionalStruct,
  PlainSet,
  PlainStructSequence,
} from './plain-collections.js';
import { atomBehind, INSPECT, membersOf, type Showing, show, toPlain } from './to-plain.js';
import {
  type ArrayType,
  type AtomType,
  type ChannelType,
  type CompositeType,
  isAtom,
  type StructType,
  type Type,
  valuesOf,
} from './types.js';
import { noSlot } from './views.js';

/** A view of which only the schema knows the type. */
interface LooseView {
  [field: string | number]: unknown;
  readonly length: number;
  readonly present: boolean;
  readonly value: unknown;
  at(index: number): unknown;
  has(value: unknown): boolean;
  add(value: unknown): void;
  set(index: unknown, value?: unknown): void;
  push(value?: unknown): unknown;
  put(): unknown;
  clear(): void;
}

/**
 * A view over plain objects, every field least. `JSON.stringify` of it writes every value as it is stored.
 */
export function plainView(type: StructType): unknown {
  checkSchema(type);
  return build(type, '', -1);
}

function build(type: CompositeType, path: string, self: number): object {
  switch (type.kind) {
    case 'struct':
      return new PlainStruct(type, path, self);
    case 'channel':
      return new PlainChannel(type, path, self);
    case 'array':
      return buildArray(type, path, self);
    default:
      return buildCollection(type, path, self);
  }
}

function buildCollection(
  type: Exclude<CompositeType, StructType | ChannelType | ArrayType>,
  path: string,
  self: number,
): object {
  const shown = { type, path, self };
  const check = (atom: AtomType) => (where: string, value: unknown) =>
    checked(atom, `${path}${where}`, value);
  const fresh = (struct: StructType) => (where: string) => new PlainStruct(struct, `${path}${where}`, self);
  switch (type.kind) {
    case 'set':
      return new PlainSet(shown, check(type.member));
    case 'bag':
      return new PlainBag(shown, type.slots, fresh(type.message), (a, b) =>
        compare(type.message, a, b, self),
      );
    case 'optional':
      return isAtom(type.value)
        ? new PlainOptionalAtom(shown, check(type.value))
        : new PlainOptionalStruct(shown, fresh(type.value));
    default:
      return isAtom(type.element)
        ? new PlainAtomSequence(shown, type.slots, check(type.element))
        : new PlainStructSequence(shown, type.slots, fresh(type.element));
  }
}

function buildArray(type: ArrayType, path: string, self: number): object {
  const { element } = type;
  if (isAtom(element)) return new PlainAtoms(type, element, path);
  const elements = Array.from({ length: type.length }, (_, i) =>
    build(element, `${path}[${i}]`, type.skipsSelf || !type.perSid ? self : i),
  );
  return elementsOf(elements, { type, path, self }, false);
}

const least = (type: AtomType): unknown =>
  type.kind === 'flag' ? false : type.kind === 'range' ? type.lo : 0;

function checked(type: AtomType, path: string, value: unknown): unknown {
  if (atomCode(type, value) < 0) throw new RangeExceeded(path, value, allowedValues(type));
  return value;
}

export class PlainStruct {
  readonly #type: StructType;
  readonly #path: string;
  readonly #self: number;
  readonly #fresh: () => PlainStruct;

  constructor(type: StructType, path: string, self: number) {
    this.#type = type;
    this.#path = path;
    this.#self = self;
    this.#fresh = () => new PlainStruct(type, path, self);
    for (const [name, field] of Object.entries(type.fields)) {
      const here = path === '' ? name : `${path}.${name}`;
      if (!isAtom(field)) {
        Object.defineProperty(this, name, { value: build(field, here, self), enumerable: true });
        continue;
      }
      let value = least(field);
      Object.defineProperty(this, name, {
        get: () => value,
        set: (next) => {
          value = checked(field, here, next);
        },
        enumerable: true,
      });
    }
  }

  clear(): void {
    assign(this.#type, this, this.#fresh());
  }

  copyFrom(other: PlainStruct): void {
    this.#sameType(other);
    assign(this.#type, this, other);
  }

  equals(other: PlainStruct): boolean {
    this.#sameType(other);
    return JSON.stringify(this.#sorted()) === JSON.stringify(other.#sorted());
  }

  [INSPECT](...how: Showing): unknown {
    return show(toPlain(this.#type, this, this.#self), ...how);
  }

  /** The same, or a copy of it in which the messages of bags are sorted. */
  #sorted(): PlainStruct {
    if (!holdsBag(this.#type)) return this;
    const copy = this.#fresh();
    assign(this.#type, copy, this);
    settlePlain(this.#type, copy, this.#self);
    return copy;
  }

  #sameType(other: PlainStruct): void {
    const [mine, theirs] = [JSON.stringify(this.#type), JSON.stringify(other.#type)];
    if (mine === theirs && (this.#self === other.#self || !dependsOnSelf(this.#type))) return;
    throw new TypeMismatch(this.#path);
  }
}

class PlainAtoms {
  readonly #array: ArrayType;
  readonly #type: AtomType;
  readonly #values: unknown[];
  readonly #path: string;

  constructor(array: ArrayType, type: AtomType, path: string) {
    this.#array = array;
    this.#type = type;
    this.#values = Array.from({ length: array.length }, () => least(type));
    this.#path = path;
  }

  get length(): number {
    return this.#values.length;
  }

  at(index: number): unknown {
    if (!(index in this.#values)) {
      throw new RangeExceeded(`${this.#path}.index`, index, `the integers 0 to ${this.length - 1}`);
    }
    return this.#values[index];
  }

  set(index: number, value: unknown): void {
    this.at(index);
    this.#values[index] = checked(this.#type, `${this.#path}[${index}]`, value);
  }

  [INSPECT](...how: Showing): unknown {
    return show(toPlain(this.#array, this), ...how);
  }

  toJSON(): readonly unknown[] {
    return this.#values;
  }
}

class PlainChannel {
  readonly #type: ChannelType;
  readonly #path: string;
  readonly #self: number;
  readonly #fresh: () => PlainStruct;
  #queue: PlainStruct[] = [];

  constructor(type: ChannelType, path: string, self: number) {
    this.#type = type;
    this.#path = path;
    this.#self = self;
    this.#fresh = () => new PlainStruct(type.message, `${path}[]`, self);
  }

  get length(): number {
    return this.#queue.length;
  }

  get head(): PlainStruct {
    return this.#queue[0] ?? this.#fresh();
  }

  get last(): PlainStruct {
    return this.#queue.at(-1) ?? this.#fresh();
  }

  at(index: number): PlainStruct {
    const { slots } = this.#type;
    if (!Number.isInteger(index) || index < 0 || index >= slots) noSlot(this.#path, index, slots);
    return this.#queue[index] ?? this.#fresh();
  }

  push(): PlainStruct {
    const { slots, strict = false } = this.#type;
    if (this.#queue.length === slots) {
      if (strict) throw new QueueMisused(this.#path, slots);
      this.#queue.pop();
    }
    const message = this.#fresh();
    this.#queue.push(message);
    return message;
  }

  pop(): void {
    if (this.#queue.length === 0 && this.#type.strict === true) throw new QueueMisused(this.#path, null);
    this.#queue.shift();
  }

  clear(): void {
    this.#queue = [];
  }

  [INSPECT](...how: Showing): unknown {
    return show(toPlain(this.#type, this, this.#self), ...how);
  }

  toJSON(): readonly PlainStruct[] {
    return this.#queue;
  }
}

/** Copies one value onto another of the same type, through their public faces only. */
export function assign(type: StructType, target: unknown, source: unknown): void {
  if (target === source) return;
  const [to, from] = [target as LooseView, source as LooseView];
  for (const [name, field] of Object.entries(type.fields)) {
    if (isAtom(field)) to[name] = from[name];
    else assignComposite(field, to[name], from[name]);
  }
}

function assignComposite(type: CompositeType, target: unknown, source: unknown): void {
  const [to, from] = [target as LooseView, source as LooseView];
  if (to === from) return;
  switch (type.kind) {
    case 'struct':
      return assign(type, to, from);
    case 'array':
      for (let i = 0; i < type.length; i++) {
        if (isAtom(type.element)) to.set(i, from.at(i));
        else assignComposite(type.element, to.at(i), from.at(i));
      }
      return;
    case 'optional':
      to.clear();
      if (from.present)
        add(
          type.value,
          from.value,
          (value) => to.set(value),
          () => to.put(),
        );
      return;
    case 'set':
      to.clear();
      for (const member of membersOf(type, from)) to.add(member);
      return;
    default: {
      to.clear();
      const slot = type.kind === 'sequence' ? type.element : type.message;
      const place = type.kind === 'bag' ? () => to.put() : (value?: unknown) => to.push(value);
      for (let i = 0; i < from.length; i++) add(slot, from.at(i), place, place);
    }
  }
}

/** Adds an atom by its value, or a struct by filling in a cleared one. */
function add(
  type: AtomType | StructType,
  value: unknown,
  set: (value: unknown) => unknown,
  put: () => unknown,
): void {
  if (isAtom(type)) set(value);
  else assign(type, put(), value);
}

/** Sorts the messages of all bags in a plain view, as packed states have them after a step. */
export function settlePlain(type: Type, value: unknown, self = -1): void {
  if (!holdsBag(type)) return;
  const view = value as LooseView;
  switch (type.kind) {
    case 'struct':
      for (const [name, field] of Object.entries(type.fields)) settlePlain(field, view[name], self);
      return;
    case 'array':
      for (let i = 0; i < type.length; i++) {
        settlePlain(type.element, view.at(i), type.skipsSelf || !type.perSid ? self : i);
      }
      return;
    case 'optional':
      if (view.present) settlePlain(type.value, view.value, self);
      return;
    case 'channel':
    case 'sequence':
    case 'bag': {
      const slot = type.kind === 'sequence' ? type.element : type.message;
      for (let i = 0; i < view.length; i++) settlePlain(slot, view.at(i), self);
      if (view instanceof PlainBag) view.sort();
    }
  }
}

/** Below 0 if a value comes before another: by its first part that differs, in declared order. */
function compare(type: Type, one: unknown, other: unknown, self: number): number {
  if (isAtom(type)) return Number(one) - Number(other);
  const [a, b] = [one as LooseView, other as LooseView];
  const first = (count: number, difference: (i: number) => number): number => {
    for (let i = 0; i < count; i++) if (difference(i) !== 0) return difference(i);
    return 0;
  };
  switch (type.kind) {
    case 'struct': {
      const fields = Object.entries(type.fields);
      return first(fields.length, (i) => compare(fields[i][1], a[fields[i][0]], b[fields[i][0]], self));
    }
    case 'array':
      return first(type.length, (i) => {
        if (type.skipsSelf && i === self) return 0;
        return compare(type.element, a.at(i), b.at(i), type.skipsSelf || !type.perSid ? self : i);
      });
    case 'optional':
      if (a.present !== b.present) return a.present ? 1 : -1;
      return a.present ? compare(type.value, a.value, b.value, self) : 0;
    case 'set': {
      // As words have it: the greatest member that is in one alone decides.
      const all = Array.from({ length: valuesOf(type.member) }, (_, i) =>
        atomBehind(type.member, i),
      ).reverse();
      return first(all.length, (i) => Number(a.has(all[i])) - Number(b.has(all[i])));
    }
    default: {
      const slot = type.kind === 'sequence' ? type.element : type.message;
      return a.length - b.length || first(a.length, (i) => compare(slot, a.at(i), b.at(i), self));
    }
  }
}
