/** Random schemas, and random edits of a state that mean the same on packed and on plain views. */
import fc from 'fast-check';
import {
  type AtomType,
  type ChannelType,
  channel,
  flag,
  oneOf,
  perOther,
  perServer,
  range,
  type StructType,
  struct,
  type Type,
} from '../language/index.js';

/** A view of any shape, packed or plain. */
export interface AnyView {
  [field: string | number]: unknown;
  readonly length: number;
  readonly last: AnyView;
  readonly head: AnyView;
  at(index: number): unknown;
  set(index: number, value: unknown): void;
  push(): AnyView;
  pop(): void;
  clear(): void;
  copyFrom(other: AnyView): void;
  equals(other: AnyView): boolean;
}

/** An atom somewhere in a state: how to read and to write it through any view of the state. */
export interface AtomPlace {
  readonly type: AtomType;
  readonly read: (root: AnyView) => unknown;
  readonly write: (root: AnyView, value: unknown) => void;
}
export interface StructPlace {
  readonly type: StructType;
  readonly at: (root: AnyView) => AnyView;
  /** Around which server it stands; -1 for none. */
  readonly self: number;
}
export interface ChannelPlace {
  readonly type: ChannelType;
  readonly at: (root: AnyView) => AnyView;
}
/** Everything in a state that can be named without going through a message in flight. */
export interface Places {
  readonly atoms: AtomPlace[];
  readonly structs: StructPlace[];
  readonly channels: ChannelPlace[];
}

/**
 * What to do to a state. Numbers are taken modulo the choices there are, so any list of edits makes sense.
 */
export interface Edit {
  readonly kind: 'set' | 'next' | 'clear' | 'copy' | 'push' | 'pop' | 'drop' | 'amend';
  readonly place: number;
  readonly pick: number;
}

const KINDS = [
  'set',
  'set',
  'next',
  'next',
  'next',
  'clear',
  'copy',
  'push',
  'push',
  'pop',
  'drop',
  'amend',
] as const;

export const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...KINDS),
  place: fc.nat(1000),
  pick: fc.oneof(fc.nat(3), fc.nat(2 ** 30)),
});

/** Applies an edit to a state; `shift` stands for an argument of the action around it. */
export function applyEdit(places: Places, { kind, place, pick }: Edit, root: AnyView, shift = 0): void {
  const { atoms, structs, channels } = places;
  const box = structs[place % structs.length];
  const queue = channels.length === 0 ? null : channels[place % channels.length];
  const atom = atoms.length === 0 ? null : atoms[(place + shift) % atoms.length];
  if (kind === 'set') atom?.write(root, valueAt(atom.type, pick + shift));
  if (kind === 'next') atom?.write(root, valueAt(atom.type, codeOf(atom.type, atom.read(root)) + 1 + shift));
  if (kind === 'clear') box.at(root).clear();
  if (kind === 'copy') {
    const alike = structsLike(places, box);
    box.at(root).copyFrom(alike[(pick + shift) % alike.length].at(root));
  }
  if (queue === null) return;
  if (kind === 'push') fill(queue.type.message, queue.at(root).push(), pick + shift);
  if (kind === 'pop') queue.at(root).pop();
  if (kind === 'drop') queue.at(root).clear();
  if (kind === 'amend' && queue.at(root).length > 0) {
    fill(queue.type.message, queue.at(root).last, pick + shift);
  }
}

/** The structs that may be copied onto this one. */
export const structsLike = ({ structs }: Places, { type, self }: StructPlace): StructPlace[] =>
  structs.filter((other) => other.type === type && other.self === self);

/** Sets most fields of a message, and leaves the others as `push` made them. */
function fill(type: StructType, message: AnyView, pick: number): void {
  for (const [i, atom] of placesOf(type).atoms.entries())
    if ((pick + i) % 3 !== 1) atom.write(message, valueAt(atom.type, pick + i));
}

/** The number of values of an atom. */
export const sizeOf = (type: AtomType): number =>
  type.kind === 'range' ? type.hi - type.lo + 1 : type.kind === 'flag' ? 2 : type.names.length;

/** The value of an atom with a code, counted from 0 and modulo the number of values. */
export function valueAt(type: AtomType, code: number): unknown {
  const least = code % sizeOf(type);
  return type.kind === 'range' ? type.lo + least : type.kind === 'flag' ? least === 1 : least;
}

