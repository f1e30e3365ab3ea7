/**
 * Plain values: the state as JSON, for traces and people; and views over plain objects with the same
 * interface as the packed ones, so that an oracle can run a model without any of the packing.
 */
import { PrintFailed, QueueMisused, RangeExceeded, TypeMismatch } from './errors.js';
import { dependsOnSelf } from './layout.js';
import { checkSchema } from './places.js';
import type { ArrayType, AtomType, ChannelType, StructType, Type } from './types.js';
import { allowedValues, atomCode, noSlot } from './views.js';

/**
 * A state as JSON: structs are objects, channels lists of messages, `oneOf` names, sids `s1`…, own entries
 * null.
 */
export type Plain = number | boolean | string | null | readonly Plain[] | { readonly [field: string]: Plain };

const isAtom = (type: Type): type is AtomType =>
  type.kind === 'range' || type.kind === 'flag' || type.kind === 'oneOf';

function atomToPlain(type: AtomType, value: unknown): Plain {
  if (type.kind === 'oneOf') return type.names[value as number];
  if (type.kind === 'range' && type.print !== null) return printed(type.print, value as number);
  return value as number | boolean;
}

function printed(print: (value: number) => string, value: number): string {
  try {
    return print(value);
  } catch (error) {
    throw new PrintFailed('`print` of a range', value, error);
  }
}

/** A view whose type only the schema knows: a struct, an array or a channel. */
interface LooseView {
  [field: string | number]: unknown;
  readonly length: number;
  at(index: number): unknown;
  set(index: number, value: unknown): void;
  push(): unknown;
  clear(): void;
}

/** Reads a view, packed or plain, into JSON. */
export function toPlain(type: Type, value: unknown, self = -1): Plain {
  const view = value as LooseView;
  switch (type.kind) {
    case 'struct':
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, toPlain(field, view[name], self)]),
      );
    case 'array':
      return Array.from({ length: type.length }, (_, i) => {
        if (isAtom(type.element)) return atomToPlain(type.element, view.at(i));
        if (type.skipsSelf && i === self) return null;
        return toPlain(type.element, view[i], type.skipsSelf || !type.perSid ? self : i);
      });
    case 'channel':
      return Array.from({ length: view.length }, (_, i) => toPlain(type.message, view.at(i), self));
    default:
      return atomToPlain(type, value);
  }
}

/**
 * A view over plain objects, every field least. `JSON.stringify` of it writes every value as it is stored.
 */
export function plainView(type: StructType): unknown {
  checkSchema(type);
  return build(type, '', -1);
}

function build(type: Exclude<Type, AtomType>, path: string, self: number): unknown {
  if (type.kind === 'struct') return new PlainStruct(type, path, self);
  if (type.kind === 'channel') return new PlainChannel(type, path, self);
  return buildArray(type, path, self);
}

function buildArray(type: ArrayType, path: string, self: number): unknown {
  const { element } = type;
  if (isAtom(element)) return new PlainAtoms(element, type.length, path);
  return Array.from({ length: type.length }, (_, i) =>
    build(element, `${path}[${i}]`, type.skipsSelf || !type.perSid ? self : i),
  );
}

const least = (type: AtomType): unknown =>
  type.kind === 'flag' ? false : type.kind === 'range' ? type.lo : 0;

function checked(type: AtomType, path: string, value: unknown): unknown {
  if (atomCode(type, value) < 0) throw new RangeExceeded(path, value, allowedValues(type));
  return value;
}

class PlainStruct {
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
    return JSON.stringify(this) === JSON.stringify(other);
  }

  #sameType(other: PlainStruct): void {
    const [mine, theirs] = [JSON.stringify(this.#type), JSON.stringify(other.#type)];
    if (mine === theirs && (this.#self === other.#self || !dependsOnSelf(this.#type))) return;
    throw new TypeMismatch(this.#path);
  }
}

class PlainAtoms {
  readonly #type: AtomType;
  readonly #values: unknown[];
  readonly #path: string;

  constructor(type: AtomType, length: number, path: string) {
    this.#type = type;
    this.#values = Array.from({ length }, () => least(type));
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

  toJSON(): readonly unknown[] {
    return this.#values;
  }
}

class PlainChannel {
  readonly #type: ChannelType;
  readonly #path: string;
  readonly #fresh: () => PlainStruct;
  #queue: PlainStruct[] = [];

  constructor(type: ChannelType, path: string, self: number) {
    this.#type = type;
    this.#path = path;
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

function assignComposite(type: Exclude<Type, AtomType>, target: unknown, source: unknown): void {
  const [to, from] = [target as LooseView, source as LooseView];
  if (type.kind === 'struct') return assign(type, to, from);
  if (type.kind === 'channel') {
    to.clear();
    for (let i = 0; i < from.length; i++) assign(type.message, to.push(), from.at(i));
    return;
  }
  for (let i = 0; i < type.length; i++) {
    if (isAtom(type.element)) to.set(i, from.at(i));
    else assignComposite(type.element, to[i], from[i]);
  }
}
