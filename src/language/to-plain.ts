/** Plain values: the state as JSON, for traces and people; and how a view shows itself to `console.log`. */
import { PrintFailed } from './errors.js';
import { type AtomType, type SetType, type Type, valuesOf } from './types.js';

/**
 * A state as JSON: structs are objects, channels, sequences, bags and sets lists, `oneOf` names, sids `s1`…,
 * absent values and own entries null.
 */
export type Plain = number | boolean | string | null | readonly Plain[] | { readonly [field: string]: Plain };

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

/** The value of an atom with a code, counted from 0. */
export const atomBehind = (type: AtomType, code: number): number | boolean =>
  type.kind === 'range' ? type.lo + code : type.kind === 'flag' ? code === 1 : code;

/** The members of a set, which is a view, in ascending order. */
export const membersOf = (
  { member }: SetType,
  view: { has(value: unknown): boolean },
): (number | boolean)[] =>
  Array.from({ length: valuesOf(member) }, (_, code) => atomBehind(member, code)).filter((value) =>
    view.has(value),
  );

/** A view of which only the schema knows the type. */
interface Readable {
  [field: string | number]: unknown;
  readonly length: number;
  readonly present: boolean;
  readonly value: unknown;
  at(index: number): unknown;
  has(value: unknown): boolean;
}

/** Reads a view, packed or plain, into JSON. `self` is the index of the `perServer` element around it. */
export function toPlain(type: Type, value: unknown, self = -1): Plain {
  const view = value as Readable;
  switch (type.kind) {
    case 'struct':
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, toPlain(field, view[name], self)]),
      );
    case 'array':
      return Array.from({ length: type.length }, (_, i) => {
        if (type.skipsSelf && i === self) return null;
        return toPlain(type.element, view.at(i), type.skipsSelf || !type.perSid ? self : i);
      });
    case 'channel':
    case 'bag':
      return Array.from({ length: view.length }, (_, i) => toPlain(type.message, view.at(i), self));
    case 'sequence':
      return Array.from({ length: view.length }, (_, i) => toPlain(type.element, view.at(i), self));
    case 'optional':
      return view.present ? toPlain(type.value, view.value, self) : null;
    case 'set':
      return membersOf(type, view).map((member) => atomToPlain(type.member, member));
    default:
      return atomToPlain(type, value);
  }
}

/** What `console.log` asks an object to show itself with, by a name that needs no import of Node. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

interface Shown {
  readonly type: Type;
  readonly self: number;
}

const shown = new WeakMap<object, Shown>();

/** Notes what a view shows, or each view of a class that is not noted itself. */
export function noteShown(view: object, type: Type, self: number): void {
  shown.set(view, { type, self });
}

/** What Node passes to the method behind `INSPECT`: a depth, its options, and its own `inspect`. */
export type Showing = [
  depth?: unknown,
  options?: object,
  inspect?: (value: unknown, options: object) => string,
];

/** A plain value for `console.log`, to any depth. */
export const show = (plain: Plain, ...[, options, inspect]: Showing): unknown =>
  inspect === undefined ? plain : inspect(plain, { ...options, depth: null });

/** The method behind `INSPECT` of packed views. */
export function inspectView(this: object, ...how: Showing): unknown {
  const known = shown.get(this) ?? shown.get(this.constructor);
  const plain =
    known === undefined ? JSON.parse(JSON.stringify(this)) : toPlain(known.type, this, known.self);
  return show(plain, ...how);
}