/** The code of a value: 0 for the least. */
export const codeOf = (type: AtomType, value: unknown): number =>
  type.kind === 'range' ? (value as number) - type.lo : Number(value);

/** All places of a state; the entries about oneself in a `perOther` array are none. */
export function placesOf(type: StructType): Places {
  const places: Places = { atoms: [], structs: [], channels: [] };
  visitStruct(places, type, (root) => root, -1);
  return places;
}

type Step = (root: AnyView) => AnyView;

function visitStruct(places: Places, type: StructType, at: Step, self: number): void {
  places.structs.push({ type, at, self });
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.kind === 'range' || field.kind === 'flag' || field.kind === 'oneOf') {
      const write = (root: AnyView, value: unknown) => {
        at(root)[name] = value;
      };
      places.atoms.push({ type: field, read: (root) => at(root)[name], write });
    } else visit(places, field, (root) => at(root)[name] as AnyView, self);
  }
}

function visit(places: Places, type: Exclude<Type, AtomType>, at: Step, self: number): void {
  if (type.kind === 'struct') return visitStruct(places, type, at, self);
  if (type.kind === 'channel') return void places.channels.push({ type, at });
  const { element } = type;
  for (let i = 0; i < type.length; i++) {
    if (type.skipsSelf && i === self) continue;
    if (element.kind === 'range' || element.kind === 'flag' || element.kind === 'oneOf') {
      const write = (root: AnyView, value: unknown) => at(root).set(i, value);
      places.atoms.push({ type: element, read: (root) => at(root).at(i), write });
    } else
      visit(places, element, (root) => at(root)[i] as AnyView, type.skipsSelf || !type.perSid ? self : i);
  }
}

/** How large the ranges of a schema may be: many bits to test packing, few values to test exploration. */
export type Width = 'wide' | 'narrow';

/** A random schema: nested structs, arrays, channels; values of 0 to 31 bits, negative ones included. */
export const schema = (width: Width): fc.Arbitrary<StructType> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain((servers) => structOf(width, servers, width === 'wide' ? 3 : 2, false));

const SPANS = { wide: [0, 1, 2, 6, 40, 255, 3000, 70_000, 2 ** 30 - 6], narrow: [0, 1, 2] };

const atomOf = (width: Width): fc.Arbitrary<AtomType> =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(...SPANS[width]))
      .map(([lo, span]) => range(lo, lo + span)),
    fc.constant(flag),
    fc.integer({ min: 1, max: 4 }).map((count) => oneOf(...['A', 'B', 'C', 'D'].slice(0, count))),
  );

function structOf(width: Width, servers: number, depth: number, inside: boolean): fc.Arbitrary<StructType> {
  const member = typeOf(width, servers, depth, inside);
  return fc
    .array(member, { minLength: 1, maxLength: width === 'wide' ? 5 : 3 })
    .map((types) => struct(Object.fromEntries(types.map((type, i) => [`f${i}`, type]))));
}

/** `inside` a `perServer` of so many servers, a `perOther` may stand. */
function typeOf(width: Width, servers: number, depth: number, inside: boolean): fc.Arbitrary<Type> {
  const atom = atomOf(width);
  const atoms = fc.tuple(fc.integer({ min: 1, max: 5 }), atom).map(([n, type]) => perServer(n, type));
  if (depth === 0) return fc.oneof({ weight: 4, arbitrary: atom }, { weight: 1, arbitrary: atoms });
  const box = structOf(width, servers, depth - 1, inside);
  const queue = fc
    .tuple(fc.integer({ min: 1, max: 3 }), structOf(width, servers, 0, inside))
    .map(([slots, message]) => channel(slots, message));
  const each = fc
    .oneof(structOf(width, servers, depth - 1, true), typeOf(width, servers, depth - 1, true))
    .map((element) => perServer(servers, element));
  const others = fc.oneof(box, queue).map((element) => perOther(servers, element));
  return fc.oneof(
    { weight: 6, arbitrary: atom },
    { weight: 2, arbitrary: atoms },
    { weight: 2, arbitrary: box },
    { weight: 2, arbitrary: queue },
    { weight: 3, arbitrary: each },
    ...(inside ? [{ weight: 3, arbitrary: others }] : []),
  );
}
